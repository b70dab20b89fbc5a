//! SPC-001 pack-not-readable: see the page.

use super::{Facts, told};
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-001
pub(super) const RULE: Rule = Rule {
    code: "SPC-001",
    name: "pack-not-readable",
    source: include_str!("pack_not_readable.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    told(&RULE, "", facts, out);
}
