//! SPC-016 reference-unresolved: see the page.

use serde_json::Value;

use super::{Facts, Place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-016
pub(super) const RULE: Rule = Rule {
    code: "SPC-016",
    name: "reference-unresolved",
    source: include_str!("reference_unresolved.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    for (_, file, document) in &facts.draft.documents {
        walk(document, "", document, &mut |pointer, reference| {
            let place = Place::at_pointer(facts, file, pointer);
            out.push(place.hit(&RULE).observed(reference));
        });
    }
}

fn walk(document: &Value, pointer: &str, here: &Value, tell: &mut dyn FnMut(&str, &str)) {
    match here {
        Value::Object(members) => {
            for (name, inner) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                let at = format!("{pointer}/{name}");
                match inner.as_str().filter(|_| name == "$ref") {
                    Some(reference) if !leads(document, reference) => tell(&at, reference),
                    Some(_) => {}
                    None => walk(document, &at, inner, tell),
                }
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

fn leads(document: &Value, reference: &str) -> bool {
    let inside = reference.strip_prefix('#');
    inside.is_some_and(|pointer| {
        document.pointer(pointer).is_some() || pointer.contains('%') // escapes are the loader's business
    })
}
