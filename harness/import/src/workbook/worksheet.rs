//! One worksheet part: cells, merged ranges, hidden rows and columns.

use renkei_core::model::Bilingual;

use super::address::{MAX_COLUMN, MAX_ROW};
use super::strings::{Collector, Text};
use super::styles::Style;
use super::xml::{Tag, attribute, flag, number, walk};
use super::{At, Cell, MAX_CELL_TEXT, Range, Sheet, Value};

/// Most hidden rows and columns that are kept, to be told.
const MAX_HIDDEN: usize = 20_000;

/// Longest formula that Excel takes, in characters of at most four bytes (Excel specifications and limits).
const MAX_FORMULA: usize = 4 * 8_192;

/// What all sheets share.
pub(super) struct Shared<'a> {
    pub(super) strings: &'a [Text],
    pub(super) styles: &'a [Style],
    pub(super) from_1904: bool,
    /// Cells that may still be read from this workbook.
    pub(super) budget: usize,
    /// Bytes of text that cells may still hold.
    pub(super) text_left: usize,
    /// Bytes of formulas without result that may still be kept.
    pub(super) formulas_left: usize,
    /// Rows with a content that a sheet may have.
    pub(super) max_rows: usize,
    /// The cell at which a sheet had more.
    pub(super) too_long: Option<At>,
}

/// A cell while it is being read.
#[derive(Default)]
struct Draft {
    at: Option<At>,
    kind: String,
    style: usize,
    formula: bool,
    formula_text: String,
    value: Option<String>,
    inline: Option<Text>,
}

#[derive(Default)]
struct Reader {
    draft: Draft,
    collector: Collector,
    in_value: bool,
    in_formula: bool,
    in_inline: bool,
    in_cell: bool,
    in_data: bool,
    row: u32,
    column: u32,
    /// The last row with a content, and how many there were.
    filled: (u32, usize),
}

/// Fills `sheet` from its part.
pub(super) fn read(xml: &str, shared: &mut Shared<'_>, sheet: &mut Sheet) -> Result<(), Bilingual> {
    let mut reader = Reader::default();
    walk(xml, |tag| reader.see(tag, shared, sheet))
}

impl Reader {
    fn see(
        &mut self,
        tag: Tag<'_>,
        shared: &mut Shared<'_>,
        sheet: &mut Sheet,
    ) -> Result<(), Bilingual> {
        match tag {
            Tag::Open("sheetData", _) => self.in_data = true,
            Tag::Close("sheetData") => self.in_data = false,
            Tag::Open("row", element) if self.in_data => {
                self.open_row(element)?;
                if flag(element, "hidden") == Some(true) && sheet.hidden_rows.len() < MAX_HIDDEN {
                    sheet.hidden_rows.insert(self.row);
                }
            }
            Tag::Open("c", element) if self.in_data => self.open_cell(element)?,
            Tag::Close("c") if self.in_cell => self.close_cell(shared, sheet)?,
            Tag::Open("f", _) if self.in_cell => {
                self.draft.formula = true;
                self.in_formula = true;
            }
            Tag::Close("f") => self.in_formula = false,
            Tag::Text(text) if self.in_formula => {
                let fits = self.draft.formula_text.len() + text.len() <= MAX_FORMULA;
                // a formula that is not wholly there must not be taken for a shorter one
                self.draft
                    .formula_text
                    .push_str(if fits { &text } else { "\0" });
            }
            Tag::Open("v", _) if self.in_cell => self.in_value = true,
            Tag::Close("v") => self.in_value = false,
            Tag::Open("is", _) if self.in_cell => self.in_inline = true,
            Tag::Close("is") if self.in_inline => {
                self.in_inline = false;
                self.draft.inline = Some(self.collector.take());
            }
            Tag::Text(text) if self.in_value => self
                .draft
                .value
                .get_or_insert_with(String::new)
                .push_str(&text),
            Tag::Open("mergeCell", element) => {
                if let Some(range) = attribute(element, "ref").and_then(|r| Range::parse(&r))
                    && !sheet.merged.add(range)
                {
                    return Err(too_many_merged(&range));
                }
            }
            Tag::Open("col", element) if flag(element, "hidden") == Some(true) => {
                if let (Some(first), Some(last)) = (number(element, "min"), number(element, "max"))
                    && sheet.hidden_columns.len() < MAX_HIDDEN
                {
                    sheet.hidden_columns.push((first, last));
                }
            }
            tag if self.in_inline => self.collector.see(&tag),
            _ => {}
        }
        Ok(())
    }

    fn open_row(&mut self, element: &quick_xml::events::BytesStart<'_>) -> Result<(), Bilingual> {
        let stated = attribute(element, "r");
        let row = match &stated {
            Some(text) => text.trim().parse().ok(),
            None => self.row.checked_add(1),
        };
        self.row = row
            .filter(|row| (1..=MAX_ROW).contains(row))
            .ok_or_else(|| beyond(stated.as_deref().unwrap_or("?")))?;
        self.column = 0;
        Ok(())
    }

