//! What a person or a program gets from the commands, through the binary. Snapshots are read as their user would read them.

use serde_json::Value;

use crate::harness::{Bench, Called};

const ATENA: &str = "jutogai-031/atena-kihon";
const ZENGIN: &str = "zengin/koza-furikae";

/// Hides what changes from run to run: times, run ids, digests of packs, durations.
fn stable() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d{8}-\d{6}-[0-9a-f]{4}", "[run]");
    settings.add_filter(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[^\s\x22]*", "[time]");
    settings.add_filter(r"\d+\.\d\d(秒| s\b)", "[took]$1");
    settings
}

fn check(bench: &Bench, file: &str, spec: &str, lang: &str) -> Called {
    bench.renkei(&[
        "check",
        &format!("check/{file}"),
        "--spec",
        spec,
        "--lang",
        lang,
    ])
}

#[test]
fn a_finding_reads_like_a_compiler_s() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    for lang in ["ja", "en"] {
        let atena = check(&bench, "atena-3-defects.csv", ATENA, lang).expect_code(1);
        insta::assert_snapshot!(format!("check_atena_{lang}"), atena.stdout);
        let zengin = check(&bench, "furikae-3-defects.dat", ZENGIN, lang).expect_code(1);
        insta::assert_snapshot!(format!("check_furikae_{lang}"), zengin.stdout);
    }
}

#[test]
fn clean_files_pass() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    for (file, spec) in [("atena-ok.csv", ATENA), ("furikae-ok.dat", ZENGIN)] {
        let called = check(&bench, file, spec, "en").expect_code(0);
        assert!(called.stdout.contains("exit code 0"), "{}", called.stdout);
    }
}

#[test]
fn the_result_document_is_the_same_in_both_languages() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    let of = |lang: &str| {
        let file = "check/atena-3-defects.csv";
        let mut document = bench
            .renkei(&[
                "check", file, "--spec", ATENA, "--format", "json", "--lang", lang,
            ])
            .expect_code(1)
            .result();
        document["run"]["started_at"] = Value::Null;
        document["run"]["finished_at"] = Value::Null;
        document["cases"][0]["duration_ms"] = Value::Null;
        document
    };
    assert_eq!(of("ja"), of("en"));
}

#[test]
fn the_language_of_the_terminal_is_asked_for_and_no_colour_means_none() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    let told = |file: &str, more: &[&str], environment: &[(&str, &str)]| {
        let args = [&["check", file, "--spec", ATENA][..], more].concat();
        let called = bench.renkei_with(&args, environment);
        format!("{}{}", called.stdout, called.stderr)
    };
    let posix = [
        ("LC_ALL", "C"),
        ("LANG", "C"),
        ("RENKEI_LANG", ""),
        ("NO_COLOR", "1"),
        ("CLICOLOR_FORCE", "1"),
    ];
    // Every word of its own is ASCII; only what a file or a pack holds may be something else.
    let english = told("check/atena-ok.csv", &[], &posix);
    assert!(
        english.is_ascii() && english.contains("conforming"),
        "{english}"
    );
    let japanese = told("check/atena-ok.csv", &["--lang", "ja"], &posix);
    assert!(japanese.contains("適合"), "{japanese}");
    let defects = "check/atena-3-defects.csv";
    assert!(!told(defects, &[], &posix).contains('\u{1b}'));
    assert!(told(defects, &["--color", "always"], &posix).contains('\u{1b}'));
}

#[test]
fn occurrences_are_written_whole() {
    let bench = Bench::new();
    let line = "x,".repeat(28);
    bench.write("bad.csv", format!("{line}\r\n").repeat(50));
    let args = [
        "check",
        "bad.csv",
        "--spec",
        ATENA,
        "--format",
        "json",
        "--occurrences",
        "all.jsonl",
    ];
    let document = bench.renkei(&args).expect_code(1).result();
    let lines =
        std::fs::read_to_string(bench.path().join("all.jsonl")).expect("the occurrences are there");
    let places: Vec<Value> = lines
        .lines()
        .map(|l| serde_json::from_str(l).expect("a line is JSON"))
        .collect();
    let told: u64 = document["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|f| f["count"].as_u64())
        .sum();
    assert_eq!(places.len() as u64, told);
    assert!(places.len() > 50);
    for key in ["rule", "record", "field", "byte_offset", "byte_length"] {
        assert!(places.iter().all(|p| p.get(key).is_some()), "{key}");
    }
}

#[test]
fn settings_can_be_set_and_are_told() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    let args = [
        "check",
        "check/atena-ok.csv",
        "--spec",
        ATENA,
        "--set",
        "encoding=cp932",
        "--lang",
        "en",
    ];
    let called = bench.renkei(&args).expect_code(1);
    assert!(
        called.stdout.contains("cp932 (command line)"),
        "{}",
        called.stdout
    );
    assert!(called.stdout.contains("ENC-007"), "{}", called.stdout);
}

