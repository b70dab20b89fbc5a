//! Strict encoding: a character that the target cannot hold is an error that names it, never a `?` or `&#n;`.

use std::sync::OnceLock;

use super::class::{Class, sjis};
use super::codes::{self, Code, PAIRS};
use super::decode::{Iso2022Set, euc_set1, sjis_pair, sjis_single};
use super::dialect::{Dialect, Duplicates};
use super::label::Encoding;

/// What to write: an encoding, its mapping dialect and the form of duplicate characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The encoding.
    pub encoding: Encoding,
    /// The mapping dialect; without effect on UTF-8 and UTF-16.
    pub dialect: Dialect,
    /// The form of characters that CP932 holds more than once; without effect elsewhere.
    pub duplicates: Duplicates,
}

impl Target {
    /// The encoding as Windows writes it: Microsoft's mapping and duplicate forms.
    pub fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            dialect: Dialect::Ms,
            duplicates: Duplicates::Windows,
        }
    }

    /// The same in another mapping dialect.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// The same with another form of duplicates.
    #[must_use]
    pub fn duplicates(mut self, duplicates: Duplicates) -> Self {
        self.duplicates = duplicates;
        self
    }
}

/// A character that the target cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unwritable {
    /// 0-based byte offset in the text.
    pub at: usize,
    /// The character.
    pub what: char,
}

/// Writes `text` in the target encoding, without a BOM.
///
/// # Errors
/// The first character that the target cannot hold.
pub fn encode(text: &str, target: Target) -> Result<Vec<u8>, Unwritable> {
    let mut out = Vec::with_capacity(text.len());
    match target.encoding {
        Encoding::Utf8 => out.extend_from_slice(text.as_bytes()),
        Encoding::Utf16Le => out.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
        Encoding::Utf16Be => out.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
        Encoding::Iso2022Jp => iso2022(text, target.dialect, &mut out)?,
        _ => {
            let mut chars = text.char_indices().peekable();
            while let Some((at, what)) = chars.next() {
                let next = chars.peek().map(|(_, c)| *c);
                if let Some(pair) = next.and_then(|next| sequence(what, next, target.encoding)) {
                    chars.next();
                    out.extend(pair.to_be_bytes());
                } else if !character(what, target, &mut out) {
                    return Err(Unwritable { at, what });
                }
            }
        }
    }
    Ok(out)
}

/// Appends one character; false when the target cannot hold it.
fn character(c: char, target: Target, out: &mut Vec<u8>) -> bool {
    let book = match target.encoding {
        Encoding::EucJp => return euc(c, target.dialect, out),
        Encoding::ShiftJis2004 => Book::X0213(target.dialect),
        Encoding::ShiftJisX0208 => Book::X0208(target.dialect),
        _ => Book::Cp932(target.dialect, target.duplicates),
    };
    if let Some(byte) = single(c, target.encoding, target.dialect) {
        out.push(byte);
        return true;
    }
    let pair = if target.encoding == Encoding::JisX0201 {
        None
    } else {
        book.reverse().get(c)
    };
    out.extend(pair.into_iter().flat_map(u16::to_be_bytes));
    pair.is_some()
}

fn single(c: char, encoding: Encoding, dialect: Dialect) -> Option<u8> {
    let byte = match c {
        '\u{A5}' => 0x5C,
        '\u{203E}' => 0x7E,
        '\0'..='\u{7F}' => u8::try_from(u32::from(c)).ok()?,
        '\u{FF61}'..='\u{FF9F}' => u8::try_from(u32::from(c) - 0xFF61 + 0xA1).ok()?,
        _ => return None,
    };
    (sjis_single(byte, encoding, dialect) == Some(c)).then_some(byte)
}

fn euc(c: char, dialect: Dialect, out: &mut Vec<u8>) -> bool {
    match c {
        '\0'..='\u{7F}' => out.extend(u8::try_from(u32::from(c))),
        '\u{FF61}'..='\u{FF9F}' => {
            out.push(0x8E);
            out.extend(u8::try_from(u32::from(c) - 0xFF61 + 0xA1));
        }
        _ => match (
            Book::Euc1(dialect).reverse().get(c),
            Book::Euc3.reverse().get(c),
        ) {
            (Some(pair), _) => out.extend(pair.to_be_bytes()),
            (None, Some(pair)) => {
                out.push(0x8F);
                out.extend(pair.to_be_bytes());
            }
            (None, None) => return false,
        },
    }
    true
}

