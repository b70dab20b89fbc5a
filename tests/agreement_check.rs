//! `renkei check --agreement`: a vendor's own file against a negotiated record, before any run.

use std::io::Write;

use serde_json::Value;

use crate::agreement_exchanges::{NAME, ROWS, packs};
use crate::harness::Bench;

/// What a record decides unless a row says otherwise.
const USUAL: &[(&str, &str)] = &[
    ("F01", "utf-8"),
    ("F02", "forbid"),
    ("F03", "crlf"),
    ("F09", "none"),
    ("C02", "forbid"),
    ("A07", "300"),
];

fn record(decisions: &[(&str, &str)]) -> String {
    let usual = USUAL
        .iter()
        .filter(|(item, _)| decisions.iter().all(|(other, _)| other != item));
    let all = usual.chain(decisions);
    let decided =
        all.map(|(item, value)| format!("[[agreed]]\nitem = \"{item}\"\nvalue = '{value}'\n"));
    format!(
        "schema = \"renkei.agreement/v1\"\nversion = 3\n{}",
        decided.collect::<String>()
    )
}

/// Rules with the item that each names, and the document.
fn check(bench: &Bench, more: &[&str]) -> (Vec<(String, String)>, Value) {
    let mut args = vec![
        "check", NAME, "--spec", "ex/m", "--packs", "packs", "--format", "json",
    ];
    args.extend(more);
    let called = bench.renkei(&args);
    let document: Value = serde_json::from_str(&called.stdout)
        .unwrap_or_else(|e| panic!("{e}: {} {}", called.stdout, called.stderr));
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let findings = document["findings"].as_array().into_iter().flatten();
    let told = findings.map(|f| {
        let named = f["requirements"].as_array().into_iter().flatten();
        let mut named = named.filter_map(|r| r.as_str()?.strip_prefix("agreement#"));
        let item = named.next().map(str::to_owned);
        (
            text(&f["rule"]),
            item.unwrap_or_else(|| text(&f["location"]["item"])),
        )
    });
    let mut told: Vec<_> = told.collect();
    told.dedup();
    (told, document)
}

