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
    for number in &json.imprecise {
        let at = place::at_bytes(
            view,
            &number.pointer,
            number.span.offset,
            number.span.length,
        );
        out.push(
            place::hit(view, &RULE, at)
                .expected("a number that a double holds exactly")
                .observed(format!("number of {} characters", number.span.length)),
        );
    }
}
