//! Hits about a call and places in its bodies.

use crate::check::rule::Rule;
use crate::check::sink::Hit;
use crate::model::Location;
use crate::observe::{CallView, Json};

/// A hit with what the proof of every API finding names: the request that was sent and the status that came.
pub(super) fn hit(view: &CallView<'_>, rule: &'static Rule, at: Location) -> Hit {
    let sent = view.http.request.body.as_ref();
    let digest = sent.and_then(|b| b.sha256.get(..12)).unwrap_or("-");
    let status = view.response.as_ref().map(|r| r.http.status.to_string());
    Hit::new(rule, at)
        .arg("request", digest)
        .arg("status", status.unwrap_or_default())
        .arg("operation", view.operation.id.clone())
        .arg("variation", view.case.variation.as_str())
}

/// A value in the response body. What is not there stands where its parent stands.
pub(super) fn in_body(view: &CallView<'_>, json: &Json, pointer: &str) -> Location {
    let mut near = pointer;
    let span = loop {
        match (json.span(near), near.rsplit_once('/')) {
            (Some(span), _) => break Some(span),
            (None, Some((parent, _))) => near = parent,
            (None, None) => break None,
        }
    };
    let exact = near == pointer;
    Location {
        pointer: Some(pointer.to_owned()),
        byte_offset: span.map(|s| s.offset as u64),
        byte_length: span.filter(|_| exact).map(|s| s.length as u64),
        ..view.place()
    }
}

/// A stretch of the response body by its bytes.
pub(super) fn at_bytes(
    view: &CallView<'_>,
    pointer: &str,
    offset: usize,
    length: usize,
) -> Location {
    Location {
        pointer: Some(pointer.to_owned()),
        byte_offset: Some(offset as u64),
        byte_length: (length > 0).then_some(length as u64),
        ..view.place()
    }
}

/// A header.
pub(super) fn header(view: &CallView<'_>, name: &str) -> Location {
    Location {
        pointer: Some(format!("header:{name}")),
        ..view.place()
    }
}

/// A JSON Pointer with `*` for indexes: equal for all elements of an array.
pub(super) fn generic(pointer: &str) -> String {
    let is_index = |step: &str| !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit());
    let steps = pointer
        .split('/')
        .map(|s| if is_index(s) { "*" } else { s });
    steps.collect::<Vec<_>>().join("/")
}
