//! VAL-001 required-value-missing: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-001",
    name: "required-value-missing",
    source: include_str!("required_value_missing.md"),
};
