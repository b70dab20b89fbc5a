//! VAL-012 pattern-mismatch: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "VAL-012",
    name: "pattern-mismatch",
    source: include_str!("pattern_mismatch.md"),
};
