//! Tables of characters by bytes (Shift_JIS family, JIS X 0201) or by scalar value (UTF-8), and walks over values with them.

use unicode_normalization::{IsNormalized, is_nfc_quick};

use crate::encoding::class::{Class, sjis};
use crate::encoding::diagnosis::MappingCensus;
use crate::encoding::{Encoding, ScalarClass, What, scalar_class, units};
use crate::scan::character::{Profile, Width};
use crate::scan::checks::Check;
use crate::scan::plan::Plan;

/// Profiles beyond this many take the slow path.
pub(super) const MAX_PROFILES: usize = 7;

/// The bit beyond those of the profiles: the character has a double under another code point, and the file counts both.
const DOUBLE: u8 = 1 << MAX_PROFILES;

/// How long a value may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    pub(super) most: u32,
    pub(super) in_bytes: bool,
    pub(super) required: bool,
}

/// Bit *n*: the character may stand in a field of profile *n*.
pub(in crate::scan) struct Tables {
    utf8: bool,
    /// By byte: characters of one byte. Quote, delimiter, newlines and `&` are not among them.
    single: Box<[u8; 256]>,
    /// Delimiter and `&` as characters of a quoted value.
    inside: Box<[u8; 256]>,
    /// By profile and byte, 1 or 0: `single` once more, and for fixed fields `inside` without `&`.
    lone: Box<[[u8; 256]; MAX_PROFILES + 1]>,
    held: Box<[[u8; 256]; MAX_PROFILES + 1]>,
    /// By pair of bytes, or by scalar value of the basic plane.
    wide: Box<[u8; 65_536]>,
    /// By profile and ASCII character: what is wrong with it wherever it stands.
    faults: Vec<[Option<Check>; 128]>,
}

impl Tables {
    /// Builds the tables; `None` for encodings that have none.
    pub(super) fn new(plan: &Plan<'_>) -> Option<Self> {
        let encoding = plan.settings.encoding;
        let utf8 = encoding == Encoding::Utf8;
        if !utf8 && !encoding.is_shift_jis() && encoding != Encoding::JisX0201 {
            return None;
        }
        let clean = |c: char| -> u8 {
            let class = scalar_class(c);
            let is_mark = matches!(
                class,
                ScalarClass::Svs
                    | ScalarClass::Ivs
                    | ScalarClass::KanaMark
                    | ScalarClass::Combining
            );
            if is_mark || matches!(c, '縺' | '繧' | '繝' | '鐃' | '锟') {
                return 0;
            }
            let profiles = plan.profiles.iter().take(MAX_PROFILES).enumerate();
            let double = if utf8 && has_double(c) { DOUBLE } else { 0 };
            profiles.fold(double, |bits, (at, profile)| {
                let composes = profile.unicode
                    && profile.nfc_stable
                    && is_nfc_quick(std::iter::once(c)) != IsNormalized::Yes;
                bits | u8::from(profile.fault(c).is_none() && !composes && !profile.filler) << at
            })
        };
        let one = |bytes: &[u8]| -> u8 {
            let mut all = units(bytes, encoding, plan.settings.dialect);
            match (all.next().map(|u| u.what), all.next()) {
                // Profiles of a file agree on this, so one answer holds for every bit.
                (Some(What::Char(c)), None)
                    if plan.profiles.iter().any(|p| p.is_other_form(c, bytes)) =>
                {
                    0
                }
                (Some(What::Char(c)), None) => clean(c),
                _ => 0,
            }
        };
        let mut single: Box<[u8; 256]> = Box::new(std::array::from_fn(|b| one(&[b as u8])));
        let inside = single.clone();
        for special in [b'"', plan.settings.delimiter, b'\r', b'\n', b'&'] {
            single[usize::from(special)] = 0;
        }
        let mut wide: Box<[u8; 65_536]> = vec![0u8; 65_536].into_boxed_slice().try_into().ok()?;
        for (code, slot) in (0..=u16::MAX).zip(wide.iter_mut()) {
            *slot = if utf8 {
                char::from_u32(u32::from(code))
                    .filter(|c| *c >= '\u{80}')
                    .map_or(0, clean)
            } else if encoding != Encoding::JisX0201
                && code >= 0x8000
                && sjis().pair[usize::from(code)] < Class::Unassigned
            {
                one(&code.to_be_bytes())
            } else {
                0
            };
        }
        let by_profile = |table: &[u8; 256]| {
            Box::new(std::array::from_fn(|profile| {
                table.map(|bits| bits >> profile & 1)
            }))
        };
        let mut held = inside.clone();
        held[usize::from(b'&')] = 0;
        let faults = plan.profiles.iter().take(MAX_PROFILES);
        Some(Self {
            utf8,
            faults: faults
                .map(|profile| ascii_faults(profile, plan.settings.delimiter))
                .collect(),
            lone: by_profile(&single),
            held: by_profile(&held),
            single,
            inside,
            wide,
        })
    }

