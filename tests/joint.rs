//! The joint test of the samples: the clean story passes, the seeded one gives exactly the findings of its ledger, and
//! removing any one seed removes its findings and changes nothing else.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use serde_json::Value;

use crate::harness::{Bench, root};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    schema: String,
    finding: Vec<Expected>,
    seed: Vec<Seed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    seed: String,
    rule: String,
    #[serde(default)]
    case: String,
    file: Option<String>,
    record: Option<u64>,
    field: Option<String>,
    byte_offset: Option<u64>,
    pointer: Option<String>,
    item: Option<String>,
    #[serde(default = "one")]
    count: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    id: String,
    #[expect(dead_code, reason = "for people")]
    title: Value,
    remove: Removal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Removal {
    file: String,
    offset: Option<usize>,
    seeded: Option<String>,
    clean: Option<String>,
    seeded_text: Option<String>,
    clean_text: Option<String>,
}

fn one() -> u64 {
    1
}

fn ledger() -> Ledger {
    let path = root().join("sample-data/joint-test/expected-findings.toml");
    let text = std::fs::read_to_string(path).expect("the ledger is there");
    let ledger: Ledger = toml::from_str(&text).expect("the ledger is right");
    assert_eq!(ledger.schema, "renkei.expected-findings/v1");
    ledger
}

fn findings(document: &Value) -> Vec<Value> {
    document["findings"].as_array().cloned().unwrap_or_default()
}

/// True when a finding is what the ledger expects; what the ledger does not state may be anything.
fn is(expected: &Expected, finding: &Value) -> bool {
    let at = &finding["location"];
    let text =
        |wanted: &Option<String>, key: &str| wanted.as_ref().is_none_or(|w| at[key] == w.as_str());
    let number = |wanted: Option<u64>, key: &str| wanted.is_none_or(|w| at[key] == w);
    finding["rule"] == expected.rule.as_str()
        && finding["case"].as_str().unwrap_or("") == expected.case
        && finding["count"] == expected.count
        && text(&expected.file, "file")
        && text(&expected.field, "field")
        && text(&expected.pointer, "pointer")
        && text(&expected.item, "item")
        && number(expected.record, "record")
        && number(expected.byte_offset, "byte_offset")
}

/// Compares in both directions; gives back what differs.
fn differences(expected: &[Expected], document: &Value) -> Vec<String> {
    let mut rest = findings(document);
    let mut wrong = Vec::new();
    for wanted in expected {
        match rest.iter().position(|finding| is(wanted, finding)) {
            Some(at) => {
                rest.remove(at);
            }
            None => wrong.push(format!("missing: {wanted:?}")),
        }
    }
    wrong.extend(rest.iter().map(|f| {
        format!(
            "unexpected: {} {} {} x{} {}",
            f["rule"], f["case"], f["location"], f["count"], f["message"]["en"]
        )
    }));
    wrong
}

fn run(bench: &Bench, story: &Path, code: i32) -> Value {
    let plan = story.join("plan.toml");
    let args = [
        "run",
        plan.to_str().expect("the path is UTF-8"),
        "--out",
        "runs",
        "--format",
        "json",
    ];
    bench.renkei(&args).expect_code(code).result()
}

#[test]
fn the_clean_story_passes() {
    let bench = Bench::new();
    let story = bench.copy("sample-data/joint-test-clean");
    let document = run(&bench, &story, 0);
    assert_eq!(document["verdict"], "pass");
    assert_eq!(findings(&document), Vec::<Value>::new());
    assert!(
        document["cases"]
            .as_array()
            .is_some_and(|cases| cases.len() >= 8)
    );
}

#[test]
fn the_seeded_story_gives_its_ledger_in_both_directions() {
    let bench = Bench::new();
    let story = bench.copy("sample-data/joint-test");
    let document = run(&bench, &story, 1);
    let wrong = differences(&ledger().finding, &document);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn removing_one_seed_removes_its_findings_and_nothing_else() {
    let ledger = ledger();
    assert!(ledger.seed.len() >= 15, "only {} seeds", ledger.seed.len());
    let next = AtomicUsize::new(0);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    let mut wrong = Vec::new();
                    while let Some(seed) = ledger.seed.get(next.fetch_add(1, Ordering::Relaxed)) {
                        wrong.extend(without(seed, &ledger.finding));
                    }
                    wrong
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker ends"))
            .collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn without(seed: &Seed, all: &[Expected]) -> Vec<String> {
    let bench = Bench::new();
    let story = bench.copy("sample-data/joint-test");
    let (at, grown) = remove(&story, &seed.remove);
    let name = Path::new(&seed.remove.file)
        .file_name()
        .and_then(|n| n.to_str())
        .map(str::to_owned);
    let mut left: Vec<Expected> = all.iter().filter(|f| f.seed != seed.id).cloned().collect();
    // What comes after the patch in the same file moved with it.
    for finding in left.iter_mut().filter(|f| f.file == name) {
        finding.byte_offset = finding.byte_offset.map(|o| {
            if o > at {
                o.saturating_add_signed(grown)
            } else {
                o
            }
        });
    }
    let document = run(&bench, &story, 1);
    differences(&left, &document)
        .into_iter()
        .map(|line| format!("without {}: {line}", seed.id))
        .collect()
}

/// Takes the seed out; gives back where, and by how many bytes the file grew.
fn remove(story: &Path, removal: &Removal) -> (u64, i64) {
    let path: PathBuf = story.join(&removal.file);
    let mut bytes = std::fs::read(&path).expect("the seeded file is there");
    let hex = |text: &Option<String>| -> Vec<u8> {
        let digits: String = text
            .clone()
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        (0..digits.len() / 2)
            .map(|i| {
                u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).expect("the ledger holds hex")
            })
            .collect()
    };
    let (at, seeded, clean) = match (&removal.seeded_text, removal.offset) {
        (Some(text), _) => {
            let seeded = text.as_bytes().to_vec();
            let places: Vec<usize> = (0..bytes.len())
                .filter(|i| bytes[*i..].starts_with(&seeded))
                .collect();
            assert_eq!(
                places.len(),
                1,
                "{text:?} stands {} times in {}",
                places.len(),
                removal.file
            );
            (
                places[0],
                seeded,
                removal.clean_text.clone().unwrap_or_default().into_bytes(),
            )
        }
        (None, offset) => (
            offset.expect("a byte patch has an offset"),
            hex(&removal.seeded),
            hex(&removal.clean),
        ),
    };
    assert_eq!(
        &bytes[at..at + seeded.len()],
        seeded,
        "the seed is not where the ledger says"
    );
    let grown = i64::try_from(clean.len()).unwrap_or(0) - i64::try_from(seeded.len()).unwrap_or(0);
    bytes.splice(at..at + seeded.len(), clean);
    std::fs::write(&path, bytes).expect("the file can be written");
    (at as u64, grown)
}
