//! SPC-003 widths-do-not-sum: see the page.

use super::{Facts, told};
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-003
pub(super) const RULE: Rule = Rule {
    code: "SPC-003",
    name: "widths-do-not-sum",
    source: include_str!("widths_do_not_sum.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    told(&RULE, "SPC-003", facts, out);
}
