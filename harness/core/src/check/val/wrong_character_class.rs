//! VAL-004 wrong-character-class: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-004",
    name: "wrong-character-class",
    source: include_str!("wrong_character_class.md"),
};
