//! A table with a number: what a document shows, and what the workbook of source data holds, are the same rows.

use crate::docx::{Block, Table, Text};
use crate::workbook::{self, Column, Value};

/// Columns of at least this width in a sheet hold sentences.
const SENTENCE: u16 = 40;
/// Columns of at least this width hold names.
const NAME: u16 = 20;

/// A numbered table.
pub(super) struct Figure {
    /// Stable id, ASCII, also the name of its sheet: `fig-4-1`.
    pub(super) id: &'static str,
    /// Number in the documents: `表4-1`.
    pub(super) number: &'static str,
    /// Title.
    pub(super) title: &'static str,
    /// All columns.
    pub(super) columns: &'static [Column],
    /// Columns that a document shows, by ASCII name; all when empty.
    pub(super) shown: &'static [&'static str],
    /// Rows, a value for each column.
    pub(super) rows: Vec<Vec<Value>>,
}

impl Figure {
    /// The table as a document shows it; a sentence where it has no row.
    pub(super) fn block(&self) -> Vec<Block> {
        let caption = format!("{} {}", self.number, self.title);
        if self.rows.is_empty() {
            return vec![Block::paragraph(format!(
                "{caption}: 該当するものはありません。"
            ))];
        }
        let places = self.places();
        let column = |at: &usize| self.columns.get(*at);
        let heads = places.iter().filter_map(column);
        let mut table = Table {
            caption,
            columns: heads.map(|c| (c.0.to_owned(), weight(c))).collect(),
            ..Table::default()
        };
        let numbers = places.iter().enumerate();
        let numbers = numbers.filter(|(_, at)| column(at).is_some_and(|c| c.2 == "数値"));
        table.numbers = numbers.map(|(shown, _)| shown).collect();
        for row in &self.rows {
            let cells = places
                .iter()
                .map(|at| row.get(*at).map(text).unwrap_or_default());
            table.rows.push(cells.collect());
        }
        vec![Block::Table(table)]
    }

    fn places(&self) -> Vec<usize> {
        let all = 0..self.columns.len();
        if self.shown.is_empty() {
            return all.collect();
        }
        let shown = |at: &usize| {
            self.columns
                .get(*at)
                .is_some_and(|c| self.shown.contains(&c.1))
        };
        all.filter(shown).collect()
    }

    /// The whole table as a sheet.
    pub(super) fn sheet(self) -> workbook::Table {
        workbook::Table {
            name: self.id,
            columns: self.columns,
            rows: self.rows,
        }
    }
}

/// Width in a document: narrow columns keep enough room for their headings, sentences get what the others leave.
fn weight(column: &Column) -> u16 {
    match column.5 {
        SENTENCE.. => 52,
        width @ NAME.. => width + 10,
        width => width.max(9),
    }
}

fn text(value: &Value) -> Text {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Number(number) => crate::view::number(*number).into(),
    }
}