    fn open_cell(&mut self, element: &quick_xml::events::BytesStart<'_>) -> Result<(), Bilingual> {
        let named = attribute(element, "r");
        let at = match &named {
            Some(text) => At::parse(text).ok_or_else(|| beyond(text))?,
            None if self.column < MAX_COLUMN => At::new(self.row.max(1), self.column + 1),
            None => return Err(beyond(&format!("{}行の{}列目", self.row, MAX_COLUMN + 1))),
        };
        self.column = at.column;
        self.in_cell = true;
        self.draft = Draft {
            at: Some(at),
            kind: attribute(element, "t").unwrap_or_default(),
            style: number(element, "s").unwrap_or(0) as usize,
            ..Draft::default()
        };
        Ok(())
    }

    fn close_cell(&mut self, shared: &mut Shared<'_>, sheet: &mut Sheet) -> Result<(), Bilingual> {
        self.in_cell = false;
        self.in_value = false;
        self.in_formula = false;
        let draft = std::mem::take(&mut self.draft);
        let (Some(at), Some(cell)) = (draft.at, finish(&draft, shared)) else {
            return Ok(());
        };
        if shared.budget == 0 {
            return Err(Bilingual::new(
                format!("セルが多すぎます（{}個まで）", super::MAX_CELLS),
                format!("there are too many cells (up to {})", super::MAX_CELLS),
            ));
        }
        shared.budget -= 1;
        shared.text_left = take_text(shared.text_left, &cell.shown, at)?;
        if at.row != self.filled.0 {
            self.filled = (at.row, self.filled.1 + 1);
            if self.filled.1 > shared.max_rows {
                shared.too_long = Some(at);
                return Err(Bilingual::default()); // told with its place by the caller
            }
        }
        let length = draft.formula_text.len();
        if cell.uncomputed() && (1..=shared.formulas_left).contains(&length) {
            shared.formulas_left -= length;
            sheet.formulas.insert(at, draft.formula_text);
        }
        sheet.cells.insert(at, cell);
        Ok(())
    }
}

/// What is left of the texts that a workbook may hold.
fn take_text(left: usize, text: &str, at: At) -> Result<usize, Bilingual> {
    if text.len() > MAX_CELL_TEXT {
        return Err(Bilingual::new(
            format!("セル {at} の文字が長すぎます（Excelのセルは32,767文字まで）"),
            format!("the text of cell {at} is too long (a cell of Excel holds 32,767 characters)"),
        ));
    }
    left.checked_sub(text.len()).ok_or_else(|| {
        Bilingual::new(
            format!(
                "セルの文字の合計が{}バイトを超えました（セル {at}）",
                super::MAX_TEXT
            ),
            format!(
                "the texts of the cells are more than {} bytes (at cell {at})",
                super::MAX_TEXT
            ),
        )
    })
}

fn beyond(place: &str) -> Bilingual {
    Bilingual::new(
        format!("セル番地「{place}」はExcelの範囲の外です"),
        format!("the cell address `{place}` lies beyond what Excel has"),
    )
}

fn too_many_merged(range: &Range) -> Bilingual {
    let most = super::merged::MAX_COLUMNS;
    Bilingual::new(
        format!("結合セルが多すぎます（{range} で、列の数の合計が{most}を超えました）"),
        format!("there are too many merged cells (at {range} their columns are more than {most})"),
    )
}

/// The cell of a draft; `None` for one that holds nothing.
fn finish(draft: &Draft, shared: &Shared<'_>) -> Option<Cell> {
    let style = shared.styles.get(draft.style).cloned().unwrap_or_default();
    let raw = draft.value.as_deref().unwrap_or("");
    let (value, shown, struck) = match draft.kind.as_str() {
        "s" => {
            let index: usize = raw.trim().parse().ok()?;
            let text = shared.strings.get(index)?;
            (
                Value::Text(text.text.clone()),
                text.text.clone(),
                text.struck,
            )
        }
        "inlineStr" => {
            let text = draft.inline.clone().unwrap_or_default();
            (Value::Text(text.text.clone()), text.text, text.struck)
        }
        "str" if draft.value.is_some() || !draft.formula => {
            (Value::Text(raw.to_owned()), raw.to_owned(), false)
        }
        "e" => (Value::Error(raw.to_owned()), raw.to_owned(), false),
        "b" if !raw.is_empty() => {
            let truth = raw.trim() == "1";
            (
                Value::Bool(truth),
                if truth { "TRUE" } else { "FALSE" }.to_owned(),
                false,
            )
        }
        "d" if !raw.is_empty() => {
            let shown = raw.trim_end_matches("T00:00:00").replace('T', " ");
            (Value::Date(shown.clone()), shown, false)
        }
        _ if raw.trim().is_empty() && draft.formula => (Value::Uncomputed, String::new(), false),
        _ if raw.trim().is_empty() => return None,
        _ => match raw.trim().parse::<f64>() {
            Ok(number) => {
                let (shown, is_date) = style.format.show(number, shared.from_1904);
                if is_date {
                    (Value::Date(shown.clone()), shown, false)
                } else {
                    (Value::Number(number), shown, false)
                }
            }
            Err(_) => (Value::Text(raw.to_owned()), raw.to_owned(), false),
        },
    };
    if shown.is_empty() && value != Value::Uncomputed {
        return None;
    }
    Some(Cell {
        value,
        shown,
        formula: draft.formula,
        struck: struck || style.struck,
        recalculated: false,
    })
}
