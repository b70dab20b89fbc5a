//! LAY-002 field-count-wrong: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-002",
    name: "field-count-wrong",
    source: include_str!("field_count_wrong.md"),
};
