//! ENC-014 character-cut-at-field-border: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-014",
    name: "character-cut-at-field-border",
    source: include_str!("character_cut_at_field_border.md"),
};
