//! XRF-009 reference-not-checked: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "XRF-009",
    name: "reference-not-checked",
    source: include_str!("reference_not_checked.md"),
};