    /// What is wrong with a character of one byte, whatever stands around it.
    #[inline]
    pub(super) fn fault(&self, byte: u8, bit: u8) -> Option<Check> {
        let faults = self.faults.get(bit.trailing_zeros() as usize)?;
        *faults.get(usize::from(byte))?
    }

    /// True when a profile takes a character of one byte wherever it stands.
    pub(super) fn takes(&self, byte: u8, bit: u8) -> bool {
        self.single[usize::from(byte)] & bit != 0
    }

    /// True when a profile takes all that numbers, days and times are written with.
    pub(super) fn takes_numbers(&self, bit: u8) -> bool {
        b"0123456789-:".iter().all(|byte| self.takes(*byte, bit))
    }

    /// End of a value of one- and two-byte characters (or UTF-8), none of which is full-width alone.
    #[inline]
    pub(super) fn text(
        &self,
        bytes: &[u8],
        start: usize,
        bit: u8,
        limit: Limit,
        seen: &mut u8,
    ) -> Option<usize> {
        if opens_badly(bytes, start, limit.required) {
            return None;
        }
        let lone = &self.lone[bit.trailing_zeros() as usize & 7];
        let (mut at, mut chars) = run_of_lone(lone, bytes, start);
        // What follows is the delimiter, or a character of several bytes, or something to look at closely.
        while *bytes.get(at)? >= 0x80 {
            let from = at;
            let more;
            (at, more) = self.run_of_wide(bytes, at, bit, seen);
            if at == from {
                at = self.wide(bytes, at, bit, seen)?;
            }
            chars += more + usize::from(more == 0);
            let more;
            (at, more) = run_of_lone(lone, bytes, at);
            chars += more;
        }
        within(at - start, chars, limit).then_some(at)
    }

    /// End of a value of full-width characters.
    #[inline]
    pub(super) fn full(
        &self,
        bytes: &[u8],
        start: usize,
        bit: u8,
        limit: Limit,
        seen: &mut u8,
    ) -> Option<usize> {
        if limit.required && opens_badly(bytes, start, true) {
            return None;
        }
        let (mut at, mut chars) = self.run_of_wide(bytes, start, bit, seen);
        // What is left begins with the delimiter, or with something to look at closely.
        while *bytes.get(at)? >= 0x80 {
            at = self.wide(bytes, at, bit, seen)?;
            let more;
            (at, more) = self.run_of_wide(bytes, at, bit, seen);
            chars += more + 1;
        }
        within(at - start, chars, limit).then_some(at)
    }

    /// Proves every character of a value of a fixed field.
    #[inline]
    pub(super) fn whole(&self, value: &[u8], bit: u8, seen: &mut u8) -> Option<()> {
        if opens_badly(value, 0, false) {
            return None;
        }
        // Delimiter and quote mean nothing in fixed records; `&` may begin a character reference.
        let held = &self.held[bit.trailing_zeros() as usize & 7];
        let (mut at, _) = self.run_of_wide(value, 0, bit, seen);
        loop {
            (at, _) = run_of_lone(held, value, at);
            match value.get(at) {
                None => return Some(()),
                Some(0x80..) => at = self.wide(value, at, bit, seen)?,
                Some(_) => return None,
            }
        }
    }

