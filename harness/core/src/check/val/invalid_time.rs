//! VAL-007 invalid-time: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-007",
    name: "invalid-time",
    source: include_str!("invalid_time.md"),
};
