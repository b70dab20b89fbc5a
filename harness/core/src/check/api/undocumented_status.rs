use super::{expectation::of, place};
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

/// A success of another kind than documented, such as 201 for 200. Any other status that is not documented is also one
/// that was not expected, and API-001 says so.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    let due = view.case.variation == Variation::None;
    if !due || !response.succeeded() || response.documented.is_some() {
        return;
    }
    push(view, response, out);
}

pub(super) fn push(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    out.push(
        place::answer(view, &RULE, view.place())
            .expected(of(view).words())
            .observed(response.http.status.to_string())
            .key(response.http.status.to_string()),
    );
}
