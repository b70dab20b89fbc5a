//! XRF-006 record-condition-not-held: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "XRF-006",
    name: "record-condition-not-held",
    source: include_str!("record_condition_not_held.md"),
};
