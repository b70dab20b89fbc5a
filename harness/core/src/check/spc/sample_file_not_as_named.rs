//! SPC-018 sample-file-not-as-named: see the page.

use super::{Facts, Place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-018
pub(super) const RULE: Rule = Rule {
    code: "SPC-018",
    name: "sample-file-not-as-named",
    source: include_str!("sample_file_not_as_named.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    for fault in facts.files {
        let place = Place {
            file: facts.draft.file(&fault.file),
            ..Place::default()
        };
        out.push(
            place
                .hit(&RULE)
                .key(fault.file.clone())
                .expected(or_nothing(&fault.expected))
                .observed(or_nothing(&fault.raised)),
        );
    }
}

fn or_nothing(codes: &str) -> &str {
    if codes.is_empty() { "none" } else { codes }
}
