//! A layout or an API in the formats of others. What a format cannot say stands below `renkei:…` keys, so that nothing
//! is lost and `renkei spec import` can read it back; [`left_out`] says what they leave out all the same.

mod copybook;
mod json_schema;
mod openapi;
mod table_schema;

use renkei_core::model::Bilingual;
use renkei_core::spec::layout::{
    Field, FieldType, FileSettings, Form, Kind, Output, WidthClass, WidthUnit,
};
use renkei_core::spec::{Layout, Pack};
use serde_json::{Map, Value, json};

pub use copybook::copybook;
pub use json_schema::json_schema;
pub use openapi::openapi;
pub use table_schema::table_schema;

/// Facts of a field under `renkei:` keys: those that no standard keyword holds.
fn facts(field: &Field, fixed: bool) -> Map<String, Value> {
    let mut facts = Map::new();
    let mut put = |key: &str, value: Value| {
        let empty = value.is_null() || value == "" || value == 0 || value == false;
        if !empty {
            facts.insert(format!("renkei:{key}"), value);
        }
    };
    put("no", json!(field.no));
    put("item_id", json!(field.item_id));
    put("group", json!(field.group));
    put("type", json!(field.kind.name()));
    put("length", json!(length(field)));
    put("code", json!(field.code));
    put("repeat", json!(field.repeat));
    let (output, condition) = output(field);
    put("output", json!(output));
    put("condition", json!(condition));
    if fixed {
        put("start", json!(field.start + 1));
        put("width", json!(field.width));
        put("pad", json!(renkei_core::compare::pad(field.pad)));
    }
    put("decimals", json!(field.decimals));
    put("repertoire", json!(field.repertoire));
    put("format", json!(renkei_core::compare::format(&field.format)));
    put("unknown_date", json!(field.unknown_date));
    put("fixed_value", json!(field.fixed_value));
    put("pk", json!(field.primary_key));
    put("fk", json!(field.foreign_key));
    put("when", json!(field.when_text));
    let class = field.width_class.map_or("", WidthClass::as_str);
    put("class", json!(class));
    put("note", json!(field.note));
    facts
}

/// Facts of the layout under `renkei:` keys: identity and the settings of the file.
fn head(pack: &Pack, layout: &Layout) -> Map<String, Value> {
    let file: Map<String, Value> = FileSettings::keys_of(layout.form)
        .map(|key| (key, layout.file.word(key)))
        .filter(|(_, word)| !word.is_empty())
        .map(|(key, word)| (key.to_owned(), json!(word)))
        .collect();
    let mut head = Map::new();
    head.insert(
        "renkei:pack".to_owned(),
        json!(format!("{}@{}", pack.head.id, pack.head.version)),
    );
    head.insert("renkei:layout".to_owned(), json!(layout.id));
    head.insert("renkei:source".to_owned(), json!(pack.head.source));
    if let Form::Fixed { record_length } = layout.form {
        head.insert("renkei:record_length".to_owned(), json!(record_length));
    }
    if layout.width_unit == WidthUnit::Chars {
        head.insert("renkei:width_unit".to_owned(), json!("chars"));
    }
    head.insert("renkei:file".to_owned(), Value::Object(file));
    head
}

/// What a schema of fields has no place for, of the record kinds that it holds; it is told, so that nobody takes the schema
/// for the whole layout.
pub fn left_out(layout: &Layout, one_kind: bool) -> Vec<Bilingual> {
    let told = |there: bool, ja: &str, en: &str| there.then(|| Bilingual::new(ja, en));
    [
        told(
            one_kind && layout.kinds.len() > 1,
            "ほかのレコード種別と並び順",
            "the other record kinds and their order",
        ),
        told(!layout.totals.is_empty(), "合計の照合", "control totals"),
        told(
            !layout.orders.is_empty(),
            "通し番号と整列順",
            "record numbers and sort orders",
        ),
        told(
            !layout.rules.is_empty(),
            "項目間の条件",
            "conditions between fields",
        ),
        told(
            !layout.references.is_empty(),
            "ほかのファイルの参照",
            "references into other files",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `15`, or `n,m` for decimals; empty when not stated.
pub(crate) fn length(field: &Field) -> String {
    field
        .length
        .map_or(String::new(), |length| match field.fraction {
            0 => length.to_string(),
            fraction => format!("{length},{fraction}"),
        })
}

/// When a value must be there, as in `fields.csv`.
pub(crate) fn output(field: &Field) -> (&'static str, &str) {
    match &field.output {
        Output::Required => ("required", ""),
        Output::Conditional(_, condition) => ("conditional", condition),
        Output::Optional => ("optional", ""),
    }
}

/// Values of the code list of a field, when nothing but them is allowed.
fn closed_values(pack: &Pack, field: &Field) -> Option<Vec<String>> {
    let list = pack.code_lists.get(&field.code)?;
    let closed = !list.open && !list.values.is_empty();
    closed.then(|| list.values.keys().cloned().collect())
}

/// The record kind with this id, or every kind.
fn kinds<'a>(layout: &'a Layout, kind: Option<&str>) -> Vec<&'a Kind> {
    layout
        .kinds
        .iter()
        .filter(|k| kind.is_none_or(|id| id == k.id))
        .collect()
}

fn pattern(field: &Field) -> Option<String> {
    use renkei_core::spec::layout::Format;
    match (&field.format, field.kind) {
        (Format::Regex(_, text), _) => Some(format!("^(?:{text})$")),
        (_, FieldType::Year) => Some("^[0-9]{4}$".to_owned()),
        (_, FieldType::Time) => Some("^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$".to_owned()),
        (_, FieldType::Ymd8) => Some("^[0-9]{8}$".to_owned()),
        (_, FieldType::Ymd6) => Some("^[0-9]{6}$".to_owned()),
        (_, FieldType::Md) => Some("^[0-9]{4}$".to_owned()),
        _ => None,
    }
}
