//! ENC-016 substitution-byte-pair: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-016",
    name: "substitution-byte-pair",
    source: include_str!("substitution_byte_pair.md"),
};
