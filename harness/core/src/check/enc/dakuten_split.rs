//! ENC-015 dakuten-split: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-015",
    name: "dakuten-split",
    source: include_str!("dakuten_split.md"),
};
