//! Bad input: a clear message with place and cure, the right exit code, no panic, and what ran is saved.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Bench, Called};

const SPEC: &str = "jutogai-031/atena-kihon";

/// Exit code 2 and a message that holds every one of `parts`; never a panic.
#[track_caller]
fn refused(called: Called, parts: &[&str]) {
    let called = called.expect_code(2);
    for part in parts {
        assert!(
            called.stderr.contains(part),
            "{part:?} is not in:\n{}",
            called.stderr
        );
    }
    assert!(!called.stderr.contains("panicked"), "{}", called.stderr);
}

#[test]
fn files_that_are_not_there_or_not_files() {
    let bench = Bench::new();
    refused(
        bench.renkei(&["run", "nowhere/plan.toml"]),
        &["nowhere/plan.toml", "読めません"],
    );
    refused(bench.renkei(&["run", "."]), &["読めません"]);
    refused(
        bench.renkei(&["check", "nowhere.csv", "--spec", SPEC]),
        &["nowhere.csv"],
    );
    // An empty folder is a set without a file: nothing was judged.
    bench.renkei(&["check", ".", "--spec", SPEC]).expect_code(3);
    refused(bench.renkei(&["report", "nowhere"]), &["nowhere"]);
    refused(bench.renkei(&["verify", "."]), &["reports/runs/"]);
}

#[test]
fn unknown_names_list_what_there_is() {
    let bench = Bench::new();
    bench.write("a.csv", "x\r\n");
    refused(
        bench.renkei(&["check", "a.csv", "--spec", "jutogai-031/atena"]),
        &["atena-kihon"],
    );
    refused(
        bench.renkei(&["check", "a.csv", "--spec", "nothing/atena"]),
        &["jutogai-031@2023-09-29"],
    );
    refused(
        bench.renkei(&[
            "check",
            "a.csv",
            "--spec",
            SPEC,
            "--set",
            "encoding=shift_jis",
        ]),
        &["encoding"],
    );
    refused(
        bench.renkei(&["check", "a.csv", "--spec", SPEC, "--set", "colour=red"]),
        &["colour"],
    );
    refused(bench.renkei(&["explain", "ENC-999"]), &["ENC-001"]);
    refused(bench.renkei(&["report", ".", "--format", "pdf"]), &["html"]);
    assert_eq!(bench.renkei(&["frobnicate"]).code, 2);
}

/// A copy of the clean story with one file changed.
fn story_with(file: &str, from: &str, to: &str) -> Bench {
    let bench = Bench::new();
    let story = bench.copy("sample-data/joint-test-clean");
    let path = story.join(file);
    let text = std::fs::read_to_string(&path).expect("the file is text");
    assert!(text.contains(from), "{from:?} is not in {file}");
    std::fs::write(&path, text.replacen(from, to, 1)).expect("the file can be written");
    bench
}

fn run(bench: &Bench) -> Called {
    bench.renkei(&[
        "run",
        "joint-test-clean/plan.toml",
        "--out",
        "runs",
        "--format",
        "json",
    ])
}

#[test]
fn mistakes_in_plans_and_profiles_have_line_and_column() {
    let plan = |from: &str, to: &str| run(&story_with("plan.toml", from, to));
    refused(
        plan("data_class = ", "data_clas = "),
        &["plan.toml:", "data_clas", "data_class"],
    );
    refused(plan("schema = ", "schema "), &["plan.toml:2:8"]);
    refused(
        plan("renkei.plan/v1", "renkei.plan/v9"),
        &["plan.toml:", "renkei.plan/v1"],
    );
    refused(
        plan("jutogai-031/atena-kihon", "jutogai-031/atena"),
        &["atena-kihon"],
    );
    refused(
        plan("jutogai-031@2023-09-29", "jutogai-031@1999"),
        &["jutogai-031@2023-09-29"],
    );
    refused(
        plan("vendor-a/profile.toml", "vendor-x/profile.toml"),
        &["vendor-x/profile.toml"],
    );
    let profile = story_with("vendor-a/profile.toml", "schema", "shcema");
    refused(run(&profile), &["vendor-a/profile.toml:", "shcema"]);
    let unknown = story_with("vendor-a/profile.toml", "item = \"F01\"", "item = \"F99\"");
    refused(run(&unknown), &["F99"]);
    let case = Bench::new();
    case.copy("sample-data/joint-test-clean");
    refused(
        case.renkei(&["run", "joint-test-clean/plan.toml", "--case", "C-999"]),
        &["C-999", "C-001"],
    );
}

