//! VAL-008 code-not-in-list: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-008",
    name: "code-not-in-list",
    source: include_str!("code_not_in_list.md"),
};
