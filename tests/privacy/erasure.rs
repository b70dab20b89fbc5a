//! The ledger, and erasure with its certificate.

use std::path::PathBuf;

use serde_json::Value;

use super::only_run;
use crate::harness::Bench;

/// A bench with the bundle of one conforming run.
fn finished() -> (Bench, PathBuf) {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test-clean");
    bench
        .renkei(&["run", "joint-test-clean/plan.toml"])
        .expect_code(0);
    let run = only_run(&bench);
    (bench, run)
}

#[test]
fn a_run_is_in_the_ledger_until_it_is_erased_with_a_certificate() {
    let (bench, run) = finished();
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

#[test]
fn an_erasure_that_was_killed_is_completed_by_the_next_one() {
    use std::process::{Command, Stdio};
    let (bench, run) = finished();
    for n in 0..6000 {
        bench.write(
            &run.strip_prefix(bench.path())
                .expect("inside")
                .join(format!("work/many/{n}"))
                .display()
                .to_string(),
            "x",
        );
    }
    let rows = bench
        .renkei(&["ledger", "list"])
        .expect_code(0)
        .stdout
        .lines()
        .count();
    let target = run.display().to_string();
    let erasures = bench.path().join("reports/erasures");
    let json = || {
        std::fs::read_dir(&erasures)
            .ok()?
            .flatten()
            .map(|e| e.path())
            .find(|p| p.extension().is_some_and(|e| e == "json"))
    };
    let mut killed = 0;
    for left in [5999, 4000, 1] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_renkei"))
            .args(["erase", &target, "--yes", "--by", "U01"])
            .current_dir(bench.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let many = run.join("work/many");
        let count = || std::fs::read_dir(&many).map_or(0, Iterator::count);
        while child.try_wait().expect("waits").is_none() && (json().is_none() || count() > left) {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let _ = child.kill();
        let _ = child.wait();
        let path = json().expect("a draft");
        let draft: Value =
            serde_json::from_slice(&std::fs::read(&path).expect("there")).expect("whole JSON");
        if draft["complete"] == false {
            killed += 1;
            let text = std::fs::read_to_string(path.with_extension("txt")).expect("text");
            assert!(
                text.contains("何も証明しません") || text.contains("certifies nothing"),
                "{text}"
            );
        }
    }
    assert!(killed > 0, "nothing was interrupted");
    // A stranger in the folder is not deleted with it.
    if run.exists() {
        std::fs::create_dir_all(run.join("work")).expect("a folder");
        std::fs::write(run.join("work/stranger"), "x").expect("written");
        bench.renkei(&["erase", &target, "--yes"]).expect_code(2);
        assert!(run.join("work/stranger").is_file());
        std::fs::remove_file(run.join("work/stranger")).expect("removed");
    }
    bench
        .renkei(&["erase", &target, "--yes", "--by", "U01", "--witness", "U02"])
        .expect_code(0);
    assert!(!run.exists());
    let path = json().expect("a certificate");
    assert_eq!(
        std::fs::read_dir(&erasures).expect("a folder").count(),
        4,
        "one certificate in four forms"
    );
    let certificate: Value =
        serde_json::from_slice(&std::fs::read(&path).expect("there")).expect("JSON");
    assert_eq!(certificate["complete"], true);
    assert_eq!(certificate["ledger"].as_array().map(Vec::len), Some(rows));
    let files = certificate["files"].as_array().cloned().unwrap_or_default();
    assert!(files.len() > 6000 && files.iter().all(|f| f["gone"] == true && f["sha256"] != ""));
    says_what_it_cannot_promise(&path);
    assert_eq!(
        bench
            .renkei(&["ledger", "list"])
            .expect_code(0)
            .stdout
            .lines()
            .count(),
        rows
    );
}

/// Page and document of a certificate.
fn says_what_it_cannot_promise(path: &std::path::Path) {
    let page = std::fs::read_to_string(path.with_extension("html")).expect("a page");
    let document =
        crate::travel::unzipped(&std::fs::read(path.with_extension("docx")).expect("a document"));
    for text in [&page, &document] {
        for word in [
            "消去証明書",
            "スナップショット",
            "バックアップ",
            "SSD",
            "header.json",
        ] {
            assert!(text.contains(word), "{word}");
        }
    }
}
