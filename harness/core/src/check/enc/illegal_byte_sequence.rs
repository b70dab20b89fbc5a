//! ENC-001 illegal-byte-sequence: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-001",
    name: "illegal-byte-sequence",
    source: include_str!("illegal_byte_sequence.md"),
};
