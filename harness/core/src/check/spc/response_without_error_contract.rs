//! SPC-017 response-without-error-contract: see the page.

use serde_json::Value;

use super::{Facts, Place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-017
pub(super) const RULE: Rule = Rule {
    code: "SPC-017",
    name: "response-without-error-contract",
    source: include_str!("response_without_error_contract.md"),
};

const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    for (id, file, document) in &facts.draft.documents {
        let media = facts.draft.pack.apis.get(id).map(|api| &api.rules.media);
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let Some(seen) = missing(document, operation, &|status| {
                    media.is_some_and(|m| m.may_be_other_than_json(status))
                }) else {
                    continue;
                };
                let name = operation
                    .get("operationId")
                    .and_then(Value::as_str)
                    .unwrap_or(path);
                let escaped = path.replace('~', "~0").replace('/', "~1");
                let place =
                    Place::at_pointer(facts, file, &format!("/paths/{escaped}/{method}/responses"));
                out.push(place.hit(&RULE).observed(seen).arg("operation", name));
            }
        }
    }
}

/// What the operation documents, when that says nothing of errors.
fn missing(document: &Value, operation: &Value, other: &dyn Fn(u16) -> bool) -> Option<String> {
    let responses = operation.get("responses").and_then(Value::as_object)?;
    let mut bare = Vec::new();
    let mut errors = 0;
    for (status, response) in responses {
        let class = status.get(..1).and_then(|c| c.parse::<u16>().ok());
        if status != "default" && class.is_none_or(|c| c < 4) {
            continue;
        }
        errors += 1;
        let reference = response
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|r| r.strip_prefix('#'));
        let response = reference
            .and_then(|r| document.pointer(r))
            .unwrap_or(response);
        let number = status.parse().unwrap_or(class.unwrap_or(0) * 100);
        let contents = response.get("content").and_then(Value::as_object);
        let described = contents
            .is_some_and(|c| !c.is_empty() && c.values().all(|m| m.get("schema").is_some()));
        if !described && !other(number) {
            bare.push(status.as_str());
        }
    }
    if errors == 0 {
        return Some(responses.keys().cloned().collect::<Vec<_>>().join(" "));
    }
    (!bare.is_empty()).then(|| bare.join(" "))
}
