//! The gate over runs: under which agreement, by which packs they were made, and deviations that people accepted.

use serde_json::{Value, json};

use crate::agreement_pairs::{Answers, STANDARD, profile};
use crate::harness::Bench;
use crate::register::bundle;

/// Two profiles of the products of the register's runs.
fn pair(bench: &Bench, newline: &'static str) {
    let text = profile(STANDARD, &[]).replace("crlf", newline);
    bench.write(
        "a.toml",
        text.replace("product = \"p\"", "product = \"北の住記\""),
    );
    bench.write(
        "b.toml",
        text.replace("product = \"p\"", "product = \"南の税\""),
    );
}

/// Adds what was agreed and what it was judged by to a run.
fn agreed(bench: &Bench, run: &std::path::Path, newline: &str) {
    let path = run.join("reports/result.json");
    let text = std::fs::read_to_string(&path).expect("it is there");
    let mut document: Value = serde_json::from_str(&text).expect("JSON");
    document["packs"] = json!([{ "id": "zengin", "version": "1", "sha256": "0".repeat(64) }]);
    document["agreement"] = json!([{
        "id": "F03", "linkage": "L-01", "pair": "kita..minami", "title": { "ja": "改行", "en": "Newline" }, "state": "agreed",
        "standard": "", "status": "mandatory", "proposal": "", "a": newline, "b": newline, "agreed": newline,
        "basis": { "ja": "", "en": "" }, "observed": "", "not_observed": { "ja": "", "en": "" }, "sources": [],
    }]);
    let inside = path.strip_prefix(bench.path()).expect("in the bench");
    bench.write(&inside.to_string_lossy(), document.to_string());
}

/// Kinds of the reasons with what they are about, and the exit code.
fn gate(bench: &Bench, more: &[&str]) -> (Vec<String>, i32) {
    let mut args = vec![
        "agree", "gate", "a.toml", "b.toml", "--runs", "runs", "--format", "json",
    ];
    args.extend(more);
    let called = bench.renkei(&args);
    let document: Value =
        serde_json::from_str(&called.stdout).unwrap_or_else(|_| panic!("{}", called.stderr));
    let reasons = document["reasons"].as_array().into_iter().flatten();
    let told = |r: &Value| {
        format!(
            "{} {}",
            r["kind"].as_str().unwrap_or(""),
            r["about"].as_str().unwrap_or("")
        )
    };
    (reasons.map(told).collect(), called.code)
}

#[test]
fn a_run_under_another_agreement_or_by_another_pack_is_not_enough() {
    let bench = Bench::new();
    pair(&bench, "crlf");
    let run = bundle(&bench, 1, 0..0);
    agreed(&bench, &run, "crlf");
    assert_eq!(gate(&bench, &[]), (vec![], 0));
    assert_eq!(gate(&bench, &["--spec", "zengin@1"]), (vec![], 0));
    assert_eq!(gate(&bench, &["--spec", "kokuho-csv@1"]), (vec![], 0));
    assert_eq!(
        gate(&bench, &["--spec", "zengin@2"]),
        (vec!["other_pack zengin".to_owned()], 3)
    );
    pair(&bench, "lf");
    assert_eq!(
        gate(&bench, &[]),
        (vec!["other_agreement F03".to_owned()], 3)
    );
}

#[test]
fn a_failed_run_stands_against_it_unless_all_of_it_is_accepted() {
    let bench = Bench::new();
    pair(&bench, "crlf");
    let run = bundle(&bench, 1, 0..2);
    let failed = (vec!["failed 20261101-100000-a".to_owned()], 1);
    assert_eq!(gate(&bench, &[]), failed);
    let issues = |args: &[&str]| {
        let mut all = vec!["issues"];
        all.extend(args);
        bench.renkei(&all).expect_code(0);
    };
    issues(&["sync", &run.display().to_string()]);
    let register = ["--register", "reports/register.sqlite"];
    assert_eq!(gate(&bench, &register), failed);
    for id in ["K-0001", "K-0002"] {
        issues(&["adopt", id, "--by", "担当者-01"]);
        // One of two is not enough.
        assert_eq!(gate(&bench, &register), failed);
        issues(&[
            "waive",
            id,
            "--by",
            "担当者-02",
            "--reason",
            "次の版で直す",
            "--until",
            "2099-03-31",
        ]);
    }
    let waived = ["waived K-0001", "waived K-0002"]
        .map(str::to_owned)
        .to_vec();
    assert_eq!(gate(&bench, &register), (waived, 0));
    // Without the register nobody knows of it.
    assert_eq!(gate(&bench, &[]), failed);
}

