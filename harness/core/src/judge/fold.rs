//! Findings to verdicts, fingerprints, numbers.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::model::{Finding, Level, Verdict, aggregate, exit};
use crate::record::{Counts, ResultDocument};
use crate::spec::hex;

/// The verdict of a case that ran, from its findings: the worst effect among those of level `error`.
pub fn verdict_of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Verdict {
    let effects: Vec<Verdict> = findings
        .into_iter()
        .filter(|f| f.level == Level::Error)
        .map(|f| f.effect)
        .collect();
    [Verdict::Fail, Verdict::Inconclusive, Verdict::Review]
        .into_iter()
        .find(|verdict| effects.contains(verdict))
        .unwrap_or(Verdict::Pass)
}

/// Stable from run to run: rule, linkage, place without rows, cause, and what separates findings of one place.
pub(super) fn fingerprint(finding: &Finding, linkage: &str) -> String {
    let text = [
        finding.rule.as_str(),
        linkage,
        &finding.location.stable_part(),
        finding.cause.kind.as_str(),
        // Until now the sink's key: what tells apart findings of one rule at one place.
        &finding.fingerprint,
    ]
    .join("\u{1f}");
    hex(&Sha256::digest(text.as_bytes()))
        .chars()
        .take(16)
        .collect()
}

/// Ends a document whose cases and findings are all there: numbers the findings `F-0001` in order, lists those of each
/// case, counts the verdicts of cases and settles the verdict and the exit code of the whole. `beside`: verdicts that
/// count and belong to no case.
pub(super) fn finish(document: &mut ResultDocument, beside: impl IntoIterator<Item = Verdict>) {
    let mut by_case: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (index, finding) in document.findings.iter_mut().enumerate() {
        finding.id = format!("F-{:04}", index + 1);
        by_case
            .entry(&finding.case)
            .or_default()
            .push(finding.id.clone());
    }
    document.counts = Counts::new();
    for case in &mut document.cases {
        case.findings = by_case.remove(case.id.as_str()).unwrap_or_default();
        let verdict = case.verdict.as_str().to_owned();
        *document.counts.entry(verdict).or_default() += 1;
    }
    let cases = document.cases.iter().map(|c| (c.verdict, c.required));
    document.verdict = aggregate(cases.chain(beside.into_iter().map(|verdict| (verdict, true))));
    document.exit_code = exit::of_verdict(document.verdict);
}
