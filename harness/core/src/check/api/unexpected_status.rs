use super::expectation::{Expected, of};
use super::{error_contract_broken, made_request_refused, place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::{Bilingual, Cause, CauseKind, Confidence};
use crate::observe::{CallView, ResponseView};
use crate::plan::Variation;
use crate::record::Origin;

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
    if made_request_refused::is_one(view, response) {
        return; // API-017
    }
    let codes = match &expected {
        Expected::Success(_) => error_contract_broken::codes(view, response),
        Expected::Refusal(_) => Vec::new(),
    };
    let observed = match codes.as_slice() {
        [] => status.to_string(),
        codes => format!("{status} ({})", codes.join(", ")),
    };
    let mut at = view.place();
    if view.origin() == Origin::Defect && !view.case.target.is_empty() {
        at.pointer = Some(view.case.target.clone());
    }
    let mut hit = place::answer(view, &RULE, at)
        .expected(expected.words())
        .observed(observed)
        .key(format!("{}|{status}", view.case.variation.as_str()));
    if let Some(cause) = cause(view, status) {
        hit = hit.cause(cause);
    }
    out.push(hit);
}

/// Where the status itself points away from the provider's program.
fn cause(view: &CallView<'_>, status: u16) -> Option<Cause> {
    let (kind, ja, en) = match status {
        401 | 403 if view.case.variation == Variation::None => (
            CauseKind::Config,
            "トークンは発行されましたが、提供側が認めませんでした。基盤の登録と提供側の検証の設定のどちらかは、この応答だけでは決まりません",
            "the token was issued but the provider did not accept it; registration or the provider's validation, this answer alone does not tell",
        ),
        502..=504 => (
            CauseKind::Unknown,
            "混雑、保守、途中の機器でも返るステータスです",
            "load, maintenance and devices on the way answer with this status too",
        ),
        _ => return None,
    };
    Some(Cause {
        kind,
        confidence: Confidence::Possible,
        proof: Bilingual::new(ja, en),
    })
}
