//! Tables of characters by bytes (Shift_JIS family, JIS X 0201) or by scalar value (UTF-8), and walks over values with them.

use unicode_normalization::{IsNormalized, is_nfc_quick};

use crate::encoding::class::{Class, sjis};
use crate::encoding::{Encoding, ScalarClass, What, scalar_class, units};
use crate::scan::plan::Plan;

/// Profiles beyond this many take the slow path.
pub(super) const MAX_PROFILES: usize = 8;

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
    /// By pair of bytes, or by scalar value of the basic plane.
    wide: Box<[u8; 65_536]>,
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
            profiles.fold(0, |bits, (at, profile)| {
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
                && sjis().pair[usize::from(code)] < Class::Unassigned
            {
                one(&code.to_be_bytes())
            } else {
                0
            };
        }
        Some(Self {
            utf8,
            single,
            inside,
            wide,
        })
    }

    /// End of a value of one- and two-byte characters (or UTF-8), none of which is full-width alone.
    #[inline]
    pub(super) fn text(&self, bytes: &[u8], start: usize, bit: u8, limit: Limit) -> Option<usize> {
        let mut at = start;
        let mut chars = 0;
        if opens_badly(bytes, at, limit.required) {
            return None;
        }
        loop {
            let byte = *bytes.get(at)?;
            if self.single[usize::from(byte)] & bit != 0 {
                at += 1;
            } else if byte >= 0x80 {
                at = match self.utf8.then(|| self.three(bytes, at, bit)).flatten() {
                    Some(next) => next,
                    None => self.wide(bytes, at, bit)?,
                };
            } else {
                break;
            }
            chars += 1;
        }
        within(at - start, chars, limit).then_some(at)
    }

    /// End of a value of full-width characters.
    #[inline]
    pub(super) fn full(&self, bytes: &[u8], start: usize, bit: u8, limit: Limit) -> Option<usize> {
        let mut at = start;
        let mut chars = 0;
        if limit.required && opens_badly(bytes, at, true) {
            return None;
        }
        if self.utf8 {
            while let Some(next) = self.three(bytes, at, bit) {
                at = next;
                chars += 1;
            }
            while *bytes.get(at)? >= 0x80 {
                at = self.wide(bytes, at, bit)?;
                chars += 1;
            }
        } else {
            while let Some(pair) = bytes
                .get(at..at + 2)
                .and_then(|p| <[u8; 2]>::try_from(p).ok())
            {
                if self.wide[usize::from(u16::from_be_bytes(pair))] & bit == 0 {
                    break;
                }
                at += 2;
                chars += 1;
            }
            // What is left begins with the delimiter, or with something to look at closely.
            if *bytes.get(at)? >= 0x80 {
                return None;
            }
        }
        within(at - start, chars, limit).then_some(at)
    }

    /// Proves every character of a value of a fixed field.
    #[inline]
    pub(super) fn whole(&self, value: &[u8], bit: u8) -> Option<()> {
        if opens_badly(value, 0, false) {
            return None;
        }
        let mut at = 0;
        while let Some(byte) = value.get(at) {
            // Delimiter and quote mean nothing in fixed records; `&` may begin a character reference.
            if self.inside[usize::from(*byte)] & bit != 0 && *byte != b'&' {
                at += 1;
            } else if *byte >= 0x80 {
                at = self.wide(value, at, bit)?;
            } else {
                return None;
            }
        }
        Some(())
    }

    /// The closing quote of a quoted value.
    pub(super) fn quoted(
        &self,
        bytes: &[u8],
        start: usize,
        bit: u8,
        limit: Limit,
        delimiter: u8,
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
                at = self.wide(bytes, at, bit)?;
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

    /// End of the character at `at` when nothing can be said against it in a field of the profile, whatever stands around
    /// it. `&` begins references, so something can be said about it.
    #[inline]
    pub(in crate::scan) fn step(&self, value: &[u8], at: usize, bit: u8) -> Option<usize> {
        let byte = *value.get(at)?;
        if byte < 0x80 || !self.utf8 && self.single[usize::from(byte)] & bit != 0 {
            let clean = self.inside[usize::from(byte)] & bit != 0 && byte != b'&';
            return clean.then_some(at + 1);
        }
        self.wide(value, at, bit)
    }

    /// The character of three UTF-8 bytes at `at`, if it may stand in a field of the profile; returns where it ends.
    #[inline]
    fn three(&self, bytes: &[u8], at: usize, bit: u8) -> Option<usize> {
        let [a, b, c] = bytes
            .get(at..at + 3)
            .and_then(|s| <[u8; 3]>::try_from(s).ok())?;
        let shaped = a & 0xF0 == 0xE0 && b & 0xC0 == 0x80 && c & 0xC0 == 0x80;
        let value = u16::from(a & 0xF) << 12 | u16::from(b & 0x3F) << 6 | u16::from(c & 0x3F);
        (shaped && value >= 0x800 && self.wide[usize::from(value)] & bit != 0).then_some(at + 3)
    }

    /// The character from 0x80 up at `at`, if it may stand in a field of the profile; returns where it ends.
    #[inline]
    fn wide(&self, bytes: &[u8], at: usize, bit: u8) -> Option<usize> {
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
        (shortest && self.wide[usize::from(value)] & bit != 0).then_some(at + length)
    }
}

#[inline]
fn within(bytes: usize, chars: u32, limit: Limit) -> bool {
    if limit.in_bytes {
        bytes <= limit.most as usize
    } else {
        chars <= limit.most
    }
}

/// A value that begins with a voicing mark, or (where a value is required) with a space: the slow path looks closer.
#[inline]
fn opens_badly(bytes: &[u8], at: usize, required: bool) -> bool {
    match bytes.get(at) {
        Some(b' ') => required,
        Some(0xDE | 0xDF) => true,
        Some(0x81) => required && bytes.get(at + 1) == Some(&0x40),
        Some(0xE3) => required && bytes.get(at + 1) == Some(&0x80),
        Some(0xEF) => matches!(bytes.get(at + 1..at + 3), Some([0xBE, 0x9E | 0x9F])),
        _ => false,
    }
}
