//! LAY-001 record-length-wrong: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-001",
    name: "record-length-wrong",
    source: include_str!("record_length_wrong.md"),
};
