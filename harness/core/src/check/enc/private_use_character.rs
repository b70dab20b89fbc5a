//! ENC-004 private-use-character: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-004",
    name: "private-use-character",
    source: include_str!("private_use_character.md"),
};