fn iso2022(text: &str, dialect: Dialect, out: &mut Vec<u8>) -> Result<(), Unwritable> {
    let mut set = Iso2022Set::Ascii;
    let mut switch = |to: Iso2022Set, out: &mut Vec<u8>| {
        if set != to {
            let escape = Iso2022Set::ESCAPES
                .iter()
                .find(|(_, s)| *s == to)
                .map_or(&b""[..], |(escape, _)| escape);
            out.extend_from_slice(escape);
            set = to;
        }
    };
    for (at, what) in text.char_indices() {
        let (to, code) = iso2022_code(what, dialect).ok_or(Unwritable { at, what })?;
        switch(to, out);
        let [first, second] = code.to_be_bytes();
        out.extend((first != 0).then_some(first));
        out.push(second);
    }
    switch(Iso2022Set::Ascii, out);
    Ok(())
}

/// The set of a character and its 7-bit code there; one-byte codes have a first byte of 0.
fn iso2022_code(c: char, dialect: Dialect) -> Option<(Iso2022Set, u16)> {
    match c {
        '\u{1B}' => return None,
        '\u{A5}' => return Some((Iso2022Set::Roman, 0x5C)),
        '\u{203E}' => return Some((Iso2022Set::Roman, 0x7E)),
        '\0'..='\u{7F}' => return Some((Iso2022Set::Ascii, u16::try_from(u32::from(c)).ok()?)),
        '\u{FF61}'..='\u{FF9F}' => {
            return Some((Iso2022Set::Kana, u16::try_from(u32::from(c) - 0xFF40).ok()?));
        }
        _ => {}
    }
    if let Some(pair) = Book::Euc1(dialect).reverse().get(c) {
        return Some((Iso2022Set::X0208, pair & 0x7F7F));
    }
    Book::Euc3
        .reverse()
        .get(c)
        .map(|pair| (Iso2022Set::X0212, pair & 0x7F7F))
}

/// The pair of a character of two scalar values; Shift_JIS-2004 alone has such.
fn sequence(first: char, second: char, encoding: Encoding) -> Option<u16> {
    static SEQUENCES: OnceLock<Vec<(char, char, u16)>> = OnceLock::new();
    if encoding != Encoding::ShiftJis2004 || second < '\u{2E5}' {
        return None;
    }
    let all = SEQUENCES.get_or_init(|| {
        let table = (0..=u16::MAX).zip(codes::x0213_extra().iter());
        table
            .filter_map(|(pair, value)| match codes::unpack(*value) {
                Some(Code::Two(a, b)) => Some((a, b, pair)),
                _ => None,
            })
            .collect()
    });
    all.iter()
        .find(|(a, b, _)| (*a, *b) == (first, second))
        .map(|(.., pair)| *pair)
}

/// The form that Windows writes for a CP932 pair that has a duplicate; every other pair is its own. Texts compare equal
/// after it: 398 of the 9,604 pairs change.
pub fn canonical_pair(pair: u16) -> u16 {
    match codes::unpack(codes::cp932()[usize::from(pair)]) {
        Some(Code::One(c)) => Book::Cp932(Dialect::Ms, Duplicates::Windows)
            .reverse()
            .get(c)
            .unwrap_or(pair),
        _ => pair,
    }
}

/// From characters of planes 0–2 to two-byte codes: blocks of 256, made only where there is something.
struct Reverse {
    blocks: Vec<Option<Box<[u16; 256]>>>,
}

impl Reverse {
    fn get(&self, c: char) -> Option<u16> {
        let value = u32::from(c) as usize;
        let block = self.blocks.get(value >> 8)?.as_ref()?;
        Some(block[value & 0xFF]).filter(|code| *code != 0)
    }

    /// The first code of a character stays.
    fn of(codes: impl Iterator<Item = (char, u16)>) -> Self {
        let mut blocks: Vec<Option<Box<[u16; 256]>>> = vec![None; 0x300];
        for (c, code) in codes {
            let value = u32::from(c) as usize;
            if let Some(block) = blocks.get_mut(value >> 8) {
                let slot = &mut block.get_or_insert_with(|| Box::new([0; 256]))[value & 0xFF];
                if *slot == 0 {
                    *slot = code;
                }
            }
        }
        Self { blocks }
    }
}

/// The tables that can be written from.
#[derive(Clone, Copy)]
enum Book {
    Cp932(Dialect, Duplicates),
    X0208(Dialect),
    X0213(Dialect),
    Euc1(Dialect),
    Euc3,
}

impl Book {
    fn reverse(self) -> &'static Reverse {
        static BOOKS: [OnceLock<Reverse>; 25] = [const { OnceLock::new() }; 25];
        let index = match self {
            Self::Cp932(dialect, duplicates) => dialect as usize * 3 + duplicates as usize,
            Self::X0208(dialect) => 12 + dialect as usize,
            Self::X0213(dialect) => 16 + dialect as usize,
            Self::Euc1(dialect) => 20 + dialect as usize,
            Self::Euc3 => 24,
        };
        BOOKS[index].get_or_init(|| match self {
            Self::Cp932(dialect, duplicates) => {
                let mut pairs = sjis_codes(Encoding::Cp932, dialect);
                pairs.sort_by_key(|(_, pair)| (rank(*pair, duplicates), *pair));
                Reverse::of(pairs.into_iter())
            }
            Self::X0208(dialect) => {
                Reverse::of(sjis_codes(Encoding::ShiftJisX0208, dialect).into_iter())
            }
            Self::X0213(dialect) => {
                Reverse::of(sjis_codes(Encoding::ShiftJis2004, dialect).into_iter())
            }
            Self::Euc1(dialect) => {
                Reverse::of(singles(codes::euc1(), |pair| euc_set1(pair, dialect)))
            }
            Self::Euc3 => Reverse::of(singles(codes::euc3(), |pair| {
                codes::unpack(codes::euc3()[usize::from(pair)])
            })),
        })
    }
}

