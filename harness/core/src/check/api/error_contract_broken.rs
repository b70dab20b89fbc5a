use serde_json::Value;

use super::violation::Violation;
use super::{expectation, place, shape};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, Json, ResponseView};
use crate::plan::Variation;
use crate::spec::{Applies, Correlation, ErrorKind};

/// API-006
pub(super) const RULE: Rule = Rule {
    code: "API-006",
    name: "error-contract-broken",
    source: include_str!("error_contract_broken.md"),
};

/// Fixed wordings and listed codes (found by the schema's enumerations), and the code that the defect of the request asks for.
pub(super) fn check(
    view: &CallView<'_>,
    response: &ResponseView<'_>,
    json: &Json,
    violations: &[Violation],
    out: &mut Sink,
) {
    for violation in violations.iter().filter(|v| v.contract) {
        let at = place::in_body(view, json, &violation.pointer);
        out.push(
            place::answer(view, &RULE, at)
                .expected(violation.expected.clone())
                .observed(violation.observed.clone())
                .key(place::generic(&violation.pointer)),
        );
    }
    let code_at = &view.api.rules.code_at;
    let reported = |v: &Violation| {
        place::generic(&v.pointer) == *code_at || code_at.starts_with(&format!("{}/", v.pointer))
    };
    if violations.iter().any(reported) {
        return; // the codes themselves are already at fault, or missing as a whole
    }
    check_code(view, response, json, out);
}

fn check_code(view: &CallView<'_>, response: &ResponseView<'_>, json: &Json, out: &mut Sink) {
    if !expectation::of(view).refuses_with(response.http.status) {
        return;
    }
    let allowed = allowed(view);
    let raw = raw_codes(view, response);
    if allowed.is_empty() || raw.iter().any(|code| allowed.contains(code)) {
        return;
    }
    let observed = match codes(view, response).as_slice() {
        [] => "none".to_owned(),
        codes => codes.join(", "),
    };
    // The first code, or where the codes would stand.
    let first = view.api.rules.code_at.replace('*', "0");
    let at = match json.span(&first) {
        Some(_) => place::in_body(view, json, &first),
        None => place::in_body(view, json, first.split("/0").next().unwrap_or_default()),
    };
    out.push(
        place::answer(view, &RULE, at)
            .expected(allowed.join(" | "))
            .observed(observed)
            .key(view.case.variation.as_str()),
    );
}

/// Codes that may answer the defect of the request; empty: nothing is laid down.
fn allowed(view: &CallView<'_>) -> Vec<String> {
    let rules = &view.api.rules;
    let property = rules.request.get(target_name(view));
    let fixed = property.is_some_and(|p| p.fixed);
    let of_kind = |kind: ErrorKind| -> Vec<String> {
        let listed = rules.error.iter().filter(|e| e.kind == kind);
        let applies = listed.filter(|e| e.applies == Applies::All || fixed);
        applies.map(|e| e.code.clone()).collect()
    };
    match view.case.variation {
        Variation::MissingRequired => match correlated(view) {
            Some(correlation) => correlation.codes.clone(),
            None => of_kind(ErrorKind::Missing),
        },
        Variation::TooLong => of_kind(ErrorKind::Length),
        _ => Vec::new(),
    }
}

/// The condition that makes the target of the case mandatory, if there is one.
pub(super) fn correlated<'v>(view: &'v CallView<'_>) -> Option<&'v Correlation> {
    let name = target_name(view);
    view.api
        .rules
        .correlation
        .iter()
        .find(|c| c.require == name)
}

fn target_name<'v>(view: &'v CallView<'_>) -> &'v str {
    view.case.target.rsplit('/').next().unwrap_or_default()
}

/// Error codes of the answer as people may see them.
pub(super) fn codes(view: &CallView<'_>, response: &ResponseView<'_>) -> Vec<String> {
    let mut shown: Vec<String> = raw_codes(view, response)
        .iter()
        .map(|c| shape::code(c))
        .collect();
    shown.dedup();
    shown.truncate(5);
    shown
}

fn raw_codes(view: &CallView<'_>, response: &ResponseView<'_>) -> Vec<String> {
    let Some(json) = response.json() else {
        return Vec::new();
    };
    let mut here: Vec<&Value> = vec![&json.value];
    for step in view.api.rules.code_at.split('/').skip(1) {
        here = here
            .into_iter()
            .flat_map(|value| match (step, value) {
                ("*", Value::Array(items)) => items.iter().collect(),
                _ => value.get(step).into_iter().collect::<Vec<_>>(),
            })
            .collect();
    }
    here.into_iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
