//! Two APIs: operations, what is sent, what is answered, error codes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::breaks::Flow;
use super::change::{Change, Delta, Kind, Notes};
use super::item::{Item, Need};
use super::items::{Depth, items};
use super::schema::Source;
use crate::spec::{Api, Operation, Pack};

/// An operation with what it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) pack: &'a Pack,
    pub(super) api: &'a Api,
    pub(super) operation: &'a Operation,
}

impl<'a> Call<'a> {
    /// Every operation of an API.
    pub(super) fn all(pack: &'a Pack, api: &'a Api) -> Vec<Self> {
        let operations = api.operations.values();
        operations
            .map(|operation| Self {
                pack,
                api,
                operation,
            })
            .collect()
    }

    /// The operation in the document.
    fn document(&self) -> Option<&'a Value> {
        let paths = self.api.document.get("paths")?;
        paths
            .get(&self.operation.path)?
            .get(self.operation.method.to_ascii_lowercase())
    }

    fn source(&self, flow: Flow) -> Source<'a> {
        let rules = &self.api.rules;
        let request = flow == Flow::Request;
        Source {
            pack: self.pack,
            api: self.api,
            declared: if request {
                &rules.request
            } else {
                &rules.response
            },
            correlations: if request { &rules.correlation } else { &[] },
        }
    }

    /// Parameters and properties of the body.
    pub(super) fn request(&self) -> Vec<Item> {
        let Some(document) = self.document() else {
            return Vec::new();
        };
        let source = self.source(Flow::Request);
        let mut found = Vec::new();
        for parameter in document
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            found.extend(parameter_item(&source, parameter));
        }
        if let Some(body) = document.get("requestBody")
            && let Some(schema) = first_schema(source.followed(body))
        {
            found.extend(source.items(schema));
        }
        found
    }

    /// Properties of the body of an answer.
    pub(super) fn response(&self, status: &str) -> Vec<Item> {
        let source = self.source(Flow::Response);
        let answer = self
            .document()
            .and_then(|d| d.get("responses")?.get(status));
        let schema = answer.map(|a| source.followed(a)).and_then(first_schema);
        schema
            .map(|schema| source.items(schema))
            .unwrap_or_default()
    }

    /// Documented statuses.
    pub(super) fn statuses(&self) -> BTreeSet<String> {
        self.operation
            .responses
            .iter()
            .map(|r| r.statuses.word())
            .collect()
    }

    fn media(&self, status: Option<&str>) -> String {
        let content = match status {
            None => self.operation.request.as_ref().map(|r| &r.content),
            Some(status) => {
                let mut answers = self.operation.responses.iter();
                answers
                    .find(|r| r.statuses.word() == status)
                    .map(|r| &r.content)
            }
        };
        let holder = content
            .into_iter()
            .flatten()
            .map(|c| c.media_type.to_string());
        holder.collect::<Vec<_>>().join(" ")
    }
}

/// The schema of the JSON form of a body, else of the first form.
fn first_schema(holder: &Value) -> Option<&Value> {
    let content = holder.get("content")?.as_object()?;
    let json = content.iter().find(|(key, _)| key.contains("json"));
    json.or_else(|| content.iter().next())?.1.get("schema")
}

fn parameter_item(source: &Source<'_>, parameter: &Value) -> Option<Item> {
    let parameter = source.followed(parameter);
    let name = parameter.get("name")?.as_str()?;
    let place = parameter.get("in")?.as_str()?;
    let required = parameter.get("required") == Some(&Value::Bool(true));
    let schema = parameter.get("schema").cloned().unwrap_or_default();
    let object = serde_json::json!({ "properties": { name: schema } });
    let mut item = source.items(&object).into_iter().next()?;
    item.group = format!("({place})");
    item.at = format!("({place}).{name}");
    if required {
        item.need = Need::Required;
    }
    Some(item)
}

/// Compares two APIs.
pub(super) fn apis(old: (&Pack, &Api), new: (&Pack, &Api), changes: &mut Vec<Change>) {
    let (olds, news) = (Call::all(old.0, old.1), Call::all(new.0, new.1));
    let mut left: Vec<Call<'_>> = news;
    for a in olds {
        let same = |b: &Call<'_>| b.operation.id == a.operation.id;
        let place = |b: &Call<'_>| {
            (&b.operation.method, &b.operation.path) == (&a.operation.method, &a.operation.path)
        };
        let found = left
            .iter()
            .position(same)
            .or_else(|| left.iter().position(place));
        match found {
            Some(at) => operation(a, left.remove(at), changes),
            None => single(a, Delta::Removed, changes),
        }
    }
    for b in left {
        single(b, Delta::Added, changes);
    }
    errors(old.1, new.1, changes);
}

