//! FIL-002 empty-file: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-002",
    name: "empty-file",
    source: include_str!("empty_file.md"),
};
