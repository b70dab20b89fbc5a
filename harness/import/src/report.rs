//! What an import read, what it took over and what it could not interpret, for people and for programs.

use renkei_core::model::{Bilingual, Lang};
use serde::Serialize;

use crate::workbook::{At, Sheet};

/// The report of one import. `schema: "renkei.import/v1"`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// `renkei.import/v1`.
    pub schema: &'static str,
    /// The source as the user named it.
    pub file: String,
    /// SHA-256 of the source, lower-case hex.
    pub sha256: String,
    /// `id@version` of the pack.
    pub pack: String,
    /// What each sheet was read as.
    pub sheets: Vec<SheetReport>,
    /// What came out: layouts, code lists and APIs.
    pub made: Vec<Made>,
    /// Cells whose content could not be interpreted; the pack claims nothing there.
    pub not_interpreted: Vec<Remark>,
    /// What was interpreted in a way that people should know of.
    pub notices: Vec<Remark>,
}

/// One sheet.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SheetReport {
    /// Name; empty for text files.
    pub sheet: String,
    /// `item-table`, `code-list`, `api-request`, `api-response`, `layout-table` or `skipped`.
    pub read_as: &'static str,
    /// First cell of the header, or empty.
    pub header: String,
    /// Rows with a content below the header.
    pub rows_read: usize,
    /// Rows that became a field or a value.
    pub rows_interpreted: usize,
    /// Rows of which a cell could not be interpreted.
    pub rows_not_interpreted: usize,
    /// Rows without a field: titles, notes, end marks.
    pub rows_skipped: usize,
    /// Why the sheet was skipped, or which columns were not used.
    pub note: Bilingual,
}

/// Something that the pack holds.
#[derive(Clone, Debug, Serialize)]
pub struct Made {
    /// `layout`, `code-list` or `api`.
    pub kind: &'static str,
    /// Id within the pack.
    pub id: String,
    /// Title.
    pub title: String,
    /// Number of fields, values or items.
    pub count: usize,
}

/// A remark about a place.
#[derive(Clone, Debug, Serialize)]
pub struct Remark {
    /// Sheet; empty for text files or when the remark is about the whole source.
    pub sheet: String,
    /// Cell `B7`, or empty.
    pub cell: String,
    /// What is the matter.
    pub message: Bilingual,
    /// What became of it, or how to mend it.
    pub help: Bilingual,
}

impl Remark {
    /// A remark about a cell.
    pub(crate) fn at(sheet: &Sheet, at: At, message: Bilingual, help: Bilingual) -> Self {
        Self {
            sheet: sheet.name.clone(),
            cell: at.to_string(),
            message,
            help,
        }
    }

    /// A remark about the whole source.
    pub(crate) fn whole(message: Bilingual, help: Bilingual) -> Self {
        Self {
            sheet: String::new(),
            cell: String::new(),
            message,
            help,
        }
    }

    fn show(&self, lang: Lang) -> String {
        let place = match (self.sheet.as_str(), self.cell.as_str()) {
            ("", "") => String::new(),
            ("", cell) => format!("{cell}: "),
            (sheet, "") => format!("「{sheet}」: "),
            (sheet, cell) => format!("「{sheet}」{cell}: "),
        };
        let help = self.help.get(lang);
        let help = if help.is_empty() {
            String::new()
        } else {
            format!(" — {help}")
        };
        format!("  {place}{}{help}\n", self.message.get(lang))
    }
}

impl Report {
    /// True when every row was interpreted.
    pub fn is_complete(&self) -> bool {
        self.not_interpreted.is_empty()
    }

    /// What people read.
    pub fn text(&self, lang: Lang) -> String {
        let word = |ja: &str, en: &str| Bilingual::new(ja, en).get(lang).to_owned();
        let mut out = format!(
            "{}: {} (SHA-256 {})\n{}: {}\n\n{}\n",
            word("取込元", "source"),
            self.file,
            self.sha256,
            word("仕様パック", "pack"),
            self.pack,
            word("シート", "sheets"),
        );
        for sheet in &self.sheets {
            out.push_str(&sheet.show(lang));
        }
        out.push_str(&word("\nできたもの\n", "\nmade\n"));
        for made in &self.made {
            out.push_str(&format!(
                "  {} {} {} ({})\n",
                made.kind, made.id, made.title, made.count
            ));
        }
        for (title, remarks) in [
            (
                word("解釈できなかったもの", "not interpreted"),
                &self.not_interpreted,
            ),
            (word("知らせ", "notices"), &self.notices),
        ] {
            out.push_str(&format!("\n{title}: {}\n", remarks.len()));
            for remark in remarks {
                out.push_str(&remark.show(lang));
            }
        }
        out
    }
}

impl SheetReport {
    fn show(&self, lang: Lang) -> String {
        let name = if self.sheet.is_empty() {
            "-"
        } else {
            &self.sheet
        };
        let note = self.note.get(lang);
        if self.read_as == "skipped" {
            return format!("  {name}: skipped — {note}\n");
        }
        let counts = Bilingual::new(
            format!(
                "見出し {} / 読んだ行 {} / 解釈した行 {} / 一部を解釈できない行 {} / 項目でない行 {}",
                self.header,
                self.rows_read,
                self.rows_interpreted,
                self.rows_not_interpreted,
                self.rows_skipped
            ),
            format!(
                "header {} / rows read {} / interpreted {} / not interpreted in part {} / no field {}",
                self.header,
                self.rows_read,
                self.rows_interpreted,
                self.rows_not_interpreted,
                self.rows_skipped
            ),
        );
        let note = if note.is_empty() {
            String::new()
        } else {
            format!("\n    {note}")
        };
        format!("  {name}: {} — {}{note}\n", self.read_as, counts.get(lang))
    }
}
