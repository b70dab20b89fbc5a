//! 協議シート: one row an item, filled in by a vendor and read back by `renkei agree import`.

use renkei_core::agreement::{Answer, Settled};
use renkei_core::model::Lang;
use renkei_core::spec::hex;
use renkei_core::spec::{Allowed, Catalogue, Item};
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Formula, Workbook, XlsxError};
use sha2::{Digest, Sha256};

use super::columns::{ABOUT, ANSWERS, SHEET, SHEET_COLUMNS, STEPS};
use super::{codes, kind, state, status, text};
use crate::ReportError;
use crate::kadai::cell_text;
use crate::workbook::{Table, Value, write_with};

/// One row: an item for one scope, with what both sides say of it.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The item.
    pub item: &'a Item,
    /// 連携ID; empty: for all.
    pub linkage: &'a str,
    /// Case id; empty: for all.
    pub exchange: &'a str,
    /// What the vendor who fills the sheet in answered so far.
    pub own: Option<&'a Answer>,
    /// What the other side answered.
    pub other: Option<&'a Answer>,
    /// How it stands between the two; `None` where only one side is known.
    pub settled: Option<&'a Settled>,
}

/// The sheet.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    /// Items that may be answered.
    pub catalogue: &'a Catalogue,
    /// Rows in order.
    pub rows: Vec<Row<'a>>,
    /// What the sheet was made from: name and content, such as the profile and its digest.
    pub about: Vec<(&'static str, String)>,
}

/// Rows below the last one to which lists of values reach, so that people can add scopes.
const COMMENT: &str = "シート「コード表」にある値を選んでください。ほかの値が要るときは相手と協議し 目録のパックを改めます。";

/// How a value of an item is written in a cell: a cell of a machine-readable table holds no comma.
pub fn cell_word(value: &str) -> String {
    match value {
        "," => "comma".to_owned(),
        value => cell_text(value),
    }
}

/// An answer as the column 書き出し時の回答 has it: values in order, then the source.
pub fn base_of(answer: Option<&Answer>) -> String {
    let Some(answer) = answer else {
        return String::new();
    };
    let values: Vec<String> = answer.values.iter().map(|v| cell_word(v)).collect();
    let source = cell_text(&answer.source);
    match source.as_str() {
        "" => values.join(" | "),
        source => format!("{} 根拠 {source}", values.join(" | ")),
    }
}

/// What the column 照合値 holds for a row.
pub fn base_digest(item: &str, linkage: &str, exchange: &str, base: &str) -> String {
    let text = [item, linkage, exchange, base].join("\n");
    let digest = hex(&Sha256::digest(text.as_bytes()));
    digest.chars().take(12).collect()
}

/// The workbook.
///
/// # Errors
/// It cannot be written.
pub fn workbook(sheet: &Sheet<'_>) -> Result<Vec<u8>, ReportError> {
    let mut codes = codes();
    let mut lists = Vec::new();
    for item in &sheet.catalogue.items {
        let Allowed::Values(values) = &item.allowed else {
            continue;
        };
        // Row 1 of the sheet is the header.
        let first = codes.len() + 2;
        let meaning = cell_text(&item.title.ja);
        codes.extend(values.iter().map(|v| {
            [
                format!("自社の回答 {}", item.id),
                cell_word(v),
                meaning.clone(),
            ]
        }));
        lists.push((item.id.as_str(), first, codes.len() + 1));
    }
    let rows = sheet.rows.iter().map(cells).collect();
    let tables = vec![
        Table {
            name: SHEET,
            columns: SHEET_COLUMNS,
            rows,
        },
        Table {
            name: "記入方法",
            columns: STEPS,
            rows: steps(),
        },
        Table {
            name: "書き出し情報",
            columns: ABOUT,
            rows: about(sheet),
        },
    ];
    write_with("協議シート", "", tables, codes, |book| {
        for (at, row) in (1u32..).zip(&sheet.rows) {
            let list = lists.iter().find(|(id, ..)| *id == row.item.id);
            if let Some((_, first, last)) = list {
                choose(book, at, *first, *last)?;
            }
        }
        Ok(())
    })
}

