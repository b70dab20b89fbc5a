//! 協議シート as vendors filled it in: answers with the cell they stand in. Every mistake is told at its cell.

use std::collections::BTreeSet;

use renkei_core::model::{Bilingual, Problem, Problems};
use renkei_core::spec::{Allowed, Catalogue, Item};

use crate::workbook::{self, At, Sheet};

/// How the sheet was written; the two ways must not drift apart, so the writer hands them over.
#[derive(Clone, Copy)]
pub struct Written {
    /// Name of the sheet.
    pub sheet: &'static str,
    /// How a value stands in a cell.
    pub word: fn(&str) -> String,
    /// What the column 照合値 holds for item, linkage, exchange and 書き出し時の回答.
    pub digest: fn(&str, &str, &str, &str) -> String,
}

/// One row that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilledRow {
    /// Item id.
    pub item: String,
    /// 連携ID; empty: for all.
    pub linkage: String,
    /// Case id; empty: for all.
    pub exchange: String,
    /// Answers in the order of preference, as values of the item.
    pub values: Vec<String>,
    /// 自社の根拠
    pub source: String,
    /// 記入者コード
    pub by: String,
    /// 記入日
    pub on: String,
    /// 書き出し時の回答; `None` in a row that people added.
    pub base: Option<String>,
    /// `file 「sheet」 cell` of the first answer.
    pub place: String,
}

/// Columns of the sheet, by heading.
struct Columns {
    item: u32,
    answers: Vec<u32>,
    linkage: Option<u32>,
    exchange: Option<u32>,
    source: Option<u32>,
    by: Option<u32>,
    on: Option<u32>,
    base: u32,
    digest: u32,
}

/// Reads a filled-in sheet.
///
/// # Errors
/// All that keeps it from being read, each with its cell, what was expected there and how to fix it.
pub fn read_agreement_sheet(
    name: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
    written: Written,
) -> Result<Vec<FilledRow>, Problems> {
    let book = workbook::read(name, bytes)?;
    let sheet = match book.sheets.as_slice() {
        [only] if only.name.is_empty() => only,
        _ => book.asked_sheet(written.sheet).map_err(|p| vec![p])?,
    };
    let columns = columns(sheet)?;
    let mut reader = Reader {
        sheet,
        columns,
        catalogue,
        written,
        problems: Problems::new(),
        seen: BTreeSet::new(),
    };
    let rows: Vec<FilledRow> = sheet
        .rows()
        .filter(|row| *row > 1)
        .filter_map(|row| reader.row(row))
        .collect();
    if reader.problems.is_empty() {
        Ok(rows)
    } else {
        Err(reader.problems)
    }
}

const NEEDED: [&str; 4] = ["番号", "自社の回答1", "書き出し時の回答", "照合値"];

fn columns(sheet: &Sheet) -> Result<Columns, Problems> {
    let needed = sheet.find_in_row(1, &NEEDED);
    let missing: Vec<Problem> = NEEDED
        .iter()
        .zip(&needed)
        .filter(|(_, column)| column.is_none())
        .map(|(heading, _)| {
            sheet.problem(
                At::new(1, 1),
                Bilingual::new(
                    format!("見出し「{heading}」が1行目にありません"),
                    format!("row 1 has no heading `{heading}`"),
                ),
                Bilingual::new(
                    "renkei agree export が書いた1行目の見出しを戻してください",
                    "put back the headings that renkei agree export wrote",
                ),
            )
        })
        .collect();
    let [Some(item), Some(first), Some(base), Some(digest)] = needed.as_slice() else {
        return Err(missing);
    };
    let more = sheet.find_in_row(1, &["自社の回答2", "自社の回答3"]);
    let others = [
        "連携ID",
        "検査項目番号",
        "自社の根拠",
        "記入者コード",
        "記入日",
    ];
    let mut others = sheet.find_in_row(1, &others).into_iter();
    let mut other = || others.next().flatten();
    Ok(Columns {
        item: *item,
        answers: std::iter::once(*first)
            .chain(more.into_iter().flatten())
            .collect(),
        linkage: other(),
        exchange: other(),
        source: other(),
        by: other(),
        on: other(),
        base: *base,
        digest: *digest,
    })
}

struct Reader<'a> {
    sheet: &'a Sheet,
    columns: Columns,
    catalogue: &'a Catalogue,
    written: Written,
    problems: Problems,
    /// Items with their scopes that were read.
    seen: BTreeSet<(String, String, String)>,
}

