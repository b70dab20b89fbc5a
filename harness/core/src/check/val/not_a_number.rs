//! VAL-005 not-a-number: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-005",
    name: "not-a-number",
    source: include_str!("not_a_number.md"),
};
