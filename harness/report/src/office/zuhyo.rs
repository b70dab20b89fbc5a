//! `zuhyo_motodata.xlsx`: the source data of every numbered table (procurement specification 7.1(3)).

use super::facts::Facts;
use super::figure::Figure;
use super::{OfficeFile, Source, about, figures, getsuji, verdict_codes};
use crate::ReportError;
use crate::workbook::{self, Column, Table, Value};

const INDEX: &[Column] = &[
    ("図表番号", "number", "コード", "", "文書の中の番号", 12),
    ("題名", "title", "文字列", "", "図表の題名", 34),
    ("文書", "document", "文字列", "", "図表のある文書", 18),
    (
        "シート名",
        "sheet",
        "文字列",
        "",
        "元データのあるシート",
        12,
    ),
    (
        "行数",
        "rows",
        "数値",
        "行",
        "元データの行数（見出しを除く）",
        8,
    ),
    (
        "生成元実行番号",
        "runs",
        "文字列",
        "",
        "元データを数えた実行",
        44,
    ),
];

/// The workbook.
pub(super) fn workbook(facts: &Facts<'_>, source: &Source<'_>) -> Result<Vec<u8>, ReportError> {
    let parts = [
        (OfficeFile::Seika, figures::all(facts)),
        (OfficeFile::Getsuji, getsuji::all(facts, source)),
    ];
    let runs = facts.run_ids();
    let mut index = Vec::new();
    let mut tables = Vec::new();
    for (file, all) in parts {
        for figure in all {
            index.push(line(file, &figure, &runs));
            tables.push(figure.sheet());
        }
    }
    tables.insert(
        0,
        Table {
            name: "図表一覧",
            columns: INDEX,
            rows: index,
        },
    );
    let mut codes = Vec::new();
    for column in ["判定", "期首の判定", "期末の判定"] {
        codes.extend(verdict_codes(column));
    }
    for (word, meaning) in [
        ("新規", "前の月までに記録がない"),
        ("同じ", "判定が変わらない"),
        ("変化", "判定が変わった"),
    ] {
        codes.push(["変化", word, meaning].map(str::to_owned));
    }
    workbook::write_with("図表元データ", &about(facts), tables, codes, |_| {
        Ok(())
    })
}

fn line(file: OfficeFile, figure: &Figure, runs: &str) -> Vec<Value> {
    vec![
        figure.number.into(),
        figure.title.into(),
        file.file_name().into(),
        figure.id.into(),
        Value::Number(figure.rows.len() as u64),
        runs.into(),
    ]
}
