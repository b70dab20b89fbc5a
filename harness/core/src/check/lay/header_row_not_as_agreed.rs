//! LAY-009 header-row-not-as-agreed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-009",
    name: "header-row-not-as-agreed",
    source: include_str!("header_row_not_as_agreed.md"),
};
