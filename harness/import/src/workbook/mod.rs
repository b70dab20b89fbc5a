//! Workbooks of others as sheets of cells: `.xlsx`, `.xlsm`, `.csv`, `.tsv`.
//!
//! Nothing is run, fetched or unpacked to disk: macros, links to other workbooks and pictures are skipped and said.
//! Values are what Excel last saved; a formula without a saved value is a cell that says so ([`Cell::uncomputed`]).
//! Ruby (ふりがな) never becomes part of a value. Every problem names the file, the sheet and the cell.
//!
//! ```
//! use renkei_import::workbook;
//! let book = workbook::read("a.csv", "項番,項目名\n1,宛名番号\n".as_bytes()).expect("a table");
//! let sheet = &book.sheets[0];
//! let at = sheet.find("項 目 名").expect("the heading");
//! assert_eq!(sheet.text(at.below(1)), "宛名番号");
//! ```

mod address;
mod archive;
mod delimited;
mod formats;
mod formula;
mod heading;
mod kind;
mod merged;
mod names;
mod sheet;
mod strings;
mod styles;
mod worksheet;
mod xml;

pub use address::{At, Range};
pub use heading::{fold, is_same_heading};
pub use merged::Merged;
pub use sheet::{Cell, Sheet, Value};

use renkei_core::model::{Bilingual, Problem, Problems};

/// Largest file that is read, in bytes.
pub const MAX_FILE: usize = 64 * 1024 * 1024;
/// Largest number of cells with a content in one workbook.
pub const MAX_CELLS: usize = 2_000_000;
/// Most bytes of text in all cells of a workbook; an official one has about one million.
const MAX_TEXT: usize = 64 * 1024 * 1024;
/// Longest text of a cell: 32,767 characters (Excel specifications and limits), in UTF-8.
const MAX_CELL_TEXT: usize = 4 * 32_767;
/// Most sheets of a workbook.
const MAX_SHEETS: usize = 1_024;

/// A workbook as it was last saved.
#[derive(Clone, Debug)]
pub struct Workbook {
    /// How the user named the file; problems begin with it.
    pub name: String,
    /// The sheets in the order of their tabs. A text file is one sheet whose name is empty.
    pub sheets: Vec<Sheet>,
    /// What was left out or looked odd, but did not keep the workbook from being read (macros, links, odd encodings).
    pub notices: Problems,
}

impl Workbook {
    /// A sheet by its name; width of characters, spaces and case do not matter.
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets
            .iter()
            .find(|sheet| sheet.name == name)
            .or_else(|| {
                self.sheets
                    .iter()
                    .find(|sheet| is_same_heading(&sheet.name, name))
            })
    }

    /// The sheet that the user asked for, or a problem that lists the sheets there are.
    ///
    /// # Errors
    /// There is no such sheet.
    pub fn asked_sheet(&self, name: &str) -> Result<&Sheet, Problem> {
        self.sheet(name).ok_or_else(|| {
            let names: Vec<&str> = self.sheets.iter().map(|s| s.name.as_str()).collect();
            let names = names.join(" / ");
            Problem::of_file(
                &self.name,
                Bilingual::new(
                    format!("シート「{name}」がありません"),
                    format!("there is no sheet `{name}`"),
                ),
                Bilingual::new(
                    format!("あるシート: {names}"),
                    format!("the sheets are: {names}"),
                ),
            )
        })
    }
}

/// Reads a workbook; what it is comes from its bytes, not from its name (`.tsv` alone is told from `.csv` by the name
/// when the first line does not tell).
///
/// # Errors
/// All that keeps the workbook from being read: encrypted, old binary format, damaged, too large.
pub fn read(name: &str, bytes: &[u8]) -> Result<Workbook, Problems> {
    read_up_to(name, bytes, usize::MAX)
}

/// Like [`read`], and stops at the first sheet that has more than `max_rows` rows with a content.
///
/// # Errors
/// Those of [`read`]; the cell at which a sheet is too long.
pub fn read_up_to(name: &str, bytes: &[u8], max_rows: usize) -> Result<Workbook, Problems> {
    if bytes.len() > MAX_FILE {
        return Err(vec![Problem::of_file(
            name,
            Bilingual::new(
                format!("大きすぎます（{}バイト）", bytes.len()),
                format!("too large ({} bytes)", bytes.len()),
            ),
            Bilingual::new(
                format!("{MAX_FILE}バイトまで読みます。画像などを除いて保存し直してください"),
                format!("up to {MAX_FILE} bytes are read; save it without pictures"),
            ),
        )]);
    }
    match kind::of(name, bytes) {
        Ok(kind::Kind::Archive) => archive::read(name, bytes, max_rows),
        Ok(kind::Kind::Text) => {
            delimited::read(name, bytes, max_rows).map_err(|problem| vec![problem])
        }
        Err(problem) => Err(vec![*problem]),
    }
}

/// A sheet that goes on beyond what is read; no specification has so many rows.
fn too_long(sheet: &Sheet, at: At, max_rows: usize) -> Problem {
    sheet.problem(
        at,
        Bilingual::new(
            format!("中身のある行が{max_rows}行を超えています"),
            format!("there are more than {max_rows} rows with a content"),
        ),
        keep_tables(),
    )
}

/// The cure for what is too large.
fn keep_tables() -> Bilingual {
    Bilingual::new(
        "項目の表のあるシートだけにするか、余分な行を削除してください",
        "keep only the sheets with tables of items, or delete the surplus rows",
    )
}
