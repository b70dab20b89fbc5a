//! 協議シート: written, filled in, read back; 合意設定書 and 協議事項照合表 as files that people open.

use std::process::{Command, Stdio};

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;

use crate::harness::{Bench, Called, root};
use crate::looks::left_out;

const A: &str = "joint-test/vendor-a/profile.toml";
const B: &str = "joint-test/vendor-b/profile.toml";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test");
    bench
}

fn export(bench: &Bench) {
    bench
        .renkei(&["agree", "export", A, B, "--out", "sheet.xlsx"])
        .expect_code(0);
}

/// Rows of a sheet as text.
pub(crate) fn rows(bench: &Bench, file: &str, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(bench.path().join(file)).expect("a workbook");
    let sheet = book.worksheet_range(sheet).expect("the sheet");
    let text = |cell: &Data| cell.to_string();
    sheet
        .rows()
        .map(|row| row.iter().map(text).collect())
        .collect()
}

/// The sheet as people save it from a spreadsheet, with cells written anew: item, heading, content.
fn filled(bench: &Bench, name: &str, cells: &[(&str, &str, &str)]) {
    let mut rows = rows(bench, "sheet.xlsx", "協議シート");
    let heading = |rows: &[Vec<String>], wanted: &str| {
        rows[0]
            .iter()
            .position(|h| h == wanted)
            .expect("the heading")
    };
    for (item, column, content) in cells {
        let at = heading(&rows, column);
        let row = rows
            .iter()
            .position(|r| r[0] == *item && r[8].is_empty())
            .expect("the row");
        rows[row][at] = (*content).to_owned();
    }
    let field = |f: &String| format!("\"{}\"", f.replace('"', "\"\""));
    let line = |row: &Vec<String>| row.iter().map(field).collect::<Vec<_>>().join(",") + "\r\n";
    let text: String = rows.iter().map(line).collect();
    bench.write(name, text);
}

fn import(bench: &Bench, sheet: &str, more: &[&str]) -> Called {
    let args: Vec<&str> = ["agree", "import", sheet, A]
        .iter()
        .chain(more)
        .copied()
        .collect();
    bench.renkei(&args)
}

#[test]
fn a_sheet_that_nobody_touched_changes_nothing() {
    let bench = bench();
    export(&bench);
    let same = import(&bench, "sheet.xlsx", &["--out", "new.toml"]).expect_code(0);
    assert_eq!(same.stdout, "変わった回答はありません\n");
    let answers = |file: &str| {
        let text = std::fs::read_to_string(bench.path().join(file)).expect("a profile");
        let value: Value = toml::from_str(&text).expect("TOML");
        value["answer"].clone()
    };
    assert_eq!(answers("new.toml"), answers(A));
}

#[test]
fn answers_come_back_with_the_cell_they_were_written_in() {
    let bench = bench();
    export(&bench);
    filled(
        &bench,
        "filled.csv",
        &[
            ("F03", "自社の回答1", "lf"),
            ("F03", "自社の回答2", "crlf"),
            ("F03", "自社の根拠", "回答書 3"),
            ("F03", "記入者コード", "担当者-07"),
            ("F03", "記入日", "2026-11-22"),
            ("F06", "自社の回答1", "comma"),
            ("A07", "自社の回答1", ""),
            ("A07", "自社の根拠", ""),
        ],
    );
    let shown = import(&bench, "filled.csv", &[]).expect_code(0);
    assert!(
        shown.stdout.contains("3件の回答が変わります"),
        "{}",
        shown.stdout
    );
    import(&bench, "filled.csv", &["--out", "new.toml"]).expect_code(0);
    let text = std::fs::read_to_string(bench.path().join("new.toml")).expect("a profile");
    let value: Value = toml::from_str(&text).expect("TOML");
    let answers = value["answer"].as_array().cloned().unwrap_or_default();
    let of = |item: &str| answers.iter().find(|a| a["item"] == item);
    let newline = of("F03").expect("it was answered");
    assert_eq!(newline["values"], serde_json::json!(["lf", "crlf"]));
    assert_eq!(
        (&newline["by"], &newline["on"]),
        (&"担当者-07".into(), &"2026-11-22".into())
    );
    let place = newline["place"].as_str().unwrap_or_default();
    assert!(place.starts_with("filled.csv K"), "{place}");
    assert_eq!(of("F06").map(|a| &a["values"][0]), Some(&",".into()));
    assert_eq!(of("A07"), None);
    assert!(
        text.contains("[endpoints.token]"),
        "the rest of the profile stays"
    );
    // Findings name the cell.
    let told = bench.renkei(&["agree", "new.toml", B, "--format", "json"]);
    assert!(told.stdout.contains("filled.csv K"), "{}", told.stdout);
}

