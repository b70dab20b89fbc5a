//! LAY-008 record-order-wrong: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-008",
    name: "record-order-wrong",
    source: include_str!("record_order_wrong.md"),
};