/// An operation that only one side has.
pub(super) fn single(call: Call<'_>, delta: Delta, changes: &mut Vec<Change>) {
    let operation = call.operation;
    let mut notes = Notes {
        within: "",
        flow: Flow::Response,
        changes,
    };
    let told = Some(format!("{} {}", operation.method, operation.path));
    let values = if delta == Delta::Removed {
        (told, None)
    } else {
        (None, told)
    };
    notes.note(
        Kind::Operation,
        delta,
        (&operation.id, &call.api.rules.title.ja),
        values,
    );
}

fn operation(a: Call<'_>, b: Call<'_>, changes: &mut Vec<Change>) {
    let id = b.operation.id.as_str();
    let mut notes = Notes {
        within: id,
        flow: Flow::Request,
        changes,
    };
    if a.operation.id != b.operation.id {
        let values = (Some(a.operation.id.clone()), Some(b.operation.id.clone()));
        notes.note(Kind::Operation, Delta::Other, (&a.operation.id, ""), values);
    }
    notes.texts(
        Kind::Method,
        (id, ""),
        &a.operation.method,
        &b.operation.method,
    );
    notes.texts(Kind::Path, (id, ""), &a.operation.path, &b.operation.path);
    let scope = |call: &Call<'_>| {
        call.api
            .scope(&call.operation.id)
            .unwrap_or_default()
            .to_owned()
    };
    changed(Kind::Scope, id, &scope(&a), &scope(&b), &mut notes);
    changed(
        Kind::MediaType,
        "request",
        &a.media(None),
        &b.media(None),
        &mut notes,
    );
    let time = |call: &Call<'_>| match call.api.rules.time.answer_guide_s {
        0 => String::new(),
        seconds => format!("{seconds} s"),
    };
    changed(Kind::Time, id, &time(&a), &time(&b), &mut notes);
    let within = format!("{id} request");
    notes.within = &within;
    items(&a.request(), &b.request(), Depth::Full, &mut notes);
    responses(a, b, changes);
}

fn changed(kind: Kind, item: &str, old: &str, new: &str, notes: &mut Notes<'_>) {
    let there = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    if old != new {
        notes.note(kind, Delta::Other, (item, ""), (there(old), there(new)));
    }
}

fn responses(a: Call<'_>, b: Call<'_>, changes: &mut Vec<Change>) {
    let id = b.operation.id.as_str();
    let (olds, news) = (a.statuses(), b.statuses());
    for status in olds.union(&news) {
        let within = format!("{id} response {status}");
        let mut notes = Notes {
            within: &within,
            flow: Flow::Response,
            changes,
        };
        match (olds.contains(status), news.contains(status)) {
            (true, false) => notes.note(
                Kind::Status,
                Delta::Removed,
                (status, ""),
                (Some(status.clone()), None),
            ),
            (false, true) => notes.note(
                Kind::Status,
                Delta::Added,
                (status, ""),
                (None, Some(status.clone())),
            ),
            _ => {
                changed(
                    Kind::MediaType,
                    status,
                    &a.media(Some(status)),
                    &b.media(Some(status)),
                    &mut notes,
                );
                headers(a, b, status, &mut notes);
                items(
                    &a.response(status),
                    &b.response(status),
                    Depth::Full,
                    &mut notes,
                );
            }
        }
    }
}

fn headers(a: Call<'_>, b: Call<'_>, status: &str, notes: &mut Notes<'_>) {
    let named = |call: &Call<'_>| -> BTreeSet<String> {
        let answers = call
            .operation
            .responses
            .iter()
            .filter(|r| r.statuses.word() == status);
        answers
            .flat_map(|r| r.required_headers.iter().cloned())
            .collect()
    };
    let (olds, news) = (named(&a), named(&b));
    for header in olds.difference(&news) {
        notes.note(
            Kind::Header,
            Delta::Removed,
            (header, ""),
            (Some(header.clone()), None),
        );
    }
    for header in news.difference(&olds) {
        notes.note(
            Kind::Header,
            Delta::Added,
            (header, ""),
            (None, Some(header.clone())),
        );
    }
}

fn errors(old: &Api, new: &Api, changes: &mut Vec<Change>) {
    let codes = |api: &Api| -> BTreeMap<String, String> {
        let told = api.rules.error.iter();
        told.map(|e| (e.code.clone(), format!("{:?} {}", e.kind, e.message)))
            .collect()
    };
    let (olds, news) = (codes(old), codes(new));
    let mut notes = Notes {
        within: "",
        flow: Flow::Response,
        changes,
    };
    let all: BTreeSet<&String> = olds.keys().chain(news.keys()).collect();
    for code in all {
        let values = (olds.get(code).cloned(), news.get(code).cloned());
        let delta = match &values {
            (a, b) if a == b => continue,
            (None, _) => Delta::Added,
            (_, None) => Delta::Removed,
            _ => Delta::Other,
        };
        notes.note(Kind::ErrorCode, delta, (code, ""), values);
    }
}
