//! The result contract: the schema accepts the documents we write and refuses every one that lacks a required key.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its document is not as expected"
)]

mod documents;

use jsonschema::Validator;
use renkei_core::model::Lang;
use renkei_core::record::{ResultDocument, schema_text};
use renkei_report::{Format, Options, render};
use serde_json::Value;

use documents::{CLEAN, FAILING, value};

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(schema_text()).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn complaints(validator: &Validator, document: &Value) -> Vec<String> {
    validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_fixtures_conform() {
    let validator = validator();
    for source in [FAILING, CLEAN] {
        assert_eq!(complaints(&validator, &value(source)), Vec::<String>::new());
    }
}

#[test]
fn the_json_report_conforms_and_reads_back() {
    let validator = validator();
    for source in [FAILING, CLEAN] {
        let doc = documents::read(source);
        let made = render(&doc, Format::Json, Lang::Ja, &Options::default()).unwrap();
        let text = std::str::from_utf8(&made[0].bytes).unwrap();
        let json: Value = serde_json::from_str(text).unwrap();
        assert_eq!(complaints(&validator, &json), Vec::<String>::new());
        assert_eq!(serde_json::from_str::<ResultDocument>(text).unwrap(), doc);
        assert!(text.ends_with("}\n") && text.starts_with("{\n  \"schema\""));
        let english = render(&doc, Format::Json, Lang::En, &Options::default()).unwrap();
        assert_eq!(made, english, "JSON does not depend on the language");
    }
}

/// Every way to the objects of a document, as JSON Pointers, one per kind of object.
fn objects(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            out.push(at.to_owned());
            for (key, child) in map {
                objects(
                    child,
                    &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                    out,
                );
            }
        }
        Value::Array(items) => {
            for (i, child) in items.iter().enumerate().take(4) {
                objects(child, &format!("{at}/{i}"), out);
            }
        }
        _ => {}
    }
}

/// Keys that a document may leave out, by the object's name in the schema.
fn optional(pointer: &str, key: &str) -> bool {
    let inside = |part: &str| pointer.contains(part);
    let location = pointer.ends_with("/location") || inside("/samples/");
    location
        || pointer == "/counts"
        || (key == "records" && inside("/inputs/"))
        || (key == "not_run" && inside("/cases/"))
        || (["case", "hex", "ruler", "explains", "baseline"].contains(&key)
            && inside("/findings/")
            && !inside("/ruler"))
        || (["field", "marked"].contains(&key) && inside("/cells/"))
}

#[test]
fn a_document_without_a_required_key_is_refused() {
    let validator = validator();
    let document = value(FAILING);
    let mut pointers = Vec::new();
    objects(&document, "", &mut pointers);
    let mut removed = 0;
    for pointer in pointers {
        let keys: Vec<String> = document
            .pointer(&pointer)
            .unwrap()
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        for key in keys {
            let mut less = document.clone();
            less.pointer_mut(&pointer)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .shift_remove(&key);
            let accepted = validator.is_valid(&less);
            assert_eq!(
                accepted,
                optional(&pointer, &key),
                "{pointer} without {key}"
            );
            removed += usize::from(!accepted);
        }
    }
    assert!(removed > 300, "only {removed} keys were tried");
}

#[test]
fn unknown_keys_and_words_are_refused() {
    let validator = validator();
    let changes: [(&str, Value); 10] = [
        ("/schema", "renkei.result/v2".into()),
        ("/verdict", "ok".into()),
        ("/exit_code", 9.into()),
        ("/run/started_at", "2026-11-22 14:03".into()),
        ("/packs/0/sha256", "AB".into()),
        ("/findings/0/rule", "ENC-3".into()),
        ("/findings/0/level", "off".into()),
        ("/findings/3/hex", "ee e0".into()),
        ("/findings/0/count", 0.into()),
        ("/cases/0/method", "mail".into()),
    ];
    for (pointer, bad) in changes {
        let mut document = value(FAILING);
        *document.pointer_mut(pointer).unwrap() = bad;
        assert!(!validator.is_valid(&document), "{pointer}");
    }
    for pointer in [
        "",
        "/run",
        "/cases/0",
        "/findings/0",
        "/findings/0/location",
        "/findings/3/ruler/cells/0",
        "/log/0",
    ] {
        let mut document = value(FAILING);
        document
            .pointer_mut(pointer)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .insert("extra".into(), 1.into());
        assert!(!validator.is_valid(&document), "{pointer}");
    }
}