/// A drop-down list in the answer cells of a row.
fn choose(book: &mut Workbook, row: u32, first: usize, last: usize) -> Result<(), XlsxError> {
    let list = DataValidation::new()
        .allow_list_formula(Formula::new(format!("=コード表!$B${first}:$B${last}")))
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("書ける値ではありません")?
        .set_error_message(COMMENT)?;
    let answers = SHEET_COLUMNS
        .iter()
        .position(|c| c.1 == "answer_1")
        .unwrap_or_default();
    let column = u16::try_from(answers).unwrap_or(u16::MAX);
    let last_column = column.saturating_add(u16::try_from(ANSWERS - 1).unwrap_or(0));
    let sheet = book.worksheet_from_name(SHEET)?;
    sheet.add_data_validation(row, column, row, last_column, &list)?;
    Ok(())
}

fn cells(row: &Row<'_>) -> Vec<Value> {
    let item = row.item;
    let settled = row.settled;
    let base = base_of(row.own);
    let digest = base_digest(&item.id, row.linkage, row.exchange, &base);
    let mut answers: Vec<String> = row.own.map_or(Vec::new(), |a| {
        a.values.iter().map(|v| cell_word(v)).collect()
    });
    if answers.len() > ANSWERS {
        let rest = answers.split_off(ANSWERS - 1);
        answers.push(rest.join(" | "));
    }
    answers.resize(ANSWERS, String::new());
    let of = |get: fn(&Answer) -> &str| row.own.map_or(String::new(), |a| cell_text(get(a)));
    let other: Vec<String> = row.other.map_or(Vec::new(), |a| {
        a.values.iter().map(|v| cell_word(v)).collect()
    });
    let held = settled.map_or(item, |s| &s.item);
    let mut cells = vec![
        text(&item.id),
        kind(item.negotiated).into(),
        text(&item.title.ja),
        text(&item.question.ja),
        status(held.status.as_str()).into(),
        allowed(held).into(),
        text(&cell_word(&item.standard)),
        text(&item.source),
        text(row.linkage),
        text(row.exchange),
    ];
    cells.extend(answers.into_iter().map(Value::from));
    cells.extend([
        of(|a| &a.source).into(),
        of(|a| &a.by).into(),
        of(|a| &a.on).into(),
        other.join(" | ").into(),
        settled
            .and_then(|s| s.value.as_deref())
            .map_or(String::new(), cell_word)
            .into(),
        settled.map_or(String::new(), |s| state(s.state)).into(),
        text(settled.map_or("", |s| s.basis.get(Lang::Ja))),
        base.into(),
        digest.into(),
    ]);
    cells
}

/// What may be written, in words that fit a cell.
fn allowed(item: &Item) -> String {
    match &item.allowed {
        Allowed::Values(_) => "一覧から選ぶ".to_owned(),
        Allowed::Integer => "整数か範囲（例 300..600）".to_owned(),
        Allowed::Pattern(_) => format!("形式 {}", cell_text(&item.allowed.to_string())),
        Allowed::Text => "文章".to_owned(),
    }
}

fn steps() -> Vec<Vec<Value>> {
    let steps = [
        "シート「協議シート」の「自社の回答1」に値を書く。一覧から選ぶ事項は 矢印を押して選ぶ。",
        "複数の値を使えるときは 希望の順に「自社の回答2」「自社の回答3」へ書く。4つ以上は最後の欄に「 | 」で区切って書く。",
        "数値の事項は 1つの数か範囲を書く（300 または 300..600）。",
        "「自社の根拠」に 回答の根拠にした文書と箇所を書く。「記入者コード」と「記入日」も書く。氏名は書かない。",
        "回答しない事項は空欄のままにする。空欄は「回答なし」であり 既定値にはならない。",
        "ある連携だけの回答は 行を写して下に加え 「連携ID」を書き 「書き出し時の回答」と「照合値」を空欄にする。",
        "「番号」「書き出し時の回答」「照合値」と 見出しの行は変えない。列を加えても読み取りに差し支えない。",
        "保存して renkei agree import 協議シートのファイル 自社の申告ファイル で取り込む。誤りはセルの番地で示される。",
    ];
    let rows = (1u64..).zip(steps);
    rows.map(|(n, what)| vec![Value::Number(n), what.into()])
        .collect()
}

fn about(sheet: &Sheet<'_>) -> Vec<Vec<Value>> {
    let mut rows = vec![vec!["様式".into(), "renkei.agreement-sheet/v1".into()]];
    rows.extend(
        sheet
            .about
            .iter()
            .map(|(name, value)| vec![(*name).into(), text(value)]),
    );
    rows
}
