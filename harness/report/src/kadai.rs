//! `kadai.xlsx`, the issue register (課題管理表): one draft issue per finding, made for people to edit in Excel.
//!
//! Its form follows the rules for machine-readable tables of the Japanese government: one table per sheet from cell A1,
//! one value per cell, no merged cells, no meaning in colours. What the tool drafts and what people own is written in the
//! sheet データ定義. The register is Japanese whatever the language of the other reports is: its columns are mandated.

mod cell;
mod drafts;
mod layout;
mod register;
mod sheets;

use renkei_core::model::Lang;
use renkei_core::record::ResultDocument;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::{Options, ReportError, moment, workbook};

pub(crate) use cell::text as cell_text;
pub use layout::MANDATED;
pub use register::{
    HistoryRow, Snapshot, code_words, exported_text, workbook as register_workbook,
};
pub(crate) use sheets::plain;

/// The register as a workbook.
pub(crate) fn render(doc: &ResultDocument, options: &Options) -> Result<Vec<u8>, ReportError> {
    write(doc, options).map_err(ReportError::Workbook)
}

fn write(doc: &ResultDocument, options: &Options) -> Result<Vec<u8>, String> {
    let layout = layout::Layout::read()?;
    let drafts = drafts::drafts(doc, options);
    let mut book = Workbook::new();
    let text = |e: rust_xlsxwriter::XlsxError| e.to_string();
    book.set_default_format(&sheets::plain(), 25, 72)
        .map_err(text)?;
    book.set_properties(&properties(doc, options)?);
    sheets::register(&mut book, &layout, &drafts).map_err(text)?;
    sheets::history(&mut book, &layout, &drafts).map_err(text)?;
    sheets::codes(&mut book, &layout, &doc.parties).map_err(text)?;
    sheets::definitions(&mut book, &layout, layout::Edition::Run).map_err(text)?;
    workbook::stamp(&mut book, &workbook::about(doc));
    book.save_to_buffer().map_err(text)
}

/// What stands outside the tables by rule: title, run, data class, version of the layout.
fn properties(doc: &ResultDocument, options: &Options) -> Result<DocProperties, String> {
    let made = moment::local(&doc.run.finished_at, options).unwrap_or_default();
    let year = u16::try_from(made.year()).unwrap_or(1970).max(1900);
    let month = u8::try_from(made.month()).unwrap_or(1);
    let day = u8::try_from(made.day()).unwrap_or(1);
    let at = ExcelDateTime::from_ymd(year, month, day).map_err(|e| e.to_string())?;
    Ok(DocProperties::new()
        .set_title("課題管理表")
        .set_author(format!("{} {}", doc.tool.name, doc.tool.version))
        .set_comment(format!(
            "実行番号 {} から作成した起票案",
            cell::text(&doc.run.id)
        ))
        .set_creation_datetime(&at)
        .set_custom_property("実行番号", cell::text(&doc.run.id))
        .set_custom_property("データ区分", crate::view::data_class(doc, Lang::Ja))
        .set_custom_property("様式の版", layout::VERSION))
}
