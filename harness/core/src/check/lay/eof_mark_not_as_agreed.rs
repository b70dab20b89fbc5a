//! LAY-006 eof-mark-not-as-agreed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "LAY-006",
    name: "eof-mark-not-as-agreed",
    source: include_str!("eof_mark_not_as_agreed.md"),
};
