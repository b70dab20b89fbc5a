use super::{expectation, place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, ResponseView};
use crate::plan::Variation;

/// API-002
pub(super) const RULE: Rule = Rule {
    code: "API-002",
    name: "undocumented-status",
    source: include_str!("undocumented_status.md"),
};

/// A success of another kind than documented, such as 201 for 200; a refusal that is right in itself but that the document
/// does not name. Any other status that is not documented is also one that was not expected, and API-001 says so.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    if response.documented.is_some() {
        return;
    }
    let expected = expectation::of(view);
    let success = view.case.variation == Variation::None && response.succeeded();
    let refusal = view.case.variation.is_of_body()
        && expected.refuses_with(response.http.status)
        && !expectation::is_told(view);
    if !success && !refusal {
        return;
    }
    push(view, response, out);
}

/// The finding, whatever led to it.
pub(super) fn push(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    let success = response.succeeded();
    let documented: Vec<String> = view
        .operation
        .responses
        .iter()
        .map(|r| r.statuses.word())
        .collect();
    let words = if success {
        expectation::of(view).words()
    } else {
        documented.join(" | ")
    };
    out.push(
        place::answer(view, &RULE, view.place())
            .expected(words)
            .observed(response.http.status.to_string())
            .key(response.http.status.to_string()),
    );
}
