//! VAL-013 fixed-value-mismatch: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-013",
    name: "fixed-value-mismatch",
    source: include_str!("fixed_value_mismatch.md"),
};
