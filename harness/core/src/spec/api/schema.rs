//! Schemas of an OpenAPI document as JSON Schema: converted, compiled once, asked by JSON Pointer.

mod alternatives;
mod convert;

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

pub use alternatives::faults_of;
use convert::Converter;
pub(in crate::spec::api) use convert::Dialect;

/// The dialect of OpenAPI 3.1 documents that name none, and of converted ones.
const NEWEST: &str = "https://json-schema.org/draft/2020-12/schema";

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
        let version = document.get("openapi").and_then(Value::as_str);
        let dialect = match version {
            Some(version) if !version.starts_with("3.0") => Dialect::JsonSchema,
            _ => Dialect::OpenApi30,
        };
        let mut converter = Converter {
            dialect,
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
            let draft = match dialect {
                Dialect::OpenApi30 => NEWEST,
                Dialect::JsonSchema => draft(document, root),
            };
            object.insert("$schema".to_owned(), json!(draft));
            let own = object.entry("$defs").or_insert_with(|| json!({}));
            if let Some(own) = own.as_object_mut() {
                own.append(&mut definitions);
            }
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

    /// A keyword of the schema `inside`, or of the parts that it is made of (`allOf` and the like).
    pub fn word<'s>(&'s self, inside: &'s Value, keyword: &str) -> Option<&'s Value> {
        self.keyword(inside, keyword, 0)
    }

    /// True when the schema `inside` requires a member.
    pub fn needs(&self, inside: &Value, name: &str) -> bool {
        self.requires(inside, name, 0)
    }

    /// Names of the members that the schema `inside` describes, in the order of the document.
    pub fn member_names<'s>(&'s self, inside: &'s Value) -> Vec<&'s str> {
        let mut names = Vec::new();
        self.collect_names(inside, 0, &mut names);
        names
    }

    fn collect_names<'s>(&'s self, here: &'s Value, depth: u8, names: &mut Vec<&'s str>) {
        let own = here.get("properties").and_then(Value::as_object);
        for name in own.into_iter().flatten().map(|(name, _)| name.as_str()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        for part in self.parts(here, depth) {
            self.collect_names(part, depth + 1, names);
        }
    }

    /// Types that the schema `inside` allows; empty: it does not say.
    pub fn types<'s>(&'s self, inside: &'s Value) -> Vec<&'s str> {
        match self.word(inside, "type") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The schema of a member (or, by its index, an element) inside the schema `inside`; references followed.
    pub fn member<'s>(&'s self, inside: &'s Value, name: &str) -> Option<&'s Value> {
        self.child(inside, name, 0)
    }

    /// True when the schema of an object names its members and leaves others neither described nor forbidden.
    pub fn names_members(&self, object: &Value) -> bool {
        let named = self.keyword(object, "properties", 0).is_some();
        let others = self.keyword(object, "additionalProperties", 0);
        let elsewhere = ["patternProperties", "unevaluatedProperties"];
        if elsewhere
            .iter()
            .any(|k| self.keyword(object, k, 0).is_some())
        {
            return false; // such members are described, or judged by the schema itself
        }
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
        let lists = ["allOf", "oneOf", "anyOf"].into_iter();
        lists.flat_map(move |list| self.listed(schema, list, depth))
    }

    /// Members of one of these lists, references followed, to a bounded depth.
    fn listed<'s>(
        &'s self,
        schema: &'s Value,
        list: &str,
        depth: u8,
    ) -> impl Iterator<Item = &'s Value> + use<'s> {
        let list = schema.get(list).filter(|_| depth < 16);
        let members = list.and_then(Value::as_array).into_iter().flatten();
        members.filter_map(|part| self.followed(part))
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

/// The draft a schema of a 3.1 document follows: what the schema, what it refers to, or the document says. The base dialect
/// of OpenAPI itself is 2020-12 with words that do not judge (OpenAPI 3.1.0, 4.8.24).
fn draft<'d>(document: &'d Value, root: &'d Value) -> &'d str {
    let mut here = root;
    let mut told = None;
    for _ in 0..32 {
        told = here.get("$schema").and_then(Value::as_str);
        let next = here.get("$ref").and_then(Value::as_str);
        let next = next.and_then(|r| document.pointer(&percent_decoded(r.strip_prefix('#')?)));
        match (told, next) {
            (None, Some(next)) => here = next,
            _ => break,
        }
    }
    let told = told.or_else(|| document.get("jsonSchemaDialect").and_then(Value::as_str));
    told.filter(|d| !d.contains("spec.openapis.org"))
        .unwrap_or(NEWEST)
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
