//! One call of the API: where, with which token, with which body; then the number.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use hyper::header::{CONTENT_TYPE, HeaderMap};
use hyper::{Request, Response, StatusCode};
use renkei_core::encoding::{Encoding, Target, encode};
use renkei_core::spec::Operation;
use serde_json::{Map, Value};

use super::authorize::authorize;
use super::limits::{self, Blind, Complaint};
use super::{Provider, Switch, answer};

/// Longest request body in bytes.
const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// How long the sequence is left alone by a provider that does not lock it.
const RACE: Duration = Duration::from_millis(200);
/// What `slow` means.
const SLOWNESS: Duration = Duration::from_secs(3);

pub(super) async fn answer(
    provider: Arc<Provider>,
    prefix: String,
    request: Request<Body>,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    let Some(own) = path.strip_prefix(prefix.as_str()) else {
        return answer::outside(StatusCode::NOT_FOUND);
    };
    let at_path = || provider.api.operations.values().filter(|op| op.path == own);
    let Some(op) = at_path().find(|op| op.method == head.method.as_str()) else {
        return answer::outside(match at_path().next() {
            Some(_) => StatusCode::METHOD_NOT_ALLOWED,
            None => StatusCode::NOT_FOUND,
        });
    };
    let bytes = to_bytes(body, BODY_LIMIT).await;
    if provider.on(Switch::Hang) {
        std::future::pending::<()>().await;
    }
    if provider.on(Switch::Slow) {
        tokio::time::sleep(SLOWNESS).await;
    }
    if provider.on(Switch::Redirect) {
        return answer::redirect();
    }
    if provider.on(Switch::Unavailable) {
        return answer::unavailable(&provider, &path);
    }
    let sent = bytes.as_deref().unwrap_or_default();
    if let Err(why) = authorize(&provider, op, &head, sent) {
        return answer::unauthorized(&provider, &path, why);
    }
    let before = provider.state().numbers.standing();
    if provider.on(Switch::SameNumberConcurrently) {
        // Between reading the sequence and writing it back others come by.
        tokio::time::sleep(RACE).await;
        provider.state().numbers.set(before);
    }
    let outcome = match bytes {
        Ok(bytes) => read(&head.headers, &bytes).and_then(|body| number(&provider, op, &body)),
        Err(_) => Err(vec![unreadable(
            "リクエストが長すぎるか、途中で切れています。",
        )]),
    };
    match outcome {
        Ok(result) => answer::registered(&provider, &path, result),
        Err(complaints) => answer::refused(&provider, &path, &complaints),
    }
}

fn unreadable(message: &str) -> Complaint {
    Complaint {
        code: "E0002",
        message: message.to_owned(),
    }
}

fn read(headers: &HeaderMap, bytes: &[u8]) -> Result<Map<String, Value>, Vec<Complaint>> {
    let media = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let media = media
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    if !media.trim().eq_ignore_ascii_case("application/json") {
        return Err(vec![unreadable(
            "Content-Type は application/json としてください。",
        )]);
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(vec![unreadable(
            "リクエストはJSONのオブジェクトとしてください。",
        )]),
    }
}

fn number(
    provider: &Provider,
    op: &Operation,
    body: &Map<String, Value>,
) -> Result<Map<String, Value>, Vec<Complaint>> {
    if let Some(schema) = op.request_schema() {
        let blind = Blind {
            required: provider.on(Switch::RequiredNotChecked),
            length: provider.on(Switch::LengthNotChecked),
        };
        let complaints = limits::check(schema, body, blind);
        if !complaints.is_empty() {
            return Err(complaints);
        }
    }
    let mut state = provider.state();
    let mut number = state.numbers.answer(body).map_err(|c| vec![c])?;
    if provider.on(Switch::NumberTwice) {
        state.numbers.step_back();
    }
    drop(state);
    if provider.on(Switch::CheckDigitWrong)
        && let Some(last) = number.pop().and_then(|c| c.to_digit(10))
    {
        number.push_str(&((last + 1) % 10).to_string());
    }
    Ok(result(provider, op, body, number))
}

/// The items of `result`: the number, what the request said, and 1 for what only the service knows.
fn result(
    provider: &Provider,
    op: &Operation,
    body: &Map<String, Value>,
    number: String,
) -> Map<String, Value> {
    let mut out = Map::new();
    let Some(schema) = op.response_schema(200) else {
        return out;
    };
    let Some(item) = schema.at("/result/0") else {
        return out;
    };
    for name in schema.member_names(item) {
        let types = schema.member(item, name).map(|m| schema.types(m));
        let types = types.unwrap_or_default();
        let is_number = types.contains(&"integer") || types.contains(&"number");
        let value = match (name, body.get(name)) {
            ("atenabango", _) => Value::String(number.clone()),
            (_, Some(said)) if !said.is_null() => repeated(provider, said),
            _ if is_number != provider.on(Switch::BodyViolatesSchema) => Value::from(1),
            _ => Value::String("1".to_owned()),
        };
        out.insert(name.to_owned(), value);
    }
    out
}

/// What the request said, as it comes back.
fn repeated(provider: &Provider, said: &Value) -> Value {
    let Value::String(text) = said else {
        return said.clone();
    };
    let mut text = text.clone();
    if provider.on(Switch::IvsDropped) {
        // Variation Selectors Supplement, which IVS are made of (Unicode Technical Standard #37).
        text.retain(|c| !('\u{E0100}'..='\u{E01EF}').contains(&c));
    }
    if provider.on(Switch::SubstitutionMark) {
        let known = |c: char| encode(&c.to_string(), Target::new(Encoding::Cp932)).is_ok();
        text = text
            .chars()
            .map(|c| if known(c) { c } else { '?' })
            .collect();
    }
    Value::String(text)
}
