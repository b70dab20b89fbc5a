//! FIL-004 digest-file-mismatch: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-004",
    name: "digest-file-mismatch",
    source: include_str!("digest_file_mismatch.md"),
};
