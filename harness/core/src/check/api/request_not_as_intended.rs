use serde_json::Value;

use super::{parameters, place, violation};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, Json, JsonFaultKind, ResponseView};
use crate::plan::{Misuse, Variation};

/// API-015
pub(super) const RULE: Rule = Rule {
    code: "API-015",
    name: "request-not-as-intended",
    source: include_str!("request_not_as_intended.md"),
};

/// True when the bytes that were sent are not what the case needs, so that the answer proves nothing.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) -> bool {
    let Some((pointer, expected, observed)) = reason(view, response) else {
        return false;
    };
    let mut at = view.place();
    at.pointer = (!pointer.is_empty()).then_some(pointer);
    out.push(
        place::hit(view, &RULE, at)
            .expected(expected)
            .observed(observed)
            .key(view.case.variation.as_str()),
    );
    true
}

type Reason = (String, String, String);

fn reason(view: &CallView<'_>, response: &ResponseView<'_>) -> Option<Reason> {
    let told = |expected: &str, observed: &str| {
        Some((String::new(), expected.to_owned(), observed.to_owned()))
    };
    match view.case.variation {
        Variation::NoToken if has_token(view) => {
            told("request without authorization", "authorization was sent")
        }
        Variation::Misuse(Misuse::TokenInQuery | Misuse::TokenInBody) if has_token(view) => {
            told("request without authorization", "authorization was sent")
        }
        Variation::Misuse(Misuse::TokenInQuery | Misuse::TokenInBody) => None,
        Variation::Misuse(_) if !has_token(view) => {
            told("request with authorization", "no authorization was sent")
        }
        Variation::NoToken | Variation::ExpiredToken | Variation::Misuse(_) => None,
        Variation::WrongScope if holds_needed_scope(view) => told(
            "token without the scope of the call",
            "token with the scope of the call",
        ),
        Variation::WrongScope => None,
        Variation::None => first_violation(view).or_else(|| first_misfit(view)),
        variation if is_parameter(&view.case.target) => only_parameter(view, variation.keywords()),
        Variation::MissingRequired => missing(view, response),
        Variation::WrongContentType | Variation::WrongCharset => {
            first_violation(view).or_else(|| media(view))
        }
        Variation::BrokenJson | Variation::InvalidUtf8 => malformed(view),
        Variation::DuplicateKey => doubled(view),
        variation => only_at_target(view, variation.keywords()),
    }
}

/// A target that is a parameter: `query:limit`.
fn is_parameter(target: &str) -> bool {
    !target.is_empty() && !target.starts_with('/')
}

fn first_misfit(view: &CallView<'_>) -> Option<Reason> {
    let first = parameters::misfits(view).into_iter().next()?;
    Some((first.pointer, first.expected, first.observed))
}

/// The parameter must have the defect, and be the only thing that is wrong.
fn only_parameter(view: &CallView<'_>, keywords: &[&str]) -> Option<Reason> {
    let target = &view.case.target;
    let misfits = parameters::misfits(view);
    if let Some(other) = misfits.iter().find(|m| m.pointer != *target) {
        let other = other.clone();
        return Some((other.pointer, other.expected, other.observed));
    }
    let there =
        |m: &violation::Violation| m.keywords.iter().any(|k| keywords.contains(&k.as_str()));
    if misfits.iter().any(there) {
        return first_violation(view);
    }
    Some((
        target.clone(),
        format!("a request that breaks {}", keywords.join(" or ")),
        "a request that does not".to_owned(),
    ))
}

fn has_token(view: &CallView<'_>) -> bool {
    let headers = &view.http.request.headers;
    headers
        .iter()
        .any(|h| h.name.eq_ignore_ascii_case("authorization"))
}

/// The scope that was granted, or, where the response names none, the one that was asked for (RFC 6749 5.1).
pub(in crate::check) fn holds_needed_scope(view: &CallView<'_>) -> bool {
    let granted = view.token.and_then(|t| t.scope.as_deref());
    let granted = granted.unwrap_or(&view.case.scope);
    let needed = view.api.scope(&view.case.operation);
    needed.is_some_and(|needed| granted.split_ascii_whitespace().any(|s| s == needed))
}

fn body<'v>(view: &'v CallView<'_>) -> Result<Option<&'v Json>, Reason> {
    match &view.request {
        Some(Ok(json)) => Ok(Some(json)),
        Some(Err(fault)) => Err((fault.pointer.clone(), "JSON".to_owned(), fault.kind.word())),
        None => Ok(None),
    }
}

