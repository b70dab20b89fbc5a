//! XRF-005 trailer-parts-do-not-add-up: see the page.

use crate::check::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "XRF-005",
    name: "trailer-parts-do-not-add-up",
    source: include_str!("trailer_parts_do_not_add_up.md"),
};
