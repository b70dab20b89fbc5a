//! VAL-006 invalid-date: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-006",
    name: "invalid-date",
    source: include_str!("invalid_date.md"),
};
