//! XRF-007 record-number-out-of-order: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "XRF-007",
    name: "record-number-out-of-order",
    source: include_str!("record_number_out_of_order.md"),
};
