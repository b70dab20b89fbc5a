//! FIL-005 sequence-gap: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-005",
    name: "sequence-gap",
    source: include_str!("sequence_gap.md"),
};
