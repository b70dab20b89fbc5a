use super::folding::fold;
use super::place;
use super::violation::Violation;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, Json};

/// API-005
pub(super) const RULE: Rule = Rule {
    code: "API-005",
    name: "body-violates-schema",
    source: include_str!("body_violates_schema.md"),
};

/// One finding for each documented place and set of keywords; elements of an array are folded into it.
pub(super) fn check(view: &CallView<'_>, json: &Json, violations: &[Violation], out: &mut Sink) {
    let own = violations.iter().filter(|v| !v.contract && !v.undecided);
    let own: Vec<&Violation> = own.collect();
    let places = own.iter().map(|violation| {
        let at = place::in_body(view, json, &violation.pointer);
        (violation.pointer.as_str(), violation.keywords.join(","), at)
    });
    for folded in fold(places.collect()) {
        let Some(violation) = own.get(folded.first) else {
            continue;
        };
        let hit = place::answer(view, &RULE, folded.at)
            .expected(violation.expected.clone())
            .observed(violation.observed.clone())
            .key(violation.keywords.join(","));
        out.push_many(hit, folded.more.len() as u64 + 1, &folded.more);
    }
}
