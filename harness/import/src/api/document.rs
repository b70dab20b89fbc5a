//! What was found as OpenAPI 3.0, and the provenance of every item.

use renkei_core::model::Bilingual;
use serde_json::{Map, Value, json};

use super::response::object;
use super::{Answer, Found, RequestTable, made, rules};
use crate::draft::{PackDraft, RequirementDraft, say};
use crate::reading::slug;
use crate::report::Remark;

/// Puts one API into the pack: `apis/<id>/openapi.yaml` and `api.toml`.
pub(super) fn write(mut found: Found, draft: &mut PackDraft) {
    name_calls(&mut found);
    let title = if found.title.is_empty() {
        draft.identity.title.clone()
    } else {
        found.title.clone()
    };
    let title = title
        .trim_end_matches("仕様書")
        .trim_end_matches("仕様")
        .to_owned();
    let calls = calls(&found);
    let operations: Vec<(String, String)> = calls
        .iter()
        .map(|call| (call.clone(), operation_id(call, &calls)))
        .collect();
    let id = match operations.as_slice() {
        [(_, only)] => only.clone(),
        _ => slug(&title),
    };
    let method = if found.method.is_empty() {
        draft.report.notices.push(Remark::whole(
            say("HTTPメソッドが書かれていません", "no HTTP method is stated"),
            say("POSTとしました", "POST was taken"),
        ));
        "post".to_owned()
    } else {
        found.method.clone()
    };
    let mut schemas = Map::new();
    let mut paths = Map::new();
    for (call, operation) in &operations {
        let request = found.requests.iter().find(|table| table.call == *call);
        let answers: Vec<&Answer> = found.answers.iter().filter(|a| a.call == *call).collect();
        let in_query = matches!(method.as_str(), "get" | "delete");
        let value = self::operation(
            &found,
            (call, operation),
            (request, in_query),
            &answers,
            &mut schemas,
        );
        paths.insert(format!("/{call}"), json!({ method.as_str(): value }));
    }
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": title, "version": if draft.identity.document_version.is_empty() { "1" } else { draft.identity.document_version.as_str() } },
        "servers": [{ "url": "{base}", "variables": { "base": { "default": "https://example.invalid" } } }],
        "paths": paths,
        "components": { "schemas": schemas },
    });
    let head =
        "# renkei spec import が作った OpenAPI。x-row は原本の行、x-type は原本のデータ型。\n";
    let yaml = yaml_serde::to_string(&document).unwrap_or_default();
    draft
        .files
        .push((format!("apis/{id}/openapi.yaml"), format!("{head}{yaml}")));
    draft.files.push((
        format!("apis/{id}/api.toml"),
        rules::toml(&found, &id, &title, &operations),
    ));
    let count = trace(&found, &id, draft);
    draft.report.made.push(made(&id, &title, count));
}

/// Tables whose id could not be read belong to the only call there is, or get a name of their own.
fn name_calls(found: &mut Found) {
    let known = calls(found);
    let fallback = match known.as_slice() {
        [only] => only.clone(),
        _ => found
            .operations
            .keys()
            .next()
            .cloned()
            .filter(|_| found.operations.len() == 1)
            .unwrap_or_else(|| "unnamed".to_owned()),
    };
    for call in found
        .requests
        .iter_mut()
        .map(|table| &mut table.call)
        .chain(found.answers.iter_mut().map(|answer| &mut answer.call))
        .filter(|call| call.is_empty())
    {
        call.clone_from(&fallback);
    }
}

/// Calls in the order of their tables.
fn calls(found: &Found) -> Vec<String> {
    let mut calls: Vec<String> = Vec::new();
    let all = found
        .requests
        .iter()
        .map(|table| &table.call)
        .chain(found.answers.iter().map(|answer| &answer.call));
    for call in all.filter(|call| !call.is_empty()) {
        if !calls.contains(call) {
            calls.push(call.clone());
        }
    }
    calls
}

/// The last step of the call, or the whole call when two end alike.
fn operation_id(call: &str, all: &[String]) -> String {
    let last = |call: &str| call.rsplit('/').next().unwrap_or("").to_owned();
    let wanted = last(call);
    if all.iter().filter(|other| last(other) == wanted).count() == 1 {
        wanted
    } else {
        call.replace('/', "_")
    }
}

