use serde_json::Value;

use super::folding::fold;
use super::place;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, Json, ResponseView, pointer_step};
use crate::spec::Schema;

/// API-011
pub(super) const RULE: Rule = Rule {
    code: "API-011",
    name: "undocumented-field",
    source: include_str!("undocumented_field.md"),
};

/// Members that the document neither names nor forbids. Forbidden ones are API-005's.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, json: &Json, out: &mut Sink) {
    let Some(schema) = response.content().and_then(|c| c.schema.as_ref()) else {
        return;
    };
    let Some(root) = schema.at("") else {
        return;
    };
    let mut pointers = Vec::new();
    walk(schema, root, &json.value, "", &mut pointers);
    let places = pointers.iter().map(|pointer| {
        let at = place::in_body(view, json, pointer);
        (pointer.as_str(), String::new(), at)
    });
    for folded in fold(places.collect()) {
        let hit = place::answer(view, &RULE, folded.at)
            .expected("not named")
            .observed("present");
        out.push_many(hit, folded.more.len() as u64 + 1, &folded.more);
    }
}

/// So many names are looked at in one body; a body of a million must not fill the memory.
const MOST: usize = 10_000;

fn walk(schema: &Schema, here: &Value, value: &Value, pointer: &str, found: &mut Vec<String>) {
    if found.len() >= MOST {
        return;
    }
    match value {
        Value::Object(members) => {
            let named = schema.names_members(here);
            for (name, value) in members {
                let at = format!("{pointer}/{}", pointer_step(name));
                match schema.member(here, name) {
                    Some(inner) => walk(schema, inner, value, &at, found),
                    None if named => found.push(at),
                    None => {}
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let step = index.to_string();
                if let Some(inner) = schema.member(here, &step) {
                    walk(schema, inner, item, &format!("{pointer}/{step}"), found);
                }
            }
        }
        _ => {}
    }
}
