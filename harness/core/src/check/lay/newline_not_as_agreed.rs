//! LAY-004 newline-not-as-agreed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-004",
    name: "newline-not-as-agreed",
    source: include_str!("newline_not_as_agreed.md"),
};
