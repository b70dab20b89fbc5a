//! XRF-004 trailer-amount-mismatch: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "XRF-004",
    name: "trailer-amount-mismatch",
    source: include_str!("trailer_amount_mismatch.md"),
};
