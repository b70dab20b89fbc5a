//! Projects that are larger than a sample: what reports show of them, and whether they are made in time.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::Bench;
use crate::register::bundle;

/// The document of a bundle, changed.
pub(crate) fn changed(run: &Path, change: impl Fn(&mut Value)) {
    let path = run.join("reports/result.json");
    let text = std::fs::read_to_string(&path).expect("a document");
    let mut document: Value = serde_json::from_str(&text).expect("JSON");
    change(&mut document);
    std::fs::write(&path, document.to_string()).expect("written");
}

const LONG: &str = "とても長い名前の自治体共同利用型住民情報システム事業者連合会（第二製品開発部）";

/// Many runs: sixty pairs with long names, more than five hundred findings, a run that found nothing, one in which some of
/// them are back.
pub(crate) fn crowded(bench: &Bench) -> Vec<PathBuf> {
    // More findings than a page lists by itself.
    let (many, none, wide) = (
        bundle(bench, 1, 0..520),
        bundle(bench, 2, 0..0),
        bundle(bench, 3, 0..1),
    );
    changed(&wide, |document| {
        let text = |n: usize| json!({ "ja": format!("{LONG}{n}"), "en": format!("AVeryLongNameWithoutAnySpace{}{n}", "x".repeat(60)) });
        let party = |n: usize| json!({ "id": format!("p{n}"), "role": "both", "name": text(n), "product": "P", "version": "1", "stand_in": false });
        document["parties"] = (0..61).map(party).collect();
        let case = document["cases"][0].clone();
        let own = |n: usize| {
            let mut case = case.clone();
            case["id"] = format!("C-{:03}", n + 1).into();
            case["from"] = format!("p{n}").into();
            case["to"] = format!("p{}", n + 1).into();
            case["linkage"] = format!("L-{:02}", n % 12).into();
            case
        };
        document["cases"] = (0..60).map(own).collect();
    });
    vec![many, none, wide, bundle(bench, 4, 0..3)]
}

/// The register of the crowded project: an issue that was approved and is back, one accepted for now, one overdue, one put
/// back with a reason.
pub(crate) fn decided(bench: &Bench, runs: &[PathBuf]) {
    let issues = |args: &[&str]| bench.renkei(&[&["issues"], args].concat()).expect_code(0);
    let sync = |run: &PathBuf| issues(&["sync", &run.display().to_string()]);
    let (last, before) = runs.split_last().expect("runs");
    before.iter().for_each(|run| drop(sync(run)));
    for id in ["K-0001", "K-0002", "K-0003", "K-0004"] {
        issues(&["adopt", id, "--by", "担当者-01"]);
    }
    for to in ["検討", "対応", "承認"] {
        let by = if to == "承認" {
            "担当者-02"
        } else {
            "担当者-01"
        };
        issues(&["move", "K-0001", "--to", to, "--by", by]);
    }
    sync(last);
    issues(&[
        "waive",
        "K-0002",
        "--by",
        "担当者-02",
        "--reason",
        "次の版で直すことで双方が合意した",
        "--until",
        "2099-03-31",
    ]);
    issues(&[
        "set",
        "K-0003",
        "--by",
        "担当者-01",
        "--due",
        "2020-04-01",
        "--assignee",
        "担当者-03",
    ]);
    for (to, reason) in [("検討", ""), ("対応", ""), ("検討", "対応策を見直す")] {
        let reason: &[&str] = if reason.is_empty() {
            &[]
        } else {
            &["--reason", reason]
        };
        issues(&[&["move", "K-0004", "--to", to, "--by", "担当者-01"], reason].concat());
    }
}

/// A run of so many linkages, each with an agreement of sixty items, ten exchanges and, on every second one, findings.
fn large(bench: &Bench, linkages: usize, each: usize) -> PathBuf {
    let run = bundle(bench, 1, 0..linkages / 2 * each);
    changed(&run, |document| {
        let text = |words: String| json!({ "ja": words, "en": words });
        let case = document["cases"][0].clone();
        let own = |n: usize| {
            let mut case = case.clone();
            case["id"] = format!("C-{n:03}").into();
            case["linkage"] = format!("L-{n:03}").into();
            case["verdict"] = if n.is_multiple_of(2) { "fail" } else { "pass" }.into();
            case
        };
        document["cases"] = (0..linkages).map(own).collect();
        let line = |n: usize| {
            let (of, step) = (n / 10, n % 10);
            json!({ "id": format!("LOG-{:04}", n + 1), "case": format!("C-{of:03}"), "step": "send", "from": "kita",
                    "to": "minami", "at": "2026-11-01T10:00:00.000+09:00", "duration_ms": 1, "summary": format!("a.csv {step}"),
                    "sha256": format!("{n:064x}"), "curl": "", "detail": "" })
        };
        document["log"] = (0..linkages * 10).map(line).collect();
        let row = |n: usize| {
            json!({ "id": format!("F{:02}", n % 60), "linkage": format!("L-{:03}", n / 60), "pair": "kita..minami",
                    "title": text(format!("事項{}", n % 60)), "state": "agreed", "standard": "", "a": "crlf", "b": "crlf",
                    "agreed": "crlf", "basis": text("双方".to_owned()), "observed": "lf", "sources": [] })
        };
        document["agreement"] = (0..linkages * 60).map(row).collect();
        for (n, finding) in document["findings"]
            .as_array_mut()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let case = n / each * 2;
            finding["case"] = format!("C-{case:03}").into();
            finding["requirements"] = json!([format!("agreement#F{:02}", n % each)]);
            finding["location"]["log"] = format!("LOG-{:04}", case * 10 + n % 10 + 1).into();
        }
    });
    run
}

/// Every report of a run with two hundred linkages and a thousand findings. What looks its rows up anew for each row
/// would take hours here; no clock is asked.
#[test]
fn a_run_of_hundreds_of_linkages_is_reported() {
    let bench = Bench::new();
    let run = large(&bench, 200, 10).display().to_string();
    let formats = "text,html,kadai,kyogi,json,junit,sarif,github,site,seika,getsuji,shinchoku,risk,matrix,zuhyo";
    let args = ["report", &run, "--format", formats, "--out", "out"];
    bench.renkei(&args).expect_code(0);
    let read = |name: &str| {
        let path = bench.path().join("out").join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    };
    // Each finding that the page lists is with the one row of its own linkage, and with its exchange.
    let whole = read("report.html");
    let row = |from: &str, to: &str| -> usize {
        let rows = whole
            .split(from)
            .skip(1)
            .filter_map(|rest| rest.split(to).next());
        rows.map(|row| row.matches("href=\"#F-").count()).sum()
    };
    assert_eq!(row("<tr id=\"LOG-", "</tr>"), 500, "by exchange");
    let case = read("runs/20261101-100000-a/case-C-198.html");
    assert_eq!(case.matches("<article ").count(), 10);
    assert_eq!(read("junit.xml").matches("<failure ").count(), 100);
    assert_eq!(
        read("github.txt")
            .lines()
            .filter(|l| l.starts_with("::"))
            .count()
            .min(1),
        1
    );
}
