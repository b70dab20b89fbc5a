//! Fields that the quick path does not prove: where they end, when that is certain all the same. One wrong field then costs
//! its own exact check, and not that of the record; and when all that is wrong is one character or the length, it is
//! told apart here, so that the next one of its kind is only counted.

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
    /// The field at `start` that could not be proven: beginning and end of its value, and its own end; `None` where its
    /// quotes need a closer look.
    pub(super) fn doubt(
        &self,
        bytes: &[u8],
        start: usize,
        field: &Field,
        index: usize,
    ) -> Option<((usize, usize, usize), Doubt)> {
        let others = self.plain.as_ref()?;
        let quoted = *bytes.get(start)? == b'"' && self.may_quote;
        let (places, plain) = if quoted {
            let (from, to) = (start + 1, self.closing(bytes, start + 1, others)?);
            let found = self.plain_fault(bytes.get(..to)?, from, field);
            let whole = found.filter(|(end, _)| *end == to);
            ((from, to, to + 1), whole.map(|(_, fault)| fault))
        } else if let Some((end, fault)) = self
            .plain_fault(bytes, start, field)
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

    /// The fault of the value from `from` on whose other characters are sound, and where they end. A value that begins with a
    /// space may be blank, one that begins with a voicing mark may be split: the exact check says.
    #[inline]
    fn plain_fault(&self, bytes: &[u8], from: usize, field: &Field) -> Option<(usize, PlainFault)> {
        let opens_badly = table::opens_badly(bytes, from, true);
        if field.bit == 0 || field.form == Form::Filler || opens_badly {
            return None;
        }
        let (mut end, mut chars, _) = self.tables.sound(bytes, from, field.bit, true);
        let mut character = None;
        let fault = |byte: &u8| self.tables.fault(*byte, field.bit);
        if let Some(check) = bytes.get(end).and_then(fault) {
            character = Some((check, end));
            let more;
            (end, more, _) = self.tables.sound(bytes, end + 1, field.bit, true);
            chars += more + 1;
        }
        let length = if field.in_bytes { end - from } else { chars };
        let too_long = field.long_is_told && length > field.most as usize;
        let fault = PlainFault {
            character,
            too_long,
        };
        (character.is_some() || too_long).then_some((end, fault))
    }
}
