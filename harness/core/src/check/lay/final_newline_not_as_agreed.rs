//! LAY-005 final-newline-not-as-agreed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-005",
    name: "final-newline-not-as-agreed",
    source: include_str!("final_newline_not_as_agreed.md"),
};
