//! ENC-019 low-or-high-value: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-019",
    name: "low-or-high-value",
    source: include_str!("low_or_high_value.md"),
};
