//! ENC-007 encoding-not-as-declared: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-007",
    name: "encoding-not-as-declared",
    source: include_str!("encoding_not_as_declared.md"),
};
