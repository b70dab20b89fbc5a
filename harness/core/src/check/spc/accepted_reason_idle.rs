//! SPC-019 accepted-reason-idle: see the page.

use super::{Facts, Place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::spec::Accepted;

/// SPC-019
pub(super) const RULE: Rule = Rule {
    code: "SPC-019",
    name: "accepted-reason-idle",
    source: include_str!("accepted_reason_idle.md"),
};

/// An accepted reason that matched none of what was found.
pub(super) fn tell(facts: &Facts<'_>, accepted: &Accepted, out: &mut Sink) {
    let code = &accepted.rule;
    let mut named = code.clone();
    for part in [&accepted.file, &accepted.field] {
        if !part.is_empty() {
            named.push_str(&format!(" {part}"));
        }
    }
    let place = Place::near(facts, "pack.toml", code, "[[accepted]]", Some(code.clone()));
    out.push(place.hit(&RULE).key(named.clone()).observed(named));
}