#[test]
fn real_data_need_an_approval() {
    let bench = story_with(
        "plan.toml",
        "data_class = \"fictional\"",
        "data_class = \"real\"",
    );
    let called = run(&bench).expect_code(5);
    assert!(called.stderr.contains("approval"), "{}", called.stderr);
    let clean = Bench::new();
    clean.copy("sample-data/joint-test-clean");
    clean
        .renkei(&[
            "run",
            "joint-test-clean/plan.toml",
            "--out",
            "runs",
            "--reveal",
        ])
        .expect_code(5);
}

/// What cannot be agreed keeps its linkage from being tried, and not the others.
#[test]
fn a_conflict_on_a_blocking_item_stops_its_linkage_before_any_exchange() {
    let bench = story_with("vendor-c/profile.toml", "\"cp932\"", "\"utf-8\"");
    let document = run(&bench).expect_code(3).result();
    let list = |key: &str| document[key].as_array().cloned().unwrap_or_default();
    let conflict = list("findings")
        .into_iter()
        .find(|f| f["rule"] == "AGR-001");
    assert!(conflict.is_some(), "{:#}", document["findings"]);
    let (blocked, tried): (Vec<Value>, Vec<Value>) = list("cases")
        .into_iter()
        .partition(|case| case["linkage"] == "L-02");
    assert!(!blocked.is_empty() && !tried.is_empty());
    assert!(
        blocked.iter().all(|case| case["verdict"] == "not_run"),
        "{blocked:#?}"
    );
    assert!(
        tried.iter().any(|case| case["verdict"] == "pass"),
        "{tried:#?}"
    );
    let of_blocked = |line: &Value| blocked.iter().any(|case| case["id"] == line["case"]);
    assert!(!list("log").iter().any(of_blocked), "nothing was exchanged");
}

#[test]
fn a_bare_shift_jis_label_is_a_finding() {
    let bench = story_with("vendor-c/profile.toml", "\"cp932\"", "\"Shift_JIS\"");
    let document = run(&bench).expect_code(3).result();
    assert!(document.to_string().contains("AGR-005"));
}

#[test]
fn an_input_that_is_missing_or_empty_is_told_apart_from_a_wrong_one() {
    let missing = Bench::new();
    let story = missing.copy("sample-data/joint-test-clean");
    for entry in std::fs::read_dir(story.join("vendor-a/outbox"))
        .expect("the outbox is there")
        .flatten()
    {
        std::fs::remove_file(entry.path()).expect("the file can be removed");
    }
    let document = run(&missing).expect_code(3).result();
    assert!(
        document["preflight"]
            .to_string()
            .contains("\"inconclusive\"")
    );

    let empty = Bench::new();
    let story = empty.copy("sample-data/joint-test-clean");
    for entry in std::fs::read_dir(story.join("vendor-a/outbox"))
        .expect("the outbox is there")
        .flatten()
    {
        std::fs::write(entry.path(), b"").expect("the file can be emptied");
    }
    let document = run(&empty).expect_code(3).result();
    assert!(document["findings"].to_string().contains("FIL-002"));
}

#[test]
fn an_empty_file_is_a_finding_of_check() {
    let bench = Bench::new();
    bench.write("empty.csv", "");
    let document = bench
        .renkei(&["check", "empty.csv", "--spec", SPEC, "--format", "json"])
        .expect_code(3)
        .result();
    assert_eq!(document["findings"][0]["rule"], "FIL-002");
}

