//! May these two connect? Yes, no, or not yet, with every reason.

use serde::Serialize;

use super::Settled;
use crate::model::{Bilingual, Verdict, aggregate};
use crate::record::{AgreementState, ResultDocument};

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing stands against it.
    Yes,
    /// Something is still to be settled or to be tested.
    NotYet,
    /// They cannot, or the test failed.
    No,
}

/// The answer with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gate {
    /// The answer: the worst of the reasons'.
    pub answer: Answer,
    /// Reasons against it; empty when the answer is yes.
    pub reasons: Vec<Reason>,
}

/// One reason against connecting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// `conflict`, `outside`, `contradiction`, `open`, `unanswered`, `never_tested`, `other_version`, `failed`, `incomplete`, `stand_in`, `stale_record`.
    pub kind: &'static str,
    /// Item id or run id; empty when it is about the pair.
    pub about: String,
    /// What it rests on: no, or not yet.
    pub answer: Answer,
    /// In words.
    pub text: Bilingual,
}

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
}

impl Tested {
    /// What a result document says about two products, `None` when it is not about them.
    pub fn of(document: &ResultDocument, provider: &str, consumer: &str) -> Option<Self> {
        let party = |product: &str| document.parties.iter().find(|p| p.product == product);
        let (a, b) = (party(provider)?, party(consumer)?);
        let between =
            |from: &str, to: &str| (from == a.id && to == b.id) || (from == b.id && to == a.id);
        let cases = document
            .cases
            .iter()
            .filter(|case| between(&case.from, &case.to));
        let verdict = aggregate(cases.map(|case| (case.verdict, case.required)));
        Some(Self {
            run: document.run.id.clone(),
            at: document.run.finished_at.clone(),
            verdict,
            products: [
                (a.product.clone(), a.version.clone()),
                (b.product.clone(), b.version.clone()),
            ],
            stand_in: a.stand_in || b.stand_in,
        })
    }
}

/// Judges whether two systems may connect: what they settled, and the latest run of the two. `products` are product and
/// version of the provider and the consumer as declared now.
pub fn gate(settled: &[Settled], runs: &[Tested], products: &[(String, String); 2]) -> Gate {
    let mut reasons: Vec<Reason> = settled.iter().filter_map(of_item).collect();
    reasons.extend(settled.iter().filter_map(stale));
    reasons.extend(of_runs(runs, products));
    let answer = reasons
        .iter()
        .map(|r| r.answer)
        .max()
        .unwrap_or(Answer::Yes);
    Gate { answer, reasons }
}

fn of_item(settled: &Settled) -> Option<Reason> {
    let (kind, answer, ja, en) = match settled.state {
        AgreementState::Conflict => (
            "conflict",
            Answer::No,
            "共通の値がありません",
            "no value in common",
        ),
        AgreementState::Outside => (
            "outside",
            Answer::No,
            "許されない値が申告されています",
            "an answer is not allowed",
        ),
        AgreementState::Contradiction => (
            "contradiction",
            Answer::No,
            "ほかの項目の回答と両立しません",
            "excluded by another answer",
        ),
        AgreementState::Open => (
            "open",
            Answer::NotYet,
            "値が決まっていません",
            "the value is open",
        ),
        AgreementState::Silent | AgreementState::OneSide if settled.item.mandatory => (
            "unanswered",
            Answer::NotYet,
            "必須の項目に回答がありません",
            "a mandatory item is not answered",
        ),
        _ => return None,
    };
    let title = &settled.item.title;
    let scope = if settled.linkage.is_empty() {
        String::new()
    } else {
        format!("{} ", settled.linkage)
    };
    let id = &settled.item.id;
    Some(Reason {
        kind,
        about: id.clone(),
        answer,
        text: Bilingual::new(
            format!("{scope}{id} {}: {ja}", title.ja),
            format!("{scope}{id} {}: {en}", title.en),
        ),
    })
}

fn stale(settled: &Settled) -> Option<Reason> {
    let value = settled.overruled.as_ref()?;
    let id = &settled.item.id;
    Some(Reason {
        kind: "stale_record",
        about: id.clone(),
        answer: Answer::NotYet,
        text: Bilingual::new(
            format!(
                "{id} {}: 合意設定書の値 {value} は今の申告と合いません",
                settled.item.title.ja
            ),
            format!(
                "{id} {}: the negotiated record says {value}, the declarations no longer allow it",
                settled.item.title.en
            ),
        ),
    })
}

fn of_runs(runs: &[Tested], products: &[(String, String); 2]) -> Option<Reason> {
    let told = |p: &[(String, String); 2]| format!("{} {} / {} {}", p[0].0, p[0].1, p[1].0, p[1].1);
    let reason = |kind, about: &str, answer, ja: String, en: String| {
        Some(Reason {
            kind,
            about: about.to_owned(),
            answer,
            text: Bilingual::new(ja, en),
        })
    };
    let same = |run: &&Tested| run.products == *products;
    let Some(latest) = runs.iter().filter(same).max_by(|a, b| a.at.cmp(&b.at)) else {
        return match runs.iter().max_by(|a, b| a.at.cmp(&b.at)) {
            None => reason(
                "never_tested",
                "",
                Answer::NotYet,
                format!("{} の組合せは試験していません", told(products)),
                format!("{} were never tested together", told(products)),
            ),
            Some(other) => reason(
                "other_version",
                &other.run,
                Answer::NotYet,
                format!(
                    "試験したのは別の版です（{} は {}）",
                    other.run,
                    told(&other.products)
                ),
                format!(
                    "tested with other versions ({}: {})",
                    other.run,
                    told(&other.products)
                ),
            ),
        };
    };
    let run = &latest.run;
    match latest.verdict {
        Verdict::Fail => reason(
            "failed",
            run,
            Answer::No,
            format!("最後の試験 {run} は不適合です"),
            format!("the last test {run} failed"),
        ),
        _ if latest.stand_in => reason(
            "stand_in",
            run,
            Answer::NotYet,
            format!("最後の試験 {run} では、片方を renkei が代わりに演じました"),
            format!("in the last test {run} renkei played one of the systems"),
        ),
        Verdict::Pass => None,
        verdict => reason(
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
        ),
    }
}
