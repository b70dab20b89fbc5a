//! Strict decoding: every byte of the input belongs to exactly one unit, and a unit that is no character says why.
//! Nothing is replaced, no BOM is looked for, the encoding is the one that was declared.

mod euc;
mod iso2022;
mod sjis;
mod utf16;
mod utf8;

use std::ops::Range;

use super::class::Class;
use super::codes::{Code, PAIRS};
use super::dialect::Dialect;
use super::label::Encoding;
use crate::model::Bilingual;

pub(super) use euc::of_set1 as euc_set1;
pub(super) use iso2022::Set as Iso2022Set;
pub(super) use sjis::{of_pair as sjis_pair, of_single as sjis_single};

/// One character, or one run of bytes that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its bytes, as offsets into the slice that was given.
    pub bytes: Range<usize>,
    /// What it is.
    pub what: What,
}

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A character.
    Char(char),
    /// A character that is two scalar values in Unicode (25 positions of JIS X 0213).
    Pair(char, char),
    /// No character.
    Fault(FaultKind),
}

/// Why bytes are no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// A lead byte at the very end: its trail byte is missing.
    TruncatedLead,
    /// A lead byte followed by a byte that can be no trail byte.
    IllegalTrail,
    /// A well-formed position to which the encoding assigns nothing (rows 95–120 are leads F0–FC).
    Unassigned {
        /// 区, 1-based.
        row: u8,
        /// 点, 1-based.
        cell: u8,
    },
    /// A position that only Shift_JIS-2004 assigns.
    X0213Only {
        /// 区, 1-based.
        row: u8,
        /// 点, 1-based.
        cell: u8,
    },
    /// A position that CP932 assigns and the declared encoding does not: a vendor extension or the user-defined area.
    Cp932Only(Class),
    /// A single byte that is no character: 80, A0, FD, FE, FF.
    ReservedByte,
    /// A sequence of several bytes that ends too early (UTF-8; the odd last byte of UTF-16).
    Truncated,
    /// A continuation byte 80–BF without a lead byte.
    UnexpectedContinuation,
    /// More bytes than the character needs; C0 80 for NUL is one.
    Overlong,
    /// A surrogate: encoded as three bytes in UTF-8 (CESU-8, Java's modified UTF-8), or without its partner in UTF-16.
    Surrogate,
    /// Above U+10FFFF.
    TooLarge,
    /// A byte that occurs nowhere in the encoding.
    InvalidByte,
    /// An escape sequence that the encoding does not know.
    UnknownEscape,
    /// The text ends in a shifted state (ISO-2022-JP must return to ASCII); the unit is empty.
    ShiftNotClosed,
}

impl FaultKind {
    /// The name in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Self::TruncatedLead => "truncated-lead",
            Self::IllegalTrail => "illegal-trail",
            Self::Unassigned { .. } => "unassigned",
            Self::X0213Only { .. } => "x0213-only",
            Self::Cp932Only(_) => "cp932-only",
            Self::ReservedByte => "reserved-byte",
            Self::Truncated => "truncated",
            Self::UnexpectedContinuation => "unexpected-continuation",
            Self::Overlong => "overlong",
            Self::Surrogate => "surrogate",
            Self::TooLarge => "too-large",
            Self::InvalidByte => "invalid-byte",
            Self::UnknownEscape => "unknown-escape",
            Self::ShiftNotClosed => "shift-not-closed",
        }
    }

    /// One phrase that says what is wrong with the bytes.
    pub fn describe(self) -> Bilingual {
        let b = |ja: &str, en: &str| Bilingual::new(ja, en);
        match self {
            Self::TruncatedLead => b(
                "2バイト文字の1バイト目で終わっている",
                "ends after the first byte of a two-byte character",
            ),
            Self::IllegalTrail => b(
                "2バイト文字の2バイト目になれないバイトが続く",
                "a lead byte is followed by a byte that is no trail byte",
            ),
            Self::Unassigned { row, cell } => Bilingual::new(
                format!("文字の割り当てがない位置（{row}区{cell}点）"),
                format!("unassigned position (row {row}, cell {cell})"),
            ),
            Self::X0213Only { row, cell } => Bilingual::new(
                format!("JIS X 0213にだけある位置（{row}区{cell}点）"),
                format!("a position of JIS X 0213 only (row {row}, cell {cell})"),
            ),
            Self::Cp932Only(class) => Bilingual::new(
                format!("CP932にだけある位置（{}）", class.name()),
                format!("a position of CP932 only ({})", class.name()),
            ),
            Self::ReservedByte => b(
                "文字に使われないバイト",
                "a byte that stands for no character",
            ),
            Self::Truncated => b(
                "文字の途中で終わっている",
                "ends in the middle of a character",
            ),
            Self::UnexpectedContinuation => b(
                "先頭バイトのない後続バイト",
                "a continuation byte without its lead byte",
            ),
            Self::Overlong => b("必要より長い符号化（冗長なUTF-8）", "an overlong sequence"),
            Self::Surrogate => b(
                "サロゲートの単独または3バイト符号化（CESU-8）",
                "a surrogate on its own, or encoded in three bytes (CESU-8)",
            ),
            Self::TooLarge => b("U+10FFFFを超える値", "a value above U+10FFFF"),
            Self::InvalidByte => b(
                "この文字コードに現れないバイト",
                "a byte that does not occur in this encoding",
            ),
            Self::UnknownEscape => b(
                "知られていないエスケープシーケンス",
                "an unknown escape sequence",
            ),
            Self::ShiftNotClosed => b(
                "ASCIIに戻らないまま終わっている",
                "ends without returning to ASCII",
            ),
        }
    }
}

