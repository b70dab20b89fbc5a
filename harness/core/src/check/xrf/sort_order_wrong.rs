//! XRF-008 sort-order-wrong: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "XRF-008",
    name: "sort-order-wrong",
    source: include_str!("sort_order_wrong.md"),
};
