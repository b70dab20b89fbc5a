use super::{expectation::of, place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, ResponseView};
use crate::plan::Variation;

/// API-012
pub(super) const RULE: Rule = Rule {
    code: "API-012",
    name: "invalid-request-accepted",
    source: include_str!("invalid_request_accepted.md"),
};

/// A request with one defect in its body, proven on the bytes that were sent, and answered with success.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    let variation = view.case.variation;
    let message = matches!(variation, Variation::BrokenJson | Variation::InvalidUtf8);
    let defect = message || !variation.keywords().is_empty();
    if !defect || !response.succeeded() {
        return;
    }
    let mut at = view.place();
    at.pointer = (!message).then(|| view.case.target.clone());
    let hit = match message {
        true => place::answer(view, &RULE, at),
        false => place::hit(view, &RULE, at),
    };
    out.push(
        hit.expected(of(view).words())
            .observed(response.http.status.to_string())
            .key(variation.as_str()),
    );
}