/// Iterator over the units of a byte slice.
#[derive(Clone, Debug)]
pub struct Units<'a> {
    bytes: &'a [u8],
    at: usize,
    encoding: Encoding,
    dialect: Dialect,
    state: Iso2022Set,
    /// Pairs of the Shift_JIS family.
    pairs: Option<&'static [u32; PAIRS]>,
    /// Every byte below 80 is the ASCII character.
    ascii: bool,
}

/// The units of `bytes` under a declared encoding. The slice starts at a character's first byte; ISO-2022-JP starts in ASCII.
pub fn units(bytes: &[u8], encoding: Encoding, dialect: Dialect) -> Units<'_> {
    let roman =
        matches!(encoding, Encoding::ShiftJis2004 | Encoding::JisX0201) && dialect == Dialect::Jis;
    Units {
        bytes,
        at: 0,
        encoding,
        dialect,
        state: Iso2022Set::Ascii,
        pairs: encoding
            .is_shift_jis()
            .then(|| sjis::pairs(encoding, dialect)),
        ascii: encoding.is_splittable_on_bytes() && !roman,
    }
}

/// Decodes all of `bytes`.
///
/// # Errors
/// The first unit that is no character, with its bytes.
pub fn decode(bytes: &[u8], encoding: Encoding, dialect: Dialect) -> Result<String, Unit> {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    for unit in units(bytes, encoding, dialect) {
        match unit.what {
            What::Char(c) => text.push(c),
            What::Pair(a, b) => text.extend([a, b]),
            What::Fault(_) => return Err(unit),
        }
    }
    Ok(text)
}

impl From<Code> for What {
    fn from(code: Code) -> Self {
        match code {
            Code::One(c) => Self::Char(c),
            Code::Two(a, b) => Self::Pair(a, b),
        }
    }
}

impl From<FaultKind> for What {
    fn from(kind: FaultKind) -> Self {
        Self::Fault(kind)
    }
}

impl Iterator for Units<'_> {
    type Item = Unit;

    #[inline]
    fn next(&mut self) -> Option<Unit> {
        if self.encoding == Encoding::Iso2022Jp {
            let (unit, at, state) = iso2022::next(self.bytes, self.at, self.state, self.dialect)?;
            self.at = at;
            self.state = state;
            return Some(unit);
        }
        let rest = self.bytes.get(self.at..)?;
        let byte = *rest.first()?;
        let start = self.at;
        if byte < 0x80 && self.ascii {
            self.at += 1;
            let what = What::Char(char::from(byte));
            return Some(Unit {
                bytes: start..self.at,
                what,
            });
        }
        let (length, what) = match (self.pairs, self.encoding) {
            (Some(pairs), _) => sjis::first(rest, self.encoding, self.dialect, pairs),
            (None, Encoding::Utf16Le) => utf16::first(rest, u16::from_le_bytes),
            (None, Encoding::Utf16Be) => utf16::first(rest, u16::from_be_bytes),
            (None, Encoding::EucJp) => euc::first(rest, self.dialect),
            (None, Encoding::JisX0201) => sjis::first_single(rest, self.dialect),
            (None, _) => utf8::first(rest),
        };
        self.at += length.max(1).min(rest.len());
        Some(Unit {
            bytes: start..self.at,
            what,
        })
    }
}
