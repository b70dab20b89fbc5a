use super::place;
use super::violation::Violation;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{BodyView, CallView, CodingFault, Json, ResponseView};

/// API-013
pub(super) const RULE: Rule = Rule {
    code: "API-013",
    name: "body-not-readable-here",
    source: include_str!("body_not_readable_here.md"),
};

/// The harness, not the answer, is at its limit: the body could not be judged.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    let (offset, observed) = match &response.body {
        BodyView::Cut => (None, "longer than the harness keeps".to_owned()),
        BodyView::Coded(CodingFault::Broken(_)) => return, // API-004
        BodyView::Coded(fault) => (None, fault.word()),
        BodyView::NotJson(fault) if fault.kind.is_own_limit() => {
            (Some(fault.offset), fault.kind.word())
        }
        _ => return,
    };
    let at = match offset {
        Some(offset) => place::at_bytes(view, "", offset, 0),
        None => view.place(),
    };
    out.push(
        place::hit(view, &RULE, at)
            .expected("JSON within the limits of the harness")
            .observed(observed),
    );
}

/// The body of a request that went through a relay.
pub(super) fn push_request(view: &CallView<'_>, fault: &CodingFault, out: &mut Sink) {
    out.push(
        place::hit(view, &RULE, place::header(view, "content-encoding"))
            .expected("JSON within the limits of the harness")
            .observed(fault.word())
            .key("request"),
    );
}

/// Patterns of the schema that took more steps than the harness allows.
pub(super) fn check_patterns(
    view: &CallView<'_>,
    json: &Json,
    violations: &[Violation],
    out: &mut Sink,
) {
    for violation in violations.iter().filter(|v| v.undecided) {
        let at = place::in_body(view, json, &violation.pointer);
        out.push(
            place::hit(view, &RULE, at)
                .expected("a pattern that can be decided")
                .observed("too many steps"),
        );
    }
}
