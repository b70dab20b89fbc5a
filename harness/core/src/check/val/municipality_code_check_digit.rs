//! VAL-011 municipality-code-check-digit: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-011",
    name: "municipality-code-check-digit",
    source: include_str!("municipality_code_check_digit.md"),
};