    /// Characters of two bytes (UTF-8: three) from `at` that may stand in a field of the profile, several at a time: where
    /// they end, and their number. More may follow.
    #[inline]
    fn run_of_wide(&self, bytes: &[u8], mut at: usize, bit: u8, seen: &mut u8) -> (usize, usize) {
        let start = at;
        if self.utf8 {
            while let Some((front, back)) = eight(bytes, at).zip(eight(bytes, at + 6)) {
                let (front, back) = (u64::from_le_bytes(front), u64::from_le_bytes(back));
                let four = [front, front >> 24, back, back >> 24];
                let shaped = four
                    .iter()
                    .all(|word| is_three(*word) && scalar(*word) >= 0x800);
                let [w, x, y, z] = four.map(|word| self.wide[usize::from(scalar(word))]);
                if !shaped || w & x & y & z & bit == 0 {
                    break;
                }
                *seen |= w | x | y | z;
                at += 12;
            }
            while let Some(eight) = eight(bytes, at) {
                let word = u64::from_le_bytes(eight);
                let (a, b) = (scalar(word), scalar(word >> 24));
                let (x, y) = (self.wide[usize::from(a)], self.wide[usize::from(b)]);
                let first = is_three(word) & (a >= 0x800) & (x & bit != 0);
                let second = first & is_three(word >> 24) & (b >= 0x800) & (y & bit != 0);
                if !second {
                    // Without a branch for each character: where a value ends cannot be foreseen.
                    *seen |= if first { x } else { 0 };
                    at += 3 * usize::from(first);
                    break;
                }
                *seen |= x | y;
                at += 6;
            }
            return (at, (at - start) / 3);
        }
        while let Some(eight) = eight(bytes, at) {
            let word = u64::from_be_bytes(eight);
            let a = self.wide[usize::from((word >> 48) as u16)] & bit;
            let b = self.wide[usize::from((word >> 32) as u16)] & a;
            let c = self.wide[usize::from((word >> 16) as u16)] & b;
            let d = self.wide[usize::from(word as u16)] & c;
            if d == 0 {
                // Without a branch for each character: where a value ends cannot be foreseen.
                at += 2 * (usize::from(a != 0) + usize::from(b != 0) + usize::from(c != 0));
                break;
            }
            // A step that does not wait for what was looked up.
            at += 8;
        }
        (at, (at - start) / 2)
    }

    /// The closing quote of a quoted value.
    pub(super) fn quoted(
        &self,
        bytes: &[u8],
        start: usize,
        bit: u8,
        limit: Limit,
        delimiter: u8,
        seen: &mut u8,
    ) -> Option<usize> {
        let mut at = start;
        let (mut chars, mut doubled) = (0, 0);
        if opens_badly(bytes, at, limit.required) {
            return None;
        }
        loop {
            let byte = *bytes.get(at)?;
            if self.single[usize::from(byte)] & bit != 0 {
                at += 1;
            } else if byte >= 0x80 {
                at = self.wide(bytes, at, bit, seen)?;
            } else if byte == b'"' {
                if *bytes.get(at + 1)? != b'"' {
                    break;
                }
                if self.inside[usize::from(b'"')] & bit == 0 {
                    return None;
                }
                at += 2;
                doubled += 1;
            } else if byte == delimiter && self.inside[usize::from(byte)] & bit != 0 {
                at += 1;
            } else {
                return None;
            }
            chars += 1;
        }
        within(at - start - doubled, chars, limit).then_some(at)
    }

    /// Characters from `start` that nothing can be said against in a field of the profile, whatever stands around them: where
    /// they end, their number, and where the last of them begins. `&` begins references, so something can be said about it;
    /// `doubled`: about quotes too.
    #[inline(always)]
    pub(in crate::scan) fn sound(
        &self,
        value: &[u8],
        start: usize,
        bit: u8,
        doubled: bool,
    ) -> (usize, usize, usize) {
        let tables = if doubled { &self.lone } else { &self.held };
        let lone = &tables[bit.trailing_zeros() as usize & 7];
        let ends = |byte: &u8| *byte < 0x80 && lone[usize::from(*byte)] == 0;
        if value.get(start).is_none_or(ends) {
            return (start, 0, start);
        }
        self.sound_run(value, start, bit, lone)
    }

    #[inline(never)]
    fn sound_run(
        &self,
        value: &[u8],
        start: usize,
        bit: u8,
        lone: &[u8; 256],
    ) -> (usize, usize, usize) {
        let (mut at, mut chars, mut last) = (start, 0, start);
        loop {
            let (end, more) = run_of_lone(lone, value, at);
            if more > 0 {
                (at, chars, last) = (end, chars + more, end - 1);
            }
            if value.get(at).is_none_or(|byte| *byte < 0x80) {
                return (at, chars, last);
            }
            let (end, more) = self.run_of_wide(value, at, bit, &mut 0);
            if more > 0 {
                (at, chars, last) = (end, chars + more, end - (end - at) / more);
            } else if let Some(end) = self.wide(value, at, bit, &mut 0) {
                (at, chars, last) = (end, chars + 1, at);
            } else {
                return (at, chars, last);
            }
        }
    }

