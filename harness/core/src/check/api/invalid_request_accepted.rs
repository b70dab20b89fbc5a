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
    let defect = matches!(
        view.case.variation,
        Variation::MissingRequired | Variation::TooLong
    );
    if !defect || !response.succeeded() {
        return;
    }
    let mut at = view.place();
    at.pointer = Some(view.case.target.clone());
    out.push(
        place::hit(view, &RULE, at)
            .expected(of(view).words())
            .observed(response.http.status.to_string())
            .key(view.case.variation.as_str()),
    );
}
