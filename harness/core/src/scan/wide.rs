//! Encodings whose bytes below 0x80 do not stand for themselves: UTF-16 and ISO-2022-JP. Their records are cut on a *shadow*,
//! one byte for each code unit, on which delimiters, quotes and newlines are where they are and nothing else looks like one.
//! Places are mapped back, so every offset is one of the file; values are read as UTF-8 where they are compared.

use std::ops::Range;

use super::delimited::Cut;
use super::evidence::Cell;
use crate::encoding::{Dialect, Encoding, What, units};

/// What stands for a code unit that is no ASCII character.
const OTHER: u8 = 0x80;

/// Bytes of a code unit: delimiters and newlines are this long.
pub(super) fn unit_of(encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => 2,
        _ => 1,
    }
}

/// The encoding in which values are compared with literals: UTF-8 where bytes of the file say little.
pub(super) fn comparing(encoding: Encoding) -> Encoding {
    if encoding.is_splittable_on_bytes() {
        encoding
    } else {
        Encoding::Utf8
    }
}

/// A value as UTF-8; bytes that are no character are left out.
pub(super) fn utf8(value: &[u8], encoding: Encoding, dialect: Dialect) -> Vec<u8> {
    let mut text = String::with_capacity(value.len());
    for unit in units(value, encoding, dialect) {
        match unit.what {
            What::Char(c) => text.push(c),
            What::Pair(a, b) => text.extend([a, b]),
            What::Fault(_) => {}
        }
    }
    text.into_bytes()
}

/// The bytes of a chunk, one for each code unit.
#[derive(Debug)]
pub(super) struct Shadow {
    pub(super) bytes: Vec<u8>,
    origin: usize,
    unit: usize,
    end: usize,
}

impl Shadow {
    /// The shadow of what follows `origin`; `last`: nothing follows the bytes. `None` for encodings that need none.
    pub(super) fn of(bytes: &[u8], origin: usize, encoding: Encoding, last: bool) -> Option<Self> {
        let body = bytes.get(origin..).unwrap_or(&[]);
        let shadow = match encoding {
            Encoding::Utf16Le => utf16(body, u16::from_le_bytes, last),
            Encoding::Utf16Be => utf16(body, u16::from_be_bytes, last),
            Encoding::Iso2022Jp => iso_2022(body),
            _ => return None,
        };
        Some(Self {
            bytes: shadow,
            origin,
            unit: unit_of(encoding),
            end: bytes.len(),
        })
    }

    /// Index of an offset of the chunk.
    pub(super) fn index(&self, at: usize) -> usize {
        at.saturating_sub(self.origin).div_ceil(self.unit)
    }

    fn offset(&self, index: usize) -> usize {
        (self.origin + index * self.unit).min(self.end)
    }

    fn range(&self, range: &Range<usize>) -> Range<usize> {
        self.offset(range.start)..self.offset(range.end)
    }

    /// Turns places on the shadow into places of the chunk.
    pub(super) fn map(&self, cut: &mut Cut, cells: &mut [Cell]) {
        cut.end = self.offset(cut.end);
        cut.next = self.offset(cut.next);
        if let Some((_, _, at)) = &mut cut.quote {
            *at = self.offset(*at);
        }
        for cell in cells {
            cell.raw = self.range(&cell.raw);
            cell.value = self.range(&cell.value);
        }
    }
}

fn utf16(body: &[u8], read: fn([u8; 2]) -> u16, last: bool) -> Vec<u8> {
    let pairs = body.chunks_exact(2);
    let odd = !pairs.remainder().is_empty() && last;
    let mut out: Vec<u8> = pairs
        .map(|pair| {
            let unit = pair.try_into().map_or(0, read);
            u8::try_from(unit)
                .ok()
                .filter(u8::is_ascii)
                .unwrap_or(OTHER)
        })
        .collect();
    if odd {
        out.push(OTHER);
    }
    out
}

/// Escape sequences and what they switch to: whether bytes stand for ASCII characters there.
const ESCAPES: [(&[u8], bool); 6] = [
    (b"\x1B(B", true),
    (b"\x1B(J", true),
    (b"\x1B(I", false),
    (b"\x1B$B", false),
    (b"\x1B$@", false),
    (b"\x1B$(D", false),
];

fn iso_2022(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut ascii = true;
    while let Some(rest) = body.get(out.len()..).filter(|rest| !rest.is_empty()) {
        if let Some((escape, to)) = ESCAPES.iter().find(|(escape, _)| rest.starts_with(escape)) {
            out.extend(std::iter::repeat_n(OTHER, escape.len()));
            ascii = *to;
            continue;
        }
        let byte = rest.first().copied().unwrap_or(OTHER);
        // A line begins in ASCII, also when the one before did not return to it (that is told as a fault).
        ascii |= matches!(byte, b'\r' | b'\n');
        out.push(if ascii && byte < 0x80 { byte } else { OTHER });
    }
    out
}

/// Length in bytes of a value without the spaces behind it; `full`: full-width spaces count as well.
pub(super) fn unpadded(value: &[u8], encoding: Encoding, dialect: Dialect, full: bool) -> usize {
    let mut end = 0;
    for unit in units(value, encoding, dialect) {
        let padding = match unit.what {
            What::Char(' ') => true,
            What::Char('\u{3000}') => full,
            _ => false,
        };
        if !padding {
            end = unit.bytes.end;
        }
    }
    end
}

/// The first newline in a value and its length, in bytes of the value.
pub(super) fn first_newline(value: &[u8], encoding: Encoding, dialect: Dialect) -> Range<usize> {
    let mut found: Option<Range<usize>> = None;
    for unit in units(value, encoding, dialect) {
        match (unit.what, &mut found) {
            (What::Char('\r'), None) => found = Some(unit.bytes),
            (What::Char('\n'), None) => return unit.bytes,
            (What::Char('\n'), Some(at)) => return at.start..unit.bytes.end,
            (_, Some(at)) => return at.clone(),
            _ => {}
        }
    }
    found.unwrap_or(0..0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::{Target, encode};

    #[test]
    fn delimiters_show_in_the_shadow_and_nothing_else_does() {
        let text = "1,表「ソ」,\"a\"\r\n";
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Iso2022Jp] {
            let bytes = encode(text, Target::new(encoding)).expect("text");
            let shadow = Shadow::of(&bytes, 0, encoding, true).expect("wide");
            let seen: Vec<u8> = shadow
                .bytes
                .iter()
                .copied()
                .filter(|b| *b != OTHER)
                .collect();
            assert_eq!(seen, b"1,,\"a\"\r\n", "{encoding}");
            assert_eq!(shadow.offset(shadow.bytes.len()), bytes.len());
        }
        assert!(Shadow::of(b"a", 0, Encoding::Utf8, true).is_none());
        let odd = Shadow::of(b"a\0,\0b", 0, Encoding::Utf16Le, true).expect("wide");
        assert_eq!(odd.bytes, [b'a', b',', OTHER]);
    }

    #[test]
    fn newlines_in_values_have_their_length() {
        let text = encode("山\r\n田", Target::new(Encoding::Utf16Le)).expect("text");
        assert_eq!(first_newline(&text, Encoding::Utf16Le, Dialect::Ms), 2..6);
        assert_eq!(first_newline(b"a\nb", Encoding::Utf8, Dialect::Ms), 1..2);
    }
}
