//! Plain tables as a workbook that follows the rules for machine-readable tables: one table a sheet from A1, one value a
//! cell, no merged cells, no formulas, no meaning in colours, every column defined.

use renkei_core::model::Lang;
use renkei_core::record::ResultDocument;
use rust_xlsxwriter::{
    DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use crate::{ReportError, kadai, view};

/// Paper by the numbers of the file format (ECMA-376 part 1, 18.3.1.63).
const A3: u8 = 8;
/// See [`A3`].
const A4: u8 = 9;
/// Characters beside each other above which a table is printed on the larger paper.
const WIDE: u16 = 170;

/// Height of one line of text in points.
const LINE_HEIGHT: f64 = 18.75;

/// A column: heading, ASCII name, type (文字列, 数値, コード), unit, meaning, width in characters.
pub(crate) type Column = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u16,
);

/// A value of a cell.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Text; an empty one is a blank.
    Text(String),
    /// A number.
    Number(u64),
}

impl<T: Into<String>> From<T> for Value {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// One table.
pub(crate) struct Table {
    /// Name of the sheet.
    pub(crate) name: &'static str,
    /// Its columns.
    pub(crate) columns: &'static [Column],
    /// Its rows.
    pub(crate) rows: Vec<Vec<Value>>,
}

const CODES: &[Column] = &[
    (
        "項目名",
        "column_name",
        "文字列",
        "",
        "コード値を使う列",
        16,
    ),
    ("コード値", "code", "文字列", "", "列に入る語", 16),
    ("意味", "meaning", "文字列", "", "語の意味", 60),
];

const DEFINITIONS: &[Column] = &[
    ("シート名", "sheet", "文字列", "", "列のあるシート", 16),
    ("項目名", "name", "文字列", "", "見出しの語", 18),
    (
        "物理名",
        "physical_name",
        "文字列",
        "",
        "プログラムから参照する名前",
        18,
    ),
    ("型", "kind", "文字列", "", "文字列か数値かコード", 10),
    ("単位", "unit", "文字列", "", "数値の単位", 8),
    ("空欄の意味", "blank", "文字列", "", "空欄のときの意味", 18),
    ("定義", "meaning", "文字列", "", "列に入るもの", 60),
];

/// The tables, then the code words (`column, word, meaning`), then the definition of every column.
///
/// # Errors
/// The writer refuses the tables.
pub(crate) fn write(
    title: &str,
    tables: Vec<Table>,
    codes: Vec<[String; 3]>,
) -> Result<Vec<u8>, ReportError> {
    write_with(title, "", tables, codes, |_| Ok(()))
}

/// The same, with a line of what the tables were made from (it has no place in a table, so it is a property and a header of the printed pages), and with something
/// more done to the sheets before they are saved: lists of values to choose from.
///
/// # Errors
/// The writer refuses the tables.
pub(crate) fn write_with(
    title: &str,
    about: &str,
    tables: Vec<Table>,
    codes: Vec<[String; 3]>,
    more: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>,
) -> Result<Vec<u8>, ReportError> {
    book(title, about, tables, codes, more).map_err(|e| ReportError::Workbook(e.to_string()))
}

fn book(
    title: &str,
    about: &str,
    mut tables: Vec<Table>,
    codes: Vec<[String; 3]>,
    more: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_default_format(&kadai::plain(), 25, 72)?;
    let properties = DocProperties::new().set_title(title).set_author("renkei");
    book.set_properties(&properties.set_comment(about));
    let rows = codes.into_iter().map(|row| row.map(Value::from).to_vec());
    tables.push(Table {
        name: "コード表",
        columns: CODES,
        rows: rows.collect(),
    });
    tables.push(Table {
        name: "データ定義",
        columns: DEFINITIONS,
        rows: Vec::new(),
    });
    let defined = tables
        .iter()
        .flat_map(|table| table.columns.iter().map(|c| definition(table.name, c)));
    let defined: Vec<Vec<Value>> = defined.collect();
    if let Some(last) = tables.last_mut() {
        last.rows = defined;
    }
    for table in &tables {
        sheet(book.add_worksheet(), table)?;
    }
    more(&mut book)?;
    stamp(&mut book, about);
    book.save_to_buffer()
}

/// What a workbook of one run says of it: the run and its data class, with the approval where values are shown.
pub(crate) fn about(doc: &ResultDocument) -> String {
    format!(
        "実行番号 {} / データ区分 {}",
        kadai::cell_text(&doc.run.id),
        view::data_class(doc, Lang::Ja)
    )
}

/// Says on each printed page what its table was made from: a machine-readable table has no room for it.
pub(crate) fn stamp(book: &mut Workbook, about: &str) {
    // A header holds 255 characters (ECMA-376 part 1, 18.3.1.46), and `&` opens a code in it.
    let about: String = about.chars().take(100).collect();
    let about = about.replace('&', "&&");
    for sheet in book.worksheets_mut() {
        sheet.set_header(format!("&L&A&R{about}"));
    }
}

fn definition(sheet: &str, column: &Column) -> Vec<Value> {
    [
        sheet,
        column.0,
        column.1,
        column.2,
        column.3,
        "該当なし",
        column.4,
    ]
    .map(Value::from)
    .to_vec()
}

fn boxed() -> Format {
    kadai::plain()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
}

fn sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    sheet.set_name(table.name)?;
    let format = boxed();
    let mut heading_lines = 1;
    for (at, column) in (0u16..).zip(table.columns) {
        sheet.write_string_with_format(0, at, column.0, &format)?;
        sheet.set_column_width(at, column.5)?;
        heading_lines = heading_lines.max(lines(column.0, column.5));
    }
    sheet.set_row_height(0, LINE_HEIGHT * f64::from(heading_lines))?;
    for (row, values) in (1u32..).zip(&table.rows) {
        let mut lines = 1;
        for ((at, value), column) in (0u16..).zip(values).zip(table.columns) {
            lines = lines.max(cell(sheet, (row, at), value, column.5, &format)?);
        }
        sheet.set_row_height(row, LINE_HEIGHT * f64::from(lines))?;
    }
    let last = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let columns = u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
    let wide: u16 = table
        .columns
        .iter()
        .map(|c| c.5)
        .fold(0, u16::saturating_add);
    sheet.autofilter(0, 0, last.max(1), columns.saturating_sub(1))?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet
        .set_landscape()
        .set_paper_size(if wide > WIDE { A3 } else { A4 })
        .set_print_fit_to_pages(1, 0);
    sheet.set_header("&L&A").set_footer("&C&P / &N");
    Ok(())
}

/// Writes a cell and tells how many lines it takes.
fn cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    value: &Value,
    width: u16,
    format: &Format,
) -> Result<u16, XlsxError> {
    match value {
        Value::Number(number) => {
            #[expect(
                clippy::cast_precision_loss,
                reason = "lengths and positions stay far below 2^53"
            )]
            let number = *number as f64;
            sheet.write_number_with_format(row, at, number, &format.clone().set_num_format("0"))?;
            Ok(1)
        }
        Value::Text(text) if text.is_empty() => {
            sheet.write_blank(row, at, format)?;
            Ok(1)
        }
        Value::Text(text) => {
            let text: String = kadai::cell_text(text).chars().take(16_000).collect();
            sheet.write_string_with_format(row, at, &text, format)?;
            Ok(lines(&text, width))
        }
    }
}

/// Lines that a text takes in a column: spreadsheets do not all measure wrapped text when they open a file. Bounded,
/// because a row is at most 409 points high.
fn lines(text: &str, width: u16) -> u16 {
    let columns = usize::from(width.saturating_sub(1)).max(1);
    let lines = text.width_cjk().div_ceil(columns);
    u16::try_from(lines).unwrap_or(u16::MAX).clamp(1, 20)
}
