//! XRF-003 trailer-count-mismatch: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "XRF-003",
    name: "trailer-count-mismatch",
    source: include_str!("trailer_count_mismatch.md"),
};
