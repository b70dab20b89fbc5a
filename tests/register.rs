//! The issue register through the program: from findings to approved issues, through Excel and back, under kills and
//! two writers.

mod kills;
mod relapse;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::{Bench, Called};

/// A bundle of one case with findings by number; a run that finds nothing passes.
pub(crate) fn bundle(bench: &Bench, day: u32, findings: std::ops::Range<usize>) -> PathBuf {
    let run = format!("202611{day:02}-100000-a");
    let verdict = if findings.is_empty() { "pass" } else { "fail" };
    let at = format!("2026-11-{day:02}T10:00:00.000+09:00");
    let text = |ja: &str, en: &str| json!({ "ja": ja, "en": en });
    let list: Vec<Value> = findings
        .map(|n| {
            json!({
                "id": format!("F-{:04}", n + 1), "rule": "ENC-003", "level": "error", "effect": "fail", "case": "C-001",
                "cause": { "kind": "sender", "confidence": "certain", "proof": text("", "") },
                "message": text(&format!("文字{n}が合意した文字集合の外です"), &format!("character {n} is outside the agreed set")),
                "fix": text("", ""), "location": { "file": "a.csv", "record": 3, "field": format!("field{n}") },
                "expected": "", "observed": "", "count": 2, "samples": [], "fingerprint": format!("fp{n}")
            })
        })
        .collect();
    let party = |id: &str, name: &str, product: &str| json!({ "id": id, "role": "both", "name": text(name, name), "product": product, "version": "1", "stand_in": false });
    let document = json!({
        "schema": "renkei.result/v1", "tool": { "name": "renkei", "version": "0.1.0" },
        "run": { "id": run, "title": text("試験", "test"), "started_at": at, "finished_at": at,
                 "data_class": "fictional", "reproduce": "renkei run plan.toml" },
        "packs": [], "verdict": verdict, "exit_code": 0, "counts": {}, "inputs": [],
        "parties": [party("kita", "北システム", "北の住記"), party("minami", "南ソフト", "南の税")],
        "cases": [{ "id": "C-001", "title": text("北システムから送る", "send"), "linkage": "L-01", "method": "file",
                    "from": "kita", "to": "minami", "required": true, "verdict": verdict, "reason": text("", ""),
                    "checks": 1, "duration_ms": 1, "findings": [], "log": [] }],
        "findings": list
    });
    let header = json!({ "schema": "renkei.run/v1", "tool": { "name": "renkei", "version": "0.1.0" }, "run": run, "created_at": at });
    bench.write(&format!("runs/{run}/header.json"), header.to_string());
    bench.write(&format!("runs/{run}/events.jsonl"), "");
    bench.write(
        &format!("runs/{run}/reports/result.json"),
        document.to_string(),
    );
    for folder in ["blobs", "inputs"] {
        std::fs::create_dir_all(bench.path().join("runs").join(&run).join(folder))
            .expect("a folder");
    }
    bench.path().join("runs").join(run)
}

fn issues(bench: &Bench, args: &[&str]) -> Called {
    let mut all = vec!["issues"];
    all.extend(args);
    bench.renkei(&all)
}

fn sync(bench: &Bench, folder: &Path) -> Called {
    issues(bench, &["sync", &folder.display().to_string()]).expect_code(0)
}

