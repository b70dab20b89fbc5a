//! Word documents (WordprocessingML): headings, paragraphs, tables, lists and named content slots, written so that
//! Microsoft 365 and LibreOffice open and edit them without a question.
//!
//! A [`Document`] is a value; [`write`] makes the file. Parts that people replace or fill in stand in a
//! [`Block::Slot`]: a content control whose tag is the slot's name. [`fill`] puts the same slots into a document of the
//! user's own, found by that tag.
//!
//! ```
//! use renkei_report::docx::{Block, Document, Table};
//! let mut document = Document::new("合意設定書");
//! document.blocks.push(Block::heading(1, "1 概要"));
//! document.blocks.push(Block::paragraph("両者が合意した設定です。"));
//! let mut table = Table::new(&[("項目", 2), ("合意した値", 3)]);
//! table.row(["文字コード", "Shift_JIS (CP932)"]);
//! document.blocks.push(Block::Table(table));
//! let bytes = renkei_report::docx::write(&document).unwrap();
//! assert!(bytes.starts_with(b"PK"));
//! ```
//!
//! Order of elements and names of parts: ISO/IEC 29500-1 (Office Open XML, transitional), clauses 11 and 17.

mod body;
mod model;
mod package;
mod styles;
mod template;
mod xml;

pub use model::{Block, Document, Run, Slot, Table, Text};
pub use template::{Filled, TemplateFault, fill};

use crate::ReportError;

/// The document as a file.
///
/// # Errors
/// The archive cannot be written.
pub fn write(document: &Document) -> Result<Vec<u8>, ReportError> {
    package::archive(&package::parts(document)).map_err(ReportError::Document)
}
