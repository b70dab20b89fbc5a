//! The properties of a body as items: the OpenAPI document is walked, because it holds more than the compiled schema
//! (`x-type`, `x-code`, explanations).

use serde_json::Value;

use super::item::{Item, List, Need, clause, default_in, list, special};
use crate::spec::{Api, Correlation, Pack, Property};

/// Objects nest at most this deep, so that a document that refers to itself ends.
const MAX_DEPTH: usize = 12;

/// Where properties are read from.
pub(super) struct Source<'a> {
    pub(super) pack: &'a Pack,
    pub(super) api: &'a Api,
    /// Declared items of `api.toml` for this direction.
    pub(super) declared: &'a std::collections::BTreeMap<String, Property>,
    /// Conditions between items (requests only).
    pub(super) correlations: &'a [Correlation],
}

impl Source<'_> {
    /// Every property below `schema`, objects and arrays before what they hold.
    pub(super) fn items(&self, schema: &Value) -> Vec<Item> {
        let mut out = Vec::new();
        self.walk(schema, "", 0, &mut out);
        out
    }

    /// What a reference stands for.
    pub(super) fn followed<'v>(&'v self, value: &'v Value) -> &'v Value {
        let mut here = value;
        for _ in 0..32 {
            let Some(reference) = here.get("$ref").and_then(Value::as_str) else {
                break;
            };
            let pointer = reference.trim_start_matches('#');
            let Some(target) = self.api.document.pointer(pointer) else {
                break;
            };
            here = target;
        }
        here
    }

    fn walk(&self, schema: &Value, path: &str, depth: usize, out: &mut Vec<Item>) {
        if depth > MAX_DEPTH {
            return;
        }
        let schema = self.followed(schema);
        for part in ["allOf", "oneOf", "anyOf"] {
            for inner in schema
                .get(part)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                self.walk(inner, path, depth + 1, out);
            }
        }
        if let Some(items) = schema.get("items") {
            self.walk(items, path, depth + 1, out);
        }
        let required = schema.get("required").and_then(Value::as_array);
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, inner) in properties.into_iter().flatten() {
            let inner = self.followed(inner);
            let needed = required.is_some_and(|names| names.iter().any(|n| n == name));
            out.push(self.item(name, path, inner, needed));
            let below = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            self.walk(inner, &below, depth + 1, out);
        }
    }

    fn item(&self, name: &str, group: &str, schema: &Value, required: bool) -> Item {
        let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
        let declared = self.declared.get(name);
        let kind = kind(schema, declared);
        let length = schema.get("maxLength").and_then(Value::as_u64);
        let length = length.or(declared.map(|d| d.length).filter(|l| *l > 0));
        let length = length.or_else(|| digits(schema));
        let description = text("description");
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        let default = schema
            .get("default")
            .map(plain)
            .or_else(|| default_in(description));
        let mut special = special(description, length);
        special.retain(|value| default.as_ref() != Some(value));
        let title = declared.map(|d| d.ja.as_str()).filter(|ja| !ja.is_empty());
        Item {
            group: group.to_owned(),
            at: if group.is_empty() {
                name.to_owned()
            } else {
                format!("{group}.{name}")
            },
            roman: name.to_owned(),
            name: title.unwrap_or(text("title")).to_owned(),
            least: schema.get("minLength").and_then(Value::as_u64).unwrap_or(0),
            length,
            list: self.values(schema),
            need: self.need(name, required, description),
            nullable: Some(nullable),
            repeat: match (
                kind.as_str(),
                schema.get("maxItems").and_then(Value::as_u64),
            ) {
                ("array", Some(most)) => most,
                ("array", None) => u64::MAX,
                _ => 1,
            },
            format: declared
                .map(|d| d.format.clone())
                .filter(|f| !f.is_empty())
                .unwrap_or_else(|| match text("pattern") {
                    "" => String::new(),
                    pattern => format!("regex:{pattern}"),
                }),
            repertoire: declared.map(|d| d.repertoire.clone()).unwrap_or_default(),
            unknown_date: declared.is_some_and(|d| d.unknown_date)
                || description.contains("不詳日を許"),
            samples: samples(schema),
            json: text("type").to_owned(),
            pattern: text("pattern").to_owned(),
            default,
            special,
            kind,
            ..Item::default()
        }
    }

    fn need(&self, name: &str, required: bool, description: &str) -> Need {
        if required {
            return Need::Required;
        }
        let conditions: Vec<&str> = self
            .correlations
            .iter()
            .filter(|c| c.require == name)
            .map(|c| c.when.as_str())
            .collect();
        let told = clause(description);
        if conditions.is_empty() && told.is_empty() {
            return Need::Optional;
        }
        Need::Conditional(conditions.join(" or "), told)
    }

    /// The list that `x-code` names, else the enumerated values.
    fn values(&self, schema: &Value) -> Option<List> {
        if let Some(id) = schema.get("x-code").and_then(Value::as_str) {
            return list(self.pack, id);
        }
        let values = schema.get("enum")?.as_array()?;
        let values = values
            .iter()
            .filter(|v| !v.is_null())
            .map(|v| (plain(v), String::new()));
        Some(List {
            values: values.collect(),
            ..List::default()
        })
    }
}

/// The `example` and what `x-samples` adds, as the source writes them.
fn samples(schema: &Value) -> Vec<String> {
    let mut all: Vec<String> = schema.get("example").map(plain).into_iter().collect();
    let more = schema.get("x-samples").and_then(Value::as_array);
    for sample in more.into_iter().flatten().map(plain) {
        if !all.contains(&sample) {
            all.push(sample);
        }
    }
    all.retain(|sample| !sample.is_empty());
    all
}

/// A value as text.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn kind(schema: &Value, declared: Option<&Property>) -> String {
    let told = schema.get("x-type").and_then(Value::as_str);
    let told = told.or(declared.map(|d| d.kind.as_str()).filter(|k| !k.is_empty()));
    if let Some(told) = told {
        return told
            .replace('Ｎ', "N")
            .replace('Ｘ', "X")
            .replace('９', "9");
    }
    match (
        schema.get("type").and_then(Value::as_str),
        schema.get("format").and_then(Value::as_str),
    ) {
        (Some("string"), Some("date")) => "DATE",
        (Some("string"), Some("time")) => "TIME",
        (Some(kind), _) => kind,
        (None, _) if schema.get("properties").is_some() => "object",
        (None, _) if schema.get("items").is_some() => "array",
        (None, _) => "",
    }
    .to_owned()
}

/// Digits of the largest number.
fn digits(schema: &Value) -> Option<u64> {
    let most = schema.get("maximum").and_then(Value::as_u64)?;
    Some(most.to_string().len() as u64)
}
