//! A sheet: cells by address, merged ranges, what is hidden.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::model::{Bilingual, Problem};

use super::merged::Merged;
use super::{At, Range, fold};

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, with rich text joined and ruby left out.
    Text(String),
    /// A number as stored; [`Cell::shown`] has the leading zeros that the cell's format adds.
    Number(f64),
    /// A date or time: `2023-09-29`, `09:00:00` or `2023-09-29 09:00:00`, from the serial number and the cell's format.
    Date(String),
    /// TRUE or FALSE.
    Bool(bool),
    /// `#REF!` and its like.
    Error(String),
    /// A formula whose result was not saved.
    Uncomputed,
}

/// A cell with a content.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// What people see, as far as the format is a plain one: `1` with the format `000` is `001`. Not trimmed.
    pub shown: String,
    /// True when the value is the result of a formula.
    pub formula: bool,
    /// True when the whole text or a part of it is struck through, as revised documents mark what is gone.
    pub struck: bool,
    /// True when the result of the formula was not saved and has been put together from the cells that it joins.
    pub recalculated: bool,
}

impl Cell {
    /// True for a formula whose result was not saved, be it known or not.
    pub fn unsaved(&self) -> bool {
        self.uncomputed() || self.recalculated
    }

    /// True for a formula without a saved result.
    pub fn uncomputed(&self) -> bool {
        self.value == Value::Uncomputed
    }

    /// `#REF!` and its like.
    pub fn error(&self) -> Option<&str> {
        match &self.value {
            Value::Error(code) => Some(code),
            _ => None,
        }
    }
}

/// One sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Name on the tab; empty for text files.
    pub name: String,
    /// Name of the file, for problems.
    pub file: String,
    /// Hidden, or very hidden.
    pub hidden: bool,
    /// Merged ranges.
    pub merged: Merged,
    /// Hidden rows, 1-based.
    pub hidden_rows: BTreeSet<u32>,
    /// Hidden columns, 1-based, as ranges (first, last).
    pub hidden_columns: Vec<(u32, u32)>,
    pub(super) cells: BTreeMap<At, Cell>,
    /// Text of the formulas whose result is not known.
    pub(super) formulas: BTreeMap<At, String>,
}

impl Sheet {
    /// The cell itself; inside a merged range only the top left one has a content.
    pub fn cell(&self, at: At) -> Option<&Cell> {
        self.cells.get(&at)
    }

    /// The cell, or the one at the top left of the merged range it lies in.
    pub fn merged_cell(&self, at: At) -> Option<&Cell> {
        self.cells
            .get(&at)
            .or_else(|| self.cells.get(&self.range_at(at)?.from))
    }

    /// The merged range that a cell lies in.
    pub fn range_at(&self, at: At) -> Option<&Range> {
        self.merged.at(at)
    }

    /// What people see in a cell, trimmed; empty for an empty cell.
    pub fn text(&self, at: At) -> &str {
        self.cell(at).map_or("", |cell| cell.shown.trim())
    }

    /// Like [`Sheet::text`], looking through merged ranges.
    pub fn merged_text(&self, at: At) -> &str {
        self.merged_cell(at).map_or("", |cell| cell.shown.trim())
    }

    /// Cells with a content, row by row from left to right.
    pub fn cells(&self) -> impl Iterator<Item = (At, &Cell)> {
        self.cells.iter().map(|(at, cell)| (*at, cell))
    }

    /// Cells with a content of one row, from left to right.
    pub fn row(&self, row: u32) -> impl Iterator<Item = (At, &Cell)> {
        self.cells
            .range(At::new(row, 0)..At::new(row.saturating_add(1), 0))
            .map(|(at, cell)| (*at, cell))
    }

    /// Numbers of the rows that have a cell with a content, rising.
    pub fn rows(&self) -> impl Iterator<Item = u32> {
        let mut last = 0;
        self.cells
            .keys()
            .map(|at| at.row)
            .filter(move |row| std::mem::replace(&mut last, *row) != *row)
    }

    /// Last row with a content, 0 for an empty sheet.
    pub fn last_row(&self) -> u32 {
        self.cells.last_key_value().map_or(0, |(at, _)| at.row)
    }

    /// First cell whose text reads like `heading` ([`fold`]), row by row.
    pub fn find(&self, heading: &str) -> Option<At> {
        let wanted = fold(heading);
        self.cells()
            .find(|(_, cell)| fold(&cell.shown) == wanted)
            .map(|(at, _)| at)
    }

    /// Cells of a row that have one of the headings: for each heading the column, in the order asked.
    pub fn find_in_row(&self, row: u32, headings: &[&str]) -> Vec<Option<u32>> {
        let seen: Vec<(String, u32)> = self
            .row(row)
            .map(|(at, cell)| (fold(&cell.shown), at.column))
            .collect();
        headings
            .iter()
            .map(|heading| {
                let wanted = fold(heading);
                seen.iter()
                    .find(|(text, _)| *text == wanted)
                    .map(|(_, column)| *column)
            })
            .collect()
    }

    /// True for a row or a column that is hidden.
    pub fn is_hidden(&self, at: At) -> bool {
        self.hidden_rows.contains(&at.row)
            || self
                .hidden_columns
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&at.column))
    }

    /// A problem at a cell: the place reads `file.xlsx 「シート」 B7`.
    pub fn problem(&self, at: At, message: Bilingual, help: Bilingual) -> Problem {
        Problem::of_file(self.place(at), message, help)
    }

    /// A problem with the whole sheet.
    pub fn sheet_problem(&self, message: Bilingual, help: Bilingual) -> Problem {
        let place = if self.name.is_empty() {
            self.file.clone()
        } else {
            format!("{} 「{}」", self.file, self.name)
        };
        Problem::of_file(place, message, help)
    }

    /// File, sheet and cell as people read them.
    pub fn place(&self, at: At) -> String {
        if self.name.is_empty() {
            format!("{} {at}", self.file)
        } else {
            format!("{} 「{}」 {at}", self.file, self.name)
        }
    }

    /// Problems of cells that hold no usable value: formulas without a saved result, and error values.
    pub fn unusable_cells(&self) -> Vec<Problem> {
        self.cells()
            .filter_map(|(at, cell)| match &cell.value {
                Value::Uncomputed => Some(self.problem(
                    at,
                    Bilingual::new(
                        "数式の計算結果が保存されていません",
                        "the formula has no saved result",
                    ),
                    Bilingual::new(
                        "Excelで開いて再計算し、保存し直してください（または値に置き換えてください）",
                        "open it in Excel, recalculate and save it, or replace the formula by its value",
                    ),
                )),
                Value::Error(code) => Some(self.problem(
                    at,
                    Bilingual::new(
                        format!("セルがエラー値 {code} です"),
                        format!("the cell holds the error value {code}"),
                    ),
                    Bilingual::new("数式を直して保存し直してください", "correct the formula and save it"),
                )),
                _ => None,
            })
            .collect()
    }
}
