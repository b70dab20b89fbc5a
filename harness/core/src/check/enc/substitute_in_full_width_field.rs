//! ENC-020 substitute-in-full-width-field: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-020",
    name: "substitute-in-full-width-field",
    source: include_str!("substitute_in_full_width_field.md"),
};
