//! LAY-010 newline-inside-field: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-010",
    name: "newline-inside-field",
    source: include_str!("newline_inside_field.md"),
};
