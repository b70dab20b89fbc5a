//! VAL-003 value-too-long: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-003",
    name: "value-too-long",
    source: include_str!("value_too_long.md"),
};
