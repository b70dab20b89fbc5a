//! A whole run with planted values in what vendors send.

use renkei_core::encoding::{Encoding, Target, encode};

use super::seek::Seeker;
use super::{files, nothing, search_all};
use crate::harness::Bench;

#[test]
fn nothing_that_a_run_exchanged_is_shown() {
    let bench = Bench::new();
    let folder = bench.copy("sample-data/joint-test");
    for file in files(&folder) {
        let bytes = std::fs::read(&file).expect("readable");
        let swap = |from: &str, to: &str, bytes: Vec<u8>| -> Vec<u8> {
            let mut bytes = bytes;
            for encoding in [Encoding::Utf8, Encoding::Cp932] {
                let (Ok(from), Ok(to)) = (
                    encode(from, Target::new(encoding)),
                    encode(to, Target::new(encoding)),
                ) else {
                    continue;
                };
                assert_eq!(from.len(), to.len());
                while let Some(at) = memchr::memmem::find(&bytes, &from) {
                    bytes[at..at + to.len()].copy_from_slice(&to);
                }
            }
            bytes
        };
        let bytes = swap("吉川", "鷺沼", bytes);
        let bytes = swap("髙橋", "珠緒", bytes);
        let bytes = swap("ヨシカワ", "サギヌマ", bytes);
        let bytes = swap("ためし野四", "幻町四丁目", bytes);
        std::fs::write(&file, bytes).expect("written");
    }
    let called = bench
        .renkei(&["run", "joint-test/plan.toml"])
        .expect_code(1);
    std::fs::rename(bench.path().join("joint-test"), bench.path().join("given")).expect("moved");
    let mut words: Vec<String> = [
        "鷺沼",
        "珠緒",
        "サギヌマ",
        "幻町四丁目",
        "さくら",
        "ヨシダ",
        "ノト　タカヨ",
        "202600000010021",
    ]
    .map(str::to_owned)
    .to_vec();
    for secret in ["main", "short-lived"] {
        let text = std::fs::read_to_string(
            bench
                .path()
                .join(format!("given/vendor-b/secrets/{secret}.txt")),
        )
        .expect("a secret");
        words.push(text.trim().to_owned());
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let seeker = Seeker::new(&words);
    let run = std::fs::read_dir(bench.path().join("reports/runs"))
        .expect("runs")
        .flatten()
        .next()
        .expect("a run")
        .path();
    let mut found = seeker.seek("run", called.stdout.as_bytes());
    found.extend(seeker.seek("run", called.stderr.as_bytes()));
    found.extend(search_all(&bench, &seeker, &run));
    // What is agreed and what is delivered.
    let (a, b) = ("given/vendor-a/profile.toml", "given/vendor-b/profile.toml");
    let records = ["agreed.toml", "agreed.xlsx", "agreed.docx"];
    let records = records.map(|name| ["--record", name]).concat();
    for args in [
        [&["agree", a, b][..], &records].concat(),
        vec!["--lang", "en", "agree", a, b, "--format", "json"],
        vec!["agree", "gate", a, b],
        vec!["agree", "export", "--out", "sheet.xlsx"],
        vec!["agree", "ambiguities", a, b],
        vec!["deliver", "out-ja"],
        vec!["--lang", "en", "deliver", "out-ja", "--final"],
    ] {
        let called = bench.renkei(&args);
        found.extend(seeker.seek(&args.join(" "), called.stdout.as_bytes()));
        found.extend(seeker.seek(&args.join(" "), called.stderr.as_bytes()));
    }
    for name in [
        "agreed.toml",
        "agreed.xlsx",
        "agreed.docx",
        "out-ja/nouhin_ichiran.xlsx",
    ] {
        let bytes = std::fs::read(bench.path().join(name)).expect(name);
        found.extend(seeker.seek(name, &bytes));
    }
    found.extend(Seeker::new(&words[words.len() - 2..]).seek(
        "events",
        &std::fs::read(run.join("events.jsonl")).expect("events"),
    ));
    nothing(found);
}