fn show(bench: &Bench, id: &str) -> Value {
    let called = issues(bench, &["show", id, "--format", "json"]).expect_code(0);
    serde_json::from_str(&called.stdout).expect("JSON")
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, from the first run to the relapse"
)]
fn one_defect_lives_through_runs_approval_and_relapse() {
    let bench = Bench::new();
    let first = sync(&bench, &bundle(&bench, 1, 0..2));
    insta::assert_snapshot!("register_sync_ja", first.stdout);
    let again = sync(&bench, &bundle(&bench, 1, 0..2));
    assert!(
        again.stdout.contains("起票案0件・再検出0件"),
        "{}",
        again.stdout
    );
    sync(&bench, &bundle(&bench, 2, 0..1));
    sync(&bench, &bundle(&bench, 3, 0..1));
    assert_eq!(
        show(&bench, "K-0001")["issue"]["seen"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    issues(&bench, &["adopt", "K-0001"]).expect_code(2);
    issues(&bench, &["adopt", "K-0001", "--by", "renkei"]).expect_code(2);
    issues(&bench, &["adopt", "K-0001", "--by", "担当者-01"]).expect_code(0);
    issues(
        &bench,
        &["move", "K-0001", "--to", "承認", "--by", "担当者-02"],
    )
    .expect_code(2);
    for to in ["検討", "対応"] {
        issues(&bench, &["move", "K-0001", "--to", to, "--by", "担当者-01"]).expect_code(0);
    }
    let back = issues(
        &bench,
        &["move", "K-0001", "--to", "検討", "--by", "担当者-01"],
    )
    .expect_code(2);
    assert!(back.stderr.contains("理由が必要"), "{}", back.stderr);
    let passed = sync(&bench, &bundle(&bench, 4, 0..0));
    assert!(passed.stdout.contains("承認を提案"), "{}", passed.stdout);
    assert_eq!(
        show(&bench, "K-0001")["issue"]["human"]["state"],
        "acted",
        "never closed by itself"
    );
    let own = issues(
        &bench,
        &["move", "K-0001", "--to", "承認", "--by", "担当者-01"],
    )
    .expect_code(2);
    assert!(
        own.stderr.contains("自分の課題を承認できません"),
        "{}",
        own.stderr
    );
    issues(
        &bench,
        &["move", "K-0001", "--to", "承認", "--by", "担当者-02"],
    )
    .expect_code(0);
    sync(&bench, &bundle(&bench, 5, 0..1));
    issues(
        &bench,
        &[
            "waive",
            "K-0001",
            "--by",
            "担当者-02",
            "--reason",
            "次の版で直す",
            "--until",
            "2099-03-31",
        ],
    )
    .expect_code(0);
    issues(
        &bench,
        &["set", "K-0001", "--by", "担当者-01", "--due", "2026-13-01"],
    )
    .expect_code(2);
    issues(
        &bench,
        &[
            "set",
            "K-0001",
            "--by",
            "担当者-01",
            "--due",
            "2099-12-05",
            "--judgement",
            "confirmed",
            "--reason",
            "現物で確認",
        ],
    )
    .expect_code(0);
    let card = issues(&bench, &["show", "K-0001"]).expect_code(0).stdout;
    let stamp = |text: String| {
        text.lines()
            .map(|line| {
                if line.starts_with("20") {
                    format!("[time]{}", &line[19..])
                } else {
                    line.to_owned()
                }
            })
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!("register_show_ja", stamp(card));
    let card = bench
        .renkei(&["--lang", "en", "issues", "show", "K-0001"])
        .expect_code(0)
        .stdout;
    insta::assert_snapshot!("register_show_en", stamp(card));
    insta::assert_snapshot!(
        "register_list_ja",
        issues(&bench, &["list"]).expect_code(0).stdout
    );
}

#[test]
fn in_english_the_machine_speaks_english() {
    let bench = Bench::new();
    sync(&bench, &bundle(&bench, 1, 0..1));
    issues(&bench, &["adopt", "K-0001", "--by", "P-01"]).expect_code(0);
    issues(&bench, &["move", "K-0001", "--to", "検討", "--by", "P-01"]).expect_code(0);
    sync(&bench, &bundle(&bench, 2, 0..0));
    issues(
        &bench,
        &["set", "K-0001", "--due", "2026-12-05", "--by", "P-01"],
    )
    .expect_code(0);
    for args in [
        &["--lang", "en", "issues", "show", "K-0001"][..],
        &["--lang", "en", "issues", "list"],
        &["--lang", "en", "issues", "history"],
    ] {
        let told = bench.renkei(args).expect_code(0).stdout;
        assert!(
            told.is_ascii() || told.replace('→', "->").is_ascii(),
            "{told}"
        );
    }
    let shown = bench.renkei(&["--lang", "en", "issues", "show", "K-0001"]);
    for told in [
        "not seen when retested in run 20261102-100000-a",
        "drafted from finding F-0001 of run 20261101-100000-a",
        "makes the mandatory case C-001 nonconforming",
        "sender (proposed)",
    ] {
        assert!(shown.stdout.contains(told), "{told}: {}", shown.stdout);
    }
    let site = [
        "report",
        "runs/20261101-100000-a",
        "runs/20261102-100000-a",
        "--format",
        "site",
    ];
    let more = [
        "--report-lang",
        "en",
        "--register",
        "reports/register.sqlite",
        "--out",
        "site",
    ];
    bench.renkei(&[&site[..], &more].concat()).expect_code(0);
    let page =
        std::fs::read_to_string(bench.path().join("site/issues/K-0001.html")).expect("a page");
    assert!(page.contains("drafted from finding") && page.contains("not seen when retested"));
    for ja in [
        "から起案",
        "検出されず",
        "未記入",
        "記載の変更",
        "対応状況の変更",
    ] {
        assert!(!page.contains(ja), "{ja}");
    }
}

#[test]
fn an_exported_workbook_comes_back_unchanged_or_edited_or_in_conflict() {
    let bench = Bench::new();
    sync(&bench, &bundle(&bench, 1, 0..3));
    issues(&bench, &["adopt", "K-0001", "--by", "p1"]).expect_code(0);
    issues(&bench, &["export", "--out", "kadai.xlsx"]).expect_code(0);
    let same = issues(&bench, &["import", "kadai.xlsx", "--by", "p2"]).expect_code(0);
    assert!(same.stdout.starts_with("0件"), "{}", same.stdout);
    let csv = table(&bench);
    let edit = |from: &str, to: &str, name: &str| {
        assert!(csv.contains(from), "{from} is not in\n{csv}");
        bench.write(name, csv.replacen(from, to, 1));
    };
    // A person fills in the status and the assignee of K-0001, and scribbles into a column of the tool.
    edit("起票,,,K-0001", "検討,分割する,,K-0001", "edited.csv");
    let taken = issues(&bench, &["import", "edited.csv", "--by", "p2"]).expect_code(0);
    assert!(
        taken.stdout.contains("1件の課題を取り込みました K-0001"),
        "{}",
        taken.stdout
    );
    let issue = &show(&bench, "K-0001")["issue"];
    assert_eq!(
        (&issue["human"]["state"], &issue["human"]["countermeasure"]),
        (&json!("considered"), &json!("分割する"))
    );
    // The same old export again, with another countermeasure: both sides changed it.
    edit("起票,,,K-0001", "起票,待つ,,K-0001", "stale.csv");
    let stale = issues(&bench, &["import", "stale.csv", "--by", "p3"]).expect_code(3);
    insta::assert_snapshot!("register_conflict_ja", stale.stdout);
    let json = issues(
        &bench,
        &["import", "stale.csv", "--by", "p3", "--format", "json"],
    )
    .expect_code(3);
    let told: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(told["conflicts"][0]["register"], "分割する");
    edit("ENC-003", "ENC-999", "machine.csv");
    let notice = issues(&bench, &["import", "machine.csv", "--by", "p2"]).expect_code(0);
    assert!(notice.stdout.contains("ツールの列"), "{}", notice.stdout);
    // A mistake anywhere keeps all of it out and names its cell.
    edit("K-0003", "K-0009", "wrong.csv");
    let wrong = issues(&bench, &["import", "wrong.csv", "--by", "p2"]).expect_code(2);
    assert!(wrong.stderr.contains("wrong.csv J4"), "{}", wrong.stderr);
    edit("高", "最高", "word.csv");
    let wrong = issues(&bench, &["import", "word.csv", "--by", "p2"]).expect_code(2);
    assert!(wrong.stderr.contains("word.csv C2"), "{}", wrong.stderr);
}

/// 課題管理表 of kadai.xlsx as text, read by an independent reader.
fn table(bench: &Bench) -> String {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let mut book: Xlsx<_> = open_workbook(bench.path().join("kadai.xlsx")).expect("a workbook");
    let sheet = book.worksheet_range("課題管理表").expect("the sheet");
    let cell = |cell: &Data| match cell {
        Data::DateTime(at) => {
            let (y, m, d, ..) = at.to_ymd_hms_milli();
            format!("{y:04}-{m:02}-{d:02}")
        }
        other => other.to_string(),
    };
    let rows: Vec<String> = sheet
        .rows()
        .map(|row| row.iter().map(cell).collect::<Vec<_>>().join(","))
        .collect();
    rows.join("\n")
}

#[test]
#[expect(clippy::print_stderr, reason = "what is left out is told")]
fn the_round_trip_through_libreoffice_changes_nothing() {
    let bench = Bench::new();
    sync(&bench, &bundle(&bench, 1, 0..3));
    issues(
        &bench,
        &[
            "set",
            "K-0002",
            "--by",
            "p1",
            "--due",
            "2099-12-05",
            "--result",
            "改行\nと、読点、二つ",
        ],
    )
    .expect_code(0);
    issues(&bench, &["export", "--out", "kadai.xlsx"]).expect_code(0);
    let convert = |file: &str, to: &str| {
        Command::new("soffice")
            .args(["--headless", "--convert-to", to, "--outdir", "again", file])
            .current_dir(bench.path())
            .env("HOME", bench.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
    };
    // Through the suite's own format and back.
    let converted = convert("kadai.xlsx", "ods")
        .and_then(|_| convert("again/kadai.ods", "xlsx:Calc MS Excel 2007 XML"));
    let Ok(status) = converted else {
        assert!(
            std::env::var_os("RENKEI_TEST_SERVICES").is_none_or(|v| v != "required"),
            "soffice is required"
        );
        eprintln!("SKIPPED: soffice is not installed");
        return;
    };
    assert!(status.success());
    let taken = issues(&bench, &["import", "again/kadai.xlsx", "--by", "p2"]).expect_code(0);
    assert!(taken.stdout.starts_with("0件"), "{}", taken.stdout);
}
