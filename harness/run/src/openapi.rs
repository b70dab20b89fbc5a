//! The little of an OpenAPI document that exchanging needs: where an operation is, which scope it asks for, and what its
//! request schema says of a place. The document stays a JSON value; nothing here judges.

use std::collections::BTreeMap;

use serde_json::Value;

/// An API of a pack.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// The OpenAPI document.
    pub document: Value,
    /// Scope to ask for, by `operationId`.
    pub scopes: BTreeMap<String, String>,
}

/// An operation of an API.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// `operationId`.
    pub id: &'a str,
    /// Method in upper case.
    pub method: &'static str,
    /// Path as the document writes it.
    pub path: &'a str,
    /// The operation object.
    pub value: &'a Value,
}

const METHODS: [(&str, &str); 8] = [
    ("get", "GET"),
    ("put", "PUT"),
    ("post", "POST"),
    ("delete", "DELETE"),
    ("options", "OPTIONS"),
    ("head", "HEAD"),
    ("patch", "PATCH"),
    ("trace", "TRACE"),
];

/// Longest chain of `$ref` that is followed: more is a circle.
const REF_DEPTH: usize = 32;

impl Api {
    /// An API whose scopes are those that the document's own `security` entries name; the first of each operation counts.
    pub fn new(document: Value) -> Self {
        let mut api = Self {
            document,
            scopes: BTreeMap::new(),
        };
        let scopes = api
            .operations()
            .filter_map(|op| Some((op.id.to_owned(), api.documented_scope(op)?)))
            .collect();
        api.scopes = scopes;
        api
    }

    /// All operations that have an id, in the order of the document.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let paths = self.document.get("paths").and_then(Value::as_object);
        paths.into_iter().flatten().flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |(key, method)| {
                let value = item.get(key)?;
                let id = value.get("operationId")?.as_str()?;
                Some(Operation {
                    id,
                    method,
                    path,
                    value,
                })
            })
        })
    }

    /// An operation by id.
    pub fn operation(&self, id: &str) -> Option<Operation<'_>> {
        self.operations().find(|op| op.id == id)
    }

    /// The scope to ask for; empty when nothing names one.
    pub fn scope(&self, operation: &str) -> &str {
        self.scopes.get(operation).map_or("", String::as_str)
    }

    fn documented_scope(&self, op: Operation<'_>) -> Option<String> {
        let security = op
            .value
            .get("security")
            .or_else(|| self.document.get("security"))?;
        security.as_array()?.iter().find_map(|requirement| {
            let lists = requirement.as_object()?;
            lists
                .values()
                .find_map(|scopes| Some(scopes.as_array()?.first()?.as_str()?.to_owned()))
        })
    }

    /// Schema of the JSON request body.
    pub fn request_schema(&self, op: Operation<'_>) -> Option<&Value> {
        let body = self.resolve(self.find(op, "requestBody")?)?;
        self.json_schema(body)
    }

    /// Schema of the JSON response body of a status.
    pub fn response_schema(&self, op: Operation<'_>, status: &str) -> Option<&Value> {
        let responses = self.find(op, "responses")?;
        let response = self.resolve(responses.get(status)?)?;
        self.json_schema(response)
    }

    /// The operation's member, borrowed from the document itself.
    fn find(&self, op: Operation<'_>, member: &str) -> Option<&Value> {
        let key = METHODS.iter().find(|(_, method)| *method == op.method)?.0;
        self.document
            .get("paths")?
            .get(op.path)?
            .get(key)?
            .get(member)
    }

    fn json_schema<'a>(&'a self, body: &'a Value) -> Option<&'a Value> {
        let content = body.get("content")?.as_object()?;
        let media = content
            .iter()
            .find(|(name, _)| name.to_ascii_lowercase().starts_with("application/json"))?
            .1;
        self.resolve(media.get("schema")?)
    }

    /// Follows `$ref` within the document.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> Option<&'a Value> {
        let mut value = value;
        for _ in 0..REF_DEPTH {
            match value.get("$ref").and_then(Value::as_str) {
                Some(reference) => value = self.document.pointer(reference.strip_prefix('#')?)?,
                None => return Some(value),
            }
        }
        None
    }

    /// The schema that holds for the place a JSON Pointer names in a value of `schema`.
    pub fn schema_at<'a>(&'a self, schema: &'a Value, pointer: &str) -> Option<&'a Value> {
        let mut schema = self.resolve(schema)?;
        for token in pointer.split('/').skip(1) {
            let name = token.replace("~1", "/").replace("~0", "~");
            schema = self.member(schema, &name, REF_DEPTH)?;
        }
        Some(schema)
    }

    fn member<'a>(&'a self, schema: &'a Value, name: &str, depth: usize) -> Option<&'a Value> {
        let depth = depth.checked_sub(1)?;
        if let Some(found) = schema.get("properties").and_then(|p| p.get(name)) {
            return self.resolve(found);
        }
        if name.parse::<usize>().is_ok()
            && let Some(items) = schema.get("items")
        {
            return self.resolve(items);
        }
        let parts = schema.get("allOf")?.as_array()?;
        parts
            .iter()
            .find_map(|part| self.member(self.resolve(part)?, name, depth))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small API in the shape of the numbering API.
    pub(crate) fn numbering() -> Api {
        let text = include_str!("openapi_sample.json");
        Api::new(serde_json::from_str(text).unwrap_or_default())
    }

    #[test]
    fn operations_scopes_and_schemas_are_found() {
        let api = numbering();
        let op = api.operation("jutogaishaatenabangofuban");
        assert!(op.is_some());
        let Some(op) = op else { return };
        assert_eq!(
            (op.method, op.path),
            ("POST", "/app_submit/v10/jutogaishaatenabangofuban")
        );
        assert_eq!(
            api.scope(op.id),
            "031:app_submit/v10/jutogaishaatenabangofuban:Create"
        );
        let schema = api.request_schema(op).unwrap_or(&Value::Null);
        let at = |pointer| {
            api.schema_at(schema, pointer)
                .and_then(|s| s.get("maxLength"))
                .and_then(Value::as_u64)
        };
        assert_eq!(at("/shikuchosonkodo"), Some(6));
        assert_eq!(at("/jusho/choaza"), Some(120));
        assert_eq!(at("/nothing"), None);
        assert!(api.response_schema(op, "200").is_some());
    }

    #[test]
    fn circles_of_references_end() {
        let api = Api::new(serde_json::json!({"a": {"$ref": "#/a"}}));
        assert_eq!(api.resolve(&serde_json::json!({"$ref": "#/a"})), None);
    }
}