#[test]
fn rules_and_their_pages() {
    let bench = Bench::new();
    let list: Value = serde_json::from_str(
        &bench
            .renkei(&["rules", "--format", "json"])
            .expect_code(0)
            .stdout,
    )
    .expect("JSON");
    for key in ["code", "name", "area", "level", "title", "since", "status"] {
        assert!(
            list["rules"]
                .as_array()
                .is_some_and(|rules| rules.iter().all(|r| r.get(key).is_some())),
            "{key}"
        );
    }
    let text = bench.renkei(&["rules"]).expect_code(0).stdout;
    assert_eq!(
        text.lines().count(),
        list["rules"].as_array().map_or(0, Vec::len)
    );
    insta::assert_snapshot!(
        "explain",
        bench.renkei(&["explain", "lay-002"]).expect_code(0).stdout
    );
    let selftest = bench.renkei(&["selftest"]).expect_code(0);
    assert!(
        selftest.stdout.contains("期待と違う 0件"),
        "{}",
        selftest.stdout
    );
}

#[test]
fn two_profiles_are_compared_item_by_item() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test");
    let profiles = [
        "joint-test/vendor-a/profile.toml",
        "joint-test/vendor-b/profile.toml",
    ];
    let agree = |more: &[&str]| {
        let args: Vec<&str> = [
            "agree",
            profiles[0],
            profiles[1],
            "--linkage",
            "L-01",
            "--method",
            "file",
        ]
        .iter()
        .chain(more)
        .copied()
        .collect();
        bench.renkei(&args)
    };
    let document: Value =
        serde_json::from_str(&agree(&["--format", "json"]).expect_code(3).stdout).expect("JSON");
    let item = |id: &str| {
        let items = document["items"].as_array().into_iter().flatten();
        items
            .into_iter()
            .find(|i| i["id"] == id)
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(item("F01")["state"], "agreed");
    assert_eq!(item("F01")["agreed"], "utf-8");
    assert_eq!(item("X11")["state"], "conflict");
    assert_eq!(item("X10")["state"], "one_side");
    for key in ["id", "state", "standard", "a", "b", "agreed", "basis"] {
        assert!(item("F01").get(key).is_some(), "{key}");
    }
    insta::assert_snapshot!("agree_ja", agree(&["--lang", "ja"]).expect_code(3).stdout);
}

#[test]
fn packs_and_layouts_are_listed() {
    let bench = Bench::new();
    insta::assert_snapshot!(
        "spec_list",
        bench.renkei(&["spec", "list"]).expect_code(0).stdout
    );
    insta::assert_snapshot!(
        "spec_show",
        bench
            .renkei(&["spec", "show", ZENGIN])
            .expect_code(0)
            .stdout
    );
}

#[test]
fn repertoires_are_shown_checked_and_compared() {
    let bench = Bench::new();
    bench.write("names.txt", "髙橋\n吉田\n𠮷田\n");
    let called = bench
        .renkei(&["repertoire", "check", "cp932", "names.txt"])
        .expect_code(1);
    assert!(
        called.stdout.contains("U+20BB7") && !called.stdout.contains("U+9AD9"),
        "{}",
        called.stdout
    );
    bench
        .renkei(&["repertoire", "check", "cp932 | U+20BB7", "names.txt"])
        .expect_code(0);
    let called = bench
        .renkei(&["repertoire", "check", "cp932 -", "names.txt"])
        .expect_code(2);
    assert!(called.stderr.contains("cp932 -"), "{}", called.stderr);
    insta::assert_snapshot!(
        "repertoire_show",
        bench
            .renkei(&["repertoire", "show", "cp932"])
            .expect_code(0)
            .stdout
    );
    let diff = bench
        .renkei(&["repertoire", "diff", "cp932", "jisx0213"])
        .expect_code(0)
        .stdout;
    assert!(diff.contains("3971"), "{diff}");
}

