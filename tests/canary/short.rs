//! Values too short to be sought: one kanji of a name, two digits of an address. Files that differ in nothing but such
//! values must be told of in the same words; and a file may be called by a number that nobody may see.

use serde_json::Value;

use super::{my_number, nothing, seeker};
use crate::harness::{Bench, root};

const SPEC: &str = "jutogai-031/atena-kihon";
/// Parts of names, readings, addresses and days of birth, and others of the same class and length.
const SWAPS: [(&str, &str); 6] = [
    ("川", "村"),
    ("ヨ", "ユ"),
    ("美", "麻"),
    ("３番", "８番"),
    (",1956-04", ",1957-05"),
    (",1942-06", ",1941-07"),
];

fn swapped(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut out = bytes.to_vec();
    let found: Vec<usize> = memchr::memmem::find_iter(bytes, from.as_bytes()).collect();
    assert!(!found.is_empty(), "{from} is in the file");
    for at in found {
        out[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    out
}

/// What a check says, without digests of the bytes and without the clock.
fn told(bench: &Bench, bytes: &[u8]) -> (Value, Vec<u8>) {
    bench.write("f.csv", bytes);
    let args = ["check", "f.csv", "--spec", SPEC, "--format", "json"];
    let more = ["--as-of", "2026-11-23", "--occurrences", "o.jsonl"];
    let called = bench.renkei(&[&args[..], &more].concat()).expect_code(1);
    let mut document = called.result();
    for (list, keys) in [
        ("inputs", &["sha256"][..]),
        ("cases", &["duration_ms"]),
        ("log", &["sha256", "at"]),
    ] {
        for one in document[list].as_array_mut().into_iter().flatten() {
            for key in keys {
                one[*key] = Value::Null;
            }
        }
    }
    for key in ["id", "started_at", "finished_at"] {
        document["run"][key] = Value::Null;
    }
    let occurrences = std::fs::read(bench.path().join("o.jsonl")).expect("written");
    (document, occurrences)
}

#[test]
fn files_that_differ_in_short_values_are_told_of_alike() {
    let bench = Bench::new();
    let story = root().join("sample-data/joint-test/vendor-a/outbox");
    let bytes = std::fs::read(story.join("jutogai_131016_20261101_001.csv")).expect("a file");
    let (first, places) = told(&bench, &bytes);
    let findings = first["findings"].as_array().map_or(0, Vec::len);
    assert!(findings >= 10, "{findings}");
    for (from, to) in SWAPS {
        let (other, other_places) = told(&bench, &swapped(&bytes, from, to));
        assert_eq!(other, first, "{from} {to}");
        assert_eq!(other_places, places, "{from} {to}");
    }
}

#[test]
fn a_file_named_by_a_number_is_told_of_without_it() {
    let bench = Bench::new();
    let seeker = seeker();
    let name = format!("{}.csv", my_number());
    let sample = root().join("sample-data/check/atena-3-defects.csv");
    bench.write(&name, std::fs::read(sample).expect("a file"));
    let mut found = Vec::new();
    for format in ["text", "json", "sarif", "junit", "github"] {
        let called = bench
            .renkei(&["check", &name, "--spec", SPEC, "--format", format])
            .expect_code(1);
        found.extend(seeker.seek(format, called.stdout.as_bytes()));
        found.extend(seeker.seek(format, called.stderr.as_bytes()));
    }
    let called = bench
        .renkei(&["check", &format!("no-{name}"), "--spec", SPEC])
        .expect_code(2);
    found.extend(seeker.seek("missing", called.stderr.as_bytes()));
    nothing(found);
}
