//! Frictionless Table Schema and JSON Schema of flat objects: fields by name, as far as a layout can say the same.

mod own;

use std::collections::BTreeMap;

use renkei_core::model::{Problem, Problems};
use serde_json::{Map, Value};

use crate::draft::{DELIMITED, FieldDraft, LayoutDraft, PackDraft, say};
use crate::reading::{sensitivity, slug};
use crate::report::{Remark, SheetReport};

/// Most fields of one table that are read.
const MAX_FIELDS: usize = 10_000;

/// Which of the two a document is; `None` when it is JSON of another kind.
pub(crate) fn is_table_schema(document: &Value) -> Option<bool> {
    if document.get("fields").is_some_and(Value::is_array)
        || document.get("resources").is_some_and(Value::is_array)
    {
        return Some(true);
    }
    document
        .get("properties")
        .or_else(|| document.pointer("/items/properties"))
        .is_some_and(Value::is_object)
        .then_some(false)
        .or((!own::records(document).is_empty()).then_some(false))
}

/// Parses the text of a document.
///
/// # Errors
/// The line and column at which it is no JSON.
pub(crate) fn parse(file: &str, bytes: &[u8]) -> Result<Value, Problems> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        let message = say(
            format!("JSONとして読めません: {error}"),
            format!("not readable as JSON: {error}"),
        );
        let problem = Problem::of_file(
            file,
            message,
            say("JSONを直してください", "correct the JSON"),
        );
        vec![Problem {
            line: error.line(),
            column: error.column(),
            ..problem
        }]
    })
}

/// Reads a document into `draft`; a data package gives one layout a resource.
///
/// # Errors
/// It holds no fields.
pub(crate) fn read(
    file: &str,
    document: &Value,
    table: bool,
    draft: &mut PackDraft,
) -> Result<(), Problems> {
    let tables: Vec<(String, String, &Value)> =
        match document.get("resources").and_then(Value::as_array) {
            Some(resources) if table => resources
                .iter()
                .enumerate()
                .filter_map(|(at, one)| {
                    Some((
                        text(one, "name"),
                        format!("/resources/{at}/schema"),
                        one.get("schema")?,
                    ))
                })
                .collect(),
            _ => vec![(draft.identity.title.clone(), String::new(), document)],
        };
    for (title, pointer, schema) in tables {
        let mut report = SheetReport {
            sheet: pointer.clone(),
            read_as: if table { "table-schema" } else { "json-schema" },
            header: pointer.clone(),
            ..SheetReport::default()
        };
        let before = draft.report.not_interpreted.len();
        let mut fields = if table {
            of_table(schema, &pointer, draft)
        } else {
            of_records(schema, &pointer, draft)
        };
        fields.truncate(MAX_FIELDS);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for field in &mut fields {
            let count = counts.entry(field.kind.clone()).or_insert(0);
            *count += 1;
            field.no = *count;
            field.sensitive = sensitivity(&field.name, &field.data_type);
        }
        report.rows_read = fields.len();
        report.rows_not_interpreted = draft.report.not_interpreted.len() - before;
        report.rows_interpreted = fields.len().saturating_sub(report.rows_not_interpreted);
        draft.report.sheets.push(report);
        if fields.is_empty() {
            continue;
        }
        let (id, title) = own::identity(schema).unwrap_or_else(|| (slug(&title), title));
        let settings = own::settings(schema)
            .unwrap_or_else(|| DELIMITED.replace("header = \"none\"", "header = \"roman\""));
        draft.layouts.push(LayoutDraft {
            id: if id.is_empty() {
                format!("layout-{}", draft.layouts.len() + 1)
            } else {
                id
            },
            title,
            fields,
            settings,
        });
    }
    if draft.layouts.is_empty() && document.get("oneOf").is_some() {
        let message = say(
            "レコード種別が複数あるJSON Schema（oneOf）です",
            "a JSON Schema of several record kinds (oneOf)",
        );
        let help = say(
            "種別ごとの Table Schema か、種別1つのオブジェクトの JSON Schema を渡してください",
            "pass a Table Schema of each kind, or a JSON Schema of one object",
        );
        return Err(vec![Problem::of_file(file, message, help)]);
    }
    if draft.layouts.is_empty() && document.get("openapi").is_some() {
        let message = say(
            "OpenAPIの文書です。取り込まずにそのまま使えます",
            "an OpenAPI document, which is used as it is",
        );
        let help = say(
            "パックの apis/<id>/openapi.json に置いてください（specs/README.md）",
            "put it into a pack as apis/<id>/openapi.json (specs/README.md)",
        );
        return Err(vec![Problem::of_file(file, message, help)]);
    }
    if draft.layouts.is_empty() {
        let message = say(
            "項目（fields または properties）がありません",
            "it holds no fields and no properties",
        );
        return Err(vec![Problem::of_file(
            file,
            message,
            say(
                "Table Schema か、オブジェクトの JSON Schema を渡してください",
                "pass a Table Schema, or a JSON Schema of an object",
            ),
        )]);
    }
    Ok(())
}

fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or("")
        .to_owned()
}

