//! ENC-006 suspicious-substitution-mark: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-006",
    name: "suspicious-substitution-mark",
    source: include_str!("suspicious_substitution_mark.md"),
};
