//! The issue register: mandated columns, drafts, and the rules for machine-readable workbooks.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its document is not as expected"
)]

mod documents;
mod xlsx_lint;

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use renkei_core::model::{Lang, Level};
use renkei_core::record::ResultDocument;
use renkei_report::{Format, MANDATED_ISSUE_COLUMNS, Options, render};

use documents::{CLEAN, FAILING, read};

const SHEETS: [&str; 4] = ["課題管理表", "課題履歴", "コード表", "データ定義"];

fn bytes(doc: &ResultDocument) -> Vec<u8> {
    render(doc, Format::Kadai, Lang::Ja, &Options::default())
        .unwrap()
        .remove(0)
        .bytes
}

fn sheet(bytes: &[u8], name: &str) -> Range<Data> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    assert_eq!(book.sheet_names(), SHEETS);
    book.worksheet_range(name).unwrap()
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                date
            } else {
                format!("{date} {hour:02}:{minute:02}:{second:02}")
            }
        }
        other => other.to_string(),
    }
}

fn dump(range: &Range<Data>) -> String {
    let rows = range
        .rows()
        .map(|row| row.iter().map(shown).collect::<Vec<_>>().join(" | "));
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_nine_mandated_columns_come_first() {
    let register = sheet(&bytes(&read(FAILING)), "課題管理表");
    let header: Vec<String> = register.rows().next().unwrap().iter().map(shown).collect();
    assert_eq!(
        header[..9],
        [
            "課題内容",
            "影響",
            "優先度",
            "発生日",
            "担当者",
            "対応期限",
            "対応状況",
            "対応策",
            "対応結果"
        ]
    );
    assert_eq!(header[..9], MANDATED_ISSUE_COLUMNS);
    assert_eq!(
        header[9..].join(" "),
        "課題番号 起票者コード 責任区分 責任区分の確定 送信側ベンダーコード 受信側ベンダーコード 連携ID 規則番号 検査項目番号 \
         項目の位置 初回実行番号 最終実行番号 検出件数 再発回数 証跡の場所 版番号"
    );
}

#[test]
fn every_error_and_warning_is_one_draft() {
    let doc = read(FAILING);
    let register = sheet(&bytes(&doc), "課題管理表");
    let drafts = doc
        .findings
        .iter()
        .filter(|f| matches!(f.level, Level::Error | Level::Warning))
        .count();
    assert_eq!(register.height(), drafts + 1);
    for row in register.rows().skip(1) {
        assert!(matches!(row[3], Data::DateTime(_)), "{:?}", row[3]);
        assert!(
            row[4..=5]
                .iter()
                .chain(&row[7..=8])
                .all(|cell| *cell == Data::Empty),
            "human columns stay empty"
        );
        assert_eq!(shown(&row[6]), "起票");
        let finding = shown(&row[23])
            .strip_prefix("report.html#")
            .unwrap()
            .to_owned();
        let finding = doc.findings.iter().find(|f| f.id == finding).unwrap();
        assert_eq!(shown(&row[16]), finding.rule);
        assert_eq!(row[21], Data::Float(finding.count as f64));
    }
}

#[test]
fn the_sheets_of_a_failing_run() {
    let bytes = bytes(&read(FAILING));
    insta::assert_snapshot!("register", dump(&sheet(&bytes, "課題管理表")));
    insta::assert_snapshot!("history", dump(&sheet(&bytes, "課題履歴")));
    insta::assert_snapshot!("codes", dump(&sheet(&bytes, "コード表")));
    insta::assert_snapshot!("definitions", dump(&sheet(&bytes, "データ定義")));
}

#[test]
fn a_clean_run_has_an_empty_register() {
    assert_eq!(sheet(&bytes(&read(CLEAN)), "課題管理表").height(), 1);
}

#[test]
fn the_workbooks_are_machine_readable() {
    for source in [FAILING, CLEAN] {
        assert_eq!(xlsx_lint::lint(&bytes(&read(source))), Vec::<String>::new());
    }
}

/// The lint itself: a workbook that breaks the rules is caught, each rule by its number.
#[test]
fn the_lint_sees_what_it_looks_for() {
    use rust_xlsxwriter::{Format, Workbook};
    let mut book = Workbook::new();
    for name in ["コード表", "データ定義"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (at, header) in (0u16..).zip(["シート名", "項目名", "物理名", "型", "単位"])
        {
            sheet.write_string(0, at, header).unwrap();
        }
    }
    let sheet = book.add_worksheet().set_name("悪い表").unwrap();
    let bold = Format::new()
        .set_bold()
        .set_background_color("#FF0000")
        .set_font_color("#00FF00");
    sheet.write_string(0, 0, "値").unwrap();
    sheet.write_string(0, 1, "値").unwrap();
    sheet.write_string(0, 2, "1").unwrap();
    sheet
        .write_string_with_format(1, 0, "a、b、c, \u{3000}①", &bold)
        .unwrap();
    sheet.write_string(2, 1, "同上").unwrap();
    sheet.write_number(2, 0, 1.0).unwrap();
    sheet.write_formula(3, 2, "=1+1").unwrap();
    sheet.merge_range(4, 0, 4, 1, "x", &bold).unwrap();
    sheet.set_column_hidden(2).unwrap();
    let found = xlsx_lint::lint(&book.save_to_buffer().unwrap()).join("\n");
    for rule in [
        "L1-05",
        "L1-06",
        "L1-07",
        "L1-08",
        "L1-11",
        "L1-12",
        "L1-13",
        "L2-01/L3-05",
        "L2-02",
        "L2-03",
        "L2-06",
        "L3-08",
    ] {
        assert!(
            found.lines().any(|line| line.starts_with(rule)),
            "{rule} not in\n{found}"
        );
    }
}

#[test]
fn text_of_a_peer_stays_one_plain_value() {
    let mut doc = read(FAILING);
    for finding in &mut doc.findings {
        finding.message.ja = "=HYPERLINK(\"x\")\u{3000}a,b、c、d・e・f\r\n ①\u{202e}".into();
        finding.location.file = Some("@SUM(A1)\t\"".into());
    }
    let made = bytes(&doc);
    assert_eq!(xlsx_lint::lint(&made), Vec::<String>::new());
    assert_eq!(
        shown(&sheet(&made, "課題管理表")[(1, 0)]),
        "=HYPERLINK(\"x\")[U+3000]a，b、c d・e/f [U+2460][U+202E]"
    );
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let doc = read(FAILING);
    assert_eq!(bytes(&doc), bytes(&doc));
}

#[test]
fn code_columns_offer_their_words() {
    let parts = xlsx_lint::parts(&bytes(&read(FAILING)));
    let (_, register) = parts
        .iter()
        .find(|(name, _)| name == "xl/worksheets/sheet1.xml")
        .unwrap();
    for words in [
        "高,中,低",
        "起票案,起票,検討,対応,承認,取下げ",
        "提案,双方合意,裁定,未合意",
    ] {
        assert!(register.contains(&format!("\"{words}\"")), "{words}");
    }
    assert_eq!(register.matches("<dataValidation ").count(), 4);
    assert!(register.contains("state=\"frozen\"") && register.contains("<autoFilter "));
    let (_, styles) = parts
        .iter()
        .find(|(name, _)| name == "xl/styles.xml")
        .unwrap();
    assert!(styles.contains("游ゴシック") && !styles.contains("Calibri"));
}

/// The register over all runs: the same columns, as machine-readable, whatever people typed.
#[test]
fn the_workbook_of_a_register_is_machine_readable() {
    use renkei_core::issue::{Register, State, sync};
    use renkei_report::{HistoryRow, RegisterSnapshot, register_workbook};
    let mut register = Register::default();
    let changes = sync(&register, &read(FAILING), "2026-11-23T00:00:00Z");
    register.apply(&changes);
    let first = register.issues.get_mut(&1).unwrap();
    first.human.countermeasure = "一、二、三\n①,②　終わり".to_owned();
    first.human.due_on = "2026-12-05".to_owned();
    let history = changes.iter().map(|change| HistoryRow {
        issue: change.after.id(),
        at: change.at.clone(),
        before: None,
        after: State::Draft,
        by: change.by.clone(),
        reason: change.reason.clone(),
    });
    let snapshot = RegisterSnapshot {
        issues: register.issues.values().collect(),
        history: history.collect(),
        at: "2026-11-23T00:00:00Z".to_owned(),
    };
    let bytes = register_workbook(&snapshot, &Options::default()).unwrap();
    assert_eq!(xlsx_lint::lint(&bytes), Vec::<String>::new());
    let table = sheet(&bytes, "課題管理表");
    assert_eq!(table.height(), register.issues.len() + 1);
    let header: Vec<String> = table.rows().next().unwrap().iter().map(shown).collect();
    assert_eq!(header.len(), 25);
    assert_eq!(header[..9], MANDATED_ISSUE_COLUMNS);
    let row: Vec<String> = table.rows().nth(1).unwrap().iter().map(shown).collect();
    assert_eq!(
        (row[5].as_str(), row[6].as_str(), row[9].as_str()),
        ("2026-12-05", "起票案", "K-0001")
    );
    for (name, part) in xlsx_lint::parts(&bytes) {
        if name.starts_with("xl/worksheets/sheet") {
            assert!(part.contains("データ区分 架空データ"), "{name}");
        }
    }
}
