//! VAL-009 individual-number-check-digit: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-009",
    name: "individual-number-check-digit",
    source: include_str!("individual_number_check_digit.md"),
};
