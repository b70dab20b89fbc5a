//! Rows of an item table: one row one field, grouped by the group column.

mod cells;
mod merged;

use renkei_core::model::Bilingual;

use super::columns::{COLUMNS, NEEDED, unused_columns};
use crate::draft::{FieldDraft, PackDraft, say, unsaved};
use crate::headings::{self, Header};
use crate::reading::{is_nothing, joined, one_line};
use crate::report::{Remark, SheetReport};
use crate::workbook::{At, Sheet};

/// Columns without which a row is no item.
const TELLING: &[&str] = &["type", "length", "roman", "item_id", "output"];

/// Columns whose cells decide what a field is.
const DECIDING: &[&str] = &[
    "item_id",
    "name",
    "roman",
    "group",
    "pk",
    "fk",
    "type",
    "length",
    "code",
    "repeat",
    "output",
    "description",
];

struct Table<'a> {
    sheet: &'a Sheet,
    header: Header,
    report: SheetReport,
    draft: &'a mut PackDraft,
    group: String,
    /// True when rows without a group have been told since the last row that states one.
    group_carried: bool,
    failed: bool,
}

/// Reads one sheet into the groups.
pub(super) fn read(
    sheet: &Sheet,
    header: Header,
    groups: &mut Vec<(String, Vec<FieldDraft>)>,
    draft: &mut PackDraft,
) {
    let first = header
        .columns
        .values()
        .map(|(column, _)| *column)
        .min()
        .unwrap_or(1);
    let mut table = Table {
        sheet,
        report: SheetReport {
            sheet: sheet.name.clone(),
            read_as: "item-table",
            header: At::new(header.first, first).to_string(),
            note: unused_columns(&header),
            ..SheetReport::default()
        },
        header,
        draft,
        group: String::new(),
        group_carried: false,
        failed: false,
    };
    table.lacks_machine_names();
    table.title_above();
    let rows: Vec<u32> = sheet
        .rows()
        .filter(|row| *row > table.header.last)
        .collect();
    for row in rows {
        if row <= table.header.last {
            continue;
        }
        if table.header.is_numbering(sheet, row) {
            continue;
        }
        if table.header.is_repeated(sheet, row) {
            if let Ok(again) = headings::find(sheet, row, COLUMNS, NEEDED)
                && again.first <= row + 1
            {
                table.header = again;
            }
            continue;
        }
        if table.continues(row)
            && let Some(above) = groups
                .iter_mut()
                .find(|(name, _)| *name == table.group)
                .and_then(|(_, fields)| fields.last_mut())
        {
            table.continued(row, above);
            continue;
        }
        if let Some((group, field)) = table.row(row) {
            match groups.iter_mut().find(|(name, _)| *name == group) {
                Some((_, fields)) => fields.push(field),
                None => groups.push((group, vec![field])),
            }
        }
    }
    let report = table.report;
    draft.report.sheets.push(report);
}

