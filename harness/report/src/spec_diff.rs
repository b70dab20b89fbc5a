//! The differences of two specifications: for the terminal, for programs, as a workbook.

use renkei_core::compare::{Breaks, Change, Kind, Side};
use renkei_core::model::{Bilingual, Lang};
use serde_json::{Value as Json, json};

use crate::text::columns;
use crate::workbook::{self, Column, Table, Value};
use crate::{ReportError, visible};

const ALL: [Breaks; 4] = [
    Breaks::Both,
    Breaks::Provider,
    Breaks::Consumer,
    Breaks::None,
];

/// For people, on the terminal.
pub fn text(old: Side<'_>, new: Side<'_>, changes: &[Change], lang: Lang) -> String {
    let label = Bilingual::new("旧,新", "old,new");
    let labels: Vec<&str> = label.get(lang).split(',').collect();
    let rows = labels.iter().zip([old, new]).map(|(label, side)| {
        vec![
            (*label).to_owned(),
            coordinate(side),
            side.pack.head.title.get(lang).to_owned(),
        ]
    });
    let mut out = columns(&rows.collect::<Vec<_>>());
    let mut within = None;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for change in changes {
        if within != Some(&change.within) {
            out.push_str(&columns(&rows));
            rows.clear();
            out.push_str(&format!("\n{}\n", change.within));
            within = Some(&change.within);
        }
        rows.push(row(change, lang));
    }
    out.push_str(&columns(&rows));
    out.push('\n');
    out.push_str(&summary(changes, lang));
    out
}

fn row(change: &Change, lang: Lang) -> Vec<String> {
    let shown = |value: &Option<String>| match value {
        None => "-".to_owned(),
        Some(text) if text.is_empty() => "\"\"".to_owned(),
        Some(text) => visible::line(text),
    };
    vec![
        change.kind.label().get(lang).to_owned(),
        change.breaks.label().get(lang).to_owned(),
        visible::line(&change.item),
        format!("{} → {}", shown(&change.old), shown(&change.new)),
        visible::line(&change.name),
    ]
}

fn summary(changes: &[Change], lang: Lang) -> String {
    if changes.is_empty() {
        return Bilingual::new("違いはありません\n", "no differences\n")
            .get(lang)
            .to_owned();
    }
    let counts = ALL.map(|breaks| {
        let count = changes.iter().filter(|c| c.breaks == breaks).count();
        format!("{} {count}", breaks.label().get(lang))
    });
    let text = Bilingual::new(
        format!(
            "違い {} 件 — 影響を受ける側: {}\n",
            changes.len(),
            counts.join("、")
        ),
        format!(
            "{} differences, breaking: {}\n",
            changes.len(),
            counts.join(", ")
        ),
    );
    text.get(lang).to_owned()
}

fn coordinate(side: Side<'_>) -> String {
    let part = if side.part.is_empty() {
        String::new()
    } else {
        format!("/{}", side.part)
    };
    format!("{}@{}{part}", side.pack.head.id, side.pack.head.version)
}

