//! LAY-003 quote-fault: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-003",
    name: "quote-fault",
    source: include_str!("quote_fault.md"),
};
