use super::place;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, ResponseView};
use crate::plan::Variation;
use crate::record::Origin;

/// API-017
pub(super) const RULE: Rule = Rule {
    code: "API-017",
    name: "made-request-refused",
    source: include_str!("made_request_refused.md"),
};

/// A request that the harness made, not the plan, and that fits the schema, was refused by the provider: a person must
/// say whether the schema or the provider is right. What the token decides, and failures of the provider, are API-001's.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    if !is_one(view, response) {
        return;
    }
    let mut at = view.place();
    at.pointer = view
        .intent
        .map(|i| i.target.clone())
        .filter(|t| !t.is_empty());
    out.push(
        place::answer(view, &RULE, at)
            .expected(view.operation.success().join(" | "))
            .observed(response.http.status.to_string())
            .key(format!("{}|{}", view.note(), response.http.status)),
    );
}

/// True when the refusal is for a person to judge.
pub(super) fn is_one(view: &CallView<'_>, response: &ResponseView<'_>) -> bool {
    let status = response.http.status;
    let made = match view.origin() {
        Origin::Plan | Origin::Page | Origin::Defect => false,
        Origin::Parallel => matches!(status, 409 | 429),
        Origin::Example | Origin::Schema | Origin::Boundary | Origin::Recorded | Origin::Repeat => {
            true
        }
    };
    let refused = (400..500).contains(&status) && !matches!(status, 401 | 403);
    made && refused && view.case.variation == Variation::None
}
