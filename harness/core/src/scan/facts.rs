//! What was observed in a file, for the comparison with what was agreed.

use crate::spec::layout::NameParts;

/// How often a newline occurs between records, and where first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Newlines {
    /// Number.
    pub count: u64,
    /// 0-based byte offset of the first one.
    pub first: Option<u64>,
}

impl Newlines {
    pub(super) fn add(&mut self, at: u64) {
        self.count += 1;
        self.first = self.first.or(Some(at));
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.or(other.first);
    }
}

/// Facts about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Length in bytes.
    pub bytes: u64,
    /// Lower-case hex; empty when the job did not ask for it.
    pub sha256: String,
    /// Records, a header row excluded.
    pub records: u64,
    /// Records by kind, in the order of the layout; records of no known kind are not among them.
    pub records_by_kind: Vec<(String, u64)>,
    /// CRLF between records.
    pub crlf: Newlines,
    /// LF between records.
    pub lf: Newlines,
    /// CR between records.
    pub cr: Newlines,
    /// Which BOM the file starts with: `utf-8`, `utf-16le`, `utf-16be`.
    pub bom: Option<&'static str>,
    /// The last byte is 0x1A.
    pub eof_mark: bool,
    /// The last record ends with a newline.
    pub final_newline: bool,
    /// Number of quoted fields.
    pub quoted_fields: u64,
    /// Number of fields that hold a newline inside quotes.
    pub newlines_in_fields: u64,
    /// The first row was a header row.
    pub header: bool,
    /// Bytes from 0x80 up were seen; without them an encoding cannot be told from ASCII.
    pub non_ascii: bool,
    /// Byte sequences that are no character in the declared encoding, one a field.
    pub illegal_sequences: u64,
    /// Encodings that the bytes conform to although they were not declared; empty when nothing speaks against the declaration.
    pub looks_like: Vec<&'static str>,
    /// Named parts of the file name, when it follows the layout's pattern.
    pub name_parts: NameParts,
}

impl FileFacts {
    /// Adds what a later chunk showed.
    pub(super) fn merge(&mut self, chunk: &Self) {
        self.records += chunk.records;
        for (mine, other) in self.records_by_kind.iter_mut().zip(&chunk.records_by_kind) {
            mine.1 += other.1;
        }
        self.crlf.merge(chunk.crlf);
        self.lf.merge(chunk.lf);
        self.cr.merge(chunk.cr);
        self.bom = self.bom.or(chunk.bom);
        self.eof_mark |= chunk.eof_mark;
        self.quoted_fields += chunk.quoted_fields;
        self.newlines_in_fields += chunk.newlines_in_fields;
        self.header |= chunk.header;
        self.non_ascii |= chunk.non_ascii;
        self.illegal_sequences += chunk.illegal_sequences;
    }

    /// The newline between records: `crlf`, `lf`, `cr`, `none` or `mixed`.
    pub fn newline(&self) -> &'static str {
        match (self.crlf.count > 0, self.lf.count > 0, self.cr.count > 0) {
            (true, false, false) => "crlf",
            (false, true, false) => "lf",
            (false, false, true) => "cr",
            (false, false, false) => "none",
            _ => "mixed",
        }
    }
}
