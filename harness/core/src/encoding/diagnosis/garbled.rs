//! Text that was read in the wrong encoding before it was written: valid, and nonsense. Undoing the wrong reading gives
//! Japanese back; that is the proof, cell by cell, and a column decides.

use crate::encoding::class::{Class, sjis};
use crate::encoding::decode::{What, decode, units};
use crate::encoding::dialect::{Dialect, Duplicates};
use crate::encoding::encode::{Target, encode};
use crate::encoding::label::Encoding;
use crate::encoding::scalar::{ScalarClass, scalar_class};
use crate::model::{Bilingual, Confidence};

/// What was misread as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Garble {
    /// UTF-8 read as CP932: 縺 繧 繝 and half-width kana.
    Utf8AsCp932,
    /// UTF-8 read as Latin-1 or Windows-1252: ã å æ ç.
    Utf8AsLatin,
    /// Shift_JIS read as Latin-1 or Windows-1252: ‚ ƒ „.
    SjisAsLatin,
    /// EUC-JP read as CP932: half-width kana and ､ ･.
    EucAsCp932,
}

impl Garble {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Utf8AsCp932,
        Self::Utf8AsLatin,
        Self::SjisAsLatin,
        Self::EucAsCp932,
    ];

    /// What happened, for people.
    pub fn describe(self) -> Bilingual {
        let (was, read) = match self {
            Self::Utf8AsCp932 => ("UTF-8", "Shift_JIS"),
            Self::Utf8AsLatin => ("UTF-8", "Latin-1"),
            Self::SjisAsLatin => ("Shift_JIS", "Latin-1"),
            Self::EucAsCp932 => ("EUC-JP", "Shift_JIS"),
        };
        Bilingual::new(
            format!("{was}の文字列を{read}として読んだもの"),
            format!("{was} read as {read}"),
        )
    }
}

/// Undoes a wrong reading of a whole value. `None` for values that are what they look like.
///
/// ```
/// use renkei_core::encoding::diagnosis::{undo, Garble};
/// assert_eq!(undo("螻ｱ蜿｣蛛･螟ｪ"), Some((Garble::Utf8AsCp932, "山口健太".to_owned())));
/// assert_eq!(undo("山口健太"), None);
/// ```
pub fn undo(text: &str) -> Option<(Garble, String)> {
    if text.is_ascii() {
        return None;
    }
    let latin = text.chars().all(|c| latin_byte(c).is_some());
    if latin {
        let bytes: Vec<u8> = text.chars().filter_map(latin_byte).collect();
        return utf8_as_latin(&bytes)
            .map(|t| (Garble::Utf8AsLatin, t))
            .or_else(|| sjis_as_latin(&bytes).map(|t| (Garble::SjisAsLatin, t)));
    }
    if !may_be_cp932_garble(text) {
        return None;
    }
    let bytes = read_as_cp932(text)?;
    utf8_whole(&bytes)
        .map(|t| (Garble::Utf8AsCp932, t))
        .or_else(|| euc_as_cp932(text).map(|t| (Garble::EucAsCp932, t)))
}

/// True when a part of a value, between lost characters, turns back into Japanese (UTF-8 read as CP932 loses bytes). Hits
/// 1.1 % of clean names, so it counts only with the column rule.
pub fn undo_span(text: &str) -> bool {
    // UTF-8 of Japanese read as CP932 has lead bytes E3–E9: kanji of level 2, or half-width kana.
    let telling = |c: char| matches!(scalar_class(c), ScalarClass::Level2 | ScalarClass::HalfKana);
    if !text.chars().any(telling) {
        return false;
    }
    text.split(['\u{FFFD}', '?', '・']).any(|span| {
        if span.chars().filter(|c| !c.is_ascii()).count() < 2 {
            return false;
        }
        let Some(bytes) = read_as_cp932(span) else {
            return false;
        };
        (0..=3)
            .take_while(|n| *n == 0 || bytes.get(n - 1).is_some_and(|b| b & 0xC0 == 0x80))
            .any(|skip| {
                (0..=2).any(|drop| {
                    let end = bytes.len().saturating_sub(drop);
                    bytes
                        .get(skip..end)
                        .is_some_and(|part| utf8_whole(part).is_some())
                })
            })
    })
}

