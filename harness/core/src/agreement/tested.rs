//! What the runs of two systems say to whether they may connect.

use super::Settled;
use super::gate::{Answer, Reason, of_scope};
use crate::model::{Bilingual, Level, Verdict, aggregate};
use crate::record::{CaseResult, Party, ResultDocument, issue_key};

/// A run of the two, as far as it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// Run id.
    pub run: String,
    /// When it ended, RFC 3339.
    pub at: String,
    /// The worst verdict of the linkages between the two.
    pub verdict: Verdict,
    /// Product and version of the provider and the consumer.
    pub products: [(String, String); 2],
    /// A side was played by the harness.
    pub stand_in: bool,
    /// Packs it was judged by, with their versions.
    pub packs: Vec<(String, String)>,
    /// What was agreed then: item, linkage, exchange, value.
    pub agreed: Vec<[String; 4]>,
    /// What made it fail, as the register of issues (課題管理簿) knows it.
    pub failing: Vec<String>,
}

/// What holds today.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// Product and version of the provider and the consumer as declared.
    pub products: &'a [(String, String); 2],
    /// Versions of packs that a run must have been judged by; of other packs any will do.
    pub packs: &'a [(String, String)],
    /// Accepted deviations (許容) of the register.
    pub waived: &'a [Waived],
    /// The day of connecting, `2026-11-23`; today where none is planned.
    pub day: &'a str,
}

/// An accepted deviation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// What it is about, as [`Tested::failing`] has it.
    pub fingerprint: String,
    /// Issue, `K-0001`.
    pub issue: String,
    /// Last day on which it holds.
    pub until: String,
}

impl Tested {
    /// What a result document says about two products; `None` when nothing was exchanged between them.
    pub fn of(document: &ResultDocument, provider: &str, consumer: &str) -> Option<Self> {
        let party = |id: &str| document.parties.iter().find(|p| p.id == id);
        let sides = |case: &CaseResult| -> Option<[&Party; 2]> {
            let (from, to) = (party(&case.from)?, party(&case.to)?);
            match (from.product.as_str(), to.product.as_str()) {
                (a, b) if (a, b) == (provider, consumer) => Some([from, to]),
                (a, b) if (a, b) == (consumer, provider) => Some([to, from]),
                _ => None,
            }
        };
        let cases: Vec<(&CaseResult, [&Party; 2])> = document
            .cases
            .iter()
            .filter_map(|case| Some((case, sides(case)?)))
            .collect();
        let (_, [a, b]) = cases.first()?;
        let linkage = |id: &str| cases.iter().any(|(case, _)| case.linkage == id);
        let rows = document
            .agreement
            .iter()
            .filter(|row| linkage(&row.linkage));
        let of_pair = |id: &str| cases.iter().any(|(case, _)| case.id == id);
        let fails = document
            .findings
            .iter()
            .filter(|f| f.level == Level::Error && f.effect == Verdict::Fail && of_pair(&f.case));
        Some(Self {
            run: document.run.id.clone(),
            at: document.run.finished_at.clone(),
            verdict: aggregate(cases.iter().map(|(case, _)| (case.verdict, case.required))),
            products: [
                (a.product.clone(), a.version.clone()),
                (b.product.clone(), b.version.clone()),
            ],
            stand_in: a.stand_in || b.stand_in,
            packs: document
                .packs
                .iter()
                .map(|p| (p.id.clone(), p.version.clone()))
                .collect(),
            agreed: rows
                .map(|r| [&r.id, &r.linkage, &r.exchange, &r.agreed].map(Clone::clone))
                .collect(),
            failing: fails.map(|f| issue_key(document, f)).collect(),
        })
    }
}

/// Reasons that the runs give: the latest one of the versions that are declared now counts.
pub(super) fn of_runs(settled: &[Settled], runs: &[Tested], now: &Now<'_>) -> Vec<Reason> {
    let by_end = |a: &&Tested, b: &&Tested| a.at.cmp(&b.at);
    let same = runs.iter().filter(|run| run.products == *now.products);
    let Some(latest) = same.max_by(by_end) else {
        return vec![match runs.iter().max_by(by_end) {
            None => never_tested(now),
            Some(other) => other_version(other),
        }];
    };
    let mut reasons = other_agreement(settled, latest);
    reasons.extend(other_packs(latest, now));
    reasons.extend(of_verdict(latest, now));
    reasons
}

fn reason(kind: &'static str, about: &str, answer: Answer, ja: String, en: String) -> Reason {
    Reason {
        kind,
        about: about.to_owned(),
        answer,
        text: Bilingual::new(ja, en),
    }
}

fn products_told(products: &[(String, String); 2]) -> String {
    let [(a, of_a), (b, of_b)] = products;
    format!("{a} {of_a} / {b} {of_b}")
}

fn never_tested(now: &Now<'_>) -> Reason {
    let told = products_told(now.products);
    reason(
        "never_tested",
        "",
        Answer::NotYet,
        format!("{told} の組合せは試験していません"),
        format!("{told} were never tested together"),
    )
}

