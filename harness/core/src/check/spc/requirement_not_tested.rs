//! SPC-013 requirement-not-tested: see the page.

use super::{Facts, Place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-013
pub(super) const RULE: Rule = Rule {
    code: "SPC-013",
    name: "requirement-not-tested",
    source: include_str!("requirement_not_tested.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    for requirement in &facts.draft.pack.requirements {
        if requirement.tested_by.is_empty() && requirement.not_tested.is_empty() {
            out.push(Place::of_requirement(facts, requirement).hit(&RULE));
        }
    }
}
