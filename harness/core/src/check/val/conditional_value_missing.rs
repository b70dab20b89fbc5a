//! VAL-002 conditional-value-missing: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-002",
    name: "conditional-value-missing",
    source: include_str!("conditional_value_missing.md"),
};