#[test]
fn misbehaviours_are_listed_one_a_line() {
    let list = Bench::new()
        .renkei(&["mock", "--list-misbehaviours"])
        .expect_code(0)
        .stdout;
    for name in [
        "scope-ignored",
        "charset-missing",
        "reject-conforming",
        "store-other-bytes",
    ] {
        assert!(
            list.lines()
                .any(|line| line.split_whitespace().next() == Some(name)),
            "{name}"
        );
    }
}

#[test]
fn a_bundle_is_judged_again_and_tells_of_tampering() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test");
    let called = bench
        .renkei(&[
            "run",
            "joint-test/plan.toml",
            "--out",
            "runs",
            "--lang",
            "ja",
        ])
        .expect_code(1);
    assert!(
        !called.stdout.contains('\x1b') && !called.stderr.contains('\x1b'),
        "NO_COLOR is honoured"
    );
    stable().bind(|| insta::assert_snapshot!("run_progress", called.stderr));
    let mut runs = std::fs::read_dir(bench.path().join("runs"))
        .expect("there is a run")
        .flatten();
    let bundle = runs.next().expect("there is a run").path();
    let path = bundle.to_str().expect("the path is UTF-8");

    // Judging needs nothing but the bundle: the story is gone.
    std::fs::remove_dir_all(bench.path().join("joint-test")).expect("the story can be removed");
    let first =
        std::fs::read_to_string(bundle.join("reports/result.json")).expect("there is a result");
    bench
        .renkei(&[
            "report",
            path,
            "--rejudge",
            "--format",
            "json,html,kadai,junit",
            "--out",
            "again",
        ])
        .expect_code(0);
    let again =
        std::fs::read_to_string(bench.path().join("again/result.json")).expect("there is a result");
    assert_eq!(first, again);
    for name in ["report.html", "kadai.xlsx", "junit.xml"] {
        let of = |folder: &std::path::Path| {
            std::fs::metadata(folder.join(name))
                .map(|m| m.len())
                .unwrap_or(0)
        };
        assert!(
            of(&bundle.join("reports")) > 1000 && of(&bench.path().join("again")) > 1000,
            "{name}"
        );
    }

    bench.renkei(&["verify", path]).expect_code(0);
    let blob = std::fs::read_dir(bundle.join("blobs"))
        .expect("there are blobs")
        .flatten()
        .next()
        .expect("one")
        .path();
    let mut bytes = std::fs::read(&blob).expect("the blob can be read");
    bytes.push(0);
    std::fs::write(&blob, bytes).expect("the blob can be altered");
    let told = bench.renkei(&["verify", path]).expect_code(1);
    let name = blob
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default()
        .to_owned();
    assert!(told.stdout.contains(&name), "{}", told.stdout);
}

#[test]
fn no_value_of_a_person_is_in_any_output() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test");
    bench.copy("sample-data/check");
    let called = bench
        .renkei(&["run", "joint-test/plan.toml", "--out", "runs"])
        .expect_code(1);
    let mut runs = std::fs::read_dir(bench.path().join("runs"))
        .expect("there is a run")
        .flatten();
    let reports = runs.next().expect("there is a run").path().join("reports");
    // Names and numbers of records that have findings.
    let canaries = [
        "吉川",
        "佐々木",
        "千代田区",
        "123456789018",
        "345678901234",
        "ﾐﾎﾝ",
        "ﾆﾎﾝ",
    ];
    let mut texts = vec![called.stdout, called.stderr];
    for name in ["result.json", "report.html", "junit.xml"] {
        texts.push(std::fs::read_to_string(reports.join(name)).expect("the report is text"));
    }
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook(reports.join("kadai.xlsx")).expect("the workbook opens");
    for (_, sheet) in calamine::Reader::worksheets(&mut book) {
        texts.push(
            sheet
                .rows()
                .flatten()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }
    for file in ["atena-3-defects.csv", "furikae-3-defects.dat"] {
        let spec = if file.ends_with("csv") { ATENA } else { ZENGIN };
        texts.push(check(&bench, file, spec, "ja").stdout);
    }
    for canary in canaries {
        assert!(
            texts.iter().all(|text| !text.contains(canary)),
            "{canary} is shown"
        );
    }
}
