//! Parameters of operations and headers of answers.

use serde_json::Value;

use super::{Reader, examples, members};
use crate::spec::api::{Direction, In, Parameter, Schema, Style};

impl Reader<'_> {
    /// Parameters of the path item, overridden by those of the operation (OpenAPI 3.0.3, Path Item Object).
    pub(super) fn parameters(&mut self, item: &Value, operation: &Value) -> Vec<Parameter> {
        let mut found: Vec<Parameter> = Vec::new();
        let lists = [item, operation].map(|holder| holder.get("parameters"));
        for one in lists
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
        {
            let Some(one) = self.followed(one) else {
                continue;
            };
            let word = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default();
            let Some(place) = In::of(word("in")) else {
                continue;
            };
            let name = word("name").to_owned();
            let schema = one.get("schema");
            let examples = examples(one, schema);
            let schema = schema.and_then(|s| self.schema(s, Direction::Request));
            found.retain(|p| p.place != place || p.name != name);
            found.push(Parameter {
                required: place == In::Path || one.get("required") == Some(&Value::Bool(true)),
                name,
                place,
                schema,
                examples,
                style: Style::of(word("style")),
                explode: one
                    .get("explode")
                    .and_then(Value::as_bool)
                    .unwrap_or_else(|| {
                        matches!(place, In::Query | In::Cookie)
                            && matches!(word("style"), "" | "form")
                    }),
                empty_allowed: one.get("allowEmptyValue") == Some(&Value::Bool(true)),
            });
        }
        found
    }

    /// Schemas of headers, by their names in lower case.
    pub(super) fn header_schemas(&mut self, response: &Value) -> Vec<(String, Schema)> {
        let mut found = Vec::new();
        for (name, header) in members(response.get("headers")) {
            let schema = self.followed(header).and_then(|h| h.get("schema"));
            if let Some(schema) = schema.and_then(|s| self.schema(s, Direction::Response)) {
                found.push((name.to_ascii_lowercase(), schema));
            }
        }
        found
    }

    pub(super) fn required_headers(&mut self, response: &Value) -> Vec<String> {
        let mut names = Vec::new();
        for (name, header) in members(response.get("headers")) {
            let header = self.followed(header);
            if header.is_some_and(|h| h.get("required") == Some(&Value::Bool(true))) {
                names.push(name.to_ascii_lowercase());
            }
        }
        names
    }
}
