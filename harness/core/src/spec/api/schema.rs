//! OpenAPI 3.0 schemas as JSON Schema 2020-12: converted, compiled once, asked by JSON Pointer.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// A schema of the document, ready to judge bodies.
#[derive(Debug)]
pub struct Schema {
    /// JSON Schema 2020-12 with everything it refers to under `$defs`.
    pub json: Value,
    validator: Validator,
}

/// Whether a schema describes what is sent or what is answered; decides what `readOnly` and `writeOnly` mean
/// (OpenAPI 3.0.3, Schema Object: such members of `required` count for one direction only).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// In a request.
    Request,
    /// In a response.
    Response,
}

/// Formats that are asserted. `time` and others have no meaning in OpenAPI 3.0, so asserting them would be our invention.
const FORMATS: &[&str] = &[
    "date",
    "date-time",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uuid",
];

/// Why a schema cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SchemaFault {
    /// A reference that leaves the document.
    Outside(String),
    /// A reference to something that is not there.
    Missing(String),
    /// The result is no JSON Schema.
    Invalid {
        /// In the library's words.
        reason: String,
        /// The word of the document that it is about, if it is one.
        near: String,
    },
}

impl Schema {
    /// Converts the schema `root` of `document` and compiles it; nothing is fetched from anywhere.
    pub(super) fn compile(
        document: &Value,
        root: &Value,
        direction: Direction,
    ) -> Result<Self, SchemaFault> {
        let mut converter = Converter {
            direction,
            names: BTreeMap::new(),
            open: Vec::new(),
        };
        let mut converted = converter.schema(root)?;
        let mut definitions = Map::new();
        let mut done = 0;
        while let Some(reference) = converter.open.get(done).cloned() {
            done += 1;
            let pointer = reference.trim_start_matches('#');
            let decoded = percent_decoded(pointer);
            let target = document
                .pointer(&decoded)
                .ok_or_else(|| SchemaFault::Missing(reference.clone()))?;
            let body = converter.schema(target)?;
            if let Some(name) = converter.names.get(&reference) {
                definitions.insert(name.clone(), body);
            }
        }
        if let Some(object) = converted.as_object_mut() {
            object.insert(
                "$schema".to_owned(),
                json!("https://json-schema.org/draft/2020-12/schema"),
            );
            object.insert("$defs".to_owned(), Value::Object(definitions));
        }
        let validator = jsonschema::options()
            .offline()
            .should_validate_formats(true)
            .build(&converted)
            .map_err(|error| SchemaFault::Invalid {
                reason: error.to_string(),
                near: error.instance().as_str().unwrap_or_default().to_owned(),
            })?;
        Ok(Self {
            json: converted,
            validator,
        })
    }

    /// The compiled validator.
    pub fn validator(&self) -> &Validator {
        &self.validator
    }

    /// The schema of the value at a JSON Pointer, references followed; members of `allOf` are searched too.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        let mut here = self.followed(&self.json)?;
        for step in pointer.split('/').skip(1) {
            let name = step.replace("~1", "/").replace("~0", "~");
            here = self.child(here, &name, 0)?;
        }
        Some(here)
    }

    /// `maxLength` (characters) of the value at a JSON Pointer.
    pub fn max_length(&self, pointer: &str) -> Option<u64> {
        self.keyword(self.at(pointer)?, "maxLength", 0)?.as_u64()
    }

    /// True when the member at a JSON Pointer is required in its object.
    pub fn is_required(&self, pointer: &str) -> bool {
        let Some((parent, name)) = pointer.rsplit_once('/') else {
            return false;
        };
        let name = name.replace("~1", "/").replace("~0", "~");
        self.at(parent)
            .is_some_and(|schema| self.requires(schema, &name, 0))
    }

    /// The schema of a member (or, by its index, an element) inside the schema `inside`; references followed.
    pub fn member<'s>(&'s self, inside: &'s Value, name: &str) -> Option<&'s Value> {
        self.child(inside, name, 0)
    }

    /// True when the schema of an object names its members and leaves others neither described nor forbidden.
    pub fn names_members(&self, object: &Value) -> bool {
        let named = self.keyword(object, "properties", 0).is_some();
        let others = self.keyword(object, "additionalProperties", 0);
        named && matches!(others, None | Some(Value::Bool(true)))
    }

    fn requires(&self, schema: &Value, name: &str, depth: u8) -> bool {
        let told = schema.get("required").and_then(Value::as_array);
        let here = told.is_some_and(|names| names.iter().any(|n| n == name));
        here || self
            .parts(schema, depth)
            .any(|part| self.requires(part, name, depth + 1))
    }

    fn keyword<'s>(&'s self, schema: &'s Value, keyword: &str, depth: u8) -> Option<&'s Value> {
        schema.get(keyword).or_else(|| {
            self.parts(schema, depth)
                .find_map(|part| self.keyword(part, keyword, depth + 1))
        })
    }

    fn child<'s>(&'s self, schema: &'s Value, name: &str, depth: u8) -> Option<&'s Value> {
        let member = schema.get("properties").and_then(|p| p.get(name));
        let element = || {
            let is_index = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
            is_index.then(|| schema.get("items")).flatten()
        };
        match member.or_else(element) {
            Some(found) => self.followed(found),
            None => self
                .parts(schema, depth)
                .find_map(|part| self.child(part, name, depth + 1)),
        }
    }

    /// Members of `allOf`, `oneOf` and `anyOf`, references followed, to a bounded depth.
    fn parts<'s>(&'s self, schema: &'s Value, depth: u8) -> impl Iterator<Item = &'s Value> {
        let lists = ["allOf", "oneOf", "anyOf"]
            .into_iter()
            .filter(move |_| depth < 16);
        lists
            .filter_map(|list| schema.get(list)?.as_array())
            .flatten()
            .filter_map(|part| self.followed(part))
    }

    fn followed<'s>(&'s self, schema: &'s Value) -> Option<&'s Value> {
        let mut here = schema;
        for _ in 0..32 {
            let Some(reference) = here.get("$ref").and_then(Value::as_str) else {
                return Some(here);
            };
            here = self.json.pointer(reference.trim_start_matches('#'))?;
        }
        None
    }
}

