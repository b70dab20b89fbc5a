//! Personal data through the binary: test data out of real files, ledger, erasure, audit log.

use std::path::PathBuf;

use serde_json::Value;

use crate::harness::Bench;

const ATENA: &str = "jutogai-031/atena-kihon";

fn only_run(bench: &Bench) -> PathBuf {
    let mut runs = std::fs::read_dir(bench.path().join("reports/runs"))
        .expect("there is a run")
        .flatten();
    runs.next().expect("there is a run").path()
}

#[test]
fn a_file_is_made_anonymous_and_keeps_its_findings() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    let file = "check/atena-3-defects.csv";
    let call = |out: &str| {
        bench.renkei(&[
            "anonymize",
            file,
            "--spec",
            ATENA,
            "--out",
            out,
            "--key",
            "k/../project.key",
        ])
    };
    bench.write("k/x", "");
    let told = call("one.csv").expect_code(0).stdout;
    assert!(
        told.contains("鍵ファイル") && told.contains("同じ場所"),
        "{told}"
    );
    call("two.csv").expect_code(0);
    let read = |name: &str| std::fs::read(bench.path().join(name)).expect("the file is there");
    let (old, one) = (read(file), read("one.csv"));
    assert_eq!(one, read("two.csv"), "the same key gives the same file");
    assert_eq!(one.len(), old.len());
    for canary in ["吉川", "佐々木", "千代田区", "345678901234"] {
        assert!(
            !one.windows(canary.len()).any(|w| w == canary.as_bytes()),
            "{canary}"
        );
    }
    bench
        .renkei(&["anonymize", file, "--spec", ATENA, "--out", file])
        .expect_code(2);
}

#[test]
fn a_run_is_in_the_ledger_until_it_is_erased_with_a_certificate() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test-clean");
    bench
        .renkei(&["run", "joint-test-clean/plan.toml"])
        .expect_code(0);
    let run = only_run(&bench);
    let listed = bench.renkei(&["ledger", "list"]).expect_code(0).stdout;
    let lines = listed.lines().count();
    assert!(lines > 3 && listed.contains("fictional"), "{listed}");
    bench
        .renkei(&["ledger", "export", "--by", "U01"])
        .expect_code(0);
    let target = run.display().to_string();
    let refused = bench.renkei(&["erase", &target]).expect_code(2);
    assert!(
        run.is_dir() && refused.stderr.contains("--yes"),
        "{}",
        refused.stderr
    );
    bench
        .renkei(&["erase", "joint-test-clean", "--yes"])
        .expect_code(2);
    assert!(bench.path().join("joint-test-clean/plan.toml").is_file());
    let told = bench
        .renkei(&["erase", &target, "--yes", "--by", "U01", "--witness", "U02"])
        .expect_code(0);
    assert!(
        !run.exists() && told.stdout.contains("スナップショット"),
        "{}",
        told.stdout
    );
    let json = told
        .stdout
        .lines()
        .last()
        .expect("the certificate is named");
    let text = std::fs::read(bench.path().join(json)).expect("the certificate is there");
    let certificate: Value = serde_json::from_slice(&text).expect("it is JSON");
    assert_eq!(certificate["complete"], true);
    assert_eq!(certificate["ledger"].as_array().map(Vec::len), Some(lines));
    let after = bench.renkei(&["ledger", "list"]).expect_code(0).stdout;
    assert_eq!(after.lines().count(), lines, "{after}");
    let audit = std::fs::read_to_string(bench.path().join("reports/audit.jsonl")).expect("a log");
    let commands: Vec<String> = audit
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).expect("JSON")["command"].to_string())
        .collect();
    assert_eq!(commands, ["\"export\"", "\"erase\""]);
}
