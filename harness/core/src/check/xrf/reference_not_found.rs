//! XRF-002 reference-not-found: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "XRF-002",
    name: "reference-not-found",
    source: include_str!("reference_not_found.md"),
};
