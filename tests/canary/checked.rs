//! Files and messages of every form, spoiled with planted values and checked.

use renkei_core::encoding::{Encoding, Target, encode};

use super::{NAME, files, nothing, planted, seeker};
use crate::harness::{Bench, root};

/// Samples of layouts of every form, as `pack/layout` and file.
const SAMPLES: [(&str, &str, &str); 5] = [
    (
        "jutogai-031/atena-kihon",
        "jutogai-031/2023-09-29/layouts/atena-kihon/samples/pass-basic.csv",
        "utf-8",
    ),
    (
        "kokuho-csv/gaikaku",
        "kokuho-csv/1/layouts/gaikaku/samples/pass-two.csv",
        "cp932",
    ),
    (
        "legacy-jumin/jumin-ido",
        "legacy-jumin/1/layouts/jumin-ido/samples/pass-two-residents.dat",
        "cp932",
    ),
    (
        "zengin/koza-furikae",
        "zengin/1/layouts/koza-furikae/samples/pass-two-groups.dat",
        "cp932",
    ),
    (
        "common-codes/dantai-list",
        "common-codes/1/layouts/dantai-list/samples/pass-four.csv",
        "utf-8",
    ),
];

/// The sample with a value in each field of a record of its own, or over the bytes from each tenth one on.
fn spoiled(sample: &[u8], value: &[u8], delimited: bool) -> Vec<u8> {
    let lines: Vec<&[u8]> = sample.split_inclusive(|b| *b == b'\n').collect();
    let long = lines
        .iter()
        .max_by_key(|l| l.len())
        .copied()
        .unwrap_or(sample);
    let long = if lines.len() == 1 {
        &long[long.len().min(120)..(long.len()).min(240)]
    } else {
        long
    };
    let mut out = lines.first().map(|l| l.to_vec()).unwrap_or_default();
    if delimited {
        let cells: Vec<&[u8]> = long.trim_ascii_end().split(|b| *b == b',').collect();
        for at in 0..cells.len() {
            let mut row = cells.clone();
            row[at] = value;
            out.extend(row.join(&b','));
            out.extend_from_slice(b"\r\n");
        }
        out.extend([cells.join(&b','), value.to_vec(), b"\r\n".to_vec()].concat());
    } else {
        for at in (0..long.len().saturating_sub(value.len() + 2)).step_by(5) {
            let mut row = long.to_vec();
            row[at..at + value.len()].copy_from_slice(value);
            out.extend(row);
        }
    }
    out.extend(lines.last().copied().unwrap_or_default());
    out
}

#[test]
fn no_check_of_a_file_shows_a_value() {
    let bench = Bench::new();
    let seeker = seeker();
    let mut found = Vec::new();
    let mut calls = 0;
    for (spec, sample, _) in SAMPLES {
        let sample = std::fs::read(root().join("specs").join(sample)).expect("the sample");
        let delimited = sample.contains(&b',');
        for (n, value) in planted().iter().enumerate() {
            let utf8 = value.clone().into_bytes();
            let sjis = encode(value, Target::new(Encoding::Cp932)).expect("CP932");
            let utf16: Vec<u8> = value.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for (m, bytes) in [utf8, sjis, utf16].into_iter().enumerate() {
                let name = format!("f{n}{m}.csv");
                bench.write(&name, spoiled(&sample, &bytes, delimited));
                let more: &[&str] = match m {
                    0 => &["--all"],
                    _ => &["--format", "json", "--occurrences", "o.jsonl"],
                };
                let args = [&["check", &name, "--spec", spec], more].concat();
                let called = bench.renkei(&args);
                calls += 1;
                let place = format!("{spec} {value} {m} {}", more[0]);
                found.extend(seeker.seek(&place, called.stdout.as_bytes()));
                found.extend(seeker.seek(&place, called.stderr.as_bytes()));
                let told = std::fs::read(bench.path().join("o.jsonl")).unwrap_or_default();
                found.extend(seeker.seek("occurrences", &told));
            }
        }
        let all: Vec<u8> = planted()
            .iter()
            .flat_map(|v| spoiled(&sample, v.as_bytes(), delimited))
            .collect();
        bench.write("all.csv", all);
        for format in ["text", "json", "sarif", "junit", "github"] {
            let called = bench.renkei(&[
                "--lang", "en", "check", "all.csv", "--spec", spec, "--format", format,
            ]);
            found.extend(seeker.seek(&format!("{spec} {format}"), called.stdout.as_bytes()));
        }
    }
    assert!(calls > 100, "{calls}");
    nothing(found);
}

#[test]
fn no_check_of_an_xml_message_shows_a_value() {
    let bench = Bench::new();
    let seeker = seeker();
    let samples = files(&root().join("specs/xml-tsuuchi"));
    let mut found = Vec::new();
    let mut calls = 0;
    for sample in samples.iter().filter(|p| {
        p.to_string_lossy().contains("samples") && p.extension().is_some_and(|e| e == "xml")
    }) {
        let Ok(text) = std::fs::read_to_string(sample) else {
            continue;
        };
        let name = sample
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let parts: Vec<&str> = sample.iter().filter_map(|p| p.to_str()).collect();
        let at = parts.iter().position(|p| *p == "xml").expect("xml/ID");
        let spec = format!("xml-tsuuchi/{}", parts[at + 1]);
        // The first element is the one whose end is the last.
        let root = text.rsplit("</").next().unwrap_or_default();
        let root = root.trim_end().trim_end_matches('>');
        for (n, value) in planted().iter().enumerate() {
            let ends: Vec<usize> = text.match_indices("</").map(|(at, _)| at).collect();
            for (m, at) in ends.iter().enumerate().skip(n % 3).step_by(7) {
                let spoiled = [&text[..*at], value.as_str(), &text[*at..]].concat();
                // A start tag without attributes that is not closed at once.
                let start = text.match_indices('>').map(|(at, _)| at).find(|at| {
                    let before = &text[..*at];
                    let open = before.rfind('<').map(|from| &before[from + 1..]);
                    open.is_some_and(|tag| tag.chars().all(char::is_alphanumeric))
                });
                let attribute = format!(" a=\"{value}\" {NAME}='{value}'");
                let spoiled = match (m / 7 % 4, start) {
                    (0, _) => spoiled,
                    (3, Some(at)) => [&text[..at], attribute.as_str(), &text[at..]].concat(),
                    (2, _) if n % 2 == 0 => spoiled.replace(root, NAME),
                    (1, _) => spoiled.replacen("<?xml", "<!-- c --><?xml", 1),
                    _ => spoiled.replacen("</", &format!("<{NAME}>{value}</{NAME}></"), 1),
                };
                bench.write(&name, spoiled);
                let called = bench.renkei(&[
                    "check",
                    &name,
                    "--spec",
                    &spec,
                    "--format",
                    if n % 2 == 0 { "json" } else { "text" },
                ]);
                calls += 1;
                let place = format!("{name} {value} {m}");
                found.extend(seeker.seek(&place, called.stdout.as_bytes()));
                found.extend(seeker.seek(&place, called.stderr.as_bytes()));
            }
        }
    }
    assert!(calls > 20, "{calls}");
    nothing(found);
}
