//! An API as its pack describes it: the OpenAPI document (3.0 or 3.1), compiled schemas, and what `api.toml` adds.

mod load;
mod parameter;
mod rules;
mod schema;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::{MediaType, XmlMessage};
/// A schema of an OpenAPI document, ready to judge values; nothing when it cannot be used.
pub fn compile_schema(document: &Value, schema: &Value, direction: Direction) -> Option<Schema> {
    Schema::compile(document, schema, direction).ok()
}

pub use load::ApiFiles;
pub(super) use load::read_document;
pub use parameter::{In, Parameter, Style};
pub use rules::{
    ApiRules, Applies, Correlation, ErrorCode, ErrorKind, MediaRules, OperationRules, Property,
    RefusalRules, TimeRules, TokenRules,
};
pub use schema::{Direction, Schema, faults_of};

/// An API of a pack.
#[derive(Debug)]
pub struct Api {
    /// The OpenAPI document as read: the truth.
    pub document: Value,
    /// `info.version`.
    pub version: String,
    /// Operations by `operationId`.
    pub operations: BTreeMap<String, Operation>,
    /// What OpenAPI cannot say.
    pub rules: ApiRules,
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// HTTP method in upper case.
    pub method: String,
    /// Path template, below the base URL.
    pub path: String,
    /// What is sent; absent when the operation takes no body.
    pub request: Option<RequestDoc>,
    /// What is answered.
    pub responses: Vec<ResponseDoc>,
    /// Scopes that the document asks for.
    pub scopes: Vec<String>,
    /// The document asks for credentials.
    pub secured: bool,
    /// Parameters in path, query and headers.
    pub parameters: Vec<Parameter>,
}

/// A documented request body.
#[derive(Debug)]
pub struct RequestDoc {
    /// The body may not be left out.
    pub required: bool,
    /// Its forms.
    pub content: Vec<Content>,
}

/// A documented response.
#[derive(Debug)]
pub struct ResponseDoc {
    /// For which statuses.
    pub statuses: Statuses,
    /// Forms of its body; empty: no body is documented.
    pub content: Vec<Content>,
    /// Names of headers that are always there, lower case.
    pub required_headers: Vec<String>,
    /// Schemas of headers by their names, lower case.
    pub headers: Vec<(String, Schema)>,
}

/// A form of a body.
#[derive(Debug)]
pub struct Content {
    /// Media type as documented, with its parameters.
    pub media_type: MediaType,
    /// Its schema, if one is documented.
    pub schema: Option<Schema>,
    /// Examples in the order of the document.
    pub examples: Vec<Value>,
    /// The XML message of the pack that `x-renkei-xml` of the document names; empty: none.
    pub message: String,
    /// That message.
    pub xml: Option<Arc<XmlMessage>>,
}

/// Statuses that a documented response stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statuses {
    /// One status.
    One(u16),
    /// All of a class: 5 stands for `5XX`.
    Class(u16),
    /// All that are not documented otherwise (`default`).
    Rest,
}

impl Operation {
    /// The documented response for a status: the exact one, else its class, else `default` (OpenAPI 3.0.3, Responses Object).
    pub fn response(&self, status: u16) -> Option<&ResponseDoc> {
        let find = |wanted: Statuses| self.responses.iter().find(|r| r.statuses == wanted);
        find(Statuses::One(status))
            .or_else(|| find(Statuses::Class(status / 100)))
            .or_else(|| find(Statuses::Rest))
    }

    /// Documented statuses of success, in order, as people read them: `200`, `2XX`.
    pub fn success(&self) -> Vec<String> {
        let mut found: Vec<Statuses> = self
            .responses
            .iter()
            .map(|r| r.statuses)
            .filter(|s| matches!(s, Statuses::One(200..=299) | Statuses::Class(2)))
            .collect();
        found.sort_unstable();
        found.into_iter().map(Statuses::word).collect()
    }

    /// The documented JSON form of the request.
    pub fn request_content(&self) -> Option<&Content> {
        let content = &self.request.as_ref()?.content;
        content.iter().find(|c| c.media_type.is_json())
    }

    /// The documented schema of a JSON request.
    pub fn request_schema(&self) -> Option<&Schema> {
        self.request_content()?.schema.as_ref()
    }

    /// The documented schemas of all JSON bodies: that of the request, then those of the responses.
    pub fn schemas(&self) -> impl Iterator<Item = &Schema> {
        let answers = self.responses.iter().flat_map(|r| &r.content);
        let asked = self.request.iter().flat_map(|r| &r.content);
        let json = asked.chain(answers).filter(|c| c.media_type.is_json());
        json.filter_map(|c| c.schema.as_ref())
    }

    /// The documented schema of the JSON response with a status.
    pub fn response_schema(&self, status: u16) -> Option<&Schema> {
        let content = &self.response(status)?.content;
        content
            .iter()
            .find(|c| c.media_type.is_json())?
            .schema
            .as_ref()
    }
}

impl Statuses {
    /// As written in a document.
    pub fn word(self) -> String {
        match self {
            Self::One(status) => status.to_string(),
            Self::Class(class) => format!("{class}XX"),
            Self::Rest => "default".to_owned(),
        }
    }
}

impl Api {
    /// Every documented form of a body.
    pub(crate) fn contents_mut(&mut self) -> impl Iterator<Item = &mut Content> {
        self.operations.values_mut().flat_map(|operation| {
            let request = operation.request.iter_mut().flat_map(|r| &mut r.content);
            let answers = operation.responses.iter_mut().flat_map(|r| &mut r.content);
            request.chain(answers)
        })
    }

    /// The operation that answers to a method and a path below the base URL.
    pub fn operation_at(&self, method: &str, path: &str) -> Option<&Operation> {
        let fits = |o: &&Operation| o.method == method && parameter::fits(&o.path, path);
        let mut fitting: Vec<&Operation> = self.operations.values().filter(fits).collect();
        // A path without templates goes before one with (OpenAPI 3.0.3, Paths Object).
        fitting.sort_by_key(|o| o.path.matches('{').count());
        fitting.first().copied()
    }

    /// Longest length in characters of the request item at a JSON Pointer.
    pub fn max_length(&self, operation: &str, pointer: &str) -> Option<u64> {
        self.operations
            .get(operation)?
            .request_schema()?
            .max_length(pointer)
    }

    /// True when the request item at a JSON Pointer is required in its object.
    pub fn is_required(&self, operation: &str, pointer: &str) -> bool {
        let operation = self.operations.get(operation);
        operation
            .and_then(Operation::request_schema)
            .is_some_and(|schema| schema.is_required(pointer))
    }

    /// The scope a token needs for an operation: what `api.toml` says, else the only scope the document asks for.
    pub fn scope(&self, operation: &str) -> Option<&str> {
        let told = self.rules.operation(operation).map(|o| o.scope.as_str());
        told.filter(|s| !s.is_empty()).or_else(|| {
            match self.operations.get(operation)?.scopes.as_slice() {
                [only] => Some(only.as_str()),
                _ => None,
            }
        })
    }
}