fn other_version(other: &Tested) -> Reason {
    let (run, told) = (&other.run, products_told(&other.products));
    reason(
        "other_version",
        run,
        Answer::NotYet,
        format!("試験したのは別の版です（{run} は {told}）"),
        format!("tested with other versions ({run}: {told})"),
    )
}

/// Items whose value is no longer the one under which the run was made.
fn other_agreement(settled: &[Settled], run: &Tested) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for [item, linkage, exchange, then] in &run.agreed {
        let of = |scope: [&str; 2]| {
            let is =
                |s: &&Settled| s.item.id == *item && [s.linkage.as_str(), &s.exchange] == scope;
            settled.iter().find(is)
        };
        let same = of([linkage, exchange])
            .or_else(|| of(["", exchange]))
            .or_else(|| of([linkage, ""]))
            .or_else(|| of(["", ""]));
        // An item without a value now is told as such.
        let Some((settled, value)) = same.and_then(|s| Some((s, s.value.as_ref()?))) else {
            continue;
        };
        if value == then || reasons.iter().any(|r| r.about == *item) {
            continue;
        }
        let id = &run.run;
        let was = if then.is_empty() { "-" } else { then };
        reasons.push(Reason {
            kind: "other_agreement",
            about: item.clone(),
            answer: Answer::NotYet,
            text: of_scope(
                settled,
                &format!("{id} で試験したときの合意は {was}、今は {value} です"),
                &format!("tested in {id} with {was} agreed, now it is {value}"),
            ),
        });
    }
    reasons
}

/// Packs that hold now in another version than the run was judged by.
fn other_packs(run: &Tested, now: &Now<'_>) -> Vec<Reason> {
    let other =
        |(id, version): &&(String, String)| run.packs.iter().any(|(i, v)| i == id && v != version);
    let told = |(id, version): &(String, String)| {
        let then = run.packs.iter().find(|(i, _)| i == id);
        let then = then.map_or("", |(_, version)| version.as_str());
        reason(
            "other_pack",
            id,
            Answer::NotYet,
            format!(
                "{} は仕様パック {id} の {then} 版で試験したもので、{version} 版では試験していません",
                run.run
            ),
            format!(
                "{} was judged by pack {id} {then}, not by {version}",
                run.run
            ),
        )
    };
    now.packs.iter().filter(other).map(told).collect()
}

fn of_verdict(latest: &Tested, now: &Now<'_>) -> Vec<Reason> {
    let run = &latest.run;
    match latest.verdict {
        Verdict::Fail => failed(latest, now),
        _ if latest.stand_in => vec![reason(
            "stand_in",
            run,
            Answer::NotYet,
            format!("最後の試験 {run} では、片方を renkei が代わりに演じました"),
            format!("in the last test {run} renkei played one of the systems"),
        )],
        Verdict::Pass => Vec::new(),
        verdict => vec![reason(
            "incomplete",
            run,
            Answer::NotYet,
            format!(
                "最後の試験 {run} に、判定の済んでいない検査項目があります（{}）",
                verdict.as_str()
            ),
            format!(
                "the last test {run} has cases without a final verdict ({})",
                verdict.as_str()
            ),
        )],
    }
}

/// A failed run stands against connecting, unless everything that made it fail is an accepted deviation in date.
fn failed(latest: &Tested, now: &Now<'_>) -> Vec<Reason> {
    let run = &latest.run;
    let waiver = |key: &String| now.waived.iter().find(|w| w.fingerprint == *key);
    let holds = |w: &&Waived| now.day <= w.until.as_str();
    let waivers: Vec<Option<&Waived>> = latest.failing.iter().map(waiver).collect();
    let all = !waivers.is_empty() && waivers.iter().all(|w| w.as_ref().is_some_and(holds));
    if !all {
        let over: Vec<&str> = waivers
            .iter()
            .flatten()
            .filter(|w| !holds(w))
            .map(|w| w.issue.as_str())
            .collect();
        let (ja, en) = match over.as_slice() {
            [] => (String::new(), String::new()),
            over => (
                format!("（{} の許容は期限が切れています）", over.join(", ")),
                format!(" (the waiver of {} has expired)", over.join(", ")),
            ),
        };
        let (ja, en) = (
            format!("最後の試験 {run} は不適合です{ja}"),
            format!("the last test {run} failed{en}"),
        );
        return vec![reason("failed", run, Answer::No, ja, en)];
    }
    let mut reasons: Vec<Reason> = Vec::new();
    for waived in waivers.into_iter().flatten() {
        if reasons.iter().any(|r| r.about == waived.issue) {
            continue;
        }
        let (id, until) = (&waived.issue, &waived.until);
        reasons.push(reason(
            "waived",
            id,
            Answer::Yes,
            format!("条件付き: {run} の不適合は {id} で {until} まで許容されています"),
            format!("on condition: what failed in {run} is accepted until {until} ({id})"),
        ));
    }
    reasons
}
