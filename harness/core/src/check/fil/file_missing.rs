//! FIL-006 file-missing: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::Location;

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-006",
    name: "file-missing",
    source: include_str!("file_missing.md"),
};

/// Reports that `outbox`, a folder as people know it, holds no file `name`. Nothing was said about the product, so the page
/// makes the case inconclusive and proposes the configuration as the cause.
pub fn check(outbox: &str, name: &str, out: &mut Sink) {
    let hit = Hit::new(&RULE, Location::file(name))
        .arg("outbox", outbox)
        .arg("name", name)
        .key(name);
    out.push(hit);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Policy;
    use crate::model::{CauseKind, Verdict};

    #[test]
    fn a_missing_file_is_inconclusive_and_each_is_told() {
        let mut sink = Sink::new(Policy::default());
        check("a/outbox", "x.csv", &mut sink);
        check("a/outbox", "y.csv", &mut sink);
        let findings = sink.into_findings();
        let names: Vec<_> = findings
            .iter()
            .map(|f| f.location.file.as_deref())
            .collect();
        assert_eq!(names, [Some("x.csv"), Some("y.csv")]);
        for finding in findings {
            assert_eq!(finding.effect, Verdict::Inconclusive);
            assert_eq!(finding.cause.kind, CauseKind::Config);
            assert!(finding.message.ja.starts_with("出力先a/outboxに"));
            assert!(!finding.message.en.contains('{'));
        }
    }
}
