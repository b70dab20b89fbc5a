//! The file engine: checks a file against its layout in one pass over the raw bytes.
//!
//! Bytes are read in chunks; a [`worker`] cuts each into records and checks the fields; results are merged in the order of
//! the file, so the findings depend neither on the size of chunks nor on the number of threads. What a hit means is its
//! rule's page; what a person sees of it has passed the mask.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use crate::check::{Policy, Sink};
use crate::encoding::repertoire::List;
use crate::mask::Mask;
use crate::model::Level;
use crate::spec::layout::{CodeList, Date, FileSettings, Layout};

mod character;
mod checks;
mod collect;
mod columns;
mod condition;
mod cross;
mod date;
mod delimited;
mod diagnose;
mod doubt;
mod duplicates;
mod edges;
mod ending;
mod evidence;
pub mod examples;
mod facts;
mod field;
mod finish;
mod fixed;
mod form;
mod header;
mod keys;
mod neighbours;
mod number;
mod order;
mod parallel;
mod plan;
mod quick;
mod resync;
mod run;
mod scratch;
mod shift;
mod tally;
#[cfg(test)]
mod tests;
mod value;
mod walk;
mod wide;
mod worker;

pub use collect::{Collect, Collection, Dangling, Wish, dangling};
pub(crate) use condition::holds;
pub(crate) use date::is_valid as is_valid_day;
pub(crate) use doubt::is_of_form;
pub use facts::{FileFacts, Newlines};
pub use scratch::{InMemory, Scratch, ScratchStream};

/// Bytes read at a time.
pub const CHUNK: usize = 1 << 20;

/// What to check, and how.
pub struct Job<'a> {
    /// The layout.
    pub layout: &'a Layout,
    /// The settings that hold: the layout's, or what an agreement made of them.
    pub settings: &'a FileSettings,
    /// Code lists by id. A field whose list is not here is not checked against it.
    pub code_lists: &'a BTreeMap<String, CodeList>,
    /// Name of the file, without folder.
    pub file_name: &'a str,
    /// Who sees values.
    pub mask: Mask,
    /// Day for which codes must be valid.
    pub as_of: Date,
    /// Worker threads; 0 and 1 scan on the caller's thread.
    pub threads: usize,
    /// Room for keys beyond memory.
    pub scratch: &'a dyn Scratch,
    /// Where every occurrence goes as a JSON line, uncapped and in the order of the file:
    /// `{"rule","record","field","byte_offset","byte_length"}`. What goes across records follows at the end.
    pub occurrences: Option<&'a mut (dyn Write + Send)>,
}

/// What few callers need.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Lists of characters that repertoire expressions may name.
    pub repertoires: &'a [List],
    /// Bytes read at a time; findings do not depend on it.
    pub chunk_size: usize,
    /// Compute the SHA-256 of the file.
    pub digest: bool,
    /// Check keys across the file.
    pub unique: bool,
    /// Use the quick path: `None` for all but small files, where its tables cost more than they save. It never changes what
    /// is found.
    pub quick: Option<bool>,
    /// Keys to collect for the lookup between files.
    pub collect: &'a [&'a dyn Collect],
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            repertoires: &[],
            chunk_size: CHUNK,
            digest: true,
            unique: true,
            quick: None,
            collect: &[],
        }
    }
}

/// The levels that hold for a layout under its settings.
pub fn policy(layout: &Layout, settings: &FileSettings) -> Policy {
    let mut levels = layout.levels.clone();
    if settings.migrated_numbers {
        // Existing numbers are not renumbered (共通機能標準仕様書 2.3.5, 2.4.6).
        for code in ["VAL-010", "VAL-015"] {
            levels.entry(code.to_owned()).or_insert(Level::Notice);
        }
    }
    Policy { levels }
}

/// Checks a file. Findings go to `sink`; what was observed is returned.
///
/// # Errors
/// When the input or scratch cannot be read or written, when the layout names a repertoire that is not known, and
/// (`Unsupported`) for UTF-16 and ISO-2022-JP, whose delimiters cannot be found on bytes. Faults of the
/// file are findings, never errors.
pub fn check(job: Job<'_>, input: impl Read + Send, sink: &mut Sink) -> io::Result<FileFacts> {
    run::check(job, &Options::default(), input, sink)
}

/// The same with further options.
///
/// # Errors
/// As [`check`].
pub fn check_with(
    job: Job<'_>,
    options: &Options<'_>,
    input: impl Read + Send,
    sink: &mut Sink,
) -> io::Result<FileFacts> {
    run::check(job, options, input, sink)
}
