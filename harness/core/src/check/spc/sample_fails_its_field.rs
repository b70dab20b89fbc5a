//! SPC-008 sample-fails-its-field: see the page.

use super::{Facts, Place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-008
pub(super) const RULE: Rule = Rule {
    code: "SPC-008",
    name: "sample-fails-its-field",
    source: include_str!("sample_fails_its_field.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    for fault in facts.samples {
        let Some(layout) = facts.draft.pack.layouts.get(&fault.layout) else {
            continue;
        };
        let place = Place::of_field(facts, &fault.layout, layout, fault.field);
        out.push(
            place
                .hit(&RULE)
                .observed(fault.sample.clone())
                .arg("rule", fault.rule.clone())
                .arg("reason_ja", fault.message.ja.clone())
                .arg("reason", fault.message.en.clone()),
        );
    }
}
