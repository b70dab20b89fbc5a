//! LAY-007 unknown-record-kind: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-007",
    name: "unknown-record-kind",
    source: include_str!("unknown_record_kind.md"),
};
