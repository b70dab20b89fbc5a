//! ENC-017 shift-code-left-over: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-017",
    name: "shift-code-left-over",
    source: include_str!("shift_code_left_over.md"),
};
