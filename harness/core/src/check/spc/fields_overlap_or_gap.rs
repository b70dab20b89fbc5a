//! SPC-002 fields-overlap-or-gap: see the page.

use super::{Facts, told};
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-002
pub(super) const RULE: Rule = Rule {
    code: "SPC-002",
    name: "fields-overlap-or-gap",
    source: include_str!("fields_overlap_or_gap.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    told(&RULE, "SPC-002", facts, out);
}
