//! FIL-003 companion-file-missing: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-003",
    name: "companion-file-missing",
    source: include_str!("companion_file_missing.md"),
};
