//! Office files from result documents alone: what they say, that Word and Excel can read them, that edits stay.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where its inputs are not as made"
)]

mod documents;
mod docx_lint;
mod xlsx_lint;

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use renkei_core::model::{Lang, Verdict};
use renkei_core::record::ResultDocument;
use renkei_report::office::{Holidays, Kept, Meeting, OfficeFile, Source, document, render};
use renkei_report::{Format, Options};

const NOW: &str = "2026-12-20T03:00:00Z";

fn runs() -> Vec<ResultDocument> {
    let earlier = documents::read(documents::CLEAN);
    vec![documents::read(documents::FAILING), earlier]
}

fn made(file: OfficeFile, source: &Source<'_>) -> Vec<u8> {
    let artifact = render(file, source, &Options::default()).unwrap();
    artifact.bytes
}

fn source(documents: &[ResultDocument]) -> Source<'_> {
    Source {
        documents,
        now: NOW,
        ..Source::default()
    }
}

/// Rows of a sheet as texts, header included.
fn rows(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range
        .rows()
        .map(|row| row.iter().map(Data::to_string).collect())
        .collect()
}

fn column(rows: &[Vec<String>], heading: &str) -> Vec<String> {
    let at = rows[0]
        .iter()
        .position(|h| h == heading)
        .unwrap_or_else(|| panic!("{heading}"));
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

fn sum(rows: &[Vec<String>], heading: &str) -> u64 {
    column(rows, heading)
        .iter()
        .map(|n| n.parse::<u64>().unwrap())
        .sum()
}

#[test]
fn every_file_is_fit_for_its_program_whatever_the_runs_hold() {
    for documents in [runs(), vec![documents::read(documents::CLEAN)], Vec::new()] {
        for file in OfficeFile::ALL {
            let bytes = made(file, &source(&documents));
            let faults = match file.file_name().rsplit('.').next() {
                Some("docx") => docx_lint::lint(&bytes),
                _ => xlsx_lint::lint(&bytes),
            };
            assert_eq!(faults, Vec::<String>::new(), "{}", file.file_name());
        }
    }
}

#[test]
fn the_matrix_in_long_form_counts_what_json_junit_and_the_page_count() {
    let doc = documents::read(documents::FAILING);
    let documents = vec![doc.clone()];
    let rows = rows(
        &made(OfficeFile::Matrix, &source(&documents)),
        "組合せと連携の判定",
    );
    let columns = [
        (Verdict::Pass, "適合の件数"),
        (Verdict::Fail, "不適合の件数"),
        (Verdict::Review, "要確認の件数"),
        (Verdict::Inconclusive, "判定不能の件数"),
        (Verdict::NotRun, "未実施の件数"),
        (Verdict::NotApplicable, "対象外の件数"),
        (Verdict::ToolError, "障害の件数"),
    ];
    for (verdict, heading) in columns {
        let told = doc.counts.get(verdict.as_str()).copied().unwrap_or(0);
        assert_eq!(sum(&rows, heading), told, "{heading}");
    }
    assert_eq!(sum(&rows, "検査項目の件数"), doc.cases.len() as u64);

    // Each cell of the matrix page is a row of the long form with the same word.
    let site =
        renkei_report::site::render(&documents, None, Lang::Ja, &Options::default()).unwrap();
    let page = site.iter().find(|a| a.name == "matrix.html").unwrap();
    let page = String::from_utf8(page.bytes.clone()).unwrap();
    let shown: BTreeSet<String> = column(&rows, "判定").into_iter().collect();
    for word in Verdict::ALL.map(|v| renkei_report::words::of(Lang::Ja, "verdict", v.as_str())) {
        let cells = page
            .matches(&format!("<span>{word}</span></span></a>"))
            .count();
        let long = column(&rows, "判定").iter().filter(|w| **w == word).count();
        assert_eq!(cells, long, "{word} of {shown:?}");
    }

    // JUnit: failures are the nonconforming cases.
    let junit = renkei_report::render(&doc, Format::Junit, Lang::Ja, &Options::default()).unwrap();
    let junit = String::from_utf8(junit[0].bytes.clone()).unwrap();
    let names: Vec<&str> = junit.split("<testcase ").skip(1).collect();
    let failing: BTreeSet<&str> = names
        .iter()
        .filter(|case| case.contains("<failure"))
        .filter_map(|case| {
            doc.cases
                .iter()
                .find(|c| case.contains(&format!("\"{}", c.id)))
        })
        .map(|case| case.id.as_str())
        .collect();
    assert_eq!(failing.len() as u64, sum(&rows, "不適合の件数"));
}

#[test]
fn every_numbered_table_has_its_source_data() {
    let documents = runs();
    let source = source(&documents);
    let book = made(OfficeFile::Zuhyo, &source);
    let index = rows(&book, "図表一覧");
    let numbers: BTreeSet<String> = column(&index, "図表番号").into_iter().collect();
    let mut shown = 0;
    for file in [OfficeFile::Seika, OfficeFile::Getsuji] {
        let main = docx_lint::parts(&made(file, &source))["word/document.xml"].clone();
        for text in main.split("<w:t xml:space=\"preserve\">").skip(1) {
            let text = text.split("</w:t>").next().unwrap();
            if let Some(number) = text
                .split([' ', ':'])
                .next()
                .filter(|t| t.starts_with('表') && t.contains('-'))
            {
                assert!(numbers.contains(number), "{number} has no source data");
                shown += 1;
            }
        }
    }
    assert!(shown >= 15, "{shown} numbered tables");
    for (sheet, count) in column(&index, "シート名")
        .iter()
        .zip(column(&index, "行数"))
    {
        assert_eq!(
            rows(&book, sheet).len() - 1,
            count.parse::<usize>().unwrap(),
            "{sheet}"
        );
    }
}

#[test]
fn minutes_are_due_three_open_days_after_the_meeting() {
    let documents = runs();
    let mut source = source(&documents);
    source.meeting = Meeting {
        name: "第3回進捗会議".into(),
        day: Some("2026-11-20".parse().unwrap()),
        place: String::new(),
    };
    let text = |source: &Source<'_>| {
        docx_lint::parts(&made(OfficeFile::Gijiroku, source))["word/document.xml"].clone()
    };
    assert!(text(&source).contains("2026-11-26（木）（会議の翌日から数えて3開庁日目）"));
    source.holidays = Holidays::read(b"2026/11/24,x\n").unwrap();
    assert!(
        text(&source).contains("2026-11-26（木）"),
        "24 November is a holiday of this table, 23 is none"
    );
    source.meeting.day = Some("2031-01-06".parse().unwrap());
    assert!(text(&source).contains("祝日の表がこの年を含まない"));
}

