//! ENC-018 mapping-dialects-mixed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-018",
    name: "mapping-dialects-mixed",
    source: include_str!("mapping_dialects_mixed.md"),
};
