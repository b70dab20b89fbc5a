//! `renkei:` keys of schemas that `renkei spec export` wrote: what the standard keywords cannot say comes back.

use renkei_core::spec::layout::FileSettings;
use serde_json::Value;

use super::text;
use crate::draft::{CodeListDraft, FieldDraft, PackDraft, quoted};

/// Types as `fields.csv` names them (specs/README.md).
const TYPES: [&str; 16] = [
    "X", "N", "9", "9V", "S9", "BLOB", "YEAR", "DATE", "TIME", "C", "DUMMY", "ZONED", "YYMMDD",
    "MMDD", "YYYYMMDD", "WAREKI",
];

fn own(one: &Value, key: &str) -> String {
    match one.get(format!("renkei:{key}")) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn is_set(one: &Value, key: &str) -> bool {
    one.get(format!("renkei:{key}")) == Some(&Value::Bool(true))
}

/// Overrides what the keywords gave; a schema of others, which has no type of ours, stays as it is.
pub(super) fn field(one: &Value, field: &mut FieldDraft, draft: &mut PackDraft) {
    let kind = own(one, "type");
    if kind.is_empty() || !TYPES.contains(&kind.as_str()) {
        return;
    }
    field.data_type = kind;
    field.item_id = own(one, "item_id");
    field.group = own(one, "group");
    field.length = own(one, "length");
    field.repeat = own(one, "repeat");
    field.output = match own(one, "output").as_str() {
        "required" => "required",
        "conditional" => "conditional",
        _ => "optional",
    };
    field.condition = own(one, "condition");
    field.start = own(one, "start");
    field.width = own(one, "width");
    field.pad = own(one, "pad");
    field.decimals = own(one, "decimals");
    field.repertoire = own(one, "repertoire");
    field.format = own(one, "format");
    field.fixed_value = own(one, "fixed_value");
    field.unknown_date = is_set(one, "unknown_date");
    field.primary_key |= is_set(one, "pk");
    field.foreign_key |= is_set(one, "fk");
    field.when = own(one, "when");
    field.class = own(one, "class");
    field.note = own(one, "note");
    let mut samples: Vec<&str> = match one.get("examples").and_then(Value::as_array) {
        Some(all) => all.iter().filter_map(Value::as_str).collect(),
        None => one
            .get("example")
            .and_then(Value::as_str)
            .into_iter()
            .collect(),
    };
    let more = one.get("renkei:samples").and_then(Value::as_array);
    samples.extend(more.into_iter().flatten().filter_map(Value::as_str));
    field.sample = samples.join("\n");
    code(own(one, "code"), field, draft);
}

/// The list that the keywords gave takes its own id; one that they did not give is open.
fn code(id: String, field: &mut FieldDraft, draft: &mut PackDraft) {
    let made = if field.code.is_empty() {
        None
    } else {
        draft.lists.pop() // the values of this field, pushed just now
    };
    field.code.clone_from(&id);
    if id.is_empty() || draft.lists.iter().any(|list| list.id == id) {
        return;
    }
    let open = vec![("*".to_owned(), String::new(), String::new())];
    let mut list = made.unwrap_or_else(|| CodeListDraft {
        values: open,
        ..CodeListDraft::default()
    });
    list.values.retain(|(value, ..)| !value.is_empty()); // "no value" is no code
    draft.lists.push(CodeListDraft { id, ..list });
}

/// The text of `layout.toml` below id and title; `None` for schemas of others.
pub(super) fn settings(schema: &Value) -> Option<String> {
    let file = schema.get("renkei:file")?.as_object()?;
    let mut out = match schema.get("renkei:record_length").and_then(Value::as_u64) {
        Some(length) => format!("form = \"fixed\"\nrecord_length = {length}\n"),
        None => "form = \"delimited\"\n".to_owned(),
    };
    if text(schema, "renkei:width_unit") == "chars" {
        out.push_str("width_unit = \"chars\"\n");
    }
    let sequence = text(schema, "renkei:sequence");
    if !sequence.is_empty() {
        out.push_str(&format!("sequence = {}\n", quoted(&sequence)));
    }
    out.push_str("\n[file]\n");
    for key in FileSettings::KEYS {
        // A list of characters (`list:ID`) stays with the pack that holds it.
        let word = file.get(*key).and_then(Value::as_str);
        if let Some(word) = word.filter(|word| !word.starts_with("list:")) {
            out.push_str(&format!("{key} = {}\n", quoted(word)));
        }
    }
    for (_, record) in records(schema) {
        out.push_str(&kind(record));
    }
    Some(out)
}

/// The records of a layout with several kinds, by the order of `oneOf`: kind and schema. Empty for schemas of others.
pub(super) fn records(schema: &Value) -> Vec<(String, &Value)> {
    let parts = schema.get("oneOf").and_then(Value::as_array);
    let named = parts.into_iter().flatten().filter_map(|part| {
        let pointer = part.get("$ref")?.as_str()?.strip_prefix('#')?;
        let record = schema.pointer(pointer)?;
        Some((own(record, "kind"), record))
    });
    let found: Vec<(String, &Value)> = named.collect();
    if found.iter().any(|(kind, _)| kind.is_empty()) {
        return Vec::new();
    }
    found
}

/// `[[kind]]` of a record.
fn kind(record: &Value) -> String {
    let mut out = format!(
        "\n[[kind]]\nid = {}\ntitle = {{ ja = {1}, en = {1} }}\n",
        quoted(&own(record, "kind")),
        quoted(&text(record, "title"))
    );
    for key in ["start", "field", "value"] {
        let value = own(record, key);
        if !value.is_empty() {
            let written = if key == "start" {
                value
            } else {
                quoted(&value)
            };
            out.push_str(&format!("{key} = {written}\n"));
        }
    }
    out
}

/// Id and title of the layout.
pub(super) fn identity(schema: &Value) -> Option<(String, String)> {
    let id = text(schema, "renkei:layout");
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    (!id.is_empty() && id.chars().all(plain)).then(|| (id, text(schema, "title")))
}
