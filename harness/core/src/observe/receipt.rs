//! What a receiver says about a file it took in (`renkei.receipt/v1`, `docs/plan.md`), read strictly.

use std::collections::BTreeSet;

use serde_json::Value;

use super::json::{Json, JsonFault, pointer_step};

/// What a receiver says about a file it took in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// File name.
    pub file: String,
    /// SHA-256 of what was received, lower-case hex.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Records received, header and trailer records included, a CSV header row excluded.
    pub records: u64,
    /// Records taken over.
    pub accepted: u64,
    /// Records refused.
    pub rejected: Vec<Rejected>,
}

/// A record that the receiver refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// 1-based over all records of the file, header and trailer records included.
    pub record: u64,
    /// The receiver's words.
    pub reason: String,
}

/// The file that was delivered, as the harness measured it.
#[derive(Clone, Copy, Debug)]
pub struct SentFile<'a> {
    /// File name.
    pub name: &'a str,
    /// SHA-256, lower-case hex.
    pub sha256: &'a str,
    /// Length in bytes.
    pub bytes: u64,
    /// Records, header and trailer records included, a CSV header row excluded.
    pub records: u64,
    /// Records in which the harness found something nonconforming, 1-based.
    pub nonconforming_records: &'a BTreeSet<u64>,
}

/// Why there is no receipt to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptFault {
    /// None came in time.
    Missing {
        /// How long was waited, in seconds.
        waited_s: u64,
    },
    /// It cannot be read.
    Unreadable(Vec<ReceiptMistake>),
}

/// One thing that is wrong with a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptMistake {
    /// JSON Pointer.
    pub pointer: String,
    /// 0-based byte offset from the start of the receipt.
    pub byte_offset: u64,
    /// What was expected there, in neutral notation.
    pub expected: String,
    /// What is there, in neutral notation.
    pub observed: String,
}

/// Value of `schema` in a receipt.
const SCHEMA: &str = "renkei.receipt/v1";
const MEMBERS: &[&str] = &[
    "schema", "file", "sha256", "bytes", "records", "accepted", "rejected",
];

impl Receipt {
    /// Reads a receipt.
    ///
    /// # Errors
    /// Every mistake in it, in order.
    pub fn read(bytes: &[u8]) -> Result<Self, ReceiptFault> {
        let json =
            Json::read(bytes).map_err(|fault| ReceiptFault::Unreadable(vec![not_json(fault)]))?;
        let mut reader = Reader {
            json: &json,
            mistakes: Vec::new(),
        };
        let receipt = reader.receipt();
        if reader.mistakes.is_empty() {
            Ok(receipt)
        } else {
            Err(ReceiptFault::Unreadable(reader.mistakes))
        }
    }
}

fn not_json(fault: JsonFault) -> ReceiptMistake {
    ReceiptMistake {
        pointer: fault.pointer,
        byte_offset: fault.offset as u64,
        expected: "JSON".to_owned(),
        observed: fault.kind.word(),
    }
}

struct Reader<'a> {
    json: &'a Json,
    mistakes: Vec<ReceiptMistake>,
}

impl Reader<'_> {
    fn complain(&mut self, pointer: &str, expected: &str, observed: impl Into<String>) {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let span = self.json.span(pointer).or_else(|| self.json.span(parent));
        self.mistakes.push(ReceiptMistake {
            pointer: pointer.chars().take(200).collect(),
            byte_offset: span.map_or(0, |s| s.offset as u64),
            expected: expected.to_owned(),
            observed: observed.into(),
        });
    }

    fn receipt(&mut self) -> Receipt {
        let root = &self.json.value;
        if let Some(object) = root.as_object() {
            for name in object.keys().filter(|k| !MEMBERS.contains(&k.as_str())) {
                let pointer = format!("/{}", pointer_step(name));
                self.complain(&pointer, &MEMBERS.join(" | "), "unknown member");
            }
        } else {
            self.complain("", "object", kind(root));
        }
        for repeated in &self.json.duplicates {
            self.complain(&repeated.pointer, "once", "twice");
        }
        if self.text("/schema") != SCHEMA {
            self.complain("/schema", SCHEMA, "another value");
        }
        let sha256 = self.text("/sha256");
        let is_digest = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
        if !sha256.is_empty() && !is_digest {
            self.complain(
                "/sha256",
                "64 hex digits",
                format!("string({})", sha256.chars().count()),
            );
        }
        Receipt {
            file: self.text("/file"),
            sha256: sha256.to_ascii_lowercase(),
            bytes: self.count("/bytes"),
            records: self.count("/records"),
            accepted: self.count("/accepted"),
            rejected: self.rejected(),
        }
    }

    fn text(&mut self, pointer: &str) -> String {
        match self.json.value.pointer(pointer) {
            Some(Value::String(text)) => return text.clone(),
            Some(other) => self.complain(pointer, "string", kind(other)),
            None => self.complain(pointer, "string", "absent"),
        }
        String::new()
    }

    fn count(&mut self, pointer: &str) -> u64 {
        let value = self.json.value.pointer(pointer);
        if let Some(count) = value.and_then(Value::as_u64) {
            return count;
        }
        self.complain(pointer, "whole number", value.map_or("absent", kind));
        0
    }

    fn rejected(&mut self) -> Vec<Rejected> {
        match self.json.value.pointer("/rejected") {
            Some(Value::Array(items)) => (0..items.len())
                .map(|index| Rejected {
                    record: self.count(&format!("/rejected/{index}/record")),
                    reason: self.text(&format!("/rejected/{index}/reason")),
                })
                .collect(),
            other => {
                self.complain("/rejected", "array", other.map_or("absent", kind));
                Vec::new()
            }
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_told() {
        let text = r#"{"schema":"x","file":1,"sha256":"zz","bytes":-1,"records":3,"records":3,"rejected":[{"record":"a","reason":"r"},7],"note":0}"#;
        let Err(ReceiptFault::Unreadable(mistakes)) = Receipt::read(text.as_bytes()) else {
            panic!("the receipt must be refused");
        };
        let places: Vec<_> = mistakes.iter().map(|m| m.pointer.as_str()).collect();
        assert_eq!(
            places,
            [
                "/note",
                "/records",
                "/schema",
                "/sha256",
                "/file",
                "/bytes",
                "/accepted",
                "/rejected/0/record",
                "/rejected/1/record",
                "/rejected/1/reason"
            ]
        );
        let note = mistakes.first().map(|m| m.byte_offset);
        assert_eq!(note, text.find(r#"0}"#).map(|at| at as u64));
        assert!(Receipt::read(b"[]").is_err() && Receipt::read(b"\xFF").is_err());
    }

    #[test]
    fn a_right_receipt_is_read() {
        let digest = "A".repeat(64);
        let text = format!(
            r#"{{"schema":"renkei.receipt/v1","file":"f","sha256":"{digest}","bytes":1,"records":2,"accepted":1,"rejected":[{{"record":2,"reason":"r"}}]}}"#
        );
        let receipt = Receipt::read(text.as_bytes()).expect("the receipt is right");
        assert_eq!(receipt.sha256, "a".repeat(64));
        assert_eq!(
            receipt.rejected,
            [Rejected {
                record: 2,
                reason: "r".into()
            }]
        );
    }
}
