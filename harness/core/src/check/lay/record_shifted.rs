//! LAY-014 record-shifted: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-014",
    name: "record-shifted",
    source: include_str!("record_shifted.md"),
};
