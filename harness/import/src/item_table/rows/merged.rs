//! Cells merged over several rows: what they hide, and rows that only go on with the item above.

use super::{TELLING, Table};
use crate::draft::{FieldDraft, say};
use crate::reading::is_nothing;
use crate::report::Remark;
use crate::workbook::Range;

impl Table<'_> {
    /// A merged range that hides items: it reaches over several rows and over name and type.
    pub(super) fn hidden_items(&mut self, row: u32) {
        let (Some(name), Some(kind)) = (self.header.at(row, "name"), self.header.at(row, "type"))
        else {
            return;
        };
        let Some(range) = self.sheet.range_at(name).copied() else {
            return;
        };
        if range.holds(kind) && range.from.row == row && range.to.row > row {
            self.report.rows_not_interpreted += 1;
            self.draft.report.not_interpreted.push(Remark::at(
                self.sheet,
                range.from,
                say(
                    format!("{range} が1つのセルに結合されていて、項目を読み取れません"),
                    format!("{range} is merged into one cell; no item can be read there"),
                ),
                say(
                    "結合を解き、行ごとに書いてください",
                    "split the cell and fill the rows",
                ),
            ));
        }
    }

    /// The merged range of a cell that began in a row above.
    fn range_above(&self, row: u32, id: &str) -> Option<Range> {
        let at = self.header.at(row, id)?;
        let range = self.sheet.range_at(at).copied();
        range.filter(|range| range.from.row < row && range.from.row > self.header.last)
    }

    /// True for a row that says nothing of its own but in explanations, under an item whose cells reach into it.
    pub(super) fn continues(&self, row: u32) -> bool {
        let own = |id: &&str| {
            self.range_above(row, id).is_none()
                && !is_nothing(self.header.text(self.sheet, row, id))
        };
        self.range_above(row, "name").is_some() && !TELLING.iter().any(own)
    }

    /// Puts the explanations of such a row to the item above, and says so.
    pub(super) fn continued(&mut self, row: u32, above: &mut FieldDraft) {
        self.report.rows_read += 1;
        self.report.rows_skipped += 1;
        for id in ["description", "note"] {
            let text = self.text(row, id);
            if self.range_above(row, id).is_none() && !text.is_empty() {
                above.note = [above.note.trim(), text.trim()]
                    .join("\n")
                    .trim()
                    .to_owned();
            }
        }
        let name = above.name.clone();
        self.notice(
            row,
            "name",
            say(
                "上の行の項目とセルが結合されています",
                "its cells are merged with those of the item above",
            ),
            say(
                format!("「{name}」の続きとし、項目にはしていません"),
                format!("taken as more of `{name}`, not as an item"),
            ),
        );
    }

    /// One name for several items: which of them it is meant for cannot be known.
    pub(super) fn shared_names(&mut self, row: u32) {
        for id in ["item_id", "name", "roman"] {
            if let Some(range) = self.range_above(row, id) {
                let first = range.from.row;
                self.failed(
                    row,
                    id,
                    say(
                        format!("{range} が1つのセルに結合されていて、この行だけの値がありません"),
                        format!("{range} is merged into one cell; the row has no value of its own"),
                    ),
                    say(
                        format!("{first}行目と同じ値で取り込みました。結合を解き、行ごとに書いてください"),
                        format!("taken over with the value of row {first}; split the cell and fill the rows"),
                    ),
                );
            }
        }
    }
}
