//! ENC-012 control-character: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-012",
    name: "control-character",
    source: include_str!("control_character.md"),
};
