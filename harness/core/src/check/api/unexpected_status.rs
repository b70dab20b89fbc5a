use super::expectation::{Expected, of};
use super::{error_contract_broken, place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, ResponseView};

/// API-001
pub(super) const RULE: Rule = Rule {
    code: "API-001",
    name: "unexpected-status",
    source: include_str!("unexpected_status.md"),
};

/// Success where it was due and refusals as agreed pass. A call that must be refused and succeeds is not ours but that of
/// the rule for the defect (AUT-004 to AUT-006, API-012); a success that is not documented is API-002's.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    let expected = of(view);
    let status = response.http.status;
    if response.succeeded() || expected.refuses_with(status) {
        return;
    }
    let codes = match &expected {
        Expected::Success(_) => error_contract_broken::codes(view, response),
        Expected::Refusal(_) => Vec::new(),
    };
    let observed = match codes.as_slice() {
        [] => status.to_string(),
        codes => format!("{status} ({})", codes.join(", ")),
    };
    out.push(
        place::hit(view, &RULE, view.place())
            .expected(expected.words())
            .observed(observed)
            .key(format!("{}|{status}", view.case.variation.as_str())),
    );
}