    /// The character from 0x80 up at `at`, if it may stand in a field of the profile; returns where it ends.
    #[inline]
    fn wide(&self, bytes: &[u8], at: usize, bit: u8, seen: &mut u8) -> Option<usize> {
        if !self.utf8 {
            let pair = u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]);
            return (self.wide[usize::from(pair)] & bit != 0).then_some(at + 2);
        }
        let lead = *bytes.get(at)?;
        let follow = |n: usize| bytes.get(at + n).map(|b| b ^ 0x80).filter(|b| *b < 0x40);
        let (value, length) = match lead {
            0xE0..=0xEF => {
                let value = u16::from(lead & 0xF) << 12
                    | u16::from(follow(1)?) << 6
                    | u16::from(follow(2)?);
                (value, 3)
            }
            0xC2..=0xDF => (u16::from(lead & 0x1F) << 6 | u16::from(follow(1)?), 2),
            // Other planes: the slow path.
            _ => return None,
        };
        let shortest = length == 2 || value >= 0x800;
        *seen |= self.wide[usize::from(value)];
        (shortest && self.wide[usize::from(value)] & bit != 0).then_some(at + length)
    }
}

/// A value may end at the delimiter or a newline, `&` may begin a reference, quotes are counted by how they are written, and a number or date tells about its characters itself.
fn ascii_faults(profile: &Profile, delimiter: u8) -> [Option<Check>; 128] {
    std::array::from_fn(|byte| {
        let c = char::from(u8::try_from(byte).unwrap_or(0));
        profile.fault(c).filter(|check| {
            !matches!(c, '&' | '"' | '\r' | '\n')
                && c != char::from(delimiter)
                && (*check != Check::WrongClass || profile.width != Width::Any)
        })
    })
}

/// True when a proven record holds a character whose doubles the file counts.
#[inline]
pub(super) fn has_doubles(seen: u8) -> bool {
    seen & DOUBLE != 0
}

fn has_double(c: char) -> bool {
    let mut census = MappingCensus::default();
    census.feed_char(c);
    census != MappingCensus::default()
}

#[inline]
fn eight(bytes: &[u8], at: usize) -> Option<[u8; 8]> {
    bytes.get(at..at + 8)?.try_into().ok()
}

/// True when a word begins with the bytes of a UTF-8 sequence of three.
#[inline]
fn is_three(word: u64) -> bool {
    word & 0x00C0_C0F0 == 0x0080_80E0
}

/// The scalar value of the three UTF-8 bytes that a word begins with.
#[inline]
fn scalar(word: u64) -> u16 {
    ((word & 0xF) << 12 | (word >> 8 & 0x3F) << 6 | word >> 16 & 0x3F) as u16
}

/// Characters of one byte from `at` that a table takes, eight at a time: where they end, and their number.
#[inline]
pub(super) fn run_of_lone(table: &[u8; 256], bytes: &[u8], mut at: usize) -> (usize, usize) {
    let start = at;
    while let Some(eight) = eight(bytes, at) {
        // Without a branch for each character: where a value ends cannot be foreseen.
        let bits = eight.iter().enumerate().fold(0u32, |bits, (n, byte)| {
            bits | u32::from(table[usize::from(*byte)]) << n
        });
        if bits != 0xFF {
            at += bits.trailing_ones() as usize;
            return (at, at - start);
        }
        // A step that does not wait for what was looked up.
        at += 8;
    }
    while bytes
        .get(at)
        .is_some_and(|byte| table[usize::from(*byte)] != 0)
    {
        at += 1;
    }
    (at, at - start)
}

#[inline]
fn within(bytes: usize, chars: usize, limit: Limit) -> bool {
    let length = if limit.in_bytes { bytes } else { chars };
    length <= limit.most as usize
}

/// A value that begins with a voicing mark, or (where a value is required) with a space: the slow path looks closer.
#[inline]
pub(super) fn opens_badly(bytes: &[u8], at: usize, required: bool) -> bool {
    match bytes.get(at) {
        Some(b' ') => required,
        Some(0xDE | 0xDF) => true,
        Some(0x81) => required && bytes.get(at + 1) == Some(&0x40),
        Some(0xE3) => required && bytes.get(at + 1) == Some(&0x80),
        Some(0xEF) => matches!(bytes.get(at + 1..at + 3), Some([0xBE, 0x9E | 0x9F])),
        _ => false,
    }
}
