//! ENC-003 character-outside-repertoire: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-003",
    name: "character-outside-repertoire",
    source: include_str!("character_outside_repertoire.md"),
};
