//! XRF-001 duplicate-key: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "XRF-001",
    name: "duplicate-key",
    source: include_str!("duplicate_key.md"),
};
