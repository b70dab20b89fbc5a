//! Several files, folders and archives through the binary.

use std::io::Write;

use serde_json::Value;

use crate::harness::{Bench, Called};

/// `rule file record offset`, in the order of the document.
fn told(document: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let findings = document["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|f| {
            let at = &f["location"];
            let parts = [&f["rule"], &at["file"], &at["record"], &at["byte_offset"]];
            parts.map(text).join(" ")
        })
        .collect()
}

fn check(bench: &Bench, paths: &[&str], more: &[&str]) -> Called {
    let head = ["--packs", "check-set/packs", "check"];
    let tail = ["--spec", "mihon-kumi", "--format", "json"];
    let args: Vec<&str> = [&head, paths, &tail, more].concat();
    bench.renkei(&args)
}

fn bench() -> Bench {
    let bench = Bench::new();
    bench.copy("sample-data/check-set");
    bench
}

#[test]
fn a_sound_delivery_passes() {
    let bench = bench();
    let called = check(&bench, &["check-set/ok"], &[]).expect_code(0);
    let document = called.result();
    assert_eq!(told(&document), Vec::<String>::new());
    assert_eq!(document["cases"].as_array().map(Vec::len), Some(5));
    let packed =
        "001A_131016_20260401090000_2of2_all.csv.gz!/001A_131016_20260401090000_2of2_all.csv";
    let inputs = document["inputs"].as_array().expect("inputs");
    let input = inputs.iter().find(|i| i["name"] == packed);
    assert_eq!(input.expect("the packed file")["records"], 3);
    // The same by naming every file.
    let mut names: Vec<String> = std::fs::read_dir(bench.path().join("check-set/ok"))
        .expect("the folder")
        .flatten()
        .map(|e| format!("check-set/ok/{}", e.file_name().to_string_lossy()))
        .collect();
    names.push(names[0].clone());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let again = check(&bench, &names, &[]).expect_code(0).result();
    assert_eq!(again["inputs"], document["inputs"]);
}

#[test]
fn every_defect_has_its_place() {
    let bench = bench();
    let more = ["--occurrences", "all.jsonl"];
    let called = check(&bench, &["check-set/5-defects"], &more).expect_code(1);
    let mut found = told(&called.result());
    found.sort();
    assert_eq!(
        found,
        [
            "FIL-003 001S_131016_20260401090000_003.csv - -",
            "FIL-004 001A_131016_20260401090000_1of2_all.csv.sha256 - -",
            "FIL-005 001S_131016_20260401090000_003.csv - -",
            "FIL-011 001A_131016_20260401_1of2_all.csv - -",
            "XRF-002 001S_131016_20260401090000_001.csv 2 59",
        ]
    );
    let lines = std::fs::read_to_string(bench.path().join("all.jsonl")).expect("occurrences");
    assert!(
        lines.contains("001S_131016_20260401090000_001.csv") && lines.contains("XRF-002"),
        "{lines}"
    );
}

#[test]
fn one_file_alone_is_not_asked_for_others() {
    let bench = bench();
    let file = "check-set/ok/001S_131016_20260401090000_002.csv";
    let document = check(&bench, &[file], &[]).expect_code(0).result();
    assert_eq!(told(&document), Vec::<String>::new());
    assert!(
        document["remarks"].to_string().contains("atena"),
        "{document}"
    );
    // In a folder of its own it is asked for them.
    let content = std::fs::read(bench.path().join(file)).expect("the file");
    bench.write("own/001S_131016_20260401090000_001.csv", content);
    let found = told(&check(&bench, &["own"], &[]).expect_code(1).result());
    let name = "001S_131016_20260401090000_001.csv";
    assert_eq!(
        found,
        [
            format!("XRF-009 {name} 1 16"),
            format!("FIL-003 {name} - -")
        ]
    );
}

#[test]
fn layouts_may_be_given_by_file() {
    let bench = bench();
    bench.write("own/people.csv", "000000000000001,山田\r\nx,鈴木\r\n");
    let unknown = check(&bench, &["own"], &[]).expect_code(3).result();
    assert_eq!(told(&unknown), ["FIL-011 people.csv - -"]);
    let given = check(&bench, &["own"], &["--as", "people.csv=atena"]).expect_code(1);
    let found = told(&given.result());
    assert!(
        found.contains(&"VAL-005 people.csv 2 24".to_owned()),
        "{found:?}"
    );
    for wrong in ["people.csv=nothing", "nothing.csv=atena"] {
        let called = check(&bench, &["own"], &["--as", wrong]).expect_code(2);
        assert!(called.stderr.contains("--as"), "{}", called.stderr);
    }
}

#[test]
fn bad_input_is_told() {
    let bench = bench();
    std::fs::create_dir(bench.path().join("empty")).expect("a folder");
    let empty = check(&bench, &["empty"], &[]).expect_code(3).result();
    assert_eq!(empty["verdict"], "not_run");
    assert!(!empty["remarks"].as_array().expect("remarks").is_empty());
    let called = check(&bench, &["nowhere", "check-set/ok"], &[]).expect_code(2);
    assert!(called.stderr.contains("nowhere"), "{}", called.stderr);
    bench.write("am/001S_131016_20260401090000_001.csv", "1,1,\r\n");
    bench.write("pm/001S_131016_20260401090000_001.csv", "1,1,\r\n");
    let twice = check(&bench, &["am", "pm"], &[]);
    let found = told(&twice.result());
    assert!(found.iter().any(|f| f.starts_with("FIL-008 ")), "{found:?}");
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_are_left_out() {
    let bench = bench();
    let folder = bench.path().join("check-set/ok");
    std::os::unix::fs::symlink(&folder, folder.join("again")).expect("a link");
    let document = check(&bench, &["check-set/ok"], &[])
        .expect_code(0)
        .result();
    assert!(
        document["remarks"].to_string().contains("again"),
        "{document}"
    );
    std::os::unix::fs::symlink("nowhere", folder.join("broken.csv")).expect("a link");
    let called = check(&bench, &["check-set/ok"], &[]).expect_code(2);
    assert!(called.stderr.contains("broken.csv"), "{}", called.stderr);
}

#[test]
fn archives_are_looked_into_and_broken_ones_told() {
    let bench = bench();
    let name = "001A_131016_20260401090000_1of1_all.csv";
    let rows = "000000000000001,山田\r\nx,鈴木\r\n";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file(name, options).expect("an entry");
    zip.write_all(rows.as_bytes()).expect("its bytes");
    let zip = zip.finish().expect("a ZIP file").into_inner();
    bench.write("a.zip", &zip);
    let whole = check(&bench, &["a.zip"], &[]).expect_code(1).result();
    assert_eq!(told(&whole), [format!("VAL-005 a.zip!/{name} 2 24")]);
    bench.write("b.zip", &zip[..zip.len() - 30]);
    let broken = check(&bench, &["b.zip"], &[]).expect_code(1).result();
    assert_eq!(told(&broken), ["FIL-012 b.zip - -"]);
    let bytes = vec![b'0'; 80 << 20];
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&bytes).expect("packed");
    let mut gz = gz.finish().expect("packed");
    bench.write(&format!("{name}.gz"), &gz);
    gz.truncate(gz.len() / 2);
    bench.write(&format!("cut/{name}.gz"), &gz);
    let cut = check(&bench, &["cut"], &[]).expect_code(1).result();
    assert!(told(&cut)[0].starts_with("FIL-012"), "{:?}", told(&cut));
}
