//! LAY-012 blank-record: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-012",
    name: "blank-record",
    source: include_str!("blank_record.md"),
};
