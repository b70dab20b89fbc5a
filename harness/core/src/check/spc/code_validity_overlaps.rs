//! SPC-012 code-validity-overlaps: see the page.

use super::{Facts, told};
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-012
pub(super) const RULE: Rule = Rule {
    code: "SPC-012",
    name: "code-validity-overlaps",
    source: include_str!("code_validity_overlaps.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    told(&RULE, "SPC-012", facts, out);
}
