//! Fields that the quick path does not prove: where they end, when that is certain all the same. One wrong field then costs
//! its own exact check, and not that of the record; and when all that is wrong is one character or the length, it is
//! told apart here, so that the next one of its kind is only counted.

use std::ops::Range;

use super::{Field, Form, Quick, Seen, Span, table};
use crate::encoding::Encoding;
use crate::scan::checks::Check;
use crate::scan::plan::Plan;
use crate::spec::layout::Empty;

/// A field that was not proven. Small, so that it goes from hand to hand in registers.
#[derive(Clone, Copy, Debug)]
pub(in crate::scan) struct Doubt {
    /// 0-based.
    field: u32,
    /// Where `character` stands in the chunk.
    at: u32,
    /// What is wrong with a character of one byte.
    character: Option<Check>,
    too_long: bool,
}

impl Doubt {
    /// The field, 0-based.
    #[inline]
    pub(in crate::scan) fn field(&self) -> usize {
        self.field as usize
    }

    /// True when all that the exact check would tell is known.
    #[inline]
    pub(in crate::scan) fn is_plain(&self) -> bool {
        self.too_long || self.character.is_some()
    }

    /// What is wrong with a character of one byte, and its place in the chunk.
    #[inline]
    pub(in crate::scan) fn character(&self) -> Option<(Check, usize)> {
        self.character.map(|check| (check, self.at as usize))
    }

    /// True when the value has too many bytes or characters.
    #[inline]
    pub(in crate::scan) fn is_too_long(&self) -> bool {
        self.too_long
    }
}

/// Bytes that a value goes on with outside quotes; `None` where its end may be anything but the next delimiter or newline.
pub(super) fn plain(plan: &Plan<'_>) -> Option<Box<[u8; 256]>> {
    let settings = plan.settings;
    // Second bytes of Shift_JIS begin at 0x40: a delimiter below is never half a character.
    let certain = plan.record_length == 0
        && matches!(settings.encoding, Encoding::Utf8 | Encoding::Cp932)
        && settings.delimiter < 0x40
        && settings.empty == Empty::Empty
        && plan
            .kinds
            .iter()
            .all(|kind| kind.fields.iter().all(|f| f.when.is_none()));
    let mut plain = Box::new([1u8; 256]);
    for special in [b'"', settings.delimiter, b'\r', b'\n'] {
        plain[usize::from(special)] = 0;
    }
    certain.then_some(plain)
}

impl Quick {
    /// Notes the field that could not be proven, and where its value stands; returns where the field ends, or `None` where
    /// its quotes need a closer look. `proven`: where it begins, and up to where it holds nothing wrong. Not inlined: proven
    /// fields must not pay for it.
    #[inline(never)]
    pub(super) fn doubt(
        &self,
        bytes: &[u8],
        proven: Range<usize>,
        index: usize,
        field: &Field,
        seen: &mut Seen,
    ) -> Option<usize> {
        let others = self.plain.as_ref()?;
        let quoted = *bytes.get(proven.start)? == b'"' && self.may_quote;
        let (from, reached, closed) = if quoted {
            let from = proven.start + 1;
            (from, from, Some(self.closing(bytes, from, others)?))
        } else {
            (proven.start, proven.end, None)
        };
        let text = bytes.get(..closed.unwrap_or(bytes.len()))?;
        let (end, mut doubt) = self.plain_fault(text, from..reached, index, field);
        let whole = match closed {
            Some(closed) => end == closed,
            None => self.ends(bytes, end),
        };
        if !whole {
            (doubt.character, doubt.too_long) = (None, false);
        }
        let to = match closed {
            Some(closed) => closed,
            None if doubt.is_plain() => end,
            None => {
                let (end, _) = table::run_of_lone(others, bytes, from);
                self.ends(bytes, end).then_some(end)?
            }
        };
        *seen.spans.get_mut(index)? = Span::new(from, to);
        seen.doubts.push(doubt);
        Some(to + usize::from(quoted))
    }

    /// True when an unquoted value may end at `at`.
    #[inline]
    fn ends(&self, bytes: &[u8], at: usize) -> bool {
        bytes
            .get(at)
            .is_some_and(|byte| *byte == self.delimiter || matches!(byte, b'\r' | b'\n'))
    }

    /// The quote that closes a value without newlines.
    fn closing(&self, bytes: &[u8], mut at: usize, others: &[u8; 256]) -> Option<usize> {
        loop {
            (at, _) = table::run_of_lone(others, bytes, at);
            at += match (*bytes.get(at)?, *bytes.get(at + 1)?) {
                (b'"', b'"') => 2,
                (b'"', _) => return self.ends(bytes, at + 1).then_some(at),
                (byte, _) if byte == self.delimiter => 1,
                _ => return None,
            };
        }
    }

    /// The fault of a value whose other characters are sound, and where they end. A value that begins with a space may be
    /// blank, one that begins with a voicing mark may be split: the exact check says.
    #[inline(always)]
    fn plain_fault(
        &self,
        bytes: &[u8],
        proven: Range<usize>,
        index: usize,
        field: &Field,
    ) -> (usize, Doubt) {
        let from = proven.start;
        let mut doubt = Doubt {
            field: index as u32,
            at: 0,
            character: None,
            too_long: false,
        };
        let opens_badly = table::opens_badly(bytes, from, true);
        if field.bit == 0 || field.form == Form::Filler || opens_badly {
            return (from, doubt);
        }
        let sound = |from: usize| self.tables.sound(bytes, from, field.bit, true);
        let (mut end, _, _) = sound(if field.resumes { proven.end } else { from });
        let fault = |byte: &u8| self.tables.fault(*byte, field.bit);
        doubt.character = bytes.get(end).and_then(fault);
        if doubt.character.is_some() {
            doubt.at = end as u32;
            (end, _, _) = sound(end + 1);
        }
        let fits = |length: usize| length <= field.most as usize;
        doubt.too_long = field.long_is_told
            && !fits(end - from)
            && (field.in_bytes || {
                // Characters are counted where there may be too many of them.
                let (at, chars, _) = sound(from);
                let behind = if at < end { sound(at + 1).1 + 1 } else { 0 };
                !fits(chars + behind)
            });
        (end, doubt)
    }
}
