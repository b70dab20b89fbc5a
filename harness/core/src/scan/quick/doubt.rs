//! Fields that the quick path does not prove: where they end, when that is certain all the same. One wrong field then costs
//! its own exact check, and not that of the record; and when all that is wrong is one character or the length, it is
//! told apart here, so that the next one of its kind is only counted.

use std::ops::Range;

use super::{Field, Form, Quick, table};
use crate::encoding::Encoding;
use crate::scan::checks::Check;
use crate::scan::plan::Plan;
use crate::spec::layout::Empty;

/// A field that was not proven.
#[derive(Clone, Copy, Debug)]
pub(in crate::scan) struct Doubt {
    /// 0-based.
    pub(in crate::scan) field: usize,
    pub(in crate::scan) plain: Option<PlainFault>,
}

/// All that the exact check would tell of a value.
#[derive(Clone, Copy, Debug)]
pub(in crate::scan) struct PlainFault {
    /// A character of one byte, and its place in the chunk.
    pub(in crate::scan) character: Option<(Check, usize)>,
    pub(in crate::scan) too_long: bool,
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
    /// The field that could not be proven: beginning and end of its value, and its own end; `None` where its quotes need a
    /// closer look. `proven`: where it begins, and up to where it holds nothing wrong. Not inlined: proven fields must not
    /// pay for it.
    #[inline(never)]
    pub(super) fn doubt(
        &self,
        bytes: &[u8],
        proven: Range<usize>,
        field: &Field,
        index: usize,
    ) -> Option<((usize, usize, usize), Doubt)> {
        let others = self.plain.as_ref()?;
        let start = proven.start;
        let quoted = *bytes.get(start)? == b'"' && self.may_quote;
        let (places, plain) = if quoted {
            let (from, to) = (start + 1, self.closing(bytes, start + 1, others)?);
            let found = self.plain_fault(bytes.get(..to)?, from..from, field);
            let whole = found.filter(|(end, _)| *end == to);
            ((from, to, to + 1), whole.map(|(_, fault)| fault))
        } else if let Some((end, fault)) = self
            .plain_fault(bytes, proven, field)
            .filter(|(end, _)| self.ends(bytes, *end))
        {
            ((start, end, end), Some(fault))
        } else {
            let (end, _) = table::run_of_lone(others, bytes, start);
            self.ends(bytes, end).then_some(((start, end, end), None))?
        };
        let doubt = Doubt {
            field: index,
            plain,
        };
        Some((places, doubt))
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
    #[inline]
    fn plain_fault(
        &self,
        bytes: &[u8],
        proven: Range<usize>,
        field: &Field,
    ) -> Option<(usize, PlainFault)> {
        let from = proven.start;
        let opens_badly = table::opens_badly(bytes, from, true);
        if field.bit == 0 || field.form == Form::Filler || opens_badly {
            return None;
        }
        let sound = |from: usize| self.tables.sound(bytes, from, field.bit, true);
        let (mut end, _, _) = sound(if field.resumes { proven.end } else { from });
        let mut character = None;
        let fault = |byte: &u8| self.tables.fault(*byte, field.bit);
        if let Some(check) = bytes.get(end).and_then(fault) {
            character = Some((check, end));
            (end, _, _) = sound(end + 1);
        }
        let fits = |length: usize| length <= field.most as usize;
        let too_long = field.long_is_told
            && !fits(end - from)
            && (field.in_bytes || {
                // Characters are counted where there may be too many of them.
                let (at, chars, _) = sound(from);
                let behind = if at < end { sound(at + 1).1 + 1 } else { 0 };
                !fits(chars + behind)
            });
        let fault = PlainFault {
            character,
            too_long,
        };
        (character.is_some() || too_long).then_some((end, fault))
    }
}