fn operation(
    found: &Found,
    (call, operation): (&str, &str),
    (request, in_query): (Option<&RequestTable>, bool),
    answers: &[&Answer],
    schemas: &mut Map<String, Value>,
) -> Value {
    let mut value = Map::new();
    value.insert("operationId".into(), json!(operation));
    if let Some(kind) = found.operations.get(call) {
        value.insert("summary".into(), json!(format!("操作種類 {kind}")));
    }
    if let Some(table) = request.filter(|_| in_query) {
        let parameters: Vec<Value> = table
            .items
            .iter()
            .map(|item| json!({ "name": item.name, "in": "query", "required": item.required, "schema": item.schema() }))
            .collect();
        value.insert("parameters".into(), Value::Array(parameters));
    } else if let Some(table) = request {
        let name = format!("{operation}_R01");
        let mut schema = Map::from_iter([("title".to_owned(), json!(table.sheet))]);
        schema.extend(request_object(table));
        let schema = Value::Object(schema);
        schemas.insert(name.clone(), schema);
        let media = if table.media.is_empty() {
            "application/json"
        } else {
            &table.media
        };
        value.insert(
            "requestBody".into(),
            json!({ "required": true, "content": { media: { "schema": { "$ref": format!("#/components/schemas/{name}") } } } }),
        );
    }
    let mut responses = Map::new();
    for answer in answers {
        let name = format!("{operation}_S{}", answer.status);
        schemas.insert(name.clone(), answer.schema.clone());
        let media = if answer.media.is_empty() {
            "application/json"
        } else {
            &answer.media
        };
        let title = if answer.title.is_empty() {
            &answer.status
        } else {
            &answer.title
        };
        responses.insert(
            answer.status.clone(),
            json!({ "description": title, "content": { media: { "schema": { "$ref": format!("#/components/schemas/{name}") } } } }),
        );
    }
    if found.non_json {
        responses.insert(
            "5XX".into(),
            json!({ "description": "タイムアウト、サービスメンテナンス。JSONでは返らない" }),
        );
    }
    if responses.is_empty() {
        responses.insert("default".into(), json!({ "description": "応答の表がない" }));
    }
    value.insert("responses".into(), Value::Object(responses));
    Value::Object(value)
}

/// The body of a request: members by their levels, all at the top where the table has none.
fn request_object(table: &RequestTable) -> Map<String, Value> {
    let rows: Vec<_> = table
        .items
        .iter()
        .map(|item| (item.level.max(1), item.clone()))
        .collect();
    object(&rows, &mut 0, 0)
}

/// Requirements and provenance, one row an item; gives their number.
fn trace(found: &Found, id: &str, draft: &mut PackDraft) -> usize {
    let mut count = 0;
    for table in &found.requests {
        for item in &table.items {
            count += 1;
            let clause = format!("{} {}", item.sheet, item.cells);
            draft.requirements.push(RequirementDraft {
                id: format!(
                    "要求-{}-{}",
                    table.call,
                    item.pointer.trim_start_matches('/')
                ),
                party: "consumer",
                clause,
                text: item.words(&Bilingual::new("要求", "request")),
                scope: format!("{id}/{}", item.pointer),
                rules: "API-012",
            });
            draft.origins.push([
                format!("apis/{id}"),
                "request".to_owned(),
                item.row.to_string(),
                item.name.clone(),
                item.sheet.clone(),
                item.cells.clone(),
            ]);
        }
    }
    for answer in &found.answers {
        for item in &answer.items {
            count += 1;
            let name = if item.name.is_empty() {
                "root"
            } else {
                &item.name
            };
            draft.requirements.push(RequirementDraft {
                id: format!(
                    "応答-{}-{}-行{}-{name}",
                    answer.call, answer.status, item.row
                ),
                party: "provider",
                clause: format!("{} {}", item.sheet, item.cells),
                text: item.words(&Bilingual::new(
                    format!("応答{}", answer.status),
                    format!("answer {}", answer.status),
                )),
                scope: match item.pointer.as_str() {
                    "" => id.to_owned(),
                    pointer => format!("{id}/{pointer}"),
                },
                rules: "API-005",
            });
            draft.origins.push([
                format!("apis/{id}"),
                answer.status.clone(),
                item.row.to_string(),
                name.to_owned(),
                item.sheet.clone(),
                item.cells.clone(),
            ]);
        }
    }
    count
}
