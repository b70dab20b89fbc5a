//! ENC-005 replacement-character: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-005",
    name: "replacement-character",
    source: include_str!("replacement_character.md"),
};
