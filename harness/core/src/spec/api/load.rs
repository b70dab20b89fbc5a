//! Reads an OpenAPI document (3.0, 3.1) and its `api.toml`; every mistake becomes a problem with the file and, where known, the line.

mod document;
mod parameters;
#[cfg(test)]
mod public;

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema::SchemaFault;
use super::{
    Api, ApiRules, Content, Direction, Operation, OperationRules, RequestDoc, ResponseDoc, Schema,
    Statuses,
};
use crate::model::{Bilingual, Problem, Problems};
use crate::spec::{MediaType, read_toml_bytes, utf8};

/// Methods of a Path Item Object (OpenAPI 3.0.3).
const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The two files that describe an API: name as people know it, and content.
#[derive(Clone, Copy, Debug)]
pub struct ApiFiles<'a> {
    /// `…/openapi.yaml`, `.yml` or `.json`.
    pub openapi: (&'a str, &'a [u8]),
    /// `…/api.toml`.
    pub rules: (&'a str, &'a [u8]),
}

impl Api {
    /// Reads an API; it is given back only if there is no problem.
    pub fn load(files: ApiFiles<'_>, problems: &mut Problems) -> Option<Self> {
        let before = problems.len();
        let rules = read_toml_bytes::<ApiRules>(files.rules.0, files.rules.1, problems);
        let (file, bytes) = files.openapi;
        let text = utf8(file, bytes, problems)?;
        let document = document::read(file, text, problems)?;
        let mut reader = Reader {
            file,
            text,
            document: &document,
            problems,
        };
        let operations = reader.operations();
        let (rules, rules_text) = rules?;
        if problems.len() > before {
            return None;
        }
        check_rules(files.rules.0, &rules_text, &rules, &operations, problems);
        let version = document.pointer("/info/version").and_then(Value::as_str);
        let version = version.unwrap_or_default().to_owned();
        (problems.len() == before).then_some(Self {
            document,
            version,
            operations,
            rules,
        })
    }
}

impl Api {
    /// An API from a document that was read before, with the scopes of its operations and nothing else that a pack adds.
    pub fn of_document(
        document: Value,
        scopes: &BTreeMap<String, String>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let before = problems.len();
        let mut rules: ApiRules = toml::from_str("").ok()?;
        rules.operation = scopes
            .iter()
            .map(|(id, scope)| OperationRules {
                id: id.clone(),
                scope: scope.clone(),
                title_text: String::new(),
                href: String::new(),
            })
            .collect();
        let mut reader = Reader {
            file: "openapi",
            text: "",
            document: &document,
            problems,
        };
        // A platform alone has no API of its own, and says so.
        let none = document.get("paths").and_then(Value::as_object);
        let operations = match none.is_some_and(serde_json::Map::is_empty) {
            true => BTreeMap::new(),
            false => reader.operations(),
        };
        let version = document.pointer("/info/version").and_then(Value::as_str);
        let version = version.unwrap_or_default().to_owned();
        (problems.len() == before).then_some(Self {
            document,
            version,
            operations,
            rules,
        })
    }
}