impl Reader<'_> {
    fn text(&self, row: u32, column: Option<u32>) -> String {
        column.map_or(String::new(), |c| {
            self.sheet.text(At::new(row, c)).to_owned()
        })
    }

    fn tell(&mut self, row: u32, column: u32, message: Bilingual, help: Bilingual) {
        let problem = self.sheet.problem(At::new(row, column), message, help);
        self.problems.push(problem);
    }

    /// A row with an item; `None` for an empty one and for one that cannot be read.
    fn row(&mut self, row: u32) -> Option<FilledRow> {
        let id = self.text(row, Some(self.columns.item));
        if id.is_empty() {
            self.without_item(row);
            return None;
        }
        let Some(item) = self.catalogue.item(&id) else {
            self.unknown_item(row, &id);
            return None;
        };
        let mut filled = FilledRow {
            linkage: self.text(row, self.columns.linkage),
            exchange: self.text(row, self.columns.exchange),
            source: self.text(row, self.columns.source),
            by: self.text(row, self.columns.by),
            on: self.text(row, self.columns.on),
            base: self.base(row, &id),
            place: self
                .sheet
                .place(At::new(row, *self.columns.answers.first()?)),
            item: id,
            values: Vec::new(),
        };
        filled.values = self.values(row, item);
        self.day(row, &filled.on);
        let scope = (
            filled.item.clone(),
            filled.linkage.clone(),
            filled.exchange.clone(),
        );
        if !self.seen.insert(scope) {
            self.tell(
                row,
                self.columns.item,
                Bilingual::new(
                    format!("項目 {} の行が2つあります", filled.item),
                    format!("item {} has two rows", filled.item),
                ),
                Bilingual::new(
                    "1行にまとめるか、連携IDか検査項目番号を書き分けてください",
                    "keep one row, or give each its linkage or exchange",
                ),
            );
        }
        Some(filled)
    }

    fn without_item(&mut self, row: u32) {
        let columns = self.columns.answers.clone();
        if columns
            .into_iter()
            .any(|c| !self.text(row, Some(c)).is_empty())
        {
            self.tell(
                row,
                self.columns.item,
                Bilingual::new(
                    "回答のある行に番号がありません",
                    "a row with an answer has no item id",
                ),
                Bilingual::new(
                    "協議・設定事項の番号（F01など）を書くか、回答を消してください",
                    "write the id of the item, such as F01, or remove the answer",
                ),
            );
        }
    }

    fn unknown_item(&mut self, row: u32, id: &str) {
        let wanted = workbook::fold(id);
        let near = self
            .catalogue
            .items
            .iter()
            .find(|i| workbook::fold(&i.id) == wanted);
        let help = match near {
            Some(item) => Bilingual::new(
                format!("半角の {} ではありませんか", item.id),
                format!("is {} meant?", item.id),
            ),
            None => Bilingual::new(
                "書き出したときの番号に戻すか、--items で目録のパックを指定してください",
                "put back the exported id, or name the pack of the catalogue with --items",
            ),
        };
        self.tell(
            row,
            self.columns.item,
            Bilingual::new(
                format!("項目 {id} は協議項目の一覧にありません"),
                format!("item {id} is not in the catalogue of agreement items"),
            ),
            help,
        );
    }

    /// What was exported; a row that people added has neither it nor its digest.
    fn base(&mut self, row: u32, id: &str) -> Option<String> {
        let base = self.text(row, Some(self.columns.base));
        let digest = self.text(row, Some(self.columns.digest));
        if digest.is_empty() && base.is_empty() {
            return None;
        }
        let (linkage, exchange) = (
            self.text(row, self.columns.linkage),
            self.text(row, self.columns.exchange),
        );
        if (self.written.digest)(id, &linkage, &exchange, &base) != digest {
            self.tell(
                row,
                self.columns.base,
                Bilingual::new(
                    "書き出し時の回答、照合値、番号、連携ID、検査項目番号のどれかが書き出した後に変わっています",
                    "the exported answer, its digest, the id or the scope changed after the export",
                ),
                Bilingual::new(
                    "書き出したときの値に戻してください。ある連携だけの行を加えるときは、書き出し時の回答と照合値を空欄にします",
                    "put the exported values back; a row for a scope of its own has neither exported answer nor digest",
                ),
            );
        }
        Some(base)
    }

    fn values(&mut self, row: u32, item: &Item) -> Vec<String> {
        let columns = self.columns.answers.clone();
        let mut values: Vec<String> = Vec::new();
        let last = columns.last().filter(|_| columns.len() > 1).copied();
        let mut empty_before = false;
        for column in columns {
            if self.is_unusable(row, column) {
                continue;
            }
            let cell = self.text(row, Some(column));
            if cell.is_empty() {
                empty_before = true;
                continue;
            }
            if empty_before {
                self.tell(
                    row,
                    column,
                    Bilingual::new(
                        "前の希望の欄が空いています",
                        "the cell of the preference before it is empty",
                    ),
                    Bilingual::new(
                        "自社の回答1から順に詰めて書いてください",
                        "fill the cells from the first preference on",
                    ),
                );
            }
            // Text, such as a set of characters, may hold the mark; only the last cell holds several answers of it.
            let whole = matches!(item.allowed, Allowed::Text) && Some(&column) != last.as_ref();
            let words: Vec<&str> = match whole {
                true => vec![cell.trim()],
                false => cell.split(" | ").map(str::trim).collect(),
            };
            for word in words.into_iter().filter(|w| !w.is_empty()) {
                self.value(row, column, item, word, &mut values);
            }
        }
        values
    }

    fn value(&mut self, row: u32, column: u32, item: &Item, word: &str, values: &mut Vec<String>) {
        let value = match &item.allowed {
            Allowed::Values(allowed) => {
                let same = allowed.iter().find(|v| (self.written.word)(v) == word);
                same.cloned()
                    .or_else(|| item.allowed.accepts(word).then(|| word.to_owned()))
            }
            allowed => allowed.accepts(word).then(|| word.to_owned()),
        };
        let Some(value) = value else {
            let help = self.nearest(item, word);
            self.tell(
                row,
                column,
                Bilingual::new(
                    format!(
                        "項目 {} {} に「{word}」は書けません",
                        item.id, item.title.ja
                    ),
                    format!(
                        "`{word}` is not an answer to item {} {}",
                        item.id, item.title.en
                    ),
                ),
                help,
            );
            return;
        };
        if values.contains(&value) {
            self.tell(
                row,
                column,
                Bilingual::new(
                    format!("「{word}」が2回あります"),
                    format!("`{word}` is given twice"),
                ),
                Bilingual::new("1つにしてください", "keep one of them"),
            );
            return;
        }
        values.push(value);
    }

    /// What was expected, and the value that was probably meant.
    fn nearest(&self, item: &Item, word: &str) -> Bilingual {
        let allowed = match &item.allowed {
            Allowed::Values(values) => values
                .iter()
                .map(|v| (self.written.word)(v))
                .collect::<Vec<_>>()
                .join(" | "),
            other => other.to_string(),
        };
        let (ja, en) = match &item.allowed {
            Allowed::Integer => (
                "整数か範囲（300 または 300..600）を書いてください".to_owned(),
                "write a whole number or a range, 300 or 300..600".to_owned(),
            ),
            Allowed::Pattern(_) => (
                format!("形式 {allowed} に合わせてください"),
                format!("it must match {allowed}"),
            ),
            _ => (
                format!("書ける値: {allowed}"),
                format!("use one of {allowed}"),
            ),
        };
        let wanted = workbook::fold(word);
        let meant = match &item.allowed {
            Allowed::Values(values) => values.iter().find(|v| workbook::fold(v) == wanted).cloned(),
            Allowed::Text => None,
            // Full-width digits, above all.
            allowed => Some(wanted.clone())
                .filter(|meant| allowed.accepts(meant) && !meant.contains(char::is_alphabetic)),
        };
        match meant {
            Some(value) => Bilingual::new(
                format!("「{value}」ではありませんか。{ja}"),
                format!("is `{value}` meant? {en}"),
            ),
            None => Bilingual::new(ja, en),
        }
    }

    fn is_unusable(&mut self, row: u32, column: u32) -> bool {
        let at = At::new(row, column);
        if self
            .sheet
            .range_at(at)
            .is_some_and(|range| range.from != range.to)
        {
            self.tell(
                row,
                column,
                Bilingual::new("セルが結合されています", "the cell is merged with others"),
                Bilingual::new("結合を解除してください", "split the merged cells"),
            );
            return true;
        }
        let uncomputed = self
            .sheet
            .cell(at)
            .is_some_and(|c| c.uncomputed() || c.error().is_some());
        if uncomputed {
            self.tell(
                row,
                column,
                Bilingual::new(
                    "セルの値を計算できません",
                    "the cell has no value that can be read",
                ),
                Bilingual::new(
                    "数式を値に置き換えてください",
                    "replace the formula by its value",
                ),
            );
        }
        uncomputed
    }

    fn day(&mut self, row: u32, on: &str) {
        let Some(column) = self.columns.on else {
            return;
        };
        if !on.is_empty() && renkei_core::spec::Date::parse(on).is_none() {
            self.tell(
                row,
                column,
                Bilingual::new(
                    format!("記入日「{on}」は日付ではありません"),
                    format!("`{on}` is not a day"),
                ),
                Bilingual::new(
                    "2026-11-22 のように書いてください",
                    "write it as 2026-11-22",
                ),
            );
        }
    }
}
