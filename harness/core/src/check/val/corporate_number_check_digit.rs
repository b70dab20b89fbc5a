//! VAL-014 corporate-number-check-digit: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-014",
    name: "corporate-number-check-digit",
    source: include_str!("corporate_number_check_digit.md"),
};