/// The bytes that were read as CP932. Byte 80 is no character there, but decoders of the WHATWG family, Windows and CPython
/// make U+0080 of it (measured); it stands in UTF-8 of every kana and many kanji.
fn read_as_cp932(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for (at, part) in text.split('\u{80}').enumerate() {
        if at > 0 {
            bytes.push(0x80);
        }
        bytes.extend(encode(part, Target::new(Encoding::Cp932)).ok()?);
    }
    Some(bytes)
}

/// Half-width kana beside kanji, or one of the kanji that lead bytes E2–E9 make.
fn may_be_cp932_garble(text: &str) -> bool {
    let (mut kana, mut other) = (false, false);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        if matches!(c, '縺' | '繧' | '繝') {
            return true;
        }
        match c {
            '\u{FF61}'..='\u{FF9F}' => kana = true,
            _ => other = true,
        }
        if kana && other {
            return true;
        }
    }
    // EUC-JP kana rows read as ､ and ･.
    text.contains(['､', '･'])
}

fn utf8_whole(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut wide = text.chars().filter(|c| !c.is_ascii()).peekable();
    wide.peek()?;
    wide.all(|c| matches!(u32::from(c), 0x3000..=0x30FF | 0x3400..=0x9FFF | 0xFF01..=0xFF9F))
        .then(|| text.to_owned())
}

fn utf8_as_latin(bytes: &[u8]) -> Option<String> {
    utf8_whole(bytes)
}

fn sjis_as_latin(bytes: &[u8]) -> Option<String> {
    let (mut pairs, mut common) = (0_u32, 0_u32);
    for unit in units(bytes, Encoding::Cp932, Dialect::Ms) {
        match (unit.what, unit.bytes.len()) {
            (What::Fault(_), _) => return None,
            (_, 2) => {
                pairs += 1;
                let [a, b] = [
                    bytes.get(unit.bytes.start)?,
                    bytes.get(unit.bytes.start + 1)?,
                ];
                common += u32::from(matches!(
                    sjis().pair(*a, *b),
                    Class::NonKanji | Class::Level1
                ));
            }
            _ => {}
        }
    }
    (pairs >= 2 && common * 4 >= pairs * 3)
        .then(|| decode(bytes, Encoding::Cp932, Dialect::Ms).ok())
        .flatten()
}

/// Half-width kana for the most part, and a kanji or ､ ･ among them: plain half-width kana names are no proof of anything.
fn euc_as_cp932(text: &str) -> Option<String> {
    let wide: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    let kana = wide
        .iter()
        .filter(|c| scalar_class(**c) == ScalarClass::HalfKana)
        .count();
    let foreign = wide
        .iter()
        .any(|c| scalar_class(*c) != ScalarClass::HalfKana || matches!(c, '､' | '･'));
    if kana * 10 <= wide.len() * 6 || !foreign {
        return None;
    }
    // Bytes ED and EE are kana of EUC-JP here, and were read as NEC selected kanji.
    let target = Target::new(Encoding::Cp932).duplicates(Duplicates::NecSelected);
    let bytes = encode(text, target).ok()?;
    let back = decode(&bytes, Encoding::EucJp, Dialect::Ms).ok()?;
    let mut chars = back.chars().filter(|c| !c.is_ascii()).peekable();
    chars.peek()?;
    chars
        .all(|c| matches!(scalar_class(c), ScalarClass::NonKanji | ScalarClass::Level1))
        .then_some(back)
}

/// The byte that a character of Latin-1 or Windows-1252 was read from.
fn latin_byte(c: char) -> Option<u8> {
    const HIGH: &str = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";
    const BYTES: [u8; 27] = [
        0x80, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8E, 0x91, 0x92,
        0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9E, 0x9F,
    ];
    match u8::try_from(u32::from(c)) {
        Ok(byte) => Some(byte),
        Err(_) => HIGH
            .chars()
            .zip(BYTES)
            .find(|(known, _)| *known == c)
            .map(|(_, byte)| byte),
    }
}

/// Half-width kana (EF BD, EF BE), 縺 繧 繝 (E7 B8 BA, E7 B9 9D, E7 B9 A7), or letters of Latin-1 and Windows-1252 (C2–CB).
fn utf8_may_be_garbled(value: &[u8]) -> bool {
    value.windows(3).any(|w| {
        matches!(
            w,
            [0xEF, 0xBD | 0xBE, _] | [0xE7, 0xB8, 0xBA] | [0xE7, 0xB9, 0x9D | 0xA7]
        )
    }) || value.iter().any(|b| matches!(b, 0xC2..=0xCB))
}

