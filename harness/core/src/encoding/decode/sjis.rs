//! The Shift_JIS family and JIS X 0201.

use std::sync::OnceLock;

use super::{FaultKind, What};
use crate::encoding::class::{Class, is_lead, is_trail, row_cell, sjis};
use crate::encoding::codes::{self, Code, PAIRS};
use crate::encoding::dialect::Dialect;
use crate::encoding::label::Encoding;

/// The first unit and its length in bytes. A byte below 80 that cannot be a trail byte is left to the next unit, so that
/// delimiters and line ends survive a broken lead byte.
pub(super) fn first(
    rest: &[u8],
    encoding: Encoding,
    dialect: Dialect,
    table: &[u32; PAIRS],
) -> (usize, What) {
    let (lead, trail) = match *rest {
        [byte, ..] if !is_lead(byte) => return (1, single(byte, encoding, dialect)),
        [lead, trail, ..] => (lead, trail),
        _ => return (1, FaultKind::TruncatedLead.into()),
    };
    if !is_trail(trail) {
        return (
            if trail < 0x80 { 1 } else { 2 },
            FaultKind::IllegalTrail.into(),
        );
    }
    let pair = u16::from_be_bytes([lead, trail]);
    let what = match codes::unpack(table[usize::from(pair)]) {
        Some(code) => code.into(),
        None => of_pair(pair, encoding, dialect).map_or_else(What::Fault, What::from),
    };
    (2, what)
}

/// The pairs of an encoding of the family in a dialect, as values of a code table; 0 for what is no character.
pub(super) fn pairs(encoding: Encoding, dialect: Dialect) -> &'static [u32; PAIRS] {
    static TABLES: [OnceLock<Box<[u32; PAIRS]>>; 12] = [const { OnceLock::new() }; 12];
    let family = match encoding {
        Encoding::ShiftJisX0208 => 1,
        Encoding::ShiftJis2004 => 2,
        _ => 0,
    };
    TABLES[family * 4 + dialect as usize].get_or_init(|| {
        let mut table = codes::boxed(0);
        for (pair, slot) in (0..=u16::MAX).zip(table.iter_mut()) {
            if sjis().pair[usize::from(pair)] < Class::Unassigned {
                *slot = of_pair(pair, encoding, dialect).map_or(0, codes::pack);
            }
        }
        table
    })
}

/// The first unit of 8-bit JIS X 0201.
pub(super) fn first_single(rest: &[u8], dialect: Dialect) -> (usize, What) {
    let byte = rest.first().copied().unwrap_or(0);
    let what = if is_lead(byte) {
        FaultKind::InvalidByte.into()
    } else {
        single(byte, Encoding::JisX0201, dialect)
    };
    (1, what)
}

fn single(byte: u8, encoding: Encoding, dialect: Dialect) -> What {
    of_single(byte, encoding, dialect).map_or(What::Fault(FaultKind::ReservedByte), What::Char)
}

/// The character of a single byte; `None` for reserved bytes and lead bytes.
pub(in crate::encoding) fn of_single(
    byte: u8,
    encoding: Encoding,
    dialect: Dialect,
) -> Option<char> {
    let roman =
        dialect == Dialect::Jis && matches!(encoding, Encoding::ShiftJis2004 | Encoding::JisX0201);
    match byte {
        0x5C if roman => Some('\u{A5}'),
        0x7E if roman => Some('\u{203E}'),
        0x00..=0x7F => Some(char::from(byte)),
        0xA1..=0xDF => char::from_u32(0xFF61 + u32::from(byte - 0xA1)),
        _ => None,
    }
}

/// The character of a legal pair.
pub(in crate::encoding) fn of_pair(
    pair: u16,
    encoding: Encoding,
    dialect: Dialect,
) -> Result<Code, FaultKind> {
    if encoding == Encoding::ShiftJis2004 {
        return x0213(pair, dialect);
    }
    let class = sjis().pair[usize::from(pair)];
    let allowed = if encoding == Encoding::ShiftJisX0208 {
        Class::X0208
    } else {
        Class::CP932
    };
    let ms = codes::unpack(codes::cp932()[usize::from(pair)]);
    match ms {
        Some(Code::One(c)) if allowed & class.bit() != 0 => Ok(Code::One(dialect.of_pair(pair, c))),
        Some(_) => Err(FaultKind::Cp932Only(class)),
        None => Err(absent(pair, class)),
    }
}

fn absent(pair: u16, class: Class) -> FaultKind {
    let (row, cell) = row_cell(pair);
    if class == Class::X0213Only {
        FaultKind::X0213Only { row, cell }
    } else {
        FaultKind::Unassigned { row, cell }
    }
}

/// Shift_JIS-2004. The standard keeps JIS X 0208 with the JIS mapping; dialect `Jis` is its table to the letter, the other
/// dialects read 5C, 7E, 815F and 81B0 as the converters of Java and glibc do, `Jis2014` also 815C.
fn x0213(pair: u16, dialect: Dialect) -> Result<Code, FaultKind> {
    let class = sjis().pair[usize::from(pair)];
    let letter = dialect == Dialect::Jis;
    match pair {
        0x815F if letter => return Ok(Code::One('\u{5C}')),
        0x81B0 if !letter => return Ok(Code::One('\u{FF5E}')),
        _ => {}
    }
    if let Some(code) = codes::unpack(codes::x0213_extra()[usize::from(pair)]) {
        return Ok(code);
    }
    let table = if dialect == Dialect::Jis2014 {
        Dialect::Jis2014
    } else {
        Dialect::Jis
    };
    match codes::unpack(codes::cp932()[usize::from(pair)]) {
        Some(Code::One(c)) if Class::X0208 & class.bit() != 0 => {
            Ok(Code::One(table.of_pair(pair, c)))
        }
        Some(_) => Err(FaultKind::Cp932Only(class)),
        None => Err(absent(pair, class)),
    }
}