fn of_table(schema: &Value, pointer: &str, draft: &mut PackDraft) -> Vec<FieldDraft> {
    let keys: Vec<&str> = match schema.get("primaryKey") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let list = schema.get("fields").and_then(Value::as_array);
    let mut fields = Vec::new();
    for (at, one) in list.into_iter().flatten().enumerate() {
        let place = format!("{pointer}/fields/{at}");
        let name = text(one, "name");
        let none = Map::new();
        let limits = one
            .get("constraints")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        let required = limits.get("required") == Some(&Value::Bool(true));
        let mut field = field(
            &name,
            one,
            limits,
            &text(one, "type"),
            required,
            &place,
            draft,
        );
        field.primary_key = keys.contains(&name.as_str());
        own::field(one, &mut field, draft);
        fields.push(field);
    }
    fields
}

/// Fields of a record, or of each kind of record in a schema that `renkei spec export` wrote.
fn of_records(schema: &Value, pointer: &str, draft: &mut PackDraft) -> Vec<FieldDraft> {
    let records = own::records(schema);
    if records.is_empty() {
        return of_object(schema, pointer, draft);
    }
    let mut fields = Vec::new();
    for (kind, record) in records {
        let mut of_kind = of_object(record, &format!("{pointer}/$defs/{kind}"), draft);
        for field in &mut of_kind {
            field.kind.clone_from(&kind);
        }
        fields.extend(of_kind);
    }
    fields
}

fn of_object(schema: &Value, pointer: &str, draft: &mut PackDraft) -> Vec<FieldDraft> {
    let (schema, pointer) = match schema
        .get("items")
        .filter(|items| items.get("properties").is_some())
    {
        Some(items) => (items, format!("{pointer}/items")),
        None => (schema, pointer.to_owned()),
    };
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let members = schema.get("properties").and_then(Value::as_object);
    let mut fields = Vec::new();
    for (name, one) in members.into_iter().flatten() {
        let place = format!("{pointer}/properties/{name}");
        let none = Map::new();
        let limits = one.as_object().unwrap_or(&none);
        let kind = match (one.get("type"), text(one, "format").as_str()) {
            (_, "date") => "date".to_owned(),
            (_, "time") => "time".to_owned(),
            (Some(Value::Array(many)), _) => many
                .iter()
                .filter_map(Value::as_str)
                .find(|word| *word != "null")
                .unwrap_or("")
                .to_owned(),
            _ => text(one, "type"),
        };
        let needed = required.contains(&name.as_str());
        let mut field = field(name, one, limits, &kind, needed, &place, draft);
        own::field(one, &mut field, draft);
        fields.push(field);
    }
    fields
}

/// A type without a layout type that means the same is taken as one whose value is not checked.
fn field(
    name: &str,
    one: &Value,
    limits: &Map<String, Value>,
    kind: &str,
    required: bool,
    place: &str,
    draft: &mut PackDraft,
) -> FieldDraft {
    let number = |key: &str| limits.get(key).and_then(Value::as_u64);
    let data_type = match text(one, "x-type").as_str() {
        known @ ("X" | "N" | "9" | "9V" | "S9" | "BLOB" | "YEAR" | "DATE" | "TIME") => {
            known.to_owned()
        }
        _ => match kind {
            // neither form says anything about the width of characters
            "string" | "any" | "" => "BLOB",
            "integer"
                if limits
                    .get("minimum")
                    .and_then(Value::as_f64)
                    .is_some_and(|n| n >= 0.0) =>
            {
                "9"
            }
            "integer" => "S9",
            "date" => "DATE",
            "time" => "TIME",
            "year" => "YEAR",
            other => {
                draft.report.not_interpreted.push(Remark {
                    sheet: String::new(),
                    cell: place.to_owned(),
                    message: say(
                        format!("型「{other}」に当たる様式の型がありません"),
                        format!("no type of a layout corresponds to `{other}`"),
                    ),
                    help: say(
                        "値を検査しない項目（BLOB）として取り込みました",
                        "taken over as an item whose value is not checked (BLOB)",
                    ),
                });
                "BLOB"
            }
        }
        .to_owned(),
    };
    let title = text(one, "title");
    let pattern = limits.get("pattern").and_then(Value::as_str).unwrap_or("");
    let values: Vec<String> = limits
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|value| !value.is_null())
        .map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        })
        .collect();
    let code = if values.is_empty() {
        String::new()
    } else {
        slug(name)
    };
    if !code.is_empty() {
        draft.lists.push(crate::draft::CodeListDraft {
            id: code.clone(),
            name: title.clone(),
            values: values
                .into_iter()
                .map(|v| (v, String::new(), String::new()))
                .collect(),
        });
    }
    let anchored = pattern.strip_prefix('^').and_then(|p| p.strip_suffix('$'));
    FieldDraft {
        name: if title.is_empty() {
            name.to_owned()
        } else {
            title
        },
        roman: name.to_owned(),
        length: number("maxLength")
            .filter(|n| *n > 0)
            .map_or(String::new(), |n| n.to_string()),
        output: if required { "required" } else { "optional" },
        format: anchored.map_or(String::new(), |p| format!("regex:{p}")),
        note: text(one, "description"),
        cells: place.to_owned(),
        data_type,
        code,
        ..FieldDraft::default()
    }
}
