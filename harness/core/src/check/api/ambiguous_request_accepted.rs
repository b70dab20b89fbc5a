use super::{expectation::of, place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, ResponseView};
use crate::plan::Variation;

/// API-016
pub(super) const RULE: Rule = Rule {
    code: "API-016",
    name: "ambiguous-request-accepted",
    source: include_str!("ambiguous_request_accepted.md"),
};

/// A request that can be read in more than one way and was answered with success: no standard forbids the provider to
/// guess, so it is a warning.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    let ambiguous = matches!(
        view.case.variation,
        Variation::WrongContentType | Variation::WrongCharset | Variation::DuplicateKey
    );
    if !ambiguous || !response.succeeded() {
        return;
    }
    out.push(
        place::answer(view, &RULE, view.place())
            .expected(of(view).words())
            .observed(response.http.status.to_string())
            .key(view.case.variation.as_str()),
    );
}