fn sjis_codes(encoding: Encoding, dialect: Dialect) -> Vec<(char, u16)> {
    let pairs =
        (0x8140..=0xFCFC_u16).filter(|pair| sjis().pair[usize::from(*pair)] < Class::Unassigned);
    pairs
        .filter_map(|pair| match sjis_pair(pair, encoding, dialect) {
            Ok(Code::One(c)) => Some((c, pair)),
            _ => None,
        })
        .collect()
}

fn singles(
    table: &'static [u32; PAIRS],
    code: impl Fn(u16) -> Option<Code>,
) -> impl Iterator<Item = (char, u16)> {
    let pairs = (0..=u16::MAX)
        .zip(table.iter())
        .filter(|(_, value)| **value != 0);
    pairs.filter_map(move |(pair, _)| match code(pair) {
        Some(Code::One(c)) => Some((c, pair)),
        _ => None,
    })
}

/// Lower is written first.
fn rank(pair: u16, duplicates: Duplicates) -> u8 {
    match (sjis().pair[usize::from(pair)], duplicates) {
        (Class::Nec13, Duplicates::Windows | Duplicates::NecSelected) => 1,
        (Class::Nec13, Duplicates::Ibm) => 2,
        (Class::IbmExt, Duplicates::Windows) => 2,
        (Class::IbmExt, Duplicates::Ibm) => 1,
        (Class::IbmExt, Duplicates::NecSelected) => 3,
        (Class::NecIbm, Duplicates::NecSelected) => 2,
        (Class::NecIbm, _) => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asymmetric(duplicates: Duplicates) -> usize {
        let target = Target::new(Encoding::Cp932).duplicates(duplicates);
        let pairs = (0x8140..=0xFCFC_u16).filter_map(|p| {
            match codes::unpack(codes::cp932()[usize::from(p)]) {
                Some(Code::One(c)) => Some((p, c)),
                _ => None,
            }
        });
        pairs
            .filter(|(p, c)| encode(&c.to_string(), target) != Ok(p.to_be_bytes().to_vec()))
            .count()
    }

    #[test]
    fn each_preference_loses_398_pairs() {
        for duplicates in Duplicates::ALL {
            assert_eq!(asymmetric(duplicates), 398, "{duplicates:?}");
        }
        assert_eq!(
            (0..=u16::MAX).filter(|p| canonical_pair(*p) != *p).count(),
            398
        );
    }

    #[test]
    fn the_forms_of_takahashi() {
        let write = |d| encode("髙", Target::new(Encoding::Cp932).duplicates(d));
        assert_eq!(write(Duplicates::Windows), Ok(vec![0xFB, 0xFC]));
        assert_eq!(write(Duplicates::NecSelected), Ok(vec![0xEE, 0xE0]));
        let number = encode(
            "№",
            Target::new(Encoding::Cp932).duplicates(Duplicates::Ibm),
        );
        assert_eq!(number, Ok(vec![0xFA, 0x59]));
    }

    #[test]
    fn the_user_defined_area_is_arithmetic() {
        for n in 0..1880_u32 {
            let c = char::from_u32(0xE000 + n).unwrap_or_default();
            let (lead, place) = (0xF0 + n / 188, n % 188);
            let trail = place + if place < 63 { 0x40 } else { 0x41 };
            let expected = vec![lead as u8, trail as u8];
            assert_eq!(
                encode(&c.to_string(), Target::new(Encoding::Cp932)),
                Ok(expected)
            );
        }
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let fault = encode("吉𠮷", Target::new(Encoding::Cp932));
        assert_eq!(
            fault,
            Err(Unwritable {
                at: 3, what: '𠮷'
            })
        );
        assert_eq!(
            encode("〜", Target::new(Encoding::Cp932)),
            Err(Unwritable { at: 0, what: '〜' })
        );
        let jis = Target::new(Encoding::Cp932).dialect(Dialect::Jis);
        assert_eq!(encode("〜", jis), Ok(vec![0x81, 0x60]));
    }

    #[test]
    fn sequences_are_one_character() {
        let x0213 = Target::new(Encoding::ShiftJis2004);
        assert_eq!(encode("か\u{309A}か", x0213).map(|b| b.len()), Ok(4));
    }
}
