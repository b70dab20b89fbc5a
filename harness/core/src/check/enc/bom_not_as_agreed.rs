//! ENC-002 bom-not-as-agreed: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-002",
    name: "bom-not-as-agreed",
    source: include_str!("bom_not_as_agreed.md"),
};
