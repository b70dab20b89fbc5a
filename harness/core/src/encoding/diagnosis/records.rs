//! Files put together from parts in different encodings: record by record, then as ranges.

use crate::encoding::decode::{What, units};
use crate::encoding::dialect::Dialect;
use crate::encoding::label::Encoding;
use crate::encoding::scalar::{ScalarClass, scalar_class};

/// Encodings that a record is tried in.
const TRIED: [Encoding; 3] = [Encoding::Utf8, Encoding::Cp932, Encoding::EucJp];

/// The other encoding in which a record reads without fault, when it does not read in the declared one.
///
/// `Some` only when exactly one other encoding reads the whole record, it holds at least two characters of two or more
/// bytes, and most of them are common ones (a half-width kana record and chance readings name nothing).
pub fn foreign_encoding(record: &[u8], declared: Encoding) -> Option<Encoding> {
    let clean =
        |encoding| units(record, encoding, Dialect::Ms).all(|u| !matches!(u.what, What::Fault(_)));
    if clean(declared) {
        return None;
    }
    let others = TRIED
        .into_iter()
        .filter(|e| *e != declared && !(declared.is_shift_jis() && e.is_shift_jis()));
    let mut found = others.filter(|encoding| clean(*encoding));
    let first = found.next()?;
    (found.next().is_none() && is_text(record, first)).then_some(first)
}

fn is_text(record: &[u8], encoding: Encoding) -> bool {
    let (mut wide, mut common) = (0_u32, 0_u32);
    for unit in units(record, encoding, Dialect::Ms) {
        let What::Char(c) = unit.what else { continue };
        if unit.bytes.len() > 1 && scalar_class(c) != ScalarClass::HalfKana {
            wide += 1;
            common += u32::from(matches!(
                scalar_class(c),
                ScalarClass::NonKanji | ScalarClass::Level1
            ));
        }
    }
    wide >= 2 && common * 4 >= wide * 3
}

/// A range of records in one encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The encoding.
    pub encoding: Encoding,
    /// First record, numbered as the caller numbers.
    pub first: u64,
    /// Last record.
    pub last: u64,
    /// 0-based byte offset of the first record.
    pub at: u64,
    /// Number of records in it that showed the encoding.
    pub records: u64,
}

/// Puts foreign records together to ranges. Records without a fault, or without any non-ASCII byte, are not pushed; an ASCII
/// record inside a range does not end it, a record that reads as declared does ([`Runs::declared`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    runs: Vec<Run>,
    open: bool,
}

/// Ranges beyond this many are counted in the last one: a file that alternates has no ranges worth listing.
const MAX_RUNS: usize = 1_000;

impl Runs {
    /// A record that reads in another encoding than declared; `at` is its 0-based byte offset.
    pub fn foreign(&mut self, record: u64, at: u64, encoding: Encoding) {
        let full = self.runs.len() >= MAX_RUNS;
        match self.runs.last_mut() {
            Some(run) if full || (self.open && run.encoding == encoding) => {
                run.last = record;
                run.records += 1;
            }
            _ => self.runs.push(Run {
                encoding,
                first: record,
                last: record,
                at,
                records: 1,
            }),
        }
        self.open = true;
    }

    /// A record with non-ASCII characters that reads as declared.
    #[inline]
    pub fn declared(&mut self) {
        self.open = false;
    }

    /// The ranges, in order.
    pub fn ranges(&self) -> &[Run] {
        &self.runs
    }

    /// The same ranges behind `records` records.
    #[must_use]
    pub fn behind(&self, records: u64) -> Self {
        let mut moved = self.clone();
        for run in &mut moved.runs {
            run.first += records;
            run.last += records;
        }
        moved
    }

    /// Adds what a later part of the file showed.
    pub fn merge(&mut self, later: &Self) {
        for run in &later.runs {
            match self.runs.last_mut() {
                Some(last)
                    if self.open && last.encoding == run.encoding && last.last + 1 == run.first =>
                {
                    last.last = run.last;
                    last.records += run.records;
                }
                _ => self.runs.push(*run),
            }
        }
        self.open = later.open || (later.runs.is_empty() && self.open);
    }
}
