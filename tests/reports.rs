//! Reports through the program: formats for other programs against their schemas, baseline, comparison, site and office
//! files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::harness::{Bench, root};

const ATENA: &str = "jutogai-031/atena-kihon";
const DEFECTS: &str = "check/atena-3-defects.csv";

/// The only run below a folder.
pub(crate) fn only_run(folder: &Path) -> PathBuf {
    let mut runs = std::fs::read_dir(folder).expect("there are runs").flatten();
    runs.next().expect("there is a run").path()
}

fn check(bench: &Bench, file: &str, more: &[&str], code: i32) -> String {
    let args = [
        &["check", file, "--spec", ATENA, "--as-of", "2026-11-23"],
        more,
    ]
    .concat();
    bench.renkei(&args).expect_code(code).stdout
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}:\n{text}"))
}

#[track_caller]
fn conforms(document: &Value, schema: &Value) {
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .expect("a schema");
    let errors = validator
        .iter_errors(document)
        .map(|e| format!("{}: {e}", e.instance_path()));
    assert_eq!(errors.take(5).collect::<Vec<_>>(), Vec::<String>::new());
}

fn published(bench: &Bench, name: &str) -> Value {
    json(&bench.renkei(&["schema", name]).expect_code(0).stdout)
}

fn sarif_schema() -> Value {
    let text = std::fs::read_to_string(root().join("tests/tools/sarif-2.1.0.schema.json"));
    let text = text.expect("the schema of SARIF is there");
    // As published, the patterns of languages have a bracket too many: no regular expression, so strict validators
    // refuse the whole schema.
    let wrong = "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";
    assert!(text.contains(wrong), "the published fault is still there");
    json(&text.replace(wrong, "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"))
}

/// Elements of a well-formed XML text by name.
fn elements(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut found, mut open) = (Vec::new(), 0);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Eof => break,
            Event::Start(e) => {
                open += 1;
                found.push(e.name().as_ref().to_owned());
            }
            Event::End(_) => open -= 1,
            Event::Empty(e) => found.push(e.name().as_ref().to_owned()),
            _ => {}
        }
    }
    assert_eq!(open, 0, "every element is closed");
    found
}