/// A plan whose provider is a port of the test's own instead of the stand-in.
fn story_against(port: u16, scheme: &str) -> Bench {
    let bench = story_with(
        "vendor-a/profile.toml",
        "{stand_in.a-api.url}",
        &format!("{scheme}://localhost:{port}"),
    );
    let profile = bench.path().join("joint-test-clean/vendor-a/profile.toml");
    let text = std::fs::read_to_string(&profile).expect("the profile is text");
    let text = text.replace(
        "{stand_in.a-api.url}",
        &format!("{scheme}://localhost:{port}"),
    );
    std::fs::write(profile, text).expect("the profile can be written");
    bench
}

#[test]
fn a_peer_that_refuses_is_an_environment_matter() {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|l| l.local_addr())
        .expect("a port is free")
        .port();
    let bench = story_against(port, "https");
    let document = run(&bench).expect_code(3).result();
    let api_cases = document["cases"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|c| c["method"] == "api");
    assert!(api_cases.clone().count() > 0 && api_cases.into_iter().all(|c| c["verdict"] != "fail"));
}

#[test]
fn a_peer_that_hangs_ends_in_bounded_time() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("the port is known").port();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept() {
            held.push(stream); // never answers
        }
    });
    let bench = story_against(port, "https");
    let started = Instant::now();
    run(&bench).expect_code(3);
    assert!(
        started.elapsed() < Duration::from_secs(120),
        "{:?}",
        started.elapsed()
    );
}

