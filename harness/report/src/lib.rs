//! Reports of renkei: one result document in, files out. Every renderer is a pure function from
//! [`renkei_core::record::ResultDocument`] to bytes: no network, no clock, no file system, and no verdict is ever
//! computed here. A new format is one room plus one arm in [`render`].

mod agreement;
mod base64;
mod chars;
pub mod custody;
pub mod delivery;
pub mod docx;
mod error;
mod format;
mod github;
mod guard;
mod html;
pub mod issue_words;
mod issues;
mod json;
mod junit;
mod kadai;
mod moment;
pub mod office;
mod options;
mod pairs;
pub mod run_diff;
mod sarif;
pub mod site;
pub mod spec_diff;
pub mod spec_export;
pub mod spec_show;
pub mod text;
mod view;
mod visible;
pub mod words;
mod workbook;
pub mod xlsx_template;

pub use agreement::{
    AGREEMENT_SHEET, ANSWERS, Record, Sheet, SheetRow, agreement_document, base_digest, base_of,
    cell_word, five_ways_workbook, record_workbook, sheet_workbook,
};
pub use error::ReportError;
pub use format::{Artifact, Format};
pub use kadai::MANDATED as MANDATED_ISSUE_COLUMNS;
pub use kadai::{
    HistoryRow, Snapshot as RegisterSnapshot, code_words, exported_text, register_workbook,
};
pub use options::Options;

use renkei_core::model::Lang;
use renkei_core::record::ResultDocument;

/// Renders a document in one format.
///
/// # Errors
/// A renderer could not write its file; the document itself is never at fault.
pub fn render(
    doc: &ResultDocument,
    format: Format,
    lang: Lang,
    options: &Options,
) -> Result<Vec<Artifact>, ReportError> {
    let doc = &*guard::without_individual_numbers(doc);
    let bytes = match format {
        Format::Text => text::report(
            doc,
            lang,
            &Options {
                colour: false,
                ..options.clone()
            },
        )
        .into_bytes(),
        Format::Json => json::render(doc)?,
        Format::Junit => junit::render(doc, lang)?,
        Format::Kadai => kadai::render(doc, options)?,
        Format::Agreement => agreement::five_ways_workbook(doc)?,
        Format::Html => html::render(doc, lang, options)?,
        Format::Sarif => sarif::render(doc, lang)?,
        Format::Github => github::render(doc, lang),
    };
    Ok(vec![Artifact {
        name: format.file_name().to_owned(),
        bytes,
    }])
}
