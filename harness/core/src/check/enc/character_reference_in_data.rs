//! ENC-013 character-reference-in-data: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-013",
    name: "character-reference-in-data",
    source: include_str!("character_reference_in_data.md"),
};
