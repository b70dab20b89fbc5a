use super::folding::fold;
use super::place;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, Json};

/// API-014
pub(super) const RULE: Rule = Rule {
    code: "API-014",
    name: "number-loses-precision",
    source: include_str!("number_loses_precision.md"),
};

/// Numbers that a reader holding numbers as doubles takes for others.
pub(super) fn check(view: &CallView<'_>, json: &Json, out: &mut Sink) {
    let places = json.imprecise.iter().map(|number| {
        let at = place::at_bytes(
            view,
            &number.pointer,
            number.span.offset,
            number.span.length,
        );
        (number.pointer.as_str(), String::new(), at)
    });
    for folded in fold(places.collect()) {
        let length = folded.at.byte_length.unwrap_or_default();
        let hit = place::answer(view, &RULE, folded.at)
            .expected("a number that a double holds exactly")
            .observed(format!("number of {length} characters"));
        out.push_many(hit, folded.more.len() as u64 + 1, &folded.more);
    }
}
