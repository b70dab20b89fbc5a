//! FIL-001 file-name-not-as-agreed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-001",
    name: "file-name-not-as-agreed",
    source: include_str!("file_name_not_as_agreed.md"),
};