#[test]
fn what_both_changed_is_shown_three_ways_and_nothing_is_imported() {
    let bench = bench();
    export(&bench);
    filled(
        &bench,
        "filled.csv",
        &[
            ("F03", "自社の回答1", "lf"),
            ("F05", "自社の回答1", "allow"),
        ],
    );
    let profile = std::fs::read_to_string(bench.path().join(A)).expect("a profile");
    let changed = profile.replace(
        "item = \"F03\"\nvalues = [\"crlf\"]",
        "item = \"F03\"\nvalues = [\"cr\"]",
    );
    assert_ne!(profile, changed);
    bench.write(A, changed);
    let told = import(&bench, "filled.csv", &["--out", "new.toml"]).expect_code(3);
    insta::assert_snapshot!("agreement_sheet_conflict_ja", told.stdout);
    assert!(!bench.path().join("new.toml").exists());
    let json = import(&bench, "filled.csv", &["--format", "json"]).expect_code(3);
    let json: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(json["conflicts"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["imported"], false);
}

#[test]
fn every_mistake_is_told_at_its_cell() {
    let bench = bench();
    export(&bench);
    for (cells, cell, words) in [
        (
            &[("F03", "自社の回答1", "unix")][..],
            "K",
            "書ける値: crlf | lf | cr | none | any",
        ),
        (
            &[("F03", "自社の回答1", "ＬＦ")],
            "K",
            "「lf」ではありませんか",
        ),
        (&[("X12", "自社の回答1", "三十秒")], "K", "整数か範囲"),
        (
            &[("F03", "自社の回答1", ""), ("F03", "自社の回答2", "lf")],
            "L",
            "前の希望の欄が空いています",
        ),
        (&[("F03", "自社の回答2", "crlf")], "L", "2回あります"),
        (&[("F03", "記入日", "11月22日")], "P", "2026-11-22 のように"),
        (
            &[("F03", "書き出し時の回答", "lf")],
            "U",
            "書き出したときの値に戻して",
        ),
        (&[("F03", "番号", "F99")], "A", "協議項目の一覧にありません"),
        (&[("F03", "番号", "")], "A", "番号がありません"),
    ] {
        filled(&bench, "wrong.csv", cells);
        let told = import(&bench, "wrong.csv", &["--out", "new.toml"]).expect_code(2);
        let place = format!("wrong.csv {cell}");
        assert!(
            told.stderr.contains(&place) && told.stderr.contains(words),
            "{cells:?}: {}",
            told.stderr
        );
        assert!(!bench.path().join("new.toml").exists());
    }
    bench.write("no-headings.csv", "番号,値\r\nF03,lf\r\n");
    let told = import(&bench, "no-headings.csv", &[]).expect_code(2);
    assert!(
        told.stderr.contains("見出し「自社の回答1」"),
        "{}",
        told.stderr
    );
}

/// Saves a file with LibreOffice in another form; false where it is not installed.
fn saved_by_libreoffice(bench: &Bench, test: &str, form: &str, file: &str) -> bool {
    let status = Command::new("soffice")
        .args([
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            "again",
            file,
        ])
        .current_dir(bench.path())
        .env("HOME", bench.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match status {
        Ok(status) => {
            assert!(status.success());
            true
        }
        Err(_) => {
            left_out(test, "soffice");
            false
        }
    }
}

#[test]
fn a_sheet_saved_by_libreoffice_is_read_alike() {
    let bench = bench();
    export(&bench);
    let form = "xlsx:Calc MS Excel 2007 XML";
    if saved_by_libreoffice(
        &bench,
        "a_sheet_saved_by_libreoffice_is_read_alike",
        form,
        "sheet.xlsx",
    ) {
        let same = import(&bench, "again/sheet.xlsx", &[]).expect_code(0);
        assert_eq!(same.stdout, "変わった回答はありません\n");
    }
}

#[test]
fn a_set_of_characters_may_hold_the_mark_between_alternatives() {
    let bench = bench();
    export(&bench);
    let (set, first) = ("jisx0208 | ascii | jisx0201", "自社の回答1");
    filled(
        &bench,
        "set.csv",
        &[("C01", first, set), ("T02", first, "sftp | scp")],
    );
    import(&bench, "set.csv", &["--out", "new.toml"]).expect_code(0);
    let new = std::fs::read_to_string(bench.path().join("new.toml")).expect("written");
    assert!(new.contains(&format!("[\"{set}\"]")), "{new}");
    assert!(new.contains("[\"sftp\", \"scp\"]"), "{new}");
}

fn records(bench: &Bench) {
    let decided = "schema = \"renkei.agreement/v1\"\nversion = 1\non = \"2026-11-01\"\npair = \"a..b\"\n\
                   [[agreed]]\nitem = \"F03\"\nvalue = \"lf\"\nby = \"担当者-01\"\non = \"2026-11-01\"\n";
    bench.write("agreement-1.toml", decided);
    let records = ["agreement-2.toml", "agreement-2.xlsx", "agreement-2.docx"];
    let mut args = vec![
        "agree",
        A,
        B,
        "--linkage",
        "L-01",
        "--agreed",
        "agreement-1.toml",
    ];
    for record in &records {
        args.extend(["--record", record]);
    }
    bench.renkei(&args);
}

#[test]
fn the_record_is_a_workbook_and_a_document_with_its_differences() {
    let bench = bench();
    records(&bench);
    let toml = std::fs::read_to_string(bench.path().join("agreement-2.toml")).expect("a record");
    assert!(toml.contains("version = 2"), "{toml}");
    let settled = rows(&bench, "agreement-2.xlsx", "合意事項");
    assert!(
        settled.iter().any(|r| r[0] == "F01" && r[5] == "utf-8"),
        "{settled:?}"
    );
    let changes = rows(&bench, "agreement-2.xlsx", "前の版との違い");
    assert!(
        changes
            .iter()
            .any(|r| r[0] == "F03" && r[4] == "lf" && r[5] == "crlf"),
        "{changes:?}"
    );
    let open = rows(&bench, "agreement-2.xlsx", "未決事項");
    assert!(open.iter().any(|r| r[0] == "X11"), "{open:?}");
    let signatures = rows(&bench, "agreement-2.xlsx", "確認欄");
    assert_eq!(signatures.len(), 3);
    let bad = bench
        .renkei(&["agree", A, B, "--record", "x.pdf"])
        .expect_code(2);
    assert!(bad.stderr.contains(".docx"), "{}", bad.stderr);
}

#[test]
fn sheets_and_records_open_in_an_office_suite() {
    let bench = bench();
    export(&bench);
    records(&bench);
    let test = "sheets_and_records_open_in_an_office_suite";
    for (file, words) in [
        ("sheet.xlsx", "協議・設定事項"),
        ("agreement-2.xlsx", "合意の値"),
        ("agreement-2.docx", "未決の事項"),
    ] {
        if !saved_by_libreoffice(&bench, test, "pdf", file) {
            return;
        }
        let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
        let pdf = bench.path().join(format!("again/{stem}.pdf"));
        let text = Command::new("pdftotext").arg(&pdf).arg("-").output();
        let Ok(text) = text else {
            return left_out(test, "pdftotext");
        };
        let text = String::from_utf8_lossy(&text.stdout).into_owned();
        assert!(text.contains(words), "{file}: {text}");
    }
}

#[test]
fn the_comparison_of_a_run_is_a_workbook() {
    let bench = bench();
    bench
        .renkei(&["run", "joint-test/plan.toml", "--out", "runs"])
        .expect_code(1);
    let run = std::fs::read_dir(bench.path().join("runs"))
        .expect("a folder")
        .flatten()
        .next()
        .expect("a run");
    let run = run.path().display().to_string();
    bench
        .renkei(&["report", &run, "--format", "kyogi", "--out", "."])
        .expect_code(0);
    let rows = rows(&bench, "kyogi_shogo.xlsx", "協議事項照合表");
    let heading = |name: &str| rows[0].iter().position(|h| h == name).expect("the heading");
    let (linkage, matches) = (heading("連携ID"), heading("合意との一致"));
    let of = |item: &str, of: &str| {
        let row = rows.iter().find(|r| r[0] == item && r[linkage] == of);
        row.map(|r| r[matches].as_str()).unwrap_or_default()
    };
    assert_eq!(of("F04", "L-01"), "一致");
    assert_eq!(of("F03", "L-01"), "不一致");
    // The token of the sample lives longer than was agreed.
    assert_eq!(of("A07", "L-04"), "不一致");
    assert_eq!(of("O03", "L-01"), "観測なし");
}

#[test]
fn ambiguities_show_who_reads_what() {
    let bench = bench();
    let all = bench.renkei(&["agree", "ambiguities"]).expect_code(0);
    assert!(
        all.stdout.contains("SA-01") && all.stdout.contains("SA-12"),
        "{}",
        all.stdout
    );
    let told = |a: &str, b: &str| -> Value {
        let answer = |value: &str| {
            let head =
                std::fs::read_to_string(root().join("sample-data").join(A)).expect("a profile");
            let head = head
                .split("[[answer]]")
                .next()
                .unwrap_or_default()
                .to_owned();
            format!(
                "{head}\n[[answer]]\nitem = \"F25\"\nvalues = [\"{value}\"]\n[[answer]]\nitem = \"F03\"\nvalues = [\"{}\"]\n",
                if value == "null" { "lf" } else { "crlf" }
            )
        };
        bench.write("a.toml", answer(a));
        bench.write("b.toml", answer(b));
        let called = bench
            .renkei(&[
                "agree",
                "ambiguities",
                "a.toml",
                "b.toml",
                "--format",
                "json",
            ])
            .expect_code(0);
        serde_json::from_str(&called.stdout).expect("JSON")
    };
    let found = told("null", "absent");
    let entries = found["ambiguities"].as_array().cloned().unwrap_or_default();
    let ids: Vec<&str> = entries.iter().filter_map(|e| e["id"].as_str()).collect();
    // The known one by its readings, and the item on which the standard is silent.
    assert_eq!(ids, ["SA-01", "SG-F03"]);
    let by = |value: &str| {
        let readings = entries[0]["readings"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        readings
            .into_iter()
            .find(|r| r["value"] == value)
            .map(|r| r["used_by"].clone())
    };
    assert_eq!(by("null"), Some(serde_json::json!(["a"])));
    assert_eq!(by("absent"), Some(serde_json::json!(["b"])));
    assert_eq!(told("null", "null")["ambiguities"], serde_json::json!([]));
}
