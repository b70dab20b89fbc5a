//! ENC-011 not-normalised: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-011",
    name: "not-normalised",
    source: include_str!("not_normalised.md"),
};
