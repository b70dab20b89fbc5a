//! The calls of a case: as the plan writes them, made from the schema, or taken from a recording.

use renkei_core::calls::{self, JSON, Made};
use renkei_core::model::Bilingual;
use renkei_core::plan::{ApiCase, Variation};
use renkei_core::record::{Event, HttpTransfer, Origin, Transfer};
use renkei_core::spec::{Api, Operation};
use serde_json::Value;
use url::Url;

use super::outgoing::{Ready, unusable};
use crate::error::RunError;
use crate::scene::Scene;
use crate::store::Bundle;

/// Longest recorded body that is sent again, in bytes.
const MAX_BODY: u64 = 16 * 1024 * 1024;

/// Every call of a case, in order; the first one is the plan's own.
///
/// # Errors
/// A file that the plan names cannot be read or used.
pub(crate) fn calls(scene: &Scene<'_>, case: &ApiCase) -> Result<Vec<Ready>, RunError> {
    let api = scene.apis.get(&case.api).ok_or_else(|| unusable(case))?;
    let given = match case.body.as_str() {
        "" => None,
        _ => Some(body(scene, case)?),
    };
    let made = calls::made(api, case, given.as_deref()).map_err(|refusal| RunError::Input {
        place: format!("{} {}", case.operation, case.body),
        message: refusal.0,
        help: refusal.1,
    })?;
    let mut ready: Vec<Ready> = made
        .into_iter()
        .map(|made| Ready { made, at: None })
        .collect();
    if !case.recorded.is_empty() {
        ready.extend(recorded(scene, api, case)?);
    }
    Ok(ready)
}

fn body(scene: &Scene<'_>, case: &ApiCase) -> Result<Vec<u8>, RunError> {
    let path = scene.path(&case.body, "body")?;
    let bytes = std::fs::read(&path).map_err(|e| RunError::Input {
        place: path.display().to_string(),
        message: Bilingual::new(
            format!("読めません（{e}）"),
            format!("cannot be read ({e})"),
        ),
        help: Bilingual::new("計画の body を確かめてください", "check body in the plan"),
    })?;
    if case.set.is_empty() {
        return Ok(bytes);
    }
    let mut value: Value =
        serde_json::from_slice(&bytes).map_err(|e| not_set(case, &e.to_string()))?;
    for (pointer, text) in &case.set {
        let text = scene.expand(text, "set")?;
        set(&mut value, pointer, text).ok_or_else(|| not_set(case, pointer))?;
    }
    Ok(value.to_string().into_bytes())
}

/// Puts a text at a JSON Pointer; where a number stands, a number.
fn set(value: &mut Value, pointer: &str, text: String) -> Option<()> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    let parent = value.pointer_mut(parent)?;
    let number = |there: Option<&Value>| {
        let number = there.is_some_and(Value::is_number);
        number
            .then(|| serde_json::from_str::<serde_json::Number>(&text).ok())
            .flatten()
    };
    match parent {
        Value::Object(members) => {
            let new = number(members.get(&name))
                .map_or_else(|| Value::String(text.clone()), Value::Number);
            members.insert(name, new);
        }
        Value::Array(items) => {
            let there = items.get_mut(name.parse::<usize>().ok()?)?;
            *there = number(Some(there)).map_or_else(|| Value::String(text.clone()), Value::Number);
        }
        _ => return None,
    }
    Some(())
}

fn not_set(case: &ApiCase, what: &str) -> RunError {
    RunError::Input {
        place: case.body.clone(),
        message: Bilingual::new(
            format!("set を本文に入れられません（{what}）"),
            format!("set cannot be put into the body ({what})"),
        ),
        help: Bilingual::new(
            "set は本文（JSON）にある位置を /a/b の形で書いてください",
            "name a place of the JSON body as /a/b",
        ),
    }
}

/// Requests of an earlier run to the same operation that were answered with success, and those that somebody else wrote
/// down without an answer (an OpenAPI document's examples).
fn recorded(scene: &Scene<'_>, api: &Api, case: &ApiCase) -> Result<Vec<Ready>, RunError> {
    let operation = api
        .operations
        .get(&case.operation)
        .ok_or_else(|| unusable(case))?;
    let bundle = Bundle::open(&scene.path(&case.recorded, "recorded")?)?;
    let mut found = Vec::new();
    for stamped in bundle.events()?.events {
        let Event::Exchanged(exchange) = stamped.event else {
            continue;
        };
        let Transfer::Http(http) = &exchange.transfer else {
            continue;
        };
        if let Some(at) = answers(http, api, operation) {
            let body = http.request.body.as_ref();
            let body = body.map(|blob| bundle.bytes(blob, MAX_BODY)).transpose()?;
            if body.as_deref().is_some_and(holds_digest) || at.contains("sha256:") {
                continue; // a secret was taken out of it: sent so, it would be another request
            }
            let headers = &http.request.headers;
            let told = headers.iter().find(|h| h.name == "content-type");
            found.push(Ready {
                made: Made {
                    body,
                    content_type: told.map_or_else(|| JSON.to_owned(), |h| h.value.clone()),
                    variation: Variation::None,
                    target: String::new(),
                    origin: Origin::Recorded,
                    note: exchange.log.clone(),
                    change: None,
                },
                at: Some(at),
            });
        }
    }
    found.truncate(case.most);
    Ok(found)
}

fn holds_digest(body: &[u8]) -> bool {
    memchr::memmem::find(body, b"sha256:").is_some()
}

/// Path and query below the base URL, if the request went to the operation and succeeded. The base of the recording may be
/// another one: the longest tail of the path that fits counts.
fn answers(http: &HttpTransfer, api: &Api, operation: &Operation) -> Option<String> {
    let succeeded = match &http.response {
        Some(response) => (200..300).contains(&response.status),
        None => http.fault.is_none(),
    };
    let url = Url::parse(&http.request.url).ok()?;
    if !succeeded || http.request.method != operation.method {
        return None;
    }
    let path = url.path();
    let tails = path.match_indices('/').filter_map(|(at, _)| path.get(at..));
    let fits = |tail: &&str| {
        api.operation_at(&operation.method, tail)
            .is_some_and(|found| found.id == operation.id)
    };
    let tail = tails.into_iter().find(fits)?;
    Some(match url.query() {
        Some(query) => format!("{tail}?{query}"),
        None => tail.to_owned(),
    })
}
