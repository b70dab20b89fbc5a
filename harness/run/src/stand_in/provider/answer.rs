//! The bodies of the numbering API (API v2.0, レスポンス_API仕様) and how they go wrong when told to.

use std::time::Duration;

use axum::body::Body;
use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use hyper::{Response, StatusCode};
use renkei_core::encoding::{Encoding, Target, encode};
use serde_json::{Map, Value, json};

use super::limits::Complaint;
use super::{Provider, Switch};

/// Title of every answer: the name of the function.
const TITLE: &str = "住登外者宛名番号付番";

/// 200: `metadata`, `_links`, `result`.
pub(super) fn registered(
    provider: &Provider,
    href: &str,
    result: Map<String, Value>,
) -> Response<Body> {
    let mut body = json!({
        "metadata": {"title": TITLE, "detail": "登録が完了しました。"},
        "_links": {"self": {"href": href}},
        "result": [result],
    });
    if provider.on(Switch::ExtraField) {
        body["debug"] = json!("node-3");
    }
    let mut text = body.to_string();
    if provider.on(Switch::DuplicateKey)
        && let Some(rest) = text.strip_prefix('{')
    {
        text = format!("{{\"metadata\":null,{rest}");
    }
    finish(
        provider,
        StatusCode::OK,
        json_type(provider),
        Bytes::from(text),
    )
}

/// 400: `title`, `detail`, `_links`, `errors`.
pub(super) fn refused(provider: &Provider, href: &str, complaints: &[Complaint]) -> Response<Body> {
    let errors: Vec<Value> = complaints
        .iter()
        .map(|c| {
            let code = match c.code {
                "E0003" if provider.on(Switch::ErrorCodeWrong) => "E0002",
                code => code,
            };
            json!({"code": code, "message": c.message})
        })
        .collect();
    let mut body = plain(href, "エラーが発生しました。");
    body["errors"] = Value::Array(errors);
    error(provider, StatusCode::BAD_REQUEST, &body)
}

/// 401: no `errors`.
pub(super) fn unauthorized(provider: &Provider, href: &str, why: &'static str) -> Response<Body> {
    let body = plain(href, "アクセストークンが無効です。");
    let mut response = error(provider, StatusCode::UNAUTHORIZED, &body);
    if response.status() == StatusCode::UNAUTHORIZED {
        response
            .headers_mut()
            .insert(WWW_AUTHENTICATE, HeaderValue::from_static(why));
    }
    response
}

/// 503: no `errors`.
pub(super) fn unavailable(provider: &Provider, href: &str) -> Response<Body> {
    let body = plain(href, "想定外のエラーが発生しました。");
    error(provider, StatusCode::SERVICE_UNAVAILABLE, &body)
}

/// What the API's specification does not describe: unknown paths and methods.
pub(super) fn outside(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

pub(super) fn redirect() -> Response<Body> {
    let mut response = outside(StatusCode::FOUND);
    response.headers_mut().insert(
        hyper::header::LOCATION,
        HeaderValue::from_static("https://elsewhere.invalid/login"),
    );
    response
}

fn plain(href: &str, detail: &str) -> Value {
    json!({"title": TITLE, "detail": detail, "_links": {"self": {"href": href}}})
}

fn error(provider: &Provider, status: StatusCode, body: &Value) -> Response<Body> {
    let shown = if provider.on(Switch::WrongStatus200OnError) {
        StatusCode::OK
    } else {
        status
    };
    if provider.on(Switch::NonJsonError) && status != StatusCode::SERVICE_UNAVAILABLE {
        let page = format!("<html><body><h1>{status}</h1></body></html>");
        return finish(
            provider,
            shown,
            "text/html;charset=UTF-8",
            Bytes::from(page),
        );
    }
    finish(
        provider,
        shown,
        json_type(provider),
        Bytes::from(body.to_string()),
    )
}

fn json_type(provider: &Provider) -> &'static str {
    if provider.on(Switch::CharsetMissing) {
        "application/json"
    } else {
        "application/json;charset=UTF-8"
    }
}

/// Characters that it lacks become `?`.
fn in_shift_jis(bytes: &Bytes) -> Bytes {
    let one = |c: char| {
        encode(&c.to_string(), Target::new(Encoding::Cp932)).unwrap_or_else(|_| b"?".to_vec())
    };
    let text = String::from_utf8_lossy(bytes);
    text.chars().flat_map(one).collect::<Vec<u8>>().into()
}

fn finish(
    provider: &Provider,
    status: StatusCode,
    media: &'static str,
    bytes: Bytes,
) -> Response<Body> {
    let bytes = if provider.on(Switch::CharsetWrong) {
        in_shift_jis(&bytes)
    } else {
        bytes
    };
    let length = bytes.len();
    let broken = |wait| Body::new(super::broken_body::Broken::new(&bytes, wait));
    let body = if provider.on(Switch::CloseMidBody) {
        broken(Duration::from_millis(50))
    } else if provider.on(Switch::HangMidBody) {
        broken(Duration::from_secs(3600))
    } else {
        Body::from(bytes)
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}
