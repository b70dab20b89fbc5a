//! Valid bodies at the borders of what a schema allows, each one step away from a body that is known to fit.

use serde_json::Value;

use super::sample;
use crate::encoding::{Dialect, Repertoire};
use crate::observe::pointer_step;
use crate::spec::{ApiRules, Property, Schema};

/// Longest text that is made, in characters: longer limits are not tried at their border.
const LONGEST: u64 = 10_000;
/// How many values of an enumeration are tried.
const LISTED: usize = 50;
/// Full-width characters where converters part: JIS X 0208 signs with two mappings, NEC and IBM extensions, JIS X 0213,
/// a variation sequence.
const EDGES: &[char] = &['～', '－', '髙', '﨑', '①', '𠮷', '葛'];

/// A body at a border.
pub(super) struct Border {
    pub(super) body: Value,
    /// JSON Pointer of what was changed.
    pub(super) target: String,
    /// What it is, in neutral notation.
    pub(super) note: String,
}

/// Every border of every item. That a body fits is for the caller to prove.
pub(super) fn all(schema: &Schema, rules: &ApiRules, base: &Value) -> Vec<Border> {
    let mut walk = Walk {
        schema,
        rules,
        base,
        found: Vec::new(),
    };
    if let Some(root) = schema.at("") {
        walk.object(root, base, "", 0);
    }
    walk.found
}

struct Walk<'a> {
    schema: &'a Schema,
    rules: &'a ApiRules,
    base: &'a Value,
    found: Vec<Border>,
}

impl Walk<'_> {
    fn object(&mut self, here: &Value, value: &Value, at: &str, depth: u8) {
        if depth > 8 {
            return;
        }
        for name in self.schema.member_names(here) {
            let Some(member) = self.schema.member_of(here, value, name) else {
                continue;
            };
            let pointer = format!("{at}/{}", pointer_step(name));
            let present = value.get(name);
            match present {
                Some(_) if !self.schema.needs(here, name) => self.without(at, name, &pointer),
                None => {
                    if let Some(made) = sample::at(self.schema, member, 0) {
                        self.put(&pointer, made, "present");
                    }
                }
                Some(_) => {}
            }
            match present {
                Some(inner) if inner.is_object() => self.object(member, inner, &pointer, depth + 1),
                Some(inner) => self.leaf(member, inner, &pointer),
                None => {}
            }
        }
    }

    fn leaf(&mut self, here: &Value, value: &Value, pointer: &str) {
        if self.schema.types(here).contains(&"null") && !value.is_null() {
            self.put(pointer, Value::Null, "null");
        }
        let listed = self
            .schema
            .word(here, "enum")
            .and_then(Value::as_array)
            .cloned();
        for value in listed.iter().flatten().filter(|v| *v != value).take(LISTED) {
            self.put(pointer, value.clone(), "enum");
        }
        if listed.is_some() || self.schema.word(here, "const").is_some() {
            return;
        }
        match value {
            Value::String(text) => self.text(here, text, pointer),
            Value::Number(_) => self.number(here, pointer),
            _ => {}
        }
    }

    fn text(&mut self, here: &Value, text: &str, pointer: &str) {
        let property = self.rules.property_of_request(pointer);
        // Check digits and dates have no borders that can be reached by lengthening.
        let special = property
            .is_some_and(|p| !p.format.is_empty() || matches!(p.kind.as_str(), "DATE" | "TIME"));
        if special || self.schema.word(here, "format").is_some() {
            return;
        }
        for (word, limit) in ["maxLength", "minLength"]
            .map(|w| (w, self.schema.word(here, w).and_then(Value::as_u64)))
        {
            if let Some(limit) = limit.filter(|l| *l > 0 && *l <= LONGEST) {
                let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
                if wanted != text.chars().count() {
                    self.put(
                        pointer,
                        Value::String(of_length(text, wanted)),
                        &format!("{word} {limit}"),
                    );
                }
            }
        }
        self.edges(here, property, pointer);
    }

    /// Only for items that the pack declares as full-width: elsewhere nothing says that such characters are allowed.
    fn edges(&mut self, here: &Value, property: Option<&Property>, pointer: &str) {
        let Some(property) = property.filter(|p| p.kind == "N") else {
            return;
        };
        let set = match property.repertoire.as_str() {
            "" => None,
            expression => match Repertoire::compile(expression, Dialect::Ms, &[]) {
                Ok(set) => Some(set),
                Err(_) => return,
            },
        };
        let limit = self
            .schema
            .word(here, "maxLength")
            .and_then(Value::as_u64)
            .unwrap_or(LONGEST);
        let allowed = EDGES
            .iter()
            .filter(|c| set.as_ref().is_none_or(|s| s.contains(**c)));
        let text: String = allowed
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .collect();
        if !text.is_empty() {
            self.put(pointer, Value::String(text), "full-width edges");
        }
    }

    fn number(&mut self, here: &Value, pointer: &str) {
        for word in ["minimum", "maximum"] {
            if let Some(limit) = self.schema.word(here, word).cloned() {
                let note = format!("{word} {limit}");
                self.put(pointer, limit, &note);
            }
        }
    }

    fn put(&mut self, pointer: &str, value: Value, note: &str) {
        let mut body = self.base.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        let name = name.replace("~1", "/").replace("~0", "~");
        if let Some(members) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
            members.insert(name, value);
            self.found.push(Border {
                body,
                target: pointer.to_owned(),
                note: note.to_owned(),
            });
        }
    }

    fn without(&mut self, parent: &str, name: &str, pointer: &str) {
        let mut body = self.base.clone();
        let members = body.pointer_mut(parent).and_then(Value::as_object_mut);
        if members.and_then(|m| m.shift_remove(name)).is_some() {
            self.found.push(Border {
                body,
                target: pointer.to_owned(),
                note: "absent".to_owned(),
            });
        }
    }
}

/// The text repeated or cut to a number of characters: the kinds of its characters stay.
pub(super) fn of_length(text: &str, chars: usize) -> String {
    let pattern = if text.is_empty() { "1" } else { text };
    pattern.chars().cycle().take(chars).collect()
}