impl Table<'_> {
    fn text(&self, row: u32, id: &str) -> String {
        let text = self.header.text(self.sheet, row, id);
        if is_nothing(text) {
            String::new()
        } else {
            text.to_owned()
        }
    }

    fn failed(&mut self, row: u32, id: &str, message: Bilingual, help: Bilingual) {
        let at = self.header.at(row, id).unwrap_or(At::new(row, 1));
        let remark = Remark::at(self.sheet, at, message, help);
        self.draft.report.not_interpreted.push(remark);
        self.failed = true;
    }

    fn notice(&mut self, row: u32, id: &str, message: Bilingual, help: Bilingual) {
        let at = self.header.at(row, id).unwrap_or(At::new(row, 1));
        self.draft
            .report
            .notices
            .push(Remark::at(self.sheet, at, message, help));
    }

    /// Without the column of machine names every item gets one from its number; said once, at the header.
    fn lacks_machine_names(&mut self) {
        if self.header.column("roman").is_some() {
            return;
        }
        let column = self.header.columns.values().map(|(c, _)| *c).min();
        let at = At::new(self.header.first, column.unwrap_or(1));
        self.draft.report.not_interpreted.push(Remark::at(
            self.sheet,
            at,
            say(
                "見出し「データ項目（ローマ字）」がありません",
                "the heading データ項目（ローマ字） is missing",
            ),
            say(
                "項番から名前を付けました",
                "names were made from the numbers of the items",
            ),
        ));
    }

    /// A row that is no item: empty in our columns, an end mark, a section title, a note.
    fn is_no_item(&self, row: u32) -> bool {
        let says = |id: &str| {
            self.header.at(row, id).is_some_and(|at| {
                self.sheet
                    .merged_cell(at)
                    .is_some_and(|cell| cell.uncomputed() || !is_nothing(&cell.shown))
            })
        };
        if !says("name")
            && !TELLING
                .iter()
                .filter(|id| **id != "item_id")
                .any(|id| says(id))
        {
            return true;
        }
        let is_end = |id: &str| {
            matches!(
                one_line(self.header.text(self.sheet, row, id)).as_str(),
                "e" | "E" | "end"
            )
        };
        if is_end("name") && is_end("type") {
            return true;
        }
        // a title or a note: all that the row says stands in one cell, be it merged over several columns
        let mut cells: Vec<At> = self
            .header
            .columns
            .keys()
            .filter(|id| says(id))
            .filter_map(|id| self.header.at(row, id))
            .map(|at| self.sheet.range_at(at).map_or(at, |range| range.from))
            .collect();
        cells.sort_unstable();
        cells.dedup();
        cells.len() <= 1 || !TELLING.iter().any(|id| says(id))
    }

    fn row(&mut self, row: u32) -> Option<(String, FieldDraft)> {
        self.report.rows_read += 1;
        if self.is_no_item(row) {
            self.report.rows_skipped += 1;
            self.title(row);
            self.hidden_items(row);
            return None;
        }
        self.failed = false;
        self.unusable_cells(row);
        self.shared_names(row);
        let name = joined(&self.text(row, "name"));
        let group = self.group_of(row);
        let mut field = FieldDraft {
            item_id: self.item_id(row),
            roman: self.roman(row),
            group: group.clone(),
            primary_key: self.mark(row, "pk"),
            foreign_key: self.mark(row, "fk"),
            data_type: self.data_type(row),
            code: self.text(row, "code"),
            repeat: self.repeat(row),
            output: self.output(row),
            sheet: self.sheet.name.clone(),
            cells: self.header.cells(row),
            ..FieldDraft::default()
        };
        field.length = self.length(row, &field.data_type);
        field.name = if name.is_empty() {
            self.failed(
                row,
                "name",
                say("データ項目の名称が空です", "the item has no name"),
                say(
                    "ローマ字を名称としました",
                    "its machine name was taken as the name",
                ),
            );
            field.roman.clone()
        } else {
            name
        };
        self.describe(row, &mut field);
        if self.failed {
            self.report.rows_not_interpreted += 1;
        } else {
            self.report.rows_interpreted += 1;
        }
        Some((group, field))
    }

    /// Formulas without result, error values and struck text in the columns that we use.
    fn unusable_cells(&mut self, row: u32) {
        let ids: Vec<&'static str> = self.header.columns.keys().copied().collect();
        for id in ids {
            let Some(cell) = self
                .header
                .at(row, id)
                .and_then(|at| self.sheet.merged_cell(at))
            else {
                continue;
            };
            if cell.unsaved() && DECIDING.contains(&id) {
                let at = self.header.at(row, id).unwrap_or(At::new(row, 1));
                let problem = unsaved(self.sheet, at);
                self.draft.refused.push(problem);
            } else if cell.unsaved() {
                self.notice(
                    row,
                    id,
                    say(
                        "数式の計算結果が保存されていません",
                        "the formula has no saved result",
                    ),
                    say("様式の判定には使わない列です", "the column decides nothing"),
                );
            } else if let Some(code) = cell.error() {
                let code = code.to_owned();
                self.failed(
                    row,
                    id,
                    say(
                        format!("セルがエラー値 {code} です"),
                        format!("the cell holds {code}"),
                    ),
                    say("数式を直してください", "correct the formula"),
                );
            } else if cell.struck && matches!(id, "name" | "roman" | "type" | "length" | "output") {
                self.failed(
                    row,
                    id,
                    say(
                        "取り消し線のある文字があります",
                        "text is struck through",
                    ),
                    say(
                        "廃止なら行を、一部なら取り消した文字を削除してください。名称は取り消す前の文字も含めて読み、型・桁数・出力条件は検査しません",
                        "delete the row when the item is gone, else the struck text; names were read with it, type, length and output condition are not checked",
                    ),
                );
            }
        }
        if self
            .header
            .at(row, "name")
            .is_some_and(|at| self.sheet.is_hidden(at))
        {
            self.notice(
                row,
                "name",
                say("非表示の行です", "the row is hidden"),
                say("取り込みました", "it was taken over"),
            );
        }
    }

    /// `■世帯情報` right above the header of a table that has no column of groups names its group; the title of the
    /// document, which may stand there as well, does not.
    fn title_above(&mut self) {
        let first = self.header.first;
        let above = self.sheet.rows().take_while(|row| *row < first).last();
        let document = ["項目定義書", "基本データリスト", "仕様書"];
        if let Some(row) = above
            && !self
                .sheet
                .row(row)
                .any(|(_, cell)| document.iter().any(|d| cell.shown.contains(d)))
        {
            self.title(row);
        }
    }

    /// `■世帯情報` above a part of a table that has no column of groups begins a group.
    fn title(&mut self, row: u32) {
        if self.header.column("group").is_some() {
            return;
        }
        let mut cells = self.sheet.row(row).filter(|(_, c)| !is_nothing(&c.shown));
        if let (Some((_, cell)), None) = (cells.next(), cells.next())
            && let Some(title) = one_line(&cell.shown).strip_prefix(['■', '◆', '●', '○', '□'])
            && !title.trim().is_empty()
        {
            title.trim().clone_into(&mut self.group);
        }
    }

    fn group_of(&mut self, row: u32) -> String {
        let stated = joined(&self.text(row, "group"));
        if !stated.is_empty() {
            self.group = stated;
            self.group_carried = false;
        } else if self.group.is_empty() {
            // a list without the column: the sheet is the group
            let name = self
                .sheet
                .name
                .rsplit(['）', ')'])
                .next()
                .unwrap_or("")
                .trim();
            self.group = if name.is_empty() {
                self.sheet.name.clone()
            } else {
                name.to_owned()
            };
            let group = self.group.clone();
            self.notice(
                row,
                "group",
                say("グループの名称がありません", "no group is stated"),
                say(
                    format!("シート名から「{group}」としました"),
                    format!("`{group}` was taken from the name of the sheet"),
                ),
            );
        } else if self.header.column("group").is_some() && !self.group_carried {
            self.group_carried = true;
            let group = self.group.clone();
            self.notice(
                row,
                "group",
                say("グループの名称が空です", "the group is empty"),
                say(
                    format!("続く行も含め、上の行と同じ「{group}」としました"),
                    format!(
                        "this row and those below it were taken as `{group}`, like the row above"
                    ),
                ),
            );
        }
        self.group.clone()
    }
}
