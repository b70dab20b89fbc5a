//! Findings to verdicts, fingerprints, numbers.

use sha2::{Digest, Sha256};

use crate::model::{Finding, Level, Verdict};
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

/// Gives ids `F-0001` in order.
pub(super) fn number(findings: &mut [Finding]) {
    for (index, finding) in findings.iter_mut().enumerate() {
        finding.id = format!("F-{:04}", index + 1);
    }
}
