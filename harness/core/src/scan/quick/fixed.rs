//! Proves fixed-width records.

use super::{Field, Form, Quick, Seen, Sound, Span, table, value};
use crate::scan::ending::Ending;
use crate::spec::layout::Newline;

impl Quick {
    /// Proves the fixed record at `start`; `fields` get its values, as the slow path would see them.
    #[inline]
    pub(in crate::scan) fn fixed(
        &self,
        bytes: &[u8],
        start: usize,
        fields: &mut Seen,
    ) -> Option<Sound> {
        fields.doubts.clear();
        let end = start + self.length;
        let record = bytes.get(start..end)?;
        let (next, ending) = match self.newline {
            Newline::None => (end, Ending::Nothing),
            Newline::Crlf | Newline::Any if bytes.get(end..end + 2)? == b"\r\n" => {
                (end + 2, Ending::Crlf)
            }
            Newline::Lf | Newline::Any if *bytes.get(end)? == b'\n' => (end + 1, Ending::Lf),
            Newline::Cr if *bytes.get(end)? == b'\r' && *bytes.get(end + 1)? != b'\n' => {
                (end + 1, Ending::Cr)
            }
            _ => return None,
        };
        // Most layouts have one kind without a mark; comparing nothing with nothing is not free.
        let kind = self.kinds.iter().position(|kind| {
            kind.mark.is_empty()
                || record
                    .get(kind.start..)
                    .is_some_and(|rest| rest.starts_with(&kind.mark))
        })?;
        let mut seen = 0;
        for (index, field) in self.kinds.get(kind)?.fields.iter().enumerate() {
            let raw = record.get(field.start..field.start + field.width)?;
            let length = self.fixed_value(raw, field, &mut seen)?;
            let at = start + field.start;
            if let Some(span) = fields.spans.get_mut(index) {
                *span = Span::new(at, at + length);
            }
        }
        Some(Sound {
            kind,
            end,
            next,
            ending,
            quoted: 0,
            doubles: table::has_doubles(seen),
        })
    }

    /// Length of the value in a field that is sound.
    #[inline]
    fn fixed_value(&self, raw: &[u8], field: &Field, seen: &mut u8) -> Option<usize> {
        let length = match field.form {
            Form::Text | Form::FullText => {
                let wide = field.form == Form::FullText;
                let value = if field.right_space {
                    trim(raw, wide)
                } else {
                    raw
                };
                if value.is_empty() || (!field.right_space && value.first() == Some(&b' ')) {
                    return (!field.required && value.is_empty()).then_some(0);
                }
                // A value that begins with a space is not left-aligned.
                if value.first() == Some(&b' ')
                    || value.starts_with(b"\x81\x40")
                    || value.starts_with(b"\xE3\x80\x80")
                {
                    return None;
                }
                self.tables.whole(value, field.bit, seen)?;
                value.len()
            }
            Form::Digits => all_digits(raw).then_some(raw.len())?,
            Form::Date => value::date(raw).then_some(raw.len())?,
            Form::Time => value::time(raw).then_some(raw.len())?,
            Form::Short => raw.len(),
            Form::Filler => return raw.is_ascii().then_some(raw.len()),
            Form::Slow => return None,
        };
        let sound = field.values.is_none() || field.values.accept(field.kind, raw.get(..length)?);
        sound.then_some(length)
    }
}

/// The same without leaving early, which is quicker for what nearly always holds.
#[inline]
fn all_digits(raw: &[u8]) -> bool {
    let worst = raw
        .iter()
        .fold(0, |worst: u8, byte| worst.max(byte.wrapping_sub(b'0')));
    worst <= 9
}

/// Spaces at a time when padding is cut off: two registers, so that most paddings take a step or two.
const STRIDE: usize = 32;
const SPACES: [u8; STRIDE] = [b' '; STRIDE];
const WIDE_SPACES: [u8; STRIDE] = {
    let (mut spaces, mut at) = ([0x81; STRIDE], 1);
    while at < STRIDE {
        spaces[at] = 0x40;
        at += 2;
    }
    spaces
};

/// Without the spaces at its end; in full-width fields also without those of two bytes.
#[inline]
fn trim(mut value: &[u8], wide: bool) -> &[u8] {
    while let Some((rest, tail)) = value.split_last_chunk::<STRIDE>() {
        if *tail != SPACES && !(wide && *tail == WIDE_SPACES) {
            break;
        }
        value = rest;
    }
    // Counted without a branch for each space: how many there are cannot be foreseen.
    while let Some((_, tail)) = value.split_last_chunk::<8>() {
        let word = u64::from_le_bytes(*tail);
        let narrow = (word ^ u64::from_le_bytes([b' '; 8])).leading_zeros() as usize / 8;
        let doubles = if wide {
            (word ^ WIDE_WORD).leading_zeros() as usize / 16
        } else {
            0
        };
        value = &value[..value.len() - narrow - 2 * doubles];
        if narrow + 2 * doubles < 8 {
            break;
        }
    }
    loop {
        value = match value {
            [rest @ .., b' '] => rest,
            [rest @ .., 0x81, 0x40] if wide => rest,
            _ => return value,
        };
    }
}

/// Four full-width spaces, the last in the highest bytes.
const WIDE_WORD: u64 = u64::from_le_bytes([0x81, 0x40, 0x81, 0x40, 0x81, 0x40, 0x81, 0x40]);