#[test]
fn what_people_wrote_stays_in_the_next_edition() {
    let documents = runs();
    let mut source = source(&documents);
    let first = rows(&made(OfficeFile::Shinchoku, &source), "進捗管理表");
    let mut edited = first.clone();
    let at = |heading: &str| first[0].iter().position(|h| h == heading).unwrap();
    edited[1][at("責任者")] = "担当者-07".into();
    edited[1][at("終了日")] = "2026-12-10".into();
    edited[1][at("適合件数")] = "999".into();
    source.kept.add("shinchoku.xlsx", &edited[0], &edited[1..]);
    let mut risks = rows(&made(OfficeFile::Risk, &source), "リスク管理表");
    let risk_at = |heading: &str| risks[0].iter().position(|h| h == heading).unwrap();
    let (probability, number, text) = (
        risk_at("発生確率"),
        risk_at("リスク番号"),
        risk_at("リスク内容"),
    );
    assert!(risks.len() > 1, "the failing run shows risks");
    risks[1][probability] = "低".into();
    let mut own = vec![String::new(); risks[0].len()];
    own[number] = "R-人-01".into();
    own[text] = "人手が足りない".into();
    risks.push(own);
    source.kept.add("risk.xlsx", &risks[0], &risks[1..]);

    let next = rows(&made(OfficeFile::Shinchoku, &source), "進捗管理表");
    assert_eq!(next[1][at("責任者")], "担当者-07");
    assert_ne!(next[1][at("適合件数")], "999", "the tool counts");
    let done = next[1][at("作業状態")] == "完了";
    assert!(
        done || (next[1][at("作業状態")] == "遅延" && next[1][at("遅延日数")] == "10"),
        "{:?}",
        next[1]
    );
    let again = rows(&made(OfficeFile::Risk, &source), "リスク管理表");
    assert_eq!(again[1][probability], "低");
    assert!(
        again
            .iter()
            .any(|row| row[number] == "R-人-01" && row[text] == "人手が足りない")
    );
    assert_eq!(again.len(), risks.len());
}

