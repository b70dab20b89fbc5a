//! LAY-013 padding-not-as-agreed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-013",
    name: "padding-not-as-agreed",
    source: include_str!("padding_not_as_agreed.md"),
};