#[test]
fn an_api_key_whose_last_day_is_over_stands_against_it() {
    let bench = Bench::new();
    let here = "kind = \"on-premises\"";
    let with = |last: &'static str| -> Answers { vec![("A01", "api_key"), ("A11", last)].leak() };
    let told = |a: &'static str, b: &'static str, more: &[&str]| {
        bench.write("a.toml", profile(here, with(a)));
        bench.write("b.toml", profile(here, with(b)));
        let (mut reasons, code) = gate(&bench, more);
        reasons.retain(|r| !r.starts_with("never_tested"));
        (reasons, code)
    };
    let over = |code| (vec!["expired A11".to_owned()], code);
    assert_eq!(told("2020-03-31", "2020-03-31", &[]), over(1));
    assert_eq!(told("2098-03-31", "2098-03-31", &[]), (vec![], 3));
    // The last day itself still counts.
    assert_eq!(
        told("2098-03-31", "2098-03-31", &["--on", "2098-03-31"]),
        (vec![], 3)
    );
    assert_eq!(
        told("2098-03-31", "2098-03-31", &["--on", "2098-04-01"]),
        over(1)
    );
    assert_eq!(
        told("2020-03-31", "2098-03-31", &[]),
        (vec!["conflict A11".to_owned()], 1)
    );
    bench
        .renkei(&["agree", "gate", "a.toml", "b.toml", "--on", "2098-02-30"])
        .expect_code(2);
}

/// A run of the two, as far as the gate reads it.
fn result(bench: &Bench, run: &str, version: &str, verdict: &str, stand_in: bool) {
    let text = |ja: &str| serde_json::json!({ "ja": ja, "en": ja });
    let party = |id: &str, version: &str| serde_json::json!({ "id": id, "role": "both", "name": text(id), "product": "p", "version": version, "stand_in": stand_in });
    let mut b = party("b", "1");
    b["product"] = "q".into();
    let second = run.chars().last().unwrap_or('0');
    let ended = format!("2026-11-22T00:00:0{second}Z");
    let document = serde_json::json!({
        "schema": "renkei.result/v1",
        "tool": { "name": "renkei", "version": "0.1.0" },
        "run": { "id": run, "title": text("試験"), "started_at": "2026-11-22T00:00:00Z", "finished_at": ended, "data_class": "fictional", "reproduce": "" },
        "packs": [], "parties": [party("a", version), b],
        "verdict": verdict, "exit_code": 0, "counts": {}, "inputs": [], "findings": [],
        "cases": [{
            "id": "C-1", "title": text("件"), "linkage": "L", "method": "file", "from": "a", "to": "b", "required": true,
            "verdict": verdict, "reason": text(""), "checks": 1, "duration_ms": 1, "findings": [], "log": [],
        }],
    });
    bench.write(
        &format!("runs/{run}/reports/result.json"),
        document.to_string(),
    );
}

#[test]
fn the_gate_gives_each_of_its_reasons() {
    let other = |text: String| text.replace("product = \"p\"", "product = \"q\"");
    // What both answer, a run (version, verdict, a side played by renkei), the answer, the reasons.
    type Row = (
        Answers,
        Option<(&'static str, &'static str, bool)>,
        i32,
        &'static [&'static str],
    );
    let rows: &[Row] = &[
        (&[], Some(("1", "pass", false)), 0, &[]),
        (&[], None, 3, &["never_tested"]),
        (&[], Some(("2", "pass", false)), 3, &["other_version"]),
        (&[], Some(("1", "fail", false)), 1, &["failed"]),
        (&[], Some(("1", "not_run", false)), 3, &["incomplete"]),
        (&[], Some(("1", "pass", true)), 3, &["stand_in"]),
        (
            &[("F03", "lf / crlf")],
            Some(("1", "pass", false)),
            3,
            &["open"],
        ),
        (
            &[("F03", "")],
            Some(("1", "pass", false)),
            3,
            &["unanswered"],
        ),
        (
            &[("F03", "unix")],
            Some(("1", "pass", false)),
            1,
            &["outside"],
        ),
        (
            &[("F01", "cp932"), ("F02", "require")],
            Some(("1", "pass", false)),
            1,
            &["contradiction", "contradiction"],
        ),
    ];
    for (answers, run, code, reasons) in rows {
        let bench = Bench::new();
        bench.write("a.toml", profile(STANDARD, answers));
        bench.write("b.toml", other(profile(STANDARD, answers)));
        if let Some((version, verdict, stand_in)) = run {
            result(&bench, "R-1", version, verdict, *stand_in);
        }
        expect(&bench, *code, reasons);
    }
    let bench = Bench::new();
    bench.write("a.toml", profile(STANDARD, &[("F03", "lf")]));
    bench.write("b.toml", other(profile(STANDARD, &[])));
    result(&bench, "R-1", "1", "pass", false);
    expect(&bench, 1, &["conflict"]);
    // The latest run counts.
    bench.write("a.toml", profile(STANDARD, &[]));
    result(&bench, "R-2", "1", "fail", false);
    expect(&bench, 1, &["failed"]);
    result(&bench, "R-3", "1", "pass", false);
    expect(&bench, 0, &[]);
}

fn expect(bench: &Bench, code: i32, reasons: &[&str]) {
    let args = [
        "agree", "gate", "a.toml", "b.toml", "--runs", "runs", "--format", "json",
    ];
    let called = bench.renkei(&args);
    let document: Value = serde_json::from_str(&called.stdout).unwrap_or_default();
    let given = document["reasons"].as_array().into_iter().flatten();
    let kinds: Vec<&str> = given.filter_map(|r| r["kind"].as_str()).collect();
    assert_eq!(
        (kinds.as_slice(), called.code),
        (reasons, code),
        "{}",
        called.stderr
    );
}
