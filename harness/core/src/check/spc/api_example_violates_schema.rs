//! SPC-015 api-example-violates-schema: see the page.

use serde_json::Value;

use super::{Facts, Place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::spec::{Direction, compile_schema};

/// SPC-015
pub(super) const RULE: Rule = Rule {
    code: "SPC-015",
    name: "api-example-violates-schema",
    source: include_str!("api_example_violates_schema.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    for (_, file, document) in &facts.draft.documents {
        walk(document, "", document, &mut |pointer, reason| {
            let place = Place::at_pointer(facts, file, pointer);
            out.push(place.hit(&RULE).arg("reason", reason));
        });
    }
}

/// Depth of documents that are walked.
const DEEP: usize = 64;

fn walk(document: &Value, pointer: &str, here: &Value, tell: &mut dyn FnMut(&str, String)) {
    if pointer.matches('/').count() > DEEP {
        return;
    }
    match here {
        Value::Object(members) => {
            // A media type, parameter or header has its schema beside; a schema is one itself.
            let is_schema = ["type", "properties", "allOf", "enum", "$ref"]
                .iter()
                .any(|k| members.contains_key(*k));
            let schema = members.get("schema").or(is_schema.then_some(here));
            if let Some(schema) = schema.filter(|s| s.is_object()) {
                let direction = if pointer.contains("/responses/") {
                    Direction::Response
                } else {
                    Direction::Request
                };
                let named = members
                    .get("examples")
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten();
                let named = named.filter_map(|(name, e)| {
                    Some((format!("{pointer}/examples/{name}/value"), e.get("value")?))
                });
                let one = members
                    .get("example")
                    .map(|e| (format!("{pointer}/example"), e));
                for (at, example) in one.into_iter().chain(named) {
                    if let Some(reason) = fault(document, schema, direction, example) {
                        tell(&at, reason);
                    }
                }
            }
            for (name, inner) in members.iter().filter(|(name, _)| {
                !matches!(name.as_str(), "example" | "examples" | "default" | "enum")
            }) {
                let name = name.replace('~', "~0").replace('/', "~1");
                walk(document, &format!("{pointer}/{name}"), inner, tell);
            }
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                walk(document, &format!("{pointer}/{at}"), inner, tell);
            }
        }
        _ => {}
    }
}

/// Why the example does not fit; nothing where the schema itself cannot be used (other rules tell).
fn fault(
    document: &Value,
    schema: &Value,
    direction: Direction,
    example: &Value,
) -> Option<String> {
    let schema = compile_schema(document, schema, direction)?;
    let error = schema.validator().iter_errors(example).next()?;
    Some(format!("{}: {error}", error.instance_path()))
}
