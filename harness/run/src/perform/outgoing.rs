//! From what a plan says of a call to the request that goes out.

use hyper::Method;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use renkei_core::calls::{Change, JSON, Made, usual};
use renkei_core::model::Bilingual;
use renkei_core::plan::ApiCase;
use renkei_core::spec::{In, Operation};
use url::Url;

use crate::error::RunError;
use crate::http::Outgoing;
use crate::token::{Token, bearer};

/// One call that is ready to be made, wherever its parts come from.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) made: Made,
    /// Path and query that replace those of the plan: of a recorded request, of a next page.
    pub(crate) at: Option<String>,
}

/// The request.
///
/// # Errors
/// A part of it cannot be sent: the plan or the token is at fault.
pub(crate) fn request(
    base: &Url,
    operation: &Operation,
    case: &ApiCase,
    ready: &Ready,
    token: Option<&Token>,
) -> Result<Outgoing, RunError> {
    let url = match &ready.at {
        Some(at) => join(base, at),
        None => url(base, operation, case, ready.made.change.as_ref()),
    };
    let url = url.ok_or_else(|| unusable(case))?;
    let mut headers = Vec::new();
    if ready.made.body.is_some() {
        let value = HeaderValue::from_str(&ready.made.content_type);
        headers.push((
            CONTENT_TYPE,
            value.map_err(|_| unwritable(case, "content-type"))?,
        ));
    }
    headers.push((ACCEPT, HeaderValue::from_static(JSON)));
    headers.extend(own_headers(operation, case, ready.made.change.as_ref())?);
    if let Some(token) = token {
        let value = bearer(token).ok_or_else(|| unsendable(case))?;
        headers.push((AUTHORIZATION, value));
    }
    Ok(Outgoing {
        method: Method::from_bytes(operation.method.as_bytes()).unwrap_or(Method::POST),
        url,
        headers,
        body: ready.made.body.clone().unwrap_or_default(),
    })
}

fn own_headers(
    operation: &Operation,
    case: &ApiCase,
    change: Option<&Change>,
) -> Result<Vec<(HeaderName, HeaderValue)>, RunError> {
    let given = case
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()));
    let known = |name: &str| case.headers.keys().any(|k| k.eq_ignore_ascii_case(name));
    let needed = operation
        .parameters
        .iter()
        .filter(|p| p.place == In::Header && p.required);
    // OpenAPI 3.0.3, Parameter Object: headers of these names are described elsewhere.
    let special = ["accept", "content-type", "authorization"];
    let needed = needed
        .filter(|p| !known(&p.name) && !special.contains(&p.name.to_ascii_lowercase().as_str()));
    let needed = needed.filter_map(|p| Some((p.name.clone(), usual(p)?)));
    let change = change.filter(|c| c.place == In::Header);
    let other = |name: &str| change.is_none_or(|c| !c.name.eq_ignore_ascii_case(name));
    let changed = change.and_then(|c| Some((c.name.clone(), c.text.clone()?)));
    given
        .chain(needed)
        .filter(|(name, _)| other(name))
        .chain(changed)
        .map(|(name, value)| {
            let wrong = || unwritable(case, &name);
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            Ok((key, HeaderValue::from_str(&value).map_err(|_| wrong())?))
        })
        .collect()
}

/// The operation's path below the endpoint's own, with its templates and query filled in.
fn url(base: &Url, operation: &Operation, case: &ApiCase, change: Option<&Change>) -> Option<Url> {
    let mut path = operation.path.clone();
    for parameter in operation.parameters.iter().filter(|p| p.place == In::Path) {
        let value = case
            .path
            .get(&parameter.name)
            .cloned()
            .or_else(|| usual(parameter))?;
        path = path.replace(&format!("{{{}}}", parameter.name), &escaped(&value));
    }
    for (name, value) in &case.path {
        path = path.replace(&format!("{{{name}}}"), &escaped(value));
    }
    let mut url = join(base, &path)?;
    let needed = operation
        .parameters
        .iter()
        .filter(|p| p.place == In::Query && p.required && !case.query.contains_key(&p.name));
    let mut pairs: Vec<(String, String)> = case
        .query
        .iter()
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect();
    for parameter in needed {
        pairs.push((parameter.name.clone(), usual(parameter)?));
    }
    if let Some(change) = change.filter(|c| c.place == In::Query) {
        pairs.retain(|(name, _)| *name != change.name);
        pairs.extend(change.text.clone().map(|text| (change.name.clone(), text)));
    }
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Some(url)
}

/// A value as one step of a path (RFC 3986 3.3): everything but unreserved characters is escaped.
fn escaped(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A path below the endpoint's own; never another host.
fn join(base: &Url, path: &str) -> Option<Url> {
    let whole = format!(
        "{}/{}",
        base.as_str().trim_end_matches('/'),
        path.trim_start_matches('/')
    );
    Url::parse(&whole)
        .ok()
        .filter(|url| url.host() == base.host())
}

pub(crate) fn unusable(api: &ApiCase) -> RunError {
    RunError::Input {
        place: format!("{} {}", api.api, api.operation),
        message: Bilingual::new(
            "APIか接続先がないか、パスや必須の引数の値がありません",
            "the API, its endpoint, or a value of its path or a required parameter is not there",
        ),
        help: Bilingual::new(
            "事前確認の結果と、計画の path、query を見てください",
            "see the preflight checks, and path and query in the plan",
        ),
    }
}

fn unwritable(api: &ApiCase, name: &str) -> RunError {
    RunError::Input {
        place: format!("{} {}", api.api, api.operation),
        message: Bilingual::new(
            format!("ヘッダ {name} に書けない文字があります"),
            format!("header {name} has characters that cannot be sent"),
        ),
        help: Bilingual::new(
            "計画の headers を確かめてください",
            "check headers in the plan",
        ),
    }
}

fn unsendable(api: &ApiCase) -> RunError {
    RunError::Input {
        place: format!("{} {}", api.api, api.operation),
        message: Bilingual::new(
            "発行されたトークンにヘッダに書けない文字があります",
            "the issued token has characters that no header can carry",
        ),
        help: Bilingual::new(
            "認証認可基盤が発行したトークンを確かめてください（RFC 6750 2.1）",
            "look at the token the platform issued (RFC 6750 2.1)",
        ),
    }
}