/// The findings of the clean story with one misbehaviour of the API's stand-in.
fn misbehaving(name: &str) -> (i32, Vec<(String, String)>) {
    let bench = story_with(
        "plan.toml",
        "misbehave = [\n",
        &format!("misbehave = [\n    \"{name}\",\n"),
    );
    let called = run(&bench);
    let findings = called.result()["findings"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let of = |f: &Value, key: &str| f[key].as_str().unwrap_or_default().to_owned();
    (
        called.code,
        findings
            .iter()
            .map(|f| (of(f, "rule"), of(&f["cause"], "kind")))
            .collect(),
    )
}

#[test]
fn a_peer_that_closes_mid_body_or_redirects_is_the_provider_s_matter() {
    let (code, findings) = misbehaving("close-mid-body");
    assert_eq!(code, 1, "{findings:?}");
    assert!(
        !findings.is_empty() && findings.iter().all(|(rule, _)| rule == "API-009"),
        "{findings:?}"
    );
    let (code, findings) = misbehaving("redirect");
    assert_eq!(code, 1, "{findings:?}");
    assert!(
        !findings.is_empty() && findings.iter().all(|(rule, _)| rule == "NET-005"),
        "{findings:?}"
    );
}

#[test]
fn a_misbehaviour_that_does_not_exist_is_told() {
    let bench = story_with(
        "plan.toml",
        "misbehave = [\n",
        "misbehave = [\n    \"scope-ignord\",\n",
    );
    let called = run(&bench).expect_code(2);
    assert!(
        called.stderr.contains("scope-ignord") && called.stderr.contains("scope-ignored"),
        "{}",
        called.stderr
    );
}

#[test]
fn mistakes_in_a_pack_of_the_user_s_are_told_with_their_place() {
    let bench = Bench::new();
    let specs = bench.copy("specs");
    bench.write("a.csv", "x\r\n");
    let with = |file: &str, from: &str, to: &str, spec: &str, parts: &[&str]| {
        let path = specs.join(file);
        let text = std::fs::read_to_string(&path).expect("the file is text");
        assert!(text.contains(from), "{from:?} is not in {file}");
        std::fs::write(&path, text.replacen(from, to, 1)).expect("the file can be written");
        refused(
            bench.renkei(&["check", "a.csv", "--spec", spec, "--packs", "specs"]),
            parts,
        );
        std::fs::write(&path, text).expect("the file can be written");
    };
    let layout = "jutogai-031/2023-09-29/layouts/atena-kihon/layout.toml";
    let fields = "jutogai-031/2023-09-29/layouts/atena-kihon/fields.csv";
    with(
        layout,
        "encoding = \"utf-8\"",
        "encoding = \"utf8mb4\"",
        SPEC,
        &["layout.toml:", "utf8mb4"],
    );
    with(layout, "form = ", "form ", SPEC, &["layout.toml:"]);
    with(fields, ",X,15,", ",Q,15,", SPEC, &["fields.csv:2", "Q"]);
    with(
        "jutogai-031/2023-09-29/pack.toml",
        "fidelity = \"official\"",
        "fidelity = \"true\"",
        SPEC,
        &["pack.toml:"],
    );
    let api = "jutogai-fuban-api/2.0/apis/fuban/openapi.yaml";
    with(
        api,
        "openapi: 3.0.3",
        "openapi: 2.0",
        "jutogai-fuban-api/x",
        &["openapi.yaml:", "3.0"],
    );
    with(
        api,
        "paths:",
        "paths: [",
        "jutogai-fuban-api/x",
        &["openapi.yaml:"],
    );
}

#[test]
fn a_folder_that_cannot_take_the_bundle_is_told() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test-clean");
    bench.write("runs", "a file, not a folder");
    let called = run(&bench);
    assert!([2, 4].contains(&called.code), "{}", called.stderr);
    assert!(called.stderr.contains("runs"), "{}", called.stderr);
    assert!(!called.stderr.contains("panicked"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    // /dev/full takes nothing: standard output first, then a file on it.
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("Linux has /dev/full");
    let status = Command::new(env!("CARGO_BIN_EXE_renkei"))
        .arg("rules")
        .stdout(Stdio::from(full))
        .stderr(Stdio::piped())
        .output()
        .expect("the program can be started");
    assert_eq!(
        status.status.code(),
        Some(4),
        "{}",
        String::from_utf8_lossy(&status.stderr)
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves_what_ran() {
    let bench = Bench::new();
    let story = bench.copy("sample-data/joint-test-clean");
    // A receipt that never comes keeps the run waiting, so that the interrupt always meets it at work.
    let plan = std::fs::read_to_string(story.join("plan.toml")).expect("the plan is text");
    let plan = plan
        .replace(
            "b/receipts\"\nmisbehave = [\n",
            "b/receipts\"\nmisbehave = [\n    \"no-receipt\",\n",
        )
        .replace("wait_s = 10", "wait_s = 60");
    assert!(plan.contains("no-receipt"));
    std::fs::write(story.join("plan.toml"), plan).expect("the plan can be written");
    let child = Command::new(env!("CARGO_BIN_EXE_renkei"))
        .args(["run", "joint-test-clean/plan.toml", "--out", "runs"])
        .current_dir(bench.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let waits = || {
        let runs = std::fs::read_dir(bench.path().join("runs"))
            .into_iter()
            .flatten()
            .flatten();
        let events =
            runs.filter_map(|run| std::fs::read_to_string(run.path().join("events.jsonl")).ok());
        events
            .into_iter()
            .any(|events| events.contains("\"waiting\""))
    };
    let started = Instant::now();
    while !waits() {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "the run never waits"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill is there");
    assert!(killed.success());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(
        output.status.code(),
        Some(130),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let runs: Vec<_> = std::fs::read_dir(bench.path().join("runs"))
        .expect("the bundle is there")
        .flatten()
        .collect();
    assert_eq!(runs.len(), 1);
    let bundle = runs[0].path();
    let events =
        std::fs::read_to_string(bundle.join("events.jsonl")).expect("the events are there");
    assert!(events.lines().count() >= 2 && events.contains("run_ended"));
    let result =
        std::fs::read_to_string(bundle.join("reports/result.json")).expect("the result is there");
    assert!(result.contains("\"exit_code\": 130"));
}
