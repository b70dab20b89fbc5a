//! Schemas of OpenAPI documents as plain JSON Schema: 3.0 becomes 2020-12, 3.1 and later keep their words. Everything
//! that is referred to moves under `$defs`, so that a schema stands alone.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Direction, FORMATS, SchemaFault};

/// Which rules the schemas of a document follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::spec::api) enum Dialect {
    /// OpenAPI 3.0: its own variant of an early draft.
    OpenApi30,
    /// JSON Schema as it stands (OpenAPI 3.1 and later).
    JsonSchema,
}

/// Keywords of JSON Schema, drafts 4 to 2020-12, whose value is a schema.
const ONE: &[&str] = &[
    "items",
    "additionalItems",
    "contains",
    "additionalProperties",
    "unevaluatedItems",
    "unevaluatedProperties",
    "propertyNames",
    "not",
    "if",
    "then",
    "else",
];
/// Keywords whose value is a list of schemas.
const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems", "items"];
/// Keywords whose value maps names to schemas.
const NAMED: &[&str] = &[
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
    "dependencies",
];
/// Words that say nothing about validity and may be of any shape.
const WORDS: &[&str] = &[
    "example",
    "examples",
    "xml",
    "discriminator",
    "externalDocs",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$schema",
    "$id",
    "id",
    "$comment",
    "contentSchema",
];

pub(super) struct Converter {
    pub(super) dialect: Dialect,
    pub(super) direction: Direction,
    /// Name under `$defs` of every reference met.
    pub(super) names: BTreeMap<String, String>,
    /// References in the order they were met; the first ones are converted.
    pub(super) open: Vec<String>,
}

impl Converter {
    pub(super) fn schema(&mut self, schema: &Value) -> Result<Value, SchemaFault> {
        let Some(object) = schema.as_object() else {
            return Ok(schema.clone());
        };
        if self.dialect == Dialect::JsonSchema {
            return self.plain(object);
        }
        if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
            return Ok(json!({ "$ref": self.reference(reference)? })); // siblings of $ref do not count in 3.0
        }
        let mut out = Map::new();
        for (key, value) in object {
            if let Some((key, value)) = self.member(key, value)? {
                out.insert(key, value);
            }
        }
        bounds(object, &mut out);
        nullable(object, &mut out);
        self.directed(object, &mut out);
        Ok(Value::Object(out))
    }

    /// A schema that already is JSON Schema: references are moved, formats that are not asserted are left out.
    fn plain(&mut self, object: &Map<String, Value>) -> Result<Value, SchemaFault> {
        let mut out = Map::new();
        for (key, value) in object {
            let name = key.as_str();
            let value = match (name, value) {
                ("$ref", Value::String(reference)) => Value::String(self.reference(reference)?),
                ("$dynamicRef" | "$recursiveRef", Value::String(reference)) => {
                    return Err(SchemaFault::Outside(reference.clone()));
                }
                ("format", format) if !FORMATS.iter().any(|f| format == f) => continue,
                (_, Value::Array(parts)) if LIST.contains(&name) => Value::Array(
                    parts
                        .iter()
                        .map(|p| self.schema(p))
                        .collect::<Result<_, _>>()?,
                ),
                (_, Value::Object(members)) if NAMED.contains(&name) => {
                    let mut named = Map::new();
                    for (name, schema) in members {
                        named.insert(name.clone(), self.schema(schema)?);
                    }
                    Value::Object(named)
                }
                _ if ONE.contains(&name) => self.schema(value)?,
                _ if WORDS.contains(&name) || name.starts_with("x-") => continue,
                _ => value.clone(),
            };
            out.insert(key.clone(), value);
        }
        self.directed(object, &mut out);
        Ok(Value::Object(out))
    }

    fn member(&mut self, key: &str, value: &Value) -> Result<Option<(String, Value)>, SchemaFault> {
        let value = match key {
            "properties" => {
                let mut members = Map::new();
                for (name, schema) in value.as_object().into_iter().flatten() {
                    members.insert(name.clone(), self.schema(schema)?);
                }
                Value::Object(members)
            }
            "items" | "not" | "additionalProperties" => self.schema(value)?,
            "allOf" | "anyOf" | "oneOf" => {
                let parts = value.as_array().into_iter().flatten();
                Value::Array(parts.map(|p| self.schema(p)).collect::<Result<_, _>>()?)
            }
            "format" if !FORMATS.iter().any(|f| value == f) => return Ok(None),
            "type" | "title" | "description" | "enum" | "default" | "format" | "pattern"
            | "required" | "multipleOf" | "maximum" | "minimum" | "maxLength" | "minLength"
            | "maxItems" | "minItems" | "uniqueItems" | "maxProperties" | "minProperties" => {
                value.clone()
            }
            _ => return Ok(None), // example, xml, discriminator, nullable, x-… and what bounds() writes
        };
        Ok(Some((key.to_owned(), value)))
    }

    fn reference(&mut self, reference: &str) -> Result<String, SchemaFault> {
        if !reference.starts_with("#/") {
            return Err(SchemaFault::Outside(reference.to_owned()));
        }
        if !self.names.contains_key(reference) {
            let name = format!("s{}", self.names.len());
            self.names.insert(reference.to_owned(), name);
            self.open.push(reference.to_owned());
        }
        let name = self.names.get(reference).map_or("", String::as_str);
        Ok(format!("#/$defs/{name}"))
    }

    /// Takes members that do not belong in this direction out of `required`.
    fn directed(&self, object: &Map<String, Value>, out: &mut Map<String, Value>) {
        let flag = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let properties = object.get("properties");
        let elsewhere = |name: &Value| {
            let property = name.as_str().and_then(|n| properties?.get(n));
            property.and_then(|p| p.get(flag)) == Some(&Value::Bool(true))
        };
        if let Some(Value::Array(required)) = out.get_mut("required") {
            required.retain(|name| !elsewhere(name));
        }
    }
}

/// Boolean `exclusiveMinimum`/`exclusiveMaximum` of 3.0 as the numbers of 2020-12.
fn bounds(object: &Map<String, Value>, out: &mut Map<String, Value>) {
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if object.get(flag) == Some(&Value::Bool(true))
            && let Some(limit) = out.remove(bound)
        {
            out.insert(flag.to_owned(), limit);
        }
    }
}

/// `nullable` counts only beside `type` (OpenAPI 3.0.3, proposal 2019-10-31); an `enum` must name null itself.
fn nullable(object: &Map<String, Value>, out: &mut Map<String, Value>) {
    if object.get("nullable") == Some(&Value::Bool(true))
        && let Some(Value::String(kind)) = object.get("type")
    {
        out.insert("type".to_owned(), json!([kind, "null"]));
    }
}
