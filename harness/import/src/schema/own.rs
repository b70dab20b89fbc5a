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
    field.note = own(one, "note");
    if let Some(sample) = one.pointer("/examples/0").or_else(|| one.get("example")) {
        field.sample = sample.as_str().unwrap_or("").to_owned();
    }
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
    out.push_str("\n[file]\n");
    for key in FileSettings::KEYS {
        // A list of characters (`list:ID`) stays with the pack that holds it.
        let word = file.get(*key).and_then(Value::as_str);
        if let Some(word) = word.filter(|word| !word.starts_with("list:")) {
            out.push_str(&format!("{key} = {}\n", quoted(word)));
        }
    }
    Some(out)
}

/// Id and title of the layout.
pub(super) fn identity(schema: &Value) -> Option<(String, String)> {
    let id = text(schema, "renkei:layout");
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    (!id.is_empty() && id.chars().all(plain)).then(|| (id, text(schema, "title")))
}