#[test]
fn results_and_issues_are_filled_and_thoughts_are_left_to_people() {
    let documents = runs();
    let source = source(&documents);
    let seika = document(OfficeFile::Seika, &source, &Options::default()).unwrap();
    let to_fill: Vec<&str> = seika
        .slots()
        .iter()
        .filter(|s| s.to_fill)
        .map(|s| s.name.as_str())
        .collect();
    assert!(
        to_fill.ends_with(&["considerations", "proposals"]),
        "{to_fill:?}"
    );
    let parts = docx_lint::parts(&made(OfficeFile::Seika, &source));
    let main = &parts["word/document.xml"];
    let failing = documents::read(documents::FAILING);
    for finding in failing
        .findings
        .iter()
        .filter(|f| f.level == renkei_core::model::Level::Error)
        .take(3)
    {
        assert!(main.contains(&finding.rule), "{}", finding.rule);
    }
    assert!(main.contains("K-0001"));
    assert!(parts["word/header1.xml"].contains("データ区分: "));
    assert!(parts["word/footer1.xml"].contains(&failing.run.id));
}

#[test]
fn no_individual_number_gets_into_an_office_file() {
    let mut doc: ResultDocument = serde_json::from_str(documents::FAILING).unwrap();
    // 検査用数字の合う架空の番号.
    doc.findings[0].message.ja = "個人番号 123456789018 が".into();
    doc.run.title.ja = "計画 123456789018".into();
    let documents = vec![doc];
    for file in OfficeFile::ALL {
        let bytes = made(file, &source(&documents));
        let parts = docx_lint::parts(&bytes);
        assert!(
            parts.values().all(|text| !text.contains("123456789018")),
            "{}",
            file.file_name()
        );
    }
}

#[test]
fn kept_values_need_a_key() {
    let mut kept = Kept::default();
    kept.add(
        "x",
        &["a".into(), "b".into()],
        &[vec![String::new(), "lost".into()]],
    );
    assert_eq!(kept, {
        let mut k = Kept::default();
        k.add("x", &[], &[]);
        k
    });
}

#[test]
fn the_ledger_is_machine_readable_too() {
    let row = renkei_core::record::LedgerRow {
        number: "20261123-1/LOG-0001".into(),
        received_at: "2026-11-23T10:00:00+09:00".into(),
        from: "a".into(),
        name: "宛名、基本,\u{3000}一覧.csv".into(),
        data_class: "real".into(),
        how: "フォルダー".into(),
        place: "blobs/0".into(),
        sha256: "0".repeat(64),
        bytes: 3,
        copied: true,
        approval: String::new(),
        erased_at: String::new(),
        erased_by: String::new(),
    };
    for rows in [vec![row], Vec::new()] {
        let book = renkei_report::custody::ledger_workbook(&rows).unwrap();
        assert_eq!(xlsx_lint::lint(&book), Vec::<String>::new());
    }
}

#[test]
fn the_list_of_a_delivery_is_machine_readable_too() {
    use renkei_report::delivery::{DeliveryRow, delivery_workbook};
    let row = DeliveryRow {
        title: "成果報告書".into(),
        file: "第1回/seika.docx".into(),
        rows: Some(3),
        bytes: 12,
        sha256: "0".repeat(64),
        made_at: "2026-11-23T10:00:00+09:00".into(),
        class: "関係者限り".into(),
        check: [
            "検疫ソフト".into(),
            "2026-11-20".into(),
            "2026-11-23".into(),
        ],
        runs: ["20261120-093000-a1b2".to_owned()].into(),
    };
    for rows in [vec![row, DeliveryRow::default()], Vec::new()] {
        let book = delivery_workbook(&rows).unwrap();
        assert_eq!(xlsx_lint::lint(&book), Vec::<String>::new());
    }
}
