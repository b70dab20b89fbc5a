use super::place;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{BodyView, CallView, CodingFault, ResponseView};

/// API-004
pub(super) const RULE: Rule = Rule {
    code: "API-004",
    name: "body-not-json",
    source: include_str!("body_not_json.md"),
};

/// The body is documented as JSON and is none. Limits of the harness itself are API-013's.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    if !response.content().is_some_and(|c| c.media_type.is_json()) {
        return;
    }
    let (at, observed) = match &response.body {
        BodyView::Empty => (place::at_bytes(view, "", 0, 0), "empty".to_owned()),
        BodyView::NotJson(fault) if !fault.kind.is_own_limit() => (
            place::at_bytes(view, &fault.pointer, fault.offset, 1),
            fault.kind.word(),
        ),
        BodyView::Coded(fault @ CodingFault::Broken(_)) => {
            (place::header(view, "content-encoding"), fault.word())
        }
        _ => return,
    };
    let offset = at.byte_offset.unwrap_or_default().to_string();
    out.push(
        place::answer(view, &RULE, at)
            .expected("JSON, UTF-8")
            .observed(observed)
            .arg("offset", offset),
    );
}
