//! ENC-009 double-encoding: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-009",
    name: "double-encoding",
    source: include_str!("double_encoding.md"),
};