/// The OpenAPI document as it stands, whatever it describes; for judging the document itself.
pub(in crate::spec) fn read_document(file: &str, bytes: &[u8]) -> Option<Value> {
    let mut problems = Problems::new();
    let text = utf8(file, bytes, &mut problems)?;
    document::read(file, text, &mut problems)
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    document: &'a Value,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    /// A problem at the first place where `near` stands in the file.
    fn complain(&mut self, near: &str, message: Bilingual, help: Bilingual) {
        self.complain_of("", near, message, help);
    }

    /// The same, about something that a rule about packs forbids.
    fn complain_of(&mut self, rule: &str, near: &str, message: Bilingual, help: Bilingual) {
        let problem = match self.text.find(near).filter(|_| !near.is_empty()) {
            Some(byte) => Problem::at_byte(self.file, self.text, byte, message, help),
            None => Problem::of_file(self.file, message, help),
        };
        self.problems.push(problem.of_rule(rule));
    }

    fn operations(&mut self) -> BTreeMap<String, Operation> {
        let mut found: BTreeMap<String, Operation> = BTreeMap::new();
        let document = self.document;
        for (path, item) in members(document.get("paths")) {
            let Some(item) = self.followed(item) else {
                continue;
            };
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let operation = self.operation(path, method, item, operation);
                if found.contains_key(&operation.id) {
                    self.complain(
                        &format!("operationId: {}", operation.id),
                        Bilingual::new(
                            format!("operationId {} が2回あります", operation.id),
                            format!("operationId {} appears twice", operation.id),
                        ),
                        Bilingual::new("操作ごとに変えてください", "give each operation its own"),
                    );
                }
                found.insert(operation.id.clone(), operation);
            }
        }
        if found.is_empty() {
            self.complain(
                "paths",
                Bilingual::new("操作が1つもありません", "there is no operation"),
                Bilingual::new(
                    "paths の下に operationId のある操作を書いてください",
                    "describe at least one operation with an operationId under paths",
                ),
            );
        }
        found
    }

    fn operation(
        &mut self,
        path: &str,
        method: &str,
        item: &Value,
        operation: &Value,
    ) -> Operation {
        // Without an id a plan names the operation as people do: `GET /pets/{petId}`.
        let id = operation.get("operationId").and_then(Value::as_str);
        let id = id.map_or_else(
            || format!("{} {path}", method.to_ascii_uppercase()),
            str::to_owned,
        );
        let request = operation
            .get("requestBody")
            .and_then(|body| self.followed(body))
            .map(|body| RequestDoc {
                required: body.get("required") == Some(&Value::Bool(true)),
                content: self.content(body, Direction::Request),
            });
        let mut responses = Vec::new();
        for (status, response) in members(operation.get("responses")) {
            if status.starts_with("x-") {
                continue;
            }
            let (Some(statuses), Some(response)) = (statuses(status), self.followed(response))
            else {
                self.complain(
                    status,
                    Bilingual::new(
                        format!("{id} の応答 \"{status}\" を読めません"),
                        format!("response \"{status}\" of {id} cannot be read"),
                    ),
                    Bilingual::new(
                        "'200'、'5XX'、default のどれかを書いてください",
                        "write '200', '5XX' or default",
                    ),
                );
                continue;
            };
            responses.push(ResponseDoc {
                statuses,
                content: self.content(response, Direction::Response),
                required_headers: self.required_headers(response),
                headers: self.header_schemas(response),
            });
        }
        let (scopes, secured) = self.security(operation);
        Operation {
            id,
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            request,
            responses,
            scopes,
            secured,
            parameters: self.parameters(item, operation),
        }
    }

    /// Scopes, and whether credentials are asked for at all; an empty requirement makes them optional.
    fn security(&self, operation: &Value) -> (Vec<String>, bool) {
        let asked = operation
            .get("security")
            .or_else(|| self.document.get("security"));
        let requirements = asked
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let optional = requirements
            .iter()
            .any(|r| r.as_object().is_some_and(serde_json::Map::is_empty));
        let secured = !requirements.is_empty() && !optional;
        let lists = requirements
            .iter()
            .filter_map(Value::as_object)
            .flat_map(|r| r.values());
        let scopes = lists.filter_map(Value::as_array).flatten();
        let mut names: Vec<String> = scopes
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        names.sort_unstable();
        names.dedup();
        (names, secured)
    }

    fn content(&mut self, holder: &Value, direction: Direction) -> Vec<Content> {
        let mut found = Vec::new();
        for (key, content) in members(holder.get("content")) {
            let Some(media_type) = MediaType::parse(key) else {
                self.complain(
                    key,
                    Bilingual::new(
                        format!("媒体型 \"{key}\" を読めません"),
                        format!("media type \"{key}\" cannot be read"),
                    ),
                    Bilingual::new(
                        "application/json のように書いてください",
                        "write it like application/json",
                    ),
                );
                continue;
            };
            let schema = content.get("schema");
            let examples = examples(content, schema.and_then(|s| self.followed(s)));
            let schema = schema.and_then(|schema| self.schema(schema, direction));
            found.push(Content {
                media_type,
                schema,
                examples,
                message: content
                    .get("x-renkei-xml")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
                xml: None,
            });
        }
        found
    }

    fn schema(&mut self, schema: &Value, direction: Direction) -> Option<Schema> {
        let fault = match Schema::compile(self.document, schema, direction) {
            Ok(schema) => return Some(schema),
            Err(fault) => fault,
        };
        let rule = match fault {
            SchemaFault::Invalid { .. } => "",
            _ => "SPC-016",
        };
        let (near, message) = match fault {
            SchemaFault::Outside(reference) => (
                reference.clone(),
                Bilingual::new(
                    format!("$ref \"{reference}\" が文書の外を指しています"),
                    format!("$ref \"{reference}\" points outside the document"),
                ),
            ),
            SchemaFault::Missing(reference) => (
                reference.clone(),
                Bilingual::new(
                    format!("$ref \"{reference}\" の先がありません"),
                    format!("$ref \"{reference}\" points to nothing"),
                ),
            ),
            SchemaFault::Invalid { reason, near } => (
                near,
                Bilingual::new(
                    format!("スキーマとして正しくありません: {reason}"),
                    format!("not a valid schema: {reason}"),
                ),
            ),
        };
        let help = Bilingual::new(
            "スキーマを直し、参照は #/components/schemas/… の形で書いてください",
            "correct the schema; write references as #/components/schemas/…",
        );
        self.complain_of(rule, &near, message, help);
        None
    }

    /// A component, its references followed (at most 32 of them).
    fn followed<'v>(&self, value: &'v Value) -> Option<&'v Value>
    where
        Self: 'v,
    {
        let mut here = value;
        for _ in 0..32 {
            let Some(reference) = here.get("$ref").and_then(Value::as_str) else {
                return Some(here);
            };
            here = self.document.pointer(reference.strip_prefix('#')?)?;
        }
        None
    }
}

