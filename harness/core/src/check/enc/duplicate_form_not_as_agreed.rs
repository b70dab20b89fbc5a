//! ENC-021 duplicate-form-not-as-agreed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-021",
    name: "duplicate-form-not-as-agreed",
    source: include_str!("duplicate_form_not_as_agreed.md"),
};