#[test]
fn each_value_of_a_record_is_what_a_file_is_held_to() {
    let bench = Bench::new();
    packs(&bench);
    let named = |from: &str, to: &str| ROWS.replace(from, to);
    let rows: &[(&str, &str, String, &str)] = &[
        ("F02", "require", ROWS.to_owned(), "ENC-002"),
        ("F03", "lf", ROWS.to_owned(), "LAY-004"),
        ("F04", "forbid", ROWS.to_owned(), "LAY-005"),
        ("F07", "always", ROWS.to_owned(), "LAY-011"),
        ("F08", "forbidden", named(",ab", ",\"a\"\"b\""), "AGR-007"),
        ("F09", "names", ROWS.to_owned(), "LAY-009"),
        ("F12", "quoted", ROWS.to_owned(), "LAY-011"),
        ("F18", "yyyymmdd", ROWS.to_owned(), "VAL-006"),
        ("F19", "empty", named("1980-04-01", "0000-00-00"), "AGR-007"),
        ("F24", "half-width-space", ROWS.to_owned(), "AGR-007"),
        (
            "C01",
            "jisx0208 | ascii",
            named("阿部　花子", "髙部　花子"),
            "ENC-003",
        ),
        ("K03", "exclude", ROWS.to_owned(), "AGR-007"),
        ("X04", "jumin_{seq:9(3)}.csv", ROWS.to_owned(), "FIL-001"),
    ];
    bench.write("r.toml", record(&[]));
    bench.write(NAME, ROWS);
    let (told, document) = check(&bench, &["--agreement", "r.toml"]);
    assert_eq!(told, []);
    let rows_of = document["agreement"].as_array().expect("the rows");
    let row = |id: &str| rows_of.iter().find(|r| r["id"] == id).expect("a row");
    assert_eq!(row("F03")["observed"], "crlf");
    assert_eq!(row("A07")["observed"], "");
    assert_eq!(
        row("A07")["not_observed"]["ja"],
        "この種類の交換を行っていません"
    );
    let mut wrong = Vec::new();
    for (item, value, text, rule) in rows {
        bench.write("r.toml", record(&[(item, value)]));
        bench.write(NAME, text);
        // Alone, and among the files of a folder.
        bench.write(&format!("set/{NAME}"), text);
        let wanted = [((*rule).to_owned(), (*item).to_owned())];
        let (alone, _) = check(&bench, &["--agreement", "r.toml"]);
        let folder = [
            "check", "set", "--spec", "ex/m", "--packs", "packs", "--format", "json",
        ];
        let called = bench.renkei(&[&folder[..], &["--agreement", "r.toml"]].concat());
        let set: Value = serde_json::from_str(&called.stdout).expect("JSON");
        let names = |f: &Value| {
            f["requirements"]
                .to_string()
                .contains(&format!("agreement#{item}"))
                || f["location"]["item"] == *item
        };
        let set: Vec<bool> = set["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .map(names)
            .collect();
        if alone != wanted || set.is_empty() || set.contains(&false) {
            wrong.push(format!(
                "{item} {value}: {alone:?}, in a folder {set:?}, expected {wanted:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_wrong_with_a_record_is_told_before_anything_is_checked() {
    let bench = Bench::new();
    packs(&bench);
    bench.write(NAME, ROWS);
    let refused = |text: String, more: &[&str], wanted: &str| {
        bench.write("r.toml", text);
        let args = [
            &[
                "check",
                NAME,
                "--spec",
                "ex/m",
                "--packs",
                "packs",
                "--agreement",
                "r.toml",
            ][..],
            more,
        ];
        let called = bench.renkei(&args.concat()).expect_code(2);
        assert!(called.stderr.contains(wanted), "{}", called.stderr);
    };
    refused(
        record(&[("F99", "x")]),
        &[],
        "項目 F99 は協議項目の一覧にありません",
    );
    refused(
        record(&[("F03", "unix")]),
        &[],
        "F03 改行 の値 unix は許されていません",
    );
    refused(
        record(&[("F01", "shift_jis")]),
        &[],
        "F01 文字コード の値 shift_jis",
    );
    let scoped =
        || record(&[]) + "[[agreed]]\nitem = \"F12\"\nvalue = \"quoted\"\nlinkage = \"税-01\"\n";
    refused(scoped(), &[], "連携ごとに決めた値があり");
    refused(
        scoped(),
        &["--linkage", "税-02"],
        "連携 税-02 は合意設定書にありません",
    );
    refused(
        record(&[]),
        &["--linkage", "税-01"],
        "連携 税-01 だけの値はありません",
    );
    bench.write("r.toml", scoped());
    let (told, document) = check(&bench, &["--agreement", "r.toml", "--linkage", "税-01"]);
    assert_eq!(told, [("LAY-011".to_owned(), "F12".to_owned())]);
    // The message names the setting that is not kept, not that of the other fields.
    assert_eq!(document["findings"][0]["expected"], "empty=quoted");
    // What the command line sets stands above the record.
    bench.write("r.toml", record(&[("F03", "lf")]));
    let (told, _) = check(&bench, &["--agreement", "r.toml"]);
    assert!(!told.is_empty());
    let (told, _) = check(&bench, &["--agreement", "r.toml", "--set", "newline=crlf"]);
    assert_eq!(told, []);
}

/// The line that a report prints to do the check again, as words.
fn again(document: &Value) -> Vec<String> {
    let line = document["run"]["reproduce"].as_str().expect("a line");
    assert_eq!(document["cases"][0]["reproduce"], line);
    let words = line.strip_prefix("renkei ").expect("a call of renkei");
    words
        .split(' ')
        .map(|w| w.trim_matches('"').to_owned())
        .collect()
}

#[test]
fn the_line_that_does_a_check_again_gives_the_same_findings() {
    let bench = Bench::new();
    packs(&bench);
    bench.write(NAME, ROWS);
    bench.write(&format!("set/{NAME}"), ROWS);
    let scoped = "[[agreed]]\nitem = \"F12\"\nvalue = \"quoted\"\nlinkage = \"税-01\"\n\
        [[agreed]]\nitem = \"F03\"\nvalue = \"lf\"\nlinkage = \"税-01\"\nexchange = \"E-7\"\n";
    bench.write("r.toml", record(&[]) + scoped);
    let held = [
        "--agreement",
        "r.toml",
        "--items",
        "linkage-items@1",
        "--linkage",
        "税-01",
        "--exchange",
        "E-7",
        "--set",
        "final_newline=forbid",
        "--as-of",
        "2026-11-01",
    ];
    for what in [NAME, "set"] {
        let told = |args: &[String]| {
            let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
            args.extend(["--format", "json"]);
            let called = bench.renkei(&args);
            let document: Value = serde_json::from_str(&called.stdout)
                .unwrap_or_else(|e| panic!("{e}: {}", called.stderr));
            let findings = document["findings"].as_array().into_iter().flatten();
            let told: Vec<Value> = findings
                .map(|f| serde_json::json!([f["fingerprint"], f["requirements"], f["location"]]))
                .collect();
            (told, document)
        };
        let first = [
            &["check", what, "--spec", "ex/m", "--packs", "packs"][..],
            &held,
        ]
        .concat();
        let first: Vec<String> = first.into_iter().map(str::to_owned).collect();
        let (findings, document) = told(&first);
        assert!(findings.len() >= 3, "{findings:?}");
        let (same, _) = told(&again(&document));
        assert_eq!(same, findings, "{what}");
    }
    // An exchange that the record does not name would mean other values than were asked for.
    let held = [
        "--agreement",
        "r.toml",
        "--linkage",
        "税-01",
        "--exchange",
        "E-8",
    ];
    let args = [
        &["check", NAME, "--spec", "ex/m", "--packs", "packs"][..],
        &held,
    ]
    .concat();
    let called = bench.renkei(&args).expect_code(2);
    assert!(
        called.stderr.contains("検査項目 E-8 だけの値はありません"),
        "{}",
        called.stderr
    );
    assert!(called.stderr.contains("E-7"), "{}", called.stderr);
}

#[test]
fn the_parts_of_a_name_are_separated_as_agreed_whatever_the_field_is_called() {
    let bench = Bench::new();
    packs(&bench);
    let path = "packs/ex/1/layouts/m/fields.csv";
    let fields = std::fs::read_to_string(bench.path().join(path)).expect("written");
    bench.write(NAME, ROWS);
    bench.write("r.toml", record(&[("F24", "half-width-space")]));
    for (name, tells) in [
        ("被保険者名", true),
        ("児童名", true),
        ("事業者名", false),
        ("園名", false),
    ] {
        bench.write(path, fields.replace("氏名", name));
        let (told, _) = check(&bench, &["--agreement", "r.toml"]);
        let wanted = tells.then(|| ("AGR-007".to_owned(), "F24".to_owned()));
        assert_eq!(told, wanted.into_iter().collect::<Vec<_>>(), "{name}");
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).expect("in memory");
    packed.finish().expect("in memory")
}

fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).expect("in memory");
        archive.write_all(text.as_bytes()).expect("in memory");
    }
    archive.finish().expect("in memory").into_inner()
}

#[test]
fn a_file_in_an_archive_is_held_to_the_record_as_the_file_it_is() {
    let bench = Bench::new();
    packs(&bench);
    let bad = ROWS.replace(",ab", ",\"a\"\"b\"");
    bench.write("f_001.csv.gz", gzip(ROWS));
    bench.write("bad.gz", gzip(&bad));
    bench.write(
        "two.zip",
        zip(&[("in/f_001.csv", ROWS), ("in/f_002.csv", &bad)]),
    );
    bench.write("f_001.zip", zip(&[("body.csv", ROWS)]));
    let told = |file: &str, decisions: &[(&str, &str)]| {
        bench.write("r.toml", record(decisions));
        let called = bench.renkei(&[
            "check",
            file,
            "--spec",
            "ex/m",
            "--packs",
            "packs",
            "--format",
            "json",
            "--agreement",
            "r.toml",
        ]);
        let document: Value = serde_json::from_str(&called.stdout)
            .unwrap_or_else(|e| panic!("{e}: {}", called.stderr));
        let findings = document["findings"].as_array().into_iter().flatten();
        let told = findings.map(|f| {
            let at = &f["location"];
            [&f["rule"], &at["item"], &at["file"]]
                .map(|v| v.as_str().unwrap_or_default().to_owned())
                .join(" ")
        });
        let told: Vec<String> = told.collect();
        let rows = document["agreement"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let seen = move |id: &str| {
            let row = rows.iter().find(|r| r["id"] == id).expect("a row");
            row["observed"].as_str().unwrap_or_default().to_owned()
        };
        (told, seen)
    };
    let escape = ("F08", "forbidden");
    // As agreed, outside and inside; the values are seen in the file, the compression around it.
    let (findings, seen) = told(
        "f_001.csv.gz",
        &[("X08", "gzip"), escape, ("X04", "f_{seq:9(3)}.csv")],
    );
    assert_eq!(findings, Vec::<String>::new());
    let found = ["F03", "F01", "X08", "X04"].map(&seen);
    assert_eq!(found, ["crlf", "utf-8", "gzip", "f_001.csv"]);
    // The name that was agreed may be that of the archive.
    let (findings, seen) = told("f_001.zip", &[("X08", "zip"), ("X04", "f_{seq:9(3)}.zip")]);
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(seen("X04"), "f_001.zip");
    let (findings, _) = told("f_001.zip", &[("X08", "zip"), ("X04", "f_{seq:9(3)}.csv")]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].starts_with("FIL-001"), "{findings:?}");
    // What deviates inside names its item and the file inside.
    let (findings, _) = told("bad.gz", &[("X08", "gzip"), escape]);
    assert_eq!(findings, ["AGR-007 F08 bad.gz!/bad"]);
    let (findings, _) = told("two.zip", &[("X08", "zip"), escape]);
    assert_eq!(findings, ["AGR-007 F08 two.zip!/in/f_002.csv"]);
    // Another compression than agreed; what is inside is judged all the same.
    let (findings, seen) = told("bad.gz", &[("X08", "zip"), escape]);
    assert_eq!(
        findings,
        ["AGR-007 F08 bad.gz!/bad", "AGR-007 X08 bad.gz!/bad"]
    );
    assert_eq!(seen("F03"), "crlf");
}
