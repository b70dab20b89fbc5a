//! Documents of others, in: the standard's workbooks, vendors' layout tables, filled-in sheets. Bytes in, values out.
//!
//! [`workbook`] reads .xlsx, .xlsm, .csv and .tsv into sheets of cells and knows nothing of what they mean.
//! [`import`] makes a pack out of a specification document and says of every row what became of it.
//! [`read_har`] and [`calls_of_openapi`] read calls that others wrote down.
//! Like the core this crate never touches files: the program hands in bytes and writes what comes out.

mod agreement_sheet;
mod api;
mod draft;
mod har;
mod headings;
mod item_table;
mod openapi_examples;
mod reading;
mod report;
mod schema;
mod table;
pub mod workbook;

use renkei_core::model::{Problem, Problems};

pub use agreement_sheet::{FilledRow, Written, read_agreement_sheet};
pub use draft::{Identity, Imported};
pub use har::{MAX_FILE as MAX_HAR, read_har};
pub use openapi_examples::calls_of_openapi;
pub use report::{Made, Remark, Report, SheetReport};

use draft::PackDraft;

/// Rows with a content that a sheet may have; the largest official list has a few thousand.
const MAX_ROWS: usize = 50_000;

/// How a document is to be read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Sheets to read; empty for all. Code lists are read from every sheet.
    pub sheets: Vec<String>,
    /// Id of the pack; empty: from the name of the file.
    pub id: String,
    /// Version of the pack; empty: from the document or the name of the file.
    pub version: String,
    /// Kind of document; `None`: by its content.
    pub kind: Option<Kind>,
    /// Name and text of a mapping file for tables with headings of their own.
    pub mapping: Option<(String, String)>,
}

/// Kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 基本データリスト, 項目定義書.
    ItemTable,
    /// API仕様.
    Api,
    /// A table of fields whose headings a mapping explains.
    Table,
    /// Frictionless Table Schema.
    TableSchema,
    /// JSON Schema of an object or of a list of objects.
    JsonSchema,
}

/// What became of a document.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A pack.
    Pack(Box<Imported>),
    /// A table that can only be read through a mapping, and none was given.
    MappingNeeded {
        /// A mapping guessed from its headings, for the user to correct.
        guess: String,
        /// Why the document cannot be imported without.
        problem: Problem,
    },
}

/// Makes a pack out of a document.
///
/// # Errors
/// All that keeps it from being read, with sheet and cell.
pub fn import(name: &str, bytes: &[u8], options: &Options) -> Result<Imported, Problems> {
    match import_or_ask(name, bytes, options)? {
        Outcome::Pack(imported) => Ok(*imported),
        Outcome::MappingNeeded { problem, .. } => Err(vec![problem]),
    }
}

/// Like [`import`]; asks for a mapping where the document needs one.
///
/// # Errors
/// Those of [`import`], but for a missing mapping.
pub fn import_or_ask(name: &str, bytes: &[u8], options: &Options) -> Result<Outcome, Problems> {
    let mut draft = PackDraft::default();
    draft.report.file = name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
    draft.report.sha256 = draft::sha256(bytes);
    draft.identity = Identity::of_file_name(name);
    if is_json(name, options) {
        let document = schema::parse(name, bytes)?;
        let table = match options.kind {
            Some(kind) => kind == Kind::TableSchema,
            None => schema::is_table_schema(&document).unwrap_or(true),
        };
        schema::read(name, &document, table, &mut draft)?;
    } else {
        let book = workbook::read_up_to(name, bytes, MAX_ROWS)?;
        let kind = kind_of(&book, options);
        if kind == Kind::Table
            && options.mapping.is_none()
            && let Some(guess) = table::guess(&book, &options.sheets)
        {
            let problem = table::not_found(&book);
            return Ok(Outcome::MappingNeeded { guess, problem });
        }
        tables(&book, kind, options, &mut draft)?;
    }
    if !draft.refused.is_empty() {
        return Err(draft.refused);
    }
    let mut identity = std::mem::take(&mut draft.identity);
    for (stated, given) in [
        (&mut identity.id, &options.id),
        (&mut identity.version, &options.version),
    ] {
        if !given.is_empty() {
            stated.clone_from(given);
        }
    }
    draft.identity = identity.complete();
    Ok(Outcome::Pack(Box::new(Imported::of(draft))))
}

fn is_json(name: &str, options: &Options) -> bool {
    match options.kind {
        Some(kind) => matches!(kind, Kind::TableSchema | Kind::JsonSchema),
        None => name.to_ascii_lowercase().ends_with(".json"),
    }
}

fn tables(
    book: &workbook::Workbook,
    kind: Kind,
    options: &Options,
    draft: &mut PackDraft,
) -> Result<(), Problems> {
    for notice in &book.notices {
        draft
            .report
            .notices
            .push(Remark::whole(notice.message.clone(), notice.help.clone()));
    }
    match kind {
        Kind::Api => api::read(book, &options.sheets, draft)?,
        Kind::Table => {
            let Some((file, text)) = options.mapping.clone() else {
                return Err(vec![table::not_found(book)]);
            };
            table::read(book, &options.sheets, (&file, &text), draft)?;
        }
        _ => item_table::read(book, &options.sheets, draft)?,
    }
    Ok(())
}

/// What was asked for, else what the headings tell.
fn kind_of(book: &workbook::Workbook, options: &Options) -> Kind {
    match options.kind {
        Some(kind) => kind,
        None if options.mapping.is_some() => Kind::Table,
        None if api::is_api(book) => Kind::Api,
        None if item_table::is_item_table(book) => Kind::ItemTable,
        None if table::guess(book, &options.sheets).is_some() => Kind::Table,
        None => Kind::ItemTable,
    }
}
