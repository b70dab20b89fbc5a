//! `renkei probe`: the file for an exporter, and the converter's name from what came back; lists of characters for `check`.

use std::fs;

use renkei_core::encoding::fingerprint::{Converter, converters};

use crate::harness::Bench;

/// What a converter makes of the probe file.
fn through(converter: &Converter, probe: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for line in probe.split_inclusive("\r\n") {
        let (label, rest) = line.split_once('[').unwrap_or((line, ""));
        out.extend_from_slice(label.as_bytes());
        out.push(b'[');
        let c = rest.chars().next().unwrap_or('?');
        out.extend_from_slice(converter.writes(c).flatten().unwrap_or(b"?"));
        out.extend_from_slice(b"]\r\n");
    }
    out
}

#[test]
fn a_converter_is_named_from_what_it_wrote() {
    let bench = Bench::new();
    let made = bench.renkei(&["probe", "make"]).expect_code(0).stdout;
    assert!(made.starts_with("P01 U+") && made.lines().count() > 50);
    bench
        .renkei(&["probe", "make", "--out", "probe.txt"])
        .expect_code(0);
    let written = fs::read(bench.path().join("probe.txt")).expect("the probe was written");
    assert_eq!(written, made.as_bytes());
    let cpython = converters()
        .iter()
        .find(|c| c.name == "CPython cp932")
        .expect("in the table");
    fs::write(bench.path().join("cpython.txt"), through(cpython, &made)).expect("written");
    let mut odd = through(cpython, &made);
    let last = odd.len() - 3;
    odd.truncate(last - 1);
    odd.extend_from_slice(b"\x88\x9F]\r\n");
    fs::write(bench.path().join("odd.txt"), odd).expect("written");
    for lang in ["ja", "en"] {
        let read = |file: &str| bench.renkei(&["probe", "read", file, "--lang", lang]);
        insta::assert_snapshot!(
            format!("probe_certain_{lang}"),
            read("cpython.txt").expect_code(0).stdout
        );
        insta::assert_snapshot!(
            format!("probe_nearest_{lang}"),
            read("odd.txt").expect_code(3).stdout
        );
        insta::assert_snapshot!(
            format!("probe_unconverted_{lang}"),
            read("probe.txt").expect_code(3).stdout
        );
    }
    fs::write(bench.path().join("other.txt"), "no probe\n").expect("written");
    bench.renkei(&["probe", "read", "other.txt"]).expect_code(2);
}

/// A list of 外字 that the user supplies: it decides, and the result document names its version and digest.
#[test]
fn a_list_of_characters_decides_and_is_named() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    let atena = fs::read(bench.path().join("check/atena-ok.csv")).expect("a sample");
    let text = String::from_utf8(atena).expect("UTF-8");
    let text = text.replacen('祐', "\u{E000}", 1);
    assert!(text.contains('\u{E000}'));
    fs::write(bench.path().join("gaiji.csv"), text).expect("written");
    fs::write(
        bench.path().join("list.txt"),
        "id: gaiji-a\nversion: 2026-04\nU+E000\t外字の例\n",
    )
    .expect("written");
    let spec = [
        "check",
        "gaiji.csv",
        "--spec",
        "jutogai-031/atena-kihon",
        "--format",
        "json",
    ];
    bench.renkei(&spec).expect_code(1);
    let listed = [
        &spec[..],
        &["--list", "list.txt", "--set", "private_use=list:gaiji-a"],
    ]
    .concat();
    let said = bench.renkei(&listed).expect_code(0).stdout;
    assert!(said.contains("gaiji-a") && said.contains("2026-04") && said.contains("SHA-256"));
    // A list that was not given is a mistake of the call, not of the file.
    let missing = [&spec[..], &["--set", "private_use=list:gaiji-b"]].concat();
    bench.renkei(&missing).expect_code(2);
}
