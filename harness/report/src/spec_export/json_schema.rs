use renkei_core::spec::layout::{Field, FieldType, Form, Kind, Output, Place};
use renkei_core::spec::{Layout, Pack};
use serde_json::{Map, Value, json};

use super::{closed_values, facts, head, pattern};

/// The record of a layout as JSON Schema 2020-12: one object, or one of several where the layout has record kinds.
/// Values are text, as they stand in the file.
pub fn json_schema(pack: &Pack, layout: &Layout) -> Value {
    let fixed = matches!(layout.form, Form::Fixed { .. });
    let records: Vec<(&Kind, Value)> = layout
        .kinds
        .iter()
        .map(|k| (k, record(pack, k, fixed)))
        .collect();
    let mut schema = Map::new();
    let named = &pack.head;
    schema.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.insert(
        "$id".to_owned(),
        json!(format!(
            "urn:renkei:{}:{}:{}",
            named.id, named.version, layout.id
        )),
    );
    schema.insert("title".to_owned(), json!(layout.title.ja));
    schema.extend(head(pack, layout));
    match records.as_slice() {
        [(_, Value::Object(only))] => schema.extend(only.clone()),
        many => {
            let names = many
                .iter()
                .map(|(kind, _)| json!({ "$ref": format!("#/$defs/{}", kind.id) }));
            schema.insert("oneOf".to_owned(), Value::Array(names.collect()));
            if let Some(sequence) = &layout.sequence {
                schema.insert("renkei:sequence".to_owned(), json!(sequence.text));
            }
            let definitions = many
                .iter()
                .map(|(kind, record)| (kind.id.clone(), record.clone()));
            schema.insert("$defs".to_owned(), Value::Object(definitions.collect()));
        }
    }
    Value::Object(schema)
}

fn record(pack: &Pack, kind: &Kind, fixed: bool) -> Value {
    let properties = kind
        .fields
        .iter()
        .map(|f| (f.roman.clone(), property(pack, f, fixed)));
    let required: Vec<&str> = kind
        .fields
        .iter()
        .filter(|f| matches!(f.output, Output::Required))
        .map(|f| f.roman.as_str())
        .collect();
    let mut record = Map::new();
    if !kind.id.is_empty() {
        record.insert("title".to_owned(), json!(kind.title.ja));
        record.insert("renkei:kind".to_owned(), json!(kind.id));
        if let Some(mark) = &kind.discriminator {
            let (key, place) = match mark.place {
                Place::Byte(at) => ("renkei:start", json!(at + 1)),
                Place::Field(at) => {
                    let field = kind.fields.get(at).map_or("", |f| f.roman.as_str());
                    ("renkei:field", json!(field))
                }
            };
            record.insert(key.to_owned(), place);
            record.insert("renkei:value".to_owned(), json!(mark.value));
        }
    }
    record.insert("type".to_owned(), json!("object"));
    record.insert("properties".to_owned(), Value::Object(properties.collect()));
    record.insert("required".to_owned(), json!(required));
    record.insert("additionalProperties".to_owned(), json!(false));
    Value::Object(record)
}

fn property(pack: &Pack, field: &Field, fixed: bool) -> Value {
    let mut out = Map::new();
    out.insert("title".to_owned(), json!(field.name));
    out.insert("type".to_owned(), json!("string"));
    let required = matches!(field.output, Output::Required);
    if required {
        out.insert("minLength".to_owned(), json!(1));
    }
    if let Some(length) = field.length.filter(|_| field.kind != FieldType::Decimal) {
        out.insert("maxLength".to_owned(), json!(length));
    }
    // An optional value may be the empty text, which no pattern and no list holds.
    if field.kind == FieldType::Date && required && !field.unknown_date {
        out.insert("format".to_owned(), json!("date"));
    }
    if let Some(pattern) = pattern(field).filter(|_| required && !field.unknown_date) {
        out.insert("pattern".to_owned(), json!(pattern));
    }
    if let Some(value) = &field.fixed_value {
        out.insert("const".to_owned(), json!(value));
    } else if let Some(mut values) = closed_values(pack, field) {
        if !required {
            values.push(String::new());
        }
        out.insert("enum".to_owned(), json!(values));
    }
    if !field.sample.is_empty() {
        let samples = std::iter::once(&field.sample).chain(&field.more_samples);
        let samples: Vec<&String> = samples.collect();
        out.insert("examples".to_owned(), json!(samples));
    }
    out.extend(facts(field, fixed));
    Value::Object(out)
}
