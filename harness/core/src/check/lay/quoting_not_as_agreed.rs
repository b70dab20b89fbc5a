//! LAY-011 quoting-not-as-agreed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-011",
    name: "quoting-not-as-agreed",
    source: include_str!("quoting_not_as_agreed.md"),
};
