//! ENC-010 variation-selector-not-allowed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-010",
    name: "variation-selector-not-allowed",
    source: include_str!("variation_selector_not_allowed.md"),
};
