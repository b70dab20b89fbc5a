//! VAL-015 addressee-number-remainder-1: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-015",
    name: "addressee-number-remainder-1",
    source: include_str!("addressee_number_remainder_1.md"),
};
