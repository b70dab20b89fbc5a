use renkei_core::spec::layout::{Field, FieldType, Form, Output};
use renkei_core::spec::{Layout, Pack};
use serde_json::{Value, json};

use super::{closed_values, facts, head, kinds, pattern};

/// A record kind of a layout as a Frictionless Table Schema. Values stay text where leading zeros count; `9`, `9V` and
/// `S9` are numbers only where they are written without padding (delimited files).
pub fn table_schema(pack: &Pack, layout: &Layout, kind: &str) -> Value {
    let fixed = matches!(layout.form, Form::Fixed { .. });
    let wanted = kinds(layout, Some(kind));
    let fields: Vec<&Field> = wanted.iter().flat_map(|k| &k.fields).collect();
    let keys: Vec<&str> = fields
        .iter()
        .filter(|f| f.primary_key)
        .map(|f| f.roman.as_str())
        .collect();
    let mut schema = json!({
        "fields": fields.iter().map(|f| field(pack, f, fixed)).collect::<Vec<_>>(),
        "missingValues": [""],
        "title": layout.title.ja,
        "renkei:kind": kind,
    });
    if !keys.is_empty() {
        schema["primaryKey"] = json!(keys);
    }
    if let Value::Object(schema) = &mut schema {
        schema.extend(head(pack, layout));
    }
    schema
}

fn field(pack: &Pack, field: &Field, fixed: bool) -> Value {
    let kind = match field.kind {
        _ if fixed => "string",
        FieldType::Integer | FieldType::Signed => "integer",
        FieldType::Decimal => "number",
        FieldType::Date if !field.unknown_date => "date",
        _ => "string",
    };
    let mut constraints = serde_json::Map::new();
    if matches!(field.output, Output::Required) {
        constraints.insert("required".to_owned(), json!(true));
    }
    if kind == "string" {
        if let Some(length) = field.length {
            constraints.insert("maxLength".to_owned(), json!(length));
        }
        if let Some(pattern) = pattern(field).filter(|_| !field.unknown_date) {
            constraints.insert("pattern".to_owned(), json!(pattern));
        }
    }
    let values = field
        .fixed_value
        .clone()
        .map(|value| vec![value])
        .or_else(|| closed_values(pack, field));
    if let Some(values) = values {
        constraints.insert("enum".to_owned(), json!(values));
    }
    let mut out = serde_json::Map::new();
    out.insert("name".to_owned(), json!(field.roman));
    out.insert("title".to_owned(), json!(field.name));
    out.insert("type".to_owned(), json!(kind));
    if kind == "date" {
        out.insert("format".to_owned(), json!("%Y-%m-%d"));
    }
    if !field.sample.is_empty() {
        out.insert("example".to_owned(), json!(field.sample));
    }
    if !field.more_samples.is_empty() {
        out.insert("renkei:samples".to_owned(), json!(field.more_samples));
    }
    if !constraints.is_empty() {
        out.insert("constraints".to_owned(), Value::Object(constraints));
    }
    out.extend(facts(field, fixed));
    Value::Object(out)
}