/// ､ or ･ followed by another byte of EUC-JP: the kana rows of EUC-JP.
fn euc_may_be(value: &[u8]) -> bool {
    value
        .windows(2)
        .any(|w| matches!(w, [0xA4 | 0xA5, 0xA1..=0xFE]))
}

/// What a column showed. Feed every value of the column that holds non-ASCII characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GarbledColumn {
    /// Values fed.
    pub cells: u64,
    /// Values that turn back as a whole, by kind in the order of [`Garble::ALL`].
    pub whole: [u64; 4],
    /// Values of which a part turns back (UTF-8 read as CP932).
    pub spans: u64,
    /// First value of each kind: the caller's record number.
    pub first: [Option<u64>; 4],
}

impl GarbledColumn {
    /// Looks at one value.
    pub fn feed(&mut self, record: u64, text: &str) {
        self.cells += u64::from(!text.is_ascii());
        self.look(record, text);
    }

    /// Looks at one value without counting it; the caller counts values with [`GarbledColumn::cells`].
    fn look(&mut self, record: u64, text: &str) {
        let kind = match undo(text) {
            Some((kind, _)) => {
                self.whole[kind as usize] += 1;
                kind
            }
            None if undo_span(text) => {
                self.spans += 1;
                Garble::Utf8AsCp932
            }
            None => return,
        };
        self.first[kind as usize].get_or_insert(record);
    }

    /// Looks at one value as bytes of the file's encoding, and decodes it only when it can be garbled at all: a few
    /// nanoseconds for a clean value. Values that do not decode are not judged. The value is not counted: who samples columns
    /// adds to [`GarbledColumn::cells`].
    pub fn look_bytes(&mut self, record: u64, value: &[u8], encoding: Encoding) {
        let suspicious = match encoding {
            _ if value.is_ascii() => false,
            Encoding::Utf8 => utf8_may_be_garbled(value),
            // UTF-8 read as CP932 and written again is UTF-8, byte for byte; clean Shift_JIS text is not.
            _ if encoding.is_shift_jis() => std::str::from_utf8(value).is_ok() || euc_may_be(value),
            _ => true,
        };
        if suspicious && let Ok(text) = decode(value, encoding, Dialect::Ms) {
            self.look(record, &text);
        }
    }

    /// Looks at one value as bytes of the file's encoding and counts it.
    pub fn feed_bytes(&mut self, record: u64, value: &[u8], encoding: Encoding) {
        self.cells += u64::from(!value.is_ascii());
        self.look_bytes(record, value, encoding);
    }

    /// Adds what a later part of the file showed.
    pub fn merge(&mut self, later: &Self) {
        self.cells += later.cells;
        self.spans += later.spans;
        for at in 0..self.whole.len() {
            self.whole[at] += later.whole[at];
            self.first[at] = self.first[at].or(later.first[at]);
        }
    }

    /// The column rule: at least three values and 30 % of those with non-ASCII characters, one of which turns back as a
    /// whole; where bytes were lost in every value, ten values and 60 %.
    pub fn verdict(&self) -> Option<GarbledVerdict> {
        let hits = |kind: Garble| {
            self.whole[kind as usize]
                + if kind == Garble::Utf8AsCp932 {
                    self.spans
                } else {
                    0
                }
        };
        let kind = Garble::ALL
            .into_iter()
            .max_by_key(|kind| (hits(*kind), std::cmp::Reverse(*kind)))?;
        let count = hits(kind);
        let whole = self.whole[kind as usize];
        let enough = if whole > 0 {
            count >= 3 && count * 10 >= self.cells * 3
        } else {
            count >= 10 && count * 10 >= self.cells * 6
        };
        if !enough {
            return None;
        }
        let confidence = if whole >= 3 {
            Confidence::Probable
        } else {
            Confidence::Possible
        };
        Some(GarbledVerdict {
            kind,
            count,
            cells: self.cells,
            first: self.first[kind as usize],
            confidence,
        })
    }
}

/// A column whose values were misread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GarbledVerdict {
    /// What was misread as what.
    pub kind: Garble,
    /// Values that show it.
    pub count: u64,
    /// Values with non-ASCII characters.
    pub cells: u64,
    /// Record of the first one.
    pub first: Option<u64>,
    /// How sure this is; what was meant is known to people alone, so never `certain`.
    pub confidence: Confidence,
}