struct Converter {
    direction: Direction,
    /// Name under `$defs` of every reference met.
    names: BTreeMap<String, String>,
    /// References in the order they were met; the first ones are converted.
    open: Vec<String>,
}

impl Converter {
    fn schema(&mut self, schema: &Value) -> Result<Value, SchemaFault> {
        let Some(object) = schema.as_object() else {
            return Ok(schema.clone());
        };
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

fn percent_decoded(pointer: &str) -> String {
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut rest = pointer.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|h| std::str::from_utf8(h).ok());
        let byte = hex.and_then(|h| u8::from_str_radix(h, 16).ok());
        match byte.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| pointer.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(root: Value) -> Schema {
        let document = json!({"components": {"schemas": {
            "名": {"type": "string", "maxLength": 3, "nullable": true},
            "tree": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/tree"}}},
        }}});
        Schema::compile(&document, &root, Direction::Response).expect("the schema is right")
    }

    #[test]
    fn dialect_3_0_means_what_it_says() {
        let number = schema(
            json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true, "example": 0}),
        );
        assert!(!number.validator().is_valid(&json!(0)));
        assert!(number.validator().is_valid(&json!(1)));
        let name = schema(json!({"type": "object", "required": ["a", "w"],
            "properties": {"a": {"$ref": "#/components/schemas/名"}, "w": {"type": "string", "writeOnly": true}}}));
        assert!(name.validator().is_valid(&json!({"a": null})));
        assert!(!name.validator().is_valid(&json!({"a": "あいうえ"})));
        assert!(!name.validator().is_valid(&json!({})));
        assert_eq!(name.max_length("/a"), Some(3));
        assert!(name.is_required("/a") && !name.is_required("/w"));
        let date = schema(json!({"type": "string", "format": "date"}));
        assert!(!date.validator().is_valid(&json!("2026-02-30")));
        let listed = schema(json!({"type": "string", "nullable": true, "enum": ["0"]}));
        assert!(!listed.validator().is_valid(&Value::Null));
    }

    #[test]
    fn recursion_is_followed_and_bad_references_are_told() {
        let tree = schema(json!({"$ref": "#/components/schemas/tree"}));
        assert!(!tree.validator().is_valid(&json!({"next": {"next": 1}})));
        assert!(tree.at("/next/next/next").is_some());
        let fault = |reference: &str| {
            Schema::compile(&json!({}), &json!({"$ref": reference}), Direction::Request).err()
        };
        assert_eq!(fault("#/x"), Some(SchemaFault::Missing("#/x".into())));
        let outside = "https://example.invalid/s.json";
        assert_eq!(fault(outside), Some(SchemaFault::Outside(outside.into())));
        assert_eq!(
            fault("other.yaml#/a"),
            Some(SchemaFault::Outside("other.yaml#/a".into()))
        );
    }
}
