//! The four sheets.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Workbook, Worksheet, XlsxError,
};

use renkei_core::model::Lang;
use renkei_core::record::Party;

use unicode_width::UnicodeWidthStr;

use super::cell;
use super::drafts::Draft;
use super::layout::{CODES, DEFINITIONS, Edition, HISTORY, Layout, REGISTER};
use crate::words;

/// Rows to which the lists of code words reach, so that people can add issues below the drafts.
const ROWS_TO_EDIT: u32 = 1_000;

/// Percent at which an A3 page holds [`FIRST_PAGE_COLUMNS`] columns, and the rest on a second one.
const PRINT_SCALE: u16 = 65;

/// The nine mandated columns and the issue's number.
const FIRST_PAGE_COLUMNS: u32 = 10;

/// Height of one line of text in points.
const LINE_HEIGHT: f64 = 18.75;

/// The date on which the definitions were last changed.
const DEFINED_ON: (u16, u8, u8) = (2026, 11, 23);

/// A value of a cell.
pub(super) enum Value {
    /// On one line, through [`cell::text`].
    Text(String),
    /// A count.
    Number(u64),
    /// A day; blank when unknown.
    Date(Option<ExcelDateTime>),
    /// A day with its time; blank when unknown.
    DateTime(Option<ExcelDateTime>),
    /// Nothing.
    Blank,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        if text.is_empty() {
            Self::Blank
        } else {
            Self::Text(text.to_owned())
        }
    }
}

/// The base of every cell: a font that Japanese offices have. Nothing else carries meaning.
pub(crate) fn plain() -> Format {
    Format::new().set_font_name("游ゴシック").set_font_size(11)
}

fn boxed() -> Format {
    plain()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
}

/// 課題管理表.
pub(super) fn register(
    book: &mut Workbook,
    layout: &Layout,
    drafts: &[Draft],
) -> Result<(), XlsxError> {
    let rows = drafts.iter().map(issue).collect::<Result<Vec<_>, _>>()?;
    register_of(book, layout, &rows)
}

/// 課題管理表 with rows in the order of its columns.
pub(super) fn register_of(
    book: &mut Workbook,
    layout: &Layout,
    rows: &[Vec<Value>],
) -> Result<(), XlsxError> {
    let sheet = table(book, layout, REGISTER, rows)?;
    // A3: the mandated columns and the number on one page, the trace columns on the next.
    sheet.set_paper_size(8).set_print_scale(PRINT_SCALE);
    sheet.set_vertical_page_breaks(&[FIRST_PAGE_COLUMNS])?;
    for (at, column) in layout.columns(REGISTER).enumerate() {
        let words = layout.codes(&column.name);
        if words.is_empty() {
            continue;
        }
        let list = DataValidation::new()
            .allow_list_strings(&words)?
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_title("コード表にない値です")?
            .set_error_message("シート「コード表」にある語を選んでください。")?;
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        let last = ROWS_TO_EDIT.max(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        sheet.add_data_validation(1, at, last, at, &list)?;
    }
    Ok(())
}

/// One row, in the order of the columns.
fn issue(draft: &Draft) -> Result<Vec<Value>, XlsxError> {
    let occurred = excel(draft.occurred.map(|at| at.date().into()))?;
    Ok(vec![
        draft.content.as_str().into(),
        draft.impact.as_str().into(),
        draft.priority.into(),
        Value::Date(occurred),
        Value::Blank,
        Value::Blank,
        "起票".into(),
        Value::Blank,
        Value::Blank,
        draft.number.as_str().into(),
        "renkei".into(),
        draft.side.as_str().into(),
        "提案".into(),
        draft.sender.as_str().into(),
        draft.receiver.as_str().into(),
        draft.linkage.as_str().into(),
        draft.rule.as_str().into(),
        draft.case.as_str().into(),
        draft.place.as_str().into(),
        draft.run.as_str().into(),
        draft.run.as_str().into(),
        Value::Number(draft.hits),
        Value::Number(0),
        draft.evidence.as_str().into(),
        Value::Number(1),
    ])
}

/// 課題履歴: what happened to an issue; so far, that it was drafted.
pub(super) fn history(
    book: &mut Workbook,
    layout: &Layout,
    drafts: &[Draft],
) -> Result<(), XlsxError> {
    let mut rows = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let reason = words::fill(
            Lang::Ja,
            "kadai.drafted",
            &[("run", &draft.run), ("finding", &draft.finding)],
        );
        rows.push(vec![
            draft.number.as_str().into(),
            Value::DateTime(excel(draft.occurred)?),
            "未登録".into(),
            "起票".into(),
            "renkei".into(),
            reason.as_str().into(),
        ]);
    }
    table(book, layout, HISTORY, &rows).map(drop)
}

/// コード表: the words of the code columns, and the parties' codes.
pub(super) fn codes(
    book: &mut Workbook,
    layout: &Layout,
    parties: &[Party],
) -> Result<(), XlsxError> {
    let mut rows: Vec<Vec<Value>> = layout
        .code
        .iter()
        .map(|code| {
            vec![
                code.column.as_str().into(),
                code.code.as_str().into(),
                code.meaning.as_str().into(),
            ]
        })
        .collect();
    for party in parties {
        let key = if party.stand_in {
            "kadai.party_stand_in"
        } else {
            "kadai.party"
        };
        let args = [
            ("name", party.name.ja.as_str()),
            ("product", &party.product),
            ("version", &party.version),
        ];
        let meaning = cell::text(&words::fill(Lang::Ja, key, &args));
        rows.push(vec![
            "ベンダーコード".into(),
            cell::text(&party.id).as_str().into(),
            meaning.as_str().into(),
        ]);
    }
    table(book, layout, CODES, &rows).map(drop)
}

