//! The gate over runs: under which agreement, by which packs they were made, and deviations that people accepted.

use serde_json::{Value, json};

use crate::agreement_pairs::{STANDARD, profile};
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
