//! VAL-010 addressee-number-check-digit: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-010",
    name: "addressee-number-check-digit",
    source: include_str!("addressee_number_check_digit.md"),
};