#[test]
fn a_baseline_makes_only_new_findings_fail() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    let before = check(&bench, DEFECTS, &["--format", "json"], 1);
    bench.write("before.json", &before);
    bench
        .renkei(&["report", "baseline", "before.json", "--out", "known.json"])
        .expect_code(0);
    let known = std::fs::read_to_string(bench.path().join("known.json")).expect("written");
    conforms(&json(&known), &published(&bench, "baseline"));

    let with = |name: &str, code| {
        json(&check(
            &bench,
            DEFECTS,
            &["--format", "json", "--baseline", name],
            code,
        ))
    };
    let excused = with("known.json", 0);
    let states = |doc: &Value| -> Vec<String> {
        let all = doc["findings"].as_array().expect("findings");
        all.iter()
            .map(|f| f["baseline"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert!(
        states(&excused).len() >= 3 && states(&excused).iter().all(|s| s == "known"),
        "{:?}",
        states(&excused)
    );

    // The same without one of the known findings: that one, and only that one, counts again.
    let mut shorter = json(&known);
    let taken = shorter["findings"]
        .as_array_mut()
        .expect("findings")
        .remove(0);
    bench.write("shorter.json", shorter.to_string());
    let failing = with("shorter.json", 1);
    let new: Vec<&Value> = failing["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|f| f["baseline"] == "new")
        .collect();
    assert_eq!(new.len(), 1);
    assert_eq!(new[0]["fingerprint"], taken["fingerprint"]);

    // In the formats of continuous integration the known ones do not fail either.
    let junit = check(
        &bench,
        DEFECTS,
        &["--format", "junit", "--baseline", "known.json"],
        0,
    );
    assert!(!elements(&junit).iter().any(|e| e == "failure"), "{junit}");
    let sarif = json(&check(
        &bench,
        DEFECTS,
        &["--format", "sarif", "--baseline", "known.json"],
        0,
    ));
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert!(results.iter().all(|r| r["baselineState"] == "unchanged"));
    conforms(&sarif, &sarif_schema());
    bench.write("wrong.json", "{}");
    let told = check_stderr(&bench, "wrong.json");
    assert!(
        told.contains("wrong.json") && told.contains("renkei report baseline"),
        "{told}"
    );
}

fn check_stderr(bench: &Bench, baseline: &str) -> String {
    bench
        .renkei(&["check", DEFECTS, "--spec", ATENA, "--baseline", baseline])
        .expect_code(2)
        .stderr
}

#[test]
fn formats_of_continuous_integration_hold_their_schemas_and_say_the_same() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    let document = json(&check(&bench, DEFECTS, &["--format", "json"], 1));
    let findings = document["findings"].as_array().expect("findings");
    let sarif = json(&check(&bench, DEFECTS, &["--format", "sarif"], 1));
    conforms(&sarif, &sarif_schema());
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let of = |list: &[Value], key: &str| -> BTreeSet<String> {
        list.iter()
            .map(|f| f[key].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(of(findings, "rule"), of(results, "ruleId"));
    assert_eq!(findings.len(), results.len());
    for result in results {
        let at = &result["locations"][0]["physicalLocation"];
        assert_eq!(at["artifactLocation"]["uri"], "atena-3-defects.csv");
        assert!(at["region"]["byteOffset"].is_u64(), "{result}");
    }
    // A schema that holds for everything would prove nothing.
    let mut broken = sarif.clone();
    broken["runs"][0]["results"][0]["level"] = "fatal".into();
    let validator = jsonschema::options()
        .build(&sarif_schema())
        .expect("a schema");
    assert!(!validator.is_valid(&broken));

    let junit = check(&bench, DEFECTS, &["--format", "junit"], 1);
    let names = elements(&junit);
    assert_eq!(names.first().map(String::as_str), Some("testsuites"));
    let count = |name: &str| names.iter().filter(|n| *n == name).count();
    assert_eq!(
        count("testcase"),
        document["cases"].as_array().expect("cases").len()
    );
    assert_eq!(
        count("failure") as u64,
        document["counts"]["fail"].as_u64().unwrap_or(0)
    );

    let github = check(&bench, DEFECTS, &["--format", "github"], 1);
    let lines: Vec<&str> = github.lines().filter(|l| l.starts_with("::")).collect();
    assert_eq!(lines.len(), findings.len());
    for line in lines {
        assert!(
            line.starts_with("::error ")
                || line.starts_with("::warning ")
                || line.starts_with("::notice "),
            "{line}"
        );
        assert!(
            line.contains("file=") && line.contains("line=") && line.contains("title="),
            "{line}"
        );
    }
}

#[test]
fn two_runs_are_compared_in_every_form() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    let text = |file: &str| std::fs::read_to_string(bench.path().join(file)).expect("a file");
    bench.write("check/atena.csv", text(DEFECTS));
    bench.write(
        "bad.json",
        check(&bench, "check/atena.csv", &["--format", "json"], 1),
    );
    bench.write("check/atena.csv", text("check/atena-ok.csv"));
    bench.write(
        "good.json",
        check(&bench, "check/atena.csv", &["--format", "json"], 0),
    );
    let diff = |a: &str, b: &str| {
        json(
            &bench
                .renkei(&["report", "diff", a, b, "--format", "json"])
                .expect_code(0)
                .stdout,
        )
    };
    let schema = published(&bench, "diff");
    let (solved, again, same) = (
        diff("bad.json", "good.json"),
        diff("good.json", "bad.json"),
        diff("bad.json", "bad.json"),
    );
    for document in [&solved, &again, &same] {
        conforms(document, &schema);
    }
    let count = |doc: &Value, what: &str| doc["counts"][what].as_u64().unwrap_or(0);
    assert!(count(&solved, "resolved") >= 3 && count(&solved, "new") == 0);
    assert_eq!(count(&again, "new"), count(&solved, "resolved"));
    assert_eq!(count(&same, "unchanged"), count(&solved, "resolved"));
    let told = bench
        .renkei(&["report", "diff", "bad.json", "good.json"])
        .expect_code(0)
        .stdout;
    assert!(told.contains("解消"), "{told}");
    bench
        .renkei(&[
            "report",
            "diff",
            "bad.json",
            "good.json",
            "--format",
            "html",
            "--out",
            "d.html",
        ])
        .expect_code(0);
    assert!(text("d.html").contains("解消"));
}

#[test]
fn events_of_a_run_hold_their_schema() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test-clean");
    let called = bench
        .renkei(&["run", "joint-test-clean/plan.toml", "--format", "jsonl"])
        .expect_code(0);
    let schema = published(&bench, "events");
    let lines: Vec<Value> = called.stdout.lines().map(json).collect();
    for line in &lines {
        conforms(line, &schema);
    }
    let events: Vec<&str> = lines.iter().filter_map(|l| l["event"].as_str()).collect();
    assert_eq!(
        (events.first(), events.last()),
        (Some(&"run_started"), Some(&"run_finished"))
    );
    let count = |name: &str| events.iter().filter(|e| **e == name).count() as u64;
    assert_eq!(count("case_started"), count("case_finished"));
    assert_eq!(lines[0]["cases"].as_u64(), Some(count("case_finished")));
    let finished = &lines[lines.len() - 1];
    let told: u64 = finished["counts"]
        .as_object()
        .expect("counts")
        .values()
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(told, count("case_finished"));
}

#[test]
fn site_and_office_files_come_from_several_runs_at_once() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test");
    bench
        .renkei(&["run", "joint-test/plan.toml", "--out", "runs"])
        .expect_code(1);
    let run = only_run(&bench.path().join("runs"));
    let bundle = run.display().to_string();
    let formats = "site,seika,getsuji,gijiroku,shinchoku,risk,matrix,zuhyo,sarif,github";
    bench.renkei(&["issues", "sync", &bundle]).expect_code(0);
    let args = [
        "report",
        &bundle,
        "--format",
        formats,
        "--out",
        "out",
        "--register",
        "reports/register.sqlite",
    ];
    let told = bench
        .renkei(&[&args[..], &["--meeting-day", "2026-11-20"]].concat())
        .expect_code(0)
        .stdout;
    for file in [
        "index.html",
        "matrix.html",
        "seika.docx",
        "getsuji.docx",
        "gijiroku.docx",
        "shinchoku.xlsx",
        "risk.xlsx",
        "matrix.xlsx",
        "zuhyo_motodata.xlsx",
        "result.sarif",
    ] {
        assert!(told.contains(file) || file == "matrix.html", "{told}");
        assert!(bench.path().join("out").join(file).is_file(), "{file}");
    }
    let sarif = std::fs::read_to_string(bench.path().join("out/result.sarif")).expect("written");
    conforms(&json(&sarif), &sarif_schema());

    // What a person wrote into the workbook stays when it is made again; the tool's own columns do not.
    edit(&bench.path().join("out/shinchoku.xlsx"), "実施中", "中止");
    bench
        .renkei(&["report", &bundle, "--format", "shinchoku", "--out", "out"])
        .expect_code(0);
    assert!(strings(&bench.path().join("out/shinchoku.xlsx")).contains("中止"));

    // The report as its own template; and what does not fit is said.
    bench
        .renkei(&[
            "report",
            &bundle,
            "--format",
            "seika",
            "--out",
            "again",
            "--template",
            "seika=out/seika.docx",
        ])
        .expect_code(0);
    let called = bench
        .renkei(&[
            "report",
            &bundle,
            "--format",
            "seika",
            "--out",
            "again",
            "--template",
            "seika=out/getsuji.docx",
        ])
        .expect_code(0);
    assert!(
        called.stderr.contains("次の枠がない") && called.stderr.contains("そのまま残しました"),
        "{}",
        called.stderr
    );
    let refused = bench
        .renkei(&[
            "report",
            &bundle,
            "--format",
            "seika",
            "--template",
            "seika=out/risk.xlsx",
        ])
        .expect_code(2);
    assert!(refused.stderr.contains(".docx"), "{}", refused.stderr);
    for wrong in [
        ["--month", "2026-13"],
        ["--template", "risk=x.xlsx"],
        ["--meeting-day", "11/20"],
    ] {
        bench
            .renkei(&[&["report", bundle.as_str()], &wrong[..]].concat())
            .expect_code(2);
    }
}

/// Parts of an office file, all in one text.
fn strings(path: &Path) -> String {
    use std::io::Read as _;
    let mut zip =
        zip::ZipArchive::new(std::fs::File::open(path).expect("a file")).expect("an archive");
    let mut all = String::new();
    for at in 0..zip.len() {
        zip.by_index(at)
            .expect("a part")
            .read_to_string(&mut all)
            .expect("text");
    }
    all
}

/// Replaces a text in every part of an office file, as an edit would.
fn edit(path: &Path, from: &str, to: &str) {
    use std::io::{Read as _, Write as _};
    let mut zip =
        zip::ZipArchive::new(std::fs::File::open(path).expect("a file")).expect("an archive");
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        out.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("a part");
        out.write_all(text.replace(from, to).as_bytes())
            .expect("written");
    }
    std::fs::write(path, out.finish().expect("an archive").into_inner()).expect("written");
}
