//! ENC-008 mixed-encodings: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-008",
    name: "mixed-encodings",
    source: include_str!("mixed_encodings.md"),
};
