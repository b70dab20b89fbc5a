//! `result.sarif`: SARIF 2.1.0 (OASIS Standard, 27 March 2020), for code-scanning services and editors.
//!
//! `fail` is an error; what a person must decide or nobody could judge is a warning, with the exact effect in the result's
//! properties. Byte offsets are 0-based as in the result document; where nothing but a log number or a pointer is known,
//! the place is a logical location.

use std::collections::BTreeMap;

use renkei_core::check::rule;
use renkei_core::model::{Finding, InBaseline, Lang, Level, Location, Verdict};
use renkei_core::record::ResultDocument;
use serde_json::{Map, Value, json};

use crate::{ReportError, moment, view, visible};

/// Where the schema of the format is published.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The document as SARIF.
pub(crate) fn render(doc: &ResultDocument, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let findings = view::ordered(doc);
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &findings {
        let next = rules.len();
        rules.entry(&finding.rule).or_insert(next);
    }
    let mut descriptors: Vec<(usize, Value)> = rules
        .iter()
        .map(|(code, at)| (*at, descriptor(code, lang)))
        .collect();
    descriptors.sort_by_key(|(at, _)| *at);
    let descriptors: Vec<Value> = descriptors.into_iter().map(|(_, rule)| rule).collect();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| result(doc, finding, rules.get(finding.rule.as_str()), lang))
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": doc.tool.name, "version": doc.tool.version, "semanticVersion": doc.tool.version,
                "language": lang.to_string(), "rules": descriptors,
            }},
            "automationDetails": { "id": format!("{}/", visible::line(&doc.run.id)) },
            "invocations": [{
                "executionSuccessful": doc.verdict != Verdict::ToolError,
                "exitCode": doc.exit_code,
                "commandLine": visible::line(&doc.run.reproduce),
                "startTimeUtc": moment::utc(&doc.run.started_at), "endTimeUtc": moment::utc(&doc.run.finished_at),
            }],
            "artifacts": doc.inputs.iter().map(|input| json!({
                "location": { "uri": uri(&input.name) }, "length": input.bytes, "hashes": { "sha-256": input.sha256 },
            })).collect::<Vec<_>>(),
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": { "verdict": doc.verdict.as_str(), "data_class": doc.run.data_class },
        }],
    });
    let mut bytes =
        serde_json::to_vec_pretty(&log).map_err(|e| ReportError::Json(e.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn descriptor(code: &str, lang: Lang) -> Value {
    // A document of another version may name a rule that this one does not have.
    let Some(rule) = rule(code) else {
        return json!({ "id": code, "shortDescription": { "text": code }, "help": { "text": code } });
    };
    let page = rule.page();
    let head = &page.head;
    json!({
        "id": code,
        "name": pascal(rule.name),
        "shortDescription": { "text": head.title.get(lang) },
        "fullDescription": { "text": head.message.get(lang) },
        "help": {
            "text": format!("{}\n\nrenkei explain {code}", head.fix.get(lang)),
            "markdown": page.body,
        },
        "defaultConfiguration": { "level": level(head.level, head.effect) },
        "properties": { "source": head.source, "since": head.since },
    })
}

/// `character-outside-repertoire` as SARIF likes names.
fn pascal(name: &str) -> String {
    name.split(['-', '_', ' '])
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(chars).collect()
            })
        })
        .collect()
}

fn level(level: Level, effect: Verdict) -> &'static str {
    match (level, effect) {
        (Level::Error, Verdict::Fail) => "error",
        (Level::Error, _) | (Level::Warning, _) => "warning",
        (Level::Notice, _) => "note",
        (Level::Off, _) => "none",
    }
}

fn result(doc: &ResultDocument, finding: &Finding, rule: Option<&usize>, lang: Lang) -> Value {
    let mut text = visible::line(finding.message.get(lang));
    for (label, value) in [
        ("text.expected", &finding.expected),
        ("text.observed", &finding.observed),
    ] {
        if !value.is_empty() {
            text.push_str(&format!(
                " [{}: {}]",
                crate::words::get(lang, label),
                visible::line(value)
            ));
        }
    }
    let mut made = json!({
        "ruleId": finding.rule,
        "level": level(finding.level, finding.effect),
        "kind": "fail",
        "message": { "text": text },
        "locations": [place(&finding.location, doc, lang)],
        "occurrenceCount": finding.count,
        "partialFingerprints": { "renkei/v1": finding.fingerprint },
        "properties": {
            "id": finding.id, "effect": finding.effect.as_str(), "case": finding.case,
            "cause": finding.cause.kind.as_str(), "confidence": finding.cause.confidence.as_str(),
            "side": view::side(doc, finding, lang), "fix": finding.fix.get(lang),
        },
    });
    let others: Vec<Value> = finding
        .samples
        .iter()
        .filter(|sample| **sample != finding.location)
        .map(|sample| place(sample, doc, lang))
        .collect();
    if let Some(map) = made.as_object_mut() {
        if let Some(at) = rule {
            map.insert("ruleIndex".into(), json!(at));
        }
        if !others.is_empty() {
            map.insert("relatedLocations".into(), json!(others));
        }
        if let Some(state) = finding.baseline {
            let word = match state {
                InBaseline::New => "new",
                InBaseline::Worse => "updated",
                InBaseline::Known => "unchanged",
            };
            map.insert("baselineState".into(), json!(word));
        }
    }
    made
}

fn place(at: &Location, doc: &ResultDocument, lang: Lang) -> Value {
    let mut made = Map::new();
    let words = view::place(at, lang).join(" ");
    made.insert("message".into(), json!({ "text": words }));
    if let Some(file) = &at.file {
        let mut artifact = json!({ "uri": uri(file) });
        if let Some(index) = doc.inputs.iter().position(|input| input.name == *file) {
            artifact["index"] = json!(index);
        }
        let mut physical = json!({ "artifactLocation": artifact });
        let region = region(at);
        if !region.is_empty() {
            physical["region"] = Value::Object(region);
        }
        made.insert("physicalLocation".into(), physical);
    }
    let logical: Vec<Value> = [
        ("field", &at.field),
        ("pointer", &at.pointer),
        ("xpath", &at.xpath),
        ("item", &at.item),
        ("log", &at.log),
    ]
    .into_iter()
    .filter_map(|(kind, name)| name.as_ref().map(|name| (kind, visible::line(name))))
    .map(|(kind, name)| json!({ "kind": kind, "fullyQualifiedName": format!("{kind}:{name}") }))
    .collect();
    if !logical.is_empty() {
        made.insert("logicalLocations".into(), json!(logical));
    }
    Value::Object(made)
}

/// Lines from 1, bytes from 0, as SARIF counts them (3.30.5, 3.30.11).
fn region(at: &Location) -> Map<String, Value> {
    let mut region = Map::new();
    if let Some(line) = at.line.filter(|line| *line > 0) {
        region.insert("startLine".into(), json!(line));
    }
    if let Some(offset) = at.byte_offset {
        region.insert("byteOffset".into(), json!(offset));
        region.insert("byteLength".into(), json!(at.byte_length.unwrap_or(0)));
    }
    region
}

/// A file's name as a relative URI reference (RFC 3986): whatever is not unreserved or `/` is percent-encoded.
fn uri(name: &str) -> String {
    name.replace('\\', "/")
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