/// データ定義: what every column of every sheet means.
pub(super) fn definitions(
    book: &mut Workbook,
    layout: &Layout,
    edition: Edition,
) -> Result<(), XlsxError> {
    let (year, month, day) = DEFINED_ON;
    let mut rows = Vec::with_capacity(layout.column.len());
    for column in &layout.column {
        rows.push(vec![
            column.sheet.as_str().into(),
            column.name.as_str().into(),
            column.id.as_str().into(),
            column.kind.as_str().into(),
            column.unit.as_str().into(),
            column.blank.as_str().into(),
            column.meaning(edition).into(),
            column.owner.as_str().into(),
            Value::Date(Some(ExcelDateTime::from_ymd(year, month, day)?)),
        ]);
    }
    table(book, layout, DEFINITIONS, &rows).map(drop)
}

/// A sheet with a header in row 1 and one record per row from A1 on, filtered, its header fixed and repeated in print.
pub(super) fn table<'a>(
    book: &'a mut Workbook,
    layout: &Layout,
    name: &str,
    rows: &[Vec<Value>],
) -> Result<&'a mut Worksheet, XlsxError> {
    let sheet = book.add_worksheet().set_name(name)?;
    let header = boxed().set_align(FormatAlign::VerticalCenter);
    let mut columns: u16 = 0;
    for (at, column) in (0u16..).zip(layout.columns(name)) {
        sheet.write_string_with_format(0, at, &column.name, &header)?;
        sheet.set_column_width(at, column.width)?;
        columns = at;
    }
    let header_lines = layout
        .columns(name)
        .map(|column| lines(&column.name.as_str().into(), column.width))
        .max();
    sheet.set_row_height(0, LINE_HEIGHT * f64::from(header_lines.unwrap_or(1)))?;
    for (row, values) in (1u32..).zip(rows) {
        for (at, value) in (0u16..).zip(values) {
            write(sheet, row, at, value)?;
        }
        let lines = values
            .iter()
            .zip(layout.columns(name))
            .map(|(value, column)| lines(value, column.width))
            .max();
        sheet.set_row_height(row, LINE_HEIGHT * f64::from(lines.unwrap_or(1)))?;
    }
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last.max(1), columns)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
    sheet.set_header("&L&A").set_footer("&C&P / &N");
    if name != REGISTER {
        sheet.set_print_fit_to_pages(1, 0);
    }
    Ok(sheet)
}

fn write(sheet: &mut Worksheet, row: u32, at: u16, value: &Value) -> Result<(), XlsxError> {
    let format = boxed();
    match value {
        Value::Text(text) => sheet.write_string_with_format(row, at, clipped(text), &format)?,
        #[expect(
            clippy::cast_precision_loss,
            reason = "a workbook holds numbers as f64; counts stay far below 2^53"
        )]
        Value::Number(number) => {
            sheet.write_number_with_format(row, at, *number as f64, &format.set_num_format("0"))?
        }
        Value::Date(Some(date)) => {
            sheet.write_datetime_with_format(row, at, date, &format.set_num_format("yyyy-mm-dd"))?
        }
        Value::DateTime(Some(at_time)) => sheet.write_datetime_with_format(
            row,
            at,
            at_time,
            &format.set_num_format("yyyy-mm-dd hh:mm:ss"),
        )?,
        Value::Date(None) | Value::DateTime(None) | Value::Blank => {
            sheet.write_blank(row, at, &format)?
        }
    };
    Ok(())
}

/// Lines that a text takes in a column: spreadsheets do not all measure wrapped text when they open a file. Bounded,
/// because a row is at most 409 points high.
fn lines(value: &Value, width: u16) -> u16 {
    let Value::Text(text) = value else { return 1 };
    let columns = usize::from(width.saturating_sub(1)).max(1);
    u16::try_from(text.width_cjk().div_ceil(columns))
        .unwrap_or(u16::MAX)
        .clamp(1, 20)
}

/// A cell holds at most 32,767 UTF-16 units (Excel's limit); nothing we draft comes near, but a peer's text could.
fn clipped(text: &str) -> String {
    if text.encode_utf16().count() <= 32_767 {
        return text.to_owned();
    }
    text.chars().take(16_000).collect()
}

/// A moment as a workbook holds it.
pub(super) fn excel(at: Option<jiff::civil::DateTime>) -> Result<Option<ExcelDateTime>, XlsxError> {
    let Some(at) = at else { return Ok(None) };
    let (Ok(year), Ok(month), Ok(day)) = (
        u16::try_from(at.year()),
        u8::try_from(at.month()),
        u8::try_from(at.day()),
    ) else {
        return Ok(None);
    };
    let (Ok(hour), Ok(minute), Ok(second)) = (
        u16::try_from(at.hour()),
        u8::try_from(at.minute()),
        u8::try_from(at.second()),
    ) else {
        return Ok(None);
    };
    ExcelDateTime::from_ymd(year, month, day)?
        .and_hms(hour, minute, f64::from(second))
        .map(Some)
}