/// For programs: `renkei.spec-diff/v1`.
///
/// # Errors
/// The document cannot be written.
pub fn json(old: Side<'_>, new: Side<'_>, changes: &[Change]) -> Result<Vec<u8>, ReportError> {
    let stamp = |side: Side<'_>| {
        json!({
            "id": side.pack.head.id,
            "version": side.pack.head.version,
            "part": side.part,
            "document_version": side.pack.head.document_version,
            "document_date": side.pack.head.document_date,
            "sha256": side.pack.sha256,
        })
    };
    let counts = ALL.map(|breaks| {
        let count = changes.iter().filter(|c| c.breaks == breaks).count();
        (breaks.as_str().to_owned(), Json::from(count))
    });
    let counts: serde_json::Map<String, Json> = counts.into_iter().collect();
    let document = json!({
        "schema": "renkei.spec-diff/v1",
        "old": stamp(old),
        "new": stamp(new),
        "equal": changes.is_empty(),
        "counts": counts,
        "changes": changes,
    });
    let mut bytes =
        serde_json::to_vec_pretty(&document).map_err(|e| ReportError::Json(e.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

const CHANGES: &[Column] = &[
    ("番号", "number", "数値", "件", "違いの通し番号", 8),
    ("範囲", "within", "文字列", "", "様式か操作", 30),
    ("種類", "kind", "コード", "", "何が違うか", 16),
    (
        "項目",
        "item",
        "文字列",
        "",
        "旧仕様での機械名（旧仕様にないものは新仕様の名前）",
        32,
    ),
    ("項目名", "item_name", "文字列", "", "人が読む名前", 30),
    ("旧", "old_value", "文字列", "", "旧仕様の値", 34),
    ("新", "new_value", "文字列", "", "新仕様の値", 34),
    (
        "影響",
        "breaks",
        "コード",
        "",
        "旧仕様の実装が新仕様の相手と動かなくなる側",
        12,
    ),
    ("理由", "reason", "文字列", "", "影響の理由", 60),
    (
        "類似度",
        "similarity",
        "文字列",
        "",
        "名前の変更とみた名前の近さ（0から1）",
        10,
    ),
];

const DOCUMENTS: &[Column] = &[
    ("新旧", "side", "コード", "", "どちらの仕様か", 8),
    (
        "仕様",
        "specification",
        "文字列",
        "",
        "パックと版と部分",
        40,
    ),
    ("題名", "title", "文字列", "", "パックの題名", 40),
    ("原文書", "document", "文字列", "", "もとの文書", 60),
    (
        "文書の版",
        "document_version",
        "文字列",
        "",
        "もとの文書の版",
        12,
    ),
    (
        "文書の日付",
        "document_date",
        "文字列",
        "",
        "もとの文書の日付",
        14,
    ),
    (
        "ハッシュ値",
        "digest",
        "文字列",
        "",
        "パックの全ファイルのSHA-256",
        40,
    ),
];

/// As a workbook; its words are Japanese.
///
/// # Errors
/// The workbook cannot be written.
pub fn xlsx(old: Side<'_>, new: Side<'_>, changes: &[Change]) -> Result<Vec<u8>, ReportError> {
    let rows = (1u64..).zip(changes).map(|(number, change)| {
        vec![
            Value::Number(number),
            within(change).into(),
            change.kind.label().ja.into(),
            change.item.clone().into(),
            change.name.clone().into(),
            change.old.clone().unwrap_or_default().into(),
            change.new.clone().unwrap_or_default().into(),
            change.breaks.label().ja.into(),
            change.reason.ja.clone().into(),
            change
                .similarity
                .map_or(String::new(), |s| format!("{s:.2}"))
                .into(),
        ]
    });
    let documents = [("旧", old), ("新", new)].map(|(word, side)| {
        let head = &side.pack.head;
        let (title, document) = (head.title.ja.clone(), head.document.ja.clone());
        let (version, date) = (head.document_version.clone(), head.document_date.clone());
        [
            word.to_owned(),
            coordinate(side),
            title,
            document,
            version,
            date,
            side.pack.sha256.clone(),
        ]
        .map(Value::from)
        .to_vec()
    });
    let tables = vec![
        Table {
            name: "仕様の違い",
            columns: CHANGES,
            rows: rows.collect(),
        },
        Table {
            name: "比べた仕様",
            columns: DOCUMENTS,
            rows: documents.to_vec(),
        },
    ];
    workbook::write("仕様の違い", tables, codes())
}

fn within(change: &Change) -> &str {
    if change.within.is_empty() {
        "パック"
    } else {
        &change.within
    }
}

fn codes() -> Vec<[String; 3]> {
    let kinds = Kind::ALL.map(|k| ["種類".to_owned(), k.label().ja, k.as_str().to_owned()]);
    let breaks = ALL.map(|b| ["影響".to_owned(), b.label().ja, b.as_str().to_owned()]);
    let sides = [["旧", "old"], ["新", "new"]]
        .map(|[ja, en]| ["新旧".to_owned(), ja.to_owned(), en.to_owned()]);
    kinds.into_iter().chain(breaks).chain(sides).collect()
}
