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

/// Names in the sample with defects whose value stands in a finding: numbers that `check` shows for them.
fn numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .match_indices("人-")
        .map(|(at, _)| text[at..].chars().take(8).collect())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// A file whose names are too long, in an encoding.
fn long_names(names: &[&str], encoding: renkei_core::encoding::Encoding) -> Vec<u8> {
    let sample = crate::harness::root().join("sample-data/check/atena-ok.csv");
    let text = std::fs::read_to_string(sample).expect("the sample");
    let target = renkei_core::encoding::Target::new(renkei_core::encoding::Encoding::Cp932);
    let line = text
        .trim_start_matches('\u{feff}')
        .lines()
        .find(|line| renkei_core::encoding::encode(line, target).is_ok())
        .expect("a line that CP932 can hold");
    let mut out = String::new();
    for (n, name) in names.iter().enumerate() {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        cells[0] = format!("2026000000{n:05}");
        cells[2] = name.to_string();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    renkei_core::encoding::encode(&out, renkei_core::encoding::Target::new(encoding))
        .expect("encodable")
}

#[test]
fn names_get_numbers_that_hold_within_a_project() {
    use renkei_core::encoding::Encoding;
    let bench = Bench::new();
    let long = "鷺沼　珠緒".repeat(30);
    let other = "亀有　亀吉".repeat(30);
    bench.write("utf8.csv", long_names(&[&long], Encoding::Utf8));
    bench.write("sjis.csv", long_names(&[&long], Encoding::Cp932));
    bench.write("other.csv", long_names(&[&other], Encoding::Utf8));
    let check = |file: &str, more: &[&str]| {
        let args = [&["check", file, "--spec", ATENA, "--format", "json"], more].concat();
        let called = bench.renkei(&args);
        assert!(!called.stdout.contains("鷺沼") && !called.stdout.contains("亀有"));
        numbers(&called.stdout)
    };
    assert!(check("utf8.csv", &[]).is_empty(), "without a key as before");
    let key = ["--pseudonyms", "project.key"];
    let first = check("utf8.csv", &key);
    assert_eq!(first.len(), 1, "{first:?}");
    assert_eq!(first, check("utf8.csv", &key), "the same in another run");
    let sjis = ["--pseudonyms", "project.key", "--set", "encoding=cp932"];
    assert_eq!(
        first,
        check("sjis.csv", &sjis),
        "and in another file and encoding"
    );
    let second = check("other.csv", &key);
    assert!(second.len() == 1 && second != first, "{second:?}");
    let elsewhere = check("utf8.csv", &["--pseudonyms", "another.key"]);
    assert!(elsewhere.len() == 1 && elsewhere != first, "{elsewhere:?}");
    let table =
        std::fs::read_to_string(bench.path().join("project.key.numbers")).expect("the table");
    assert!(
        table.lines().count() >= 2 && !table.contains("鷺"),
        "{table}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let meta = std::fs::metadata(bench.path().join("project.key.numbers")).expect("there");
        assert_eq!(meta.permissions().mode() & 0o077, 0);
    }
}

#[test]
fn a_plan_names_the_key_of_the_numbers() {
    let bench = Bench::new();
    let folder = bench.copy("sample-data/joint-test");
    let plan = folder.join("plan.toml");
    let text = std::fs::read_to_string(&plan).expect("the plan");
    std::fs::write(
        &plan,
        text.replacen(
            "[[party]]",
            "[privacy]\nkey = \"../project.key\"\n\n[[party]]",
            1,
        ),
    )
    .expect("written");
    let file = folder.join("vendor-a/outbox/jutogai_131016_20261101_001.csv");
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    let long = "鷺沼　珠緒".repeat(30);
    bytes.extend(long_names(&[&long], renkei_core::encoding::Encoding::Utf8));
    std::fs::write(file, bytes).expect("written");
    bench.renkei(&["run", "joint-test/plan.toml", "--case", "C-001"]);
    let run = only_run(&bench);
    let result = std::fs::read_to_string(run.join("reports/result.json")).expect("a result");
    let told = numbers(&result);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(bench.path().join("project.key.numbers").is_file());
    let kept = crate::canary::files(&run);
    let secret = std::fs::read_to_string(bench.path().join("project.key")).expect("the key");
    for path in kept {
        let bytes = std::fs::read(&path).expect("readable");
        assert!(
            memchr::memmem::find(&bytes, secret.trim().as_bytes()).is_none(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn revealing_needs_an_approval_is_logged_and_stands_on_every_page() {
    let bench = Bench::new();
    let name = "鷺沼　珠緒".repeat(30);
    bench.write(
        "a.csv",
        long_names(&[&name], renkei_core::encoding::Encoding::Utf8),
    );
    let base = ["check", "a.csv", "--spec", ATENA, "--reveal"];
    bench.renkei(&base).expect_code(2);
    let blank = [&base[..], &["--approval", " ", "--by", "U01"]].concat();
    bench.renkei(&blank).expect_code(5);
    assert!(!bench.path().join("reports/audit.jsonl").exists());
    let given = [
        &base[..],
        &["--approval", "承認-7", "--by", "U01", "--format", "json"],
    ]
    .concat();
    let shown = bench.renkei(&given);
    let document: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    crate::harness::expect_schema(&document);
    assert!(shown.stdout.contains("鷺") && document["run"]["revealed"] == "承認-7");
    let audit = std::fs::read_to_string(bench.path().join("reports/audit.jsonl")).expect("a log");
    assert!(
        audit.contains("\"reveal\"") && audit.contains("承認-7") && audit.contains("a.csv"),
        "{audit}"
    );

    let folder = bench.copy("sample-data/joint-test");
    let plan = folder.join("plan.toml");
    let text = std::fs::read_to_string(&plan).expect("the plan");
    bench
        .renkei(&["run", "joint-test/plan.toml", "--reveal", "--by", "U01"])
        .expect_code(5);
    std::fs::write(
        &plan,
        text.replacen("data_class", "approval = \"承認-8\"\ndata_class", 1),
    )
    .expect("written");
    bench
        .renkei(&["run", "joint-test/plan.toml", "--reveal"])
        .expect_code(5);
    bench
        .renkei(&["run", "joint-test/plan.toml", "--reveal", "--by", "U01"])
        .expect_code(1);
    let run = only_run(&bench);
    let target = run.display().to_string();
    bench
        .renkei(&[
            "report",
            &target,
            "--format",
            "text,html,site,kadai,sarif,seika,getsuji,zuhyo",
            "--out",
            "out",
        ])
        .expect_code(0);
    let mut pages = 0;
    for path in crate::canary::files(&bench.path().join("out")) {
        let bytes = std::fs::read(&path).expect("readable");
        let told = match path.extension().and_then(|e| e.to_str()) {
            Some("html" | "txt" | "sarif") => String::from_utf8(bytes).expect("UTF-8"),
            Some("docx" | "xlsx") => crate::travel::unzipped(&bytes),
            _ => continue,
        };
        assert!(told.contains("承認-8"), "{}", path.display());
        pages += 1;
    }
    assert!(pages > 15, "{pages}");
    let ledger = bench.renkei(&["ledger", "list"]).expect_code(0).stdout;
    assert!(ledger.contains("承認-8"), "{ledger}");
}

#[test]
fn an_erasure_that_was_killed_is_completed_by_the_next_one() {
    use std::process::{Command, Stdio};
    let bench = Bench::new();
    bench.copy("sample-data/joint-test-clean");
    bench
        .renkei(&["run", "joint-test-clean/plan.toml"])
        .expect_code(0);
    let run = only_run(&bench);
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