fn first_violation(view: &CallView<'_>) -> Option<Reason> {
    if view.request_xml.is_some() {
        let (rule, at) = crate::check::xml_body::first_fault(view)?;
        return Some((
            String::new(),
            "the documented XML message".to_owned(),
            format!("{rule} {at}"),
        ));
    }
    let documented = view.operation.request.as_ref().map(|r| &r.content);
    let foreign =
        documented.is_some_and(|c| !c.is_empty()) && view.operation.request_content().is_none();
    if foreign && view.request.is_some() {
        return None; // documented as something else than JSON, without a message: nothing here can judge it
    }
    let json = match body(view) {
        Ok(Some(json)) => json,
        Ok(None) => {
            let required = view.operation.request.as_ref().is_some_and(|r| r.required);
            return required.then(|| {
                (
                    String::new(),
                    "request body".to_owned(),
                    "absent".to_owned(),
                )
            });
        }
        Err(reason) => return Some(reason),
    };
    violation::of_request(view, json)
        .into_iter()
        .next()
        .map(|v| (v.pointer, v.expected, v.observed))
}

/// The defect must be there, on the bytes that were sent, and be the only one.
fn only_at_target(view: &CallView<'_>, keywords: &[&str]) -> Option<Reason> {
    let target = &view.case.target;
    let json = match body(view) {
        Ok(Some(json)) => json,
        Ok(None) => {
            return Some((
                target.clone(),
                "request body".to_owned(),
                "absent".to_owned(),
            ));
        }
        Err(reason) => return Some(reason),
    };
    let violations = violation::of_request(view, json);
    if let Some(other) = violations.iter().find(|v| v.pointer != *target) {
        let other = other.clone();
        return Some((other.pointer, other.expected, other.observed));
    }
    let there = violations
        .iter()
        .any(|v| v.keywords.iter().any(|k| keywords.contains(&k.as_str())));
    let reason = || {
        (
            target.clone(),
            format!("a request that breaks {}", keywords.join(" or ")),
            "a request that does not".to_owned(),
        )
    };
    (!there).then(reason)
}

fn missing(view: &CallView<'_>, response: &ResponseView<'_>) -> Option<Reason> {
    let reason = only_at_target(view, &["required"])?;
    // An item that is mandatory only under a condition: the schema cannot tell, but a refusal is as right as can be.
    let absent =
        matches!(body(view), Ok(Some(json)) if pointed(&json.value, &view.case.target).is_none());
    let conditional = super::error_contract_broken::correlated(view).is_some();
    let nothing_else = reason.0 == view.case.target;
    if absent && conditional && nothing_else && !response.succeeded() {
        return None;
    }
    Some(reason)
}

/// The header must say something else than what the document asks for.
fn media(view: &CallView<'_>) -> Option<Reason> {
    let told = view.request_media_type();
    let wrong = match view.case.variation {
        Variation::WrongContentType => told.as_ref().is_some_and(|t| !t.is_json()),
        _ => told
            .as_ref()
            .and_then(|t| t.parameter("charset"))
            .is_some_and(|c| !c.eq_ignore_ascii_case("utf-8")),
    };
    let header = || "header:content-type".to_owned();
    (!wrong).then(|| {
        (
            header(),
            "another media type or charset".to_owned(),
            "as documented".to_owned(),
        )
    })
}

fn malformed(view: &CallView<'_>) -> Option<Reason> {
    let right = match (&view.request, view.case.variation) {
        (Some(Err(fault)), Variation::BrokenJson) => fault.kind == JsonFaultKind::EndsEarly,
        (Some(Err(fault)), _) => matches!(fault.kind, JsonFaultKind::NotUtf8 { .. }),
        _ => false,
    };
    let observed = match &view.request {
        Some(Err(fault)) => fault.kind.word(),
        Some(Ok(_)) => "a request that does not".to_owned(),
        None => "absent".to_owned(),
    };
    let expected = view.case.variation.as_str();
    (!right).then(|| (String::new(), expected.to_owned(), observed))
}

fn doubled(view: &CallView<'_>) -> Option<Reason> {
    if let Some(reason) = first_violation(view) {
        return Some(reason);
    }
    let twice = matches!(body(view), Ok(Some(json)) if !json.duplicates.is_empty());
    (!twice).then(|| (String::new(), "twice".to_owned(), "once".to_owned()))
}

fn pointed<'j>(value: &'j Value, pointer: &str) -> Option<&'j Value> {
    value.pointer(pointer)
}