/// Examples of a media type or parameter (`example`, `examples`), then those of its schema.
fn examples(holder: &Value, schema: Option<&Value>) -> Vec<Value> {
    let one = holder.get("example").into_iter();
    let several = holder.get("examples").and_then(Value::as_object);
    let several = several
        .into_iter()
        .flatten()
        .filter_map(|(_, e)| e.get("value"));
    let of_schema = schema.into_iter().flat_map(|s| {
        let list = s.get("examples").and_then(Value::as_array);
        s.get("example")
            .into_iter()
            .chain(list.into_iter().flatten())
    });
    one.chain(several).chain(of_schema).cloned().collect()
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let object = value.and_then(Value::as_object);
    object
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

fn statuses(word: &str) -> Option<Statuses> {
    if word == "default" {
        return Some(Statuses::Rest);
    }
    if let Some(class) = word.strip_suffix("XX").or_else(|| word.strip_suffix("xx")) {
        return class
            .parse()
            .ok()
            .filter(|c| (1..=5).contains(c))
            .map(Statuses::Class);
    }
    word.parse()
        .ok()
        .filter(|s| (100..=599).contains(s))
        .map(Statuses::One)
}

/// What `api.toml` names must exist in the document.
fn check_rules(
    file: &str,
    text: &str,
    rules: &ApiRules,
    operations: &BTreeMap<String, Operation>,
    problems: &mut Problems,
) {
    let mut complain = |near: &str, message, help| {
        let byte = text.find(near).unwrap_or(0);
        problems.push(Problem::at_byte(file, text, byte, message, help));
    };
    for operation in &rules.operation {
        if !operations.contains_key(&operation.id) {
            let known = operations.keys().cloned().collect::<Vec<_>>().join(", ");
            complain(
                &operation.id,
                Bilingual::new(
                    format!("操作 {} はOpenAPIの文書にありません", operation.id),
                    format!("operation {} is not in the OpenAPI document", operation.id),
                ),
                Bilingual::new(format!("あるもの: {known}"), format!("there are: {known}")),
            );
        }
    }
    if !rules.token.client_id.is_empty()
        && jsonschema::options()
            .offline()
            .build(&serde_json::json!({"pattern": rules.token.client_id}))
            .is_err()
    {
        complain(
            "client_id",
            Bilingual::new(
                "client_id が正規表現として読めません",
                "client_id is no regular expression",
            ),
            Bilingual::new(
                "[0-9A-Za-z]{32} のように書いてください",
                "write it like [0-9A-Za-z]{32}",
            ),
        );
    }
}

#[cfg(test)]
mod tests;
