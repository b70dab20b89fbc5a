//! Settles the verdicts of a document anew, without the findings that its baseline knows.

use super::Baseline;
use super::file::excusable;
use crate::judge::verdict_of;
use crate::model::{Bilingual, Finding, InBaseline, Level, Verdict, aggregate, exit};
use crate::record::{Counts, ResultDocument};

/// Marks every finding as new, worse or known, and settles the verdicts of cases and run from those that are not known.
/// A finding that weighs more than it did is worse and counts; more places of a known one do not, and are told.
/// A verdict that its findings do not explain (not run, tool failure, preflight) stays.
pub fn apply(doc: &mut ResultDocument, baseline: &Baseline) {
    let before = overall(doc, |_| true);
    let mut grown: Vec<String> = Vec::new();
    for finding in &mut doc.findings {
        let (state, more) = state(finding, baseline);
        finding.baseline = Some(state);
        if more {
            grown.push(finding.id.clone());
        }
    }
    let cases: Vec<Option<(Verdict, usize)>> = doc
        .cases
        .iter()
        .map(|case| settled(doc, &case.id))
        .collect();
    for (case, settled) in doc.cases.iter_mut().zip(cases) {
        if let Some((verdict, known)) = settled {
            case.verdict = verdict;
            case.reason = Bilingual::new(
                format!("基準ファイルにある既知の指摘 {known} 種類を判定から除きました"),
                format!("{known} known findings of the baseline were left out of the verdict"),
            );
        }
    }
    let mut counts = Counts::new();
    for case in &doc.cases {
        *counts.entry(case.verdict.as_str().to_owned()).or_default() += 1;
    }
    doc.counts = counts;
    if before == doc.verdict {
        doc.verdict = overall(doc, counts_still);
        if doc.exit_code != exit::INTERRUPTED {
            doc.exit_code = exit::of_verdict(doc.verdict);
        }
    }
    remark(doc, baseline, &grown);
}

fn state(finding: &Finding, baseline: &Baseline) -> (InBaseline, bool) {
    let Some(known) = baseline.find(finding) else {
        return (InBaseline::New, false);
    };
    let weight = |level: Level, effect: Verdict| match (level, effect) {
        (Level::Error, Verdict::Fail) => 4,
        (Level::Error, _) => 3,
        (Level::Warning, _) => 2,
        (Level::Notice, _) => 1,
        (Level::Off, _) => 0,
    };
    if !excusable(finding.effect)
        || weight(finding.level, finding.effect) > weight(known.level, known.effect)
    {
        return (InBaseline::Worse, false);
    }
    (InBaseline::Known, finding.count > known.count)
}

fn counts_still(finding: &Finding) -> bool {
    finding.baseline != Some(InBaseline::Known)
}

/// The new verdict of a case and how many findings it leaves out; nothing where it stays.
fn settled(doc: &ResultDocument, id: &str) -> Option<(Verdict, usize)> {
    let case = doc.cases.iter().find(|case| case.id == id)?;
    let own = || doc.findings.iter().filter(|finding| finding.case == id);
    if case.not_run.is_some() || case.verdict != verdict_of(own()) {
        return None;
    }
    let verdict = verdict_of(own().filter(|finding| counts_still(finding)));
    let known = own().filter(|finding| !counts_still(finding)).count();
    (verdict != case.verdict).then_some((verdict, known))
}

/// The verdict of the run from its cases, its preflight and the findings about declarations that count.
fn overall(doc: &ResultDocument, counts: impl Fn(&Finding) -> bool) -> Verdict {
    let mut members: Vec<(Verdict, bool)> = doc
        .cases
        .iter()
        .map(|case| (case.verdict, case.required))
        .collect();
    let declared = doc
        .findings
        .iter()
        .filter(|finding| finding.case.is_empty() && counts(finding));
    match verdict_of(declared) {
        Verdict::Pass => {}
        verdict => members.push((verdict, true)),
    }
    if doc.preflight.iter().any(|row| row.verdict != Verdict::Pass) {
        members.push((Verdict::Inconclusive, true));
    }
    aggregate(members)
}

fn remark(doc: &mut ResultDocument, baseline: &Baseline, grown: &[String]) {
    let count = |state: InBaseline| {
        doc.findings
            .iter()
            .filter(|finding| finding.baseline == Some(state))
            .count()
    };
    let (known, fresh) = (
        count(InBaseline::Known),
        count(InBaseline::New) + count(InBaseline::Worse),
    );
    let run = &baseline.run;
    let mut remarks = vec![Bilingual::new(
        format!(
            "基準（実行番号 {run}）と照合しました。既知の指摘 {known} 種類は判定から除き、新しい指摘 {fresh} 種類だけで判定しています。\
             既知の指摘も不適合であることに変わりはありません。"
        ),
        format!(
            "Compared with the baseline (run {run}): {known} known findings were left out of the verdict, {fresh} new ones \
             decide it. Known findings are still non-conformities."
        ),
    )];
    if !grown.is_empty() {
        let list = grown.join(" ");
        remarks.push(Bilingual::new(
            format!("既知の指摘のうち、基準より件数が増えたもの: {list}"),
            format!("Known findings with more places than in the baseline: {list}"),
        ));
    }
    doc.remarks.extend(remarks);
}
