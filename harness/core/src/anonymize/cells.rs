//! Where values stand in a file, by the layout; tolerant, since files with faults are made anonymous, too. What cannot be
//! told apart counts as a value that no field names, and is replaced.

use std::ops::Range;

use super::Wish;
use super::doubt::settled;
use crate::encoding::{What, units};
use crate::scan::holds;
use crate::spec::layout::{Field, FileSettings, Form, Header, Kind, Layout, Place, WidthUnit};

/// A value of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Bytes of the file, padding and quotes included.
    pub(super) at: Range<usize>,
    /// Kind and field; `None` where the record does not follow the layout.
    pub(super) field: Option<(usize, usize)>,
    /// Values of the record need not belong to the fields that they stand in.
    pub(super) doubtful: bool,
}

impl Cell {
    pub(super) fn unnamed(at: Range<usize>) -> Self {
        Self {
            at,
            field: None,
            doubtful: true,
        }
    }

    fn named(at: Range<usize>, kind: usize, field: usize) -> Self {
        Self {
            at,
            field: Some((kind, field)),
            doubtful: false,
        }
    }
}

/// The values of a file and the number of its records.
pub(super) fn cells(wish: &Wish<'_>, bytes: &[u8]) -> (Vec<Cell>, u64) {
    match wish.layout.form {
        Form::Delimited => delimited(wish, bytes),
        Form::Fixed { record_length } => fixed(wish, bytes, record_length as usize),
    }
}

fn delimited(wish: &Wish<'_>, bytes: &[u8]) -> (Vec<Cell>, u64) {
    let (layout, settings) = (wish.layout, wish.settings);
    let mut rows: Vec<Vec<Range<usize>>> = Vec::new();
    let mut row: Vec<Range<usize>> = Vec::new();
    let (mut start, mut quoted, mut fresh) = (0, false, true);
    let delimiter = char::from(settings.delimiter);
    for unit in units(bytes, settings.encoding, settings.dialect) {
        let c = match unit.what {
            What::Char(c) => Some(c),
            _ => None,
        };
        let at = unit.bytes;
        // A quote in the middle of an unquoted value is part of it, as the engine reads it.
        match c {
            Some('"') if quoted || fresh => {
                quoted = !quoted;
                fresh = false;
            }
            Some(c) if c == delimiter && !quoted => {
                row.push(start..at.start);
                start = at.end;
                fresh = true;
            }
            Some('\r' | '\n') if !quoted || !settings.newline_in_field => {
                row.push(start..at.start);
                rows.push(std::mem::take(&mut row));
                start = at.end;
                (quoted, fresh) = (false, true);
            }
            Some('\u{FEFF}') if at.start == 0 => start = at.end,
            _ => fresh = false,
        }
    }
    row.push(start..bytes.len());
    rows.push(row);
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    let skip = usize::from(settings.header != Header::None);
    let mut found = Vec::new();
    let mut records = 0;
    for row in rows.into_iter().skip(skip) {
        records += 1;
        match kind_of_row(layout, bytes, &row) {
            Some(kind) => {
                let cells = (0..).zip(row).map(|(f, at)| Cell::named(at, kind, f));
                found.extend(settled(wish, bytes, &(0..0), cells.collect()));
            }
            None => {
                let mut marks = Vec::new();
                for (field, at) in row.iter().enumerate() {
                    marks.extend(mark_in_cell(layout, bytes, field, at));
                }
                let cells = row.into_iter();
                found.extend(cells.flat_map(|at| without(at, &marks)).map(Cell::unnamed));
            }
        }
    }
    (found, records)
}

/// The mark of the kind of a record in a cell of a row whose fields are not known: kinds are nobody's, and whether one is
/// known stays what it is.
fn mark_in_cell(
    layout: &Layout,
    bytes: &[u8],
    field: usize,
    at: &Range<usize>,
) -> Option<Range<usize>> {
    let known = layout.kinds.iter().filter_map(|k| k.discriminator.as_ref());
    let mut found = known.filter_map(|known| match known.place {
        Place::Field(of) if of == field && at.len() <= known.value.len() + 2 => Some(at.clone()),
        Place::Byte(of) if field == 0 => {
            let start = at.start + of;
            Some(start..(start + known.value.len()).min(at.end))
        }
        _ => None,
    });
    let mark = found.next()?;
    bytes.get(mark.clone()).filter(|mark| mark.is_ascii())?;
    Some(mark)
}

/// The same in a line of a fixed file; offsets in the line.
fn marks_in_line<'a>(
    layout: &'a Layout,
    text: &'a [u8],
    at: &'a dyn Fn(usize) -> usize,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let kinds = layout.kinds.iter();
    kinds.filter_map(move |kind| {
        let known = kind.discriminator.as_ref()?;
        let start = at(match known.place {
            Place::Byte(place) => place,
            Place::Field(field) => kind.fields.get(field)?.start,
        });
        let end = start + known.value.len();
        let mark = text.get(start..end)?;
        mark.iter().all(u8::is_ascii_digit).then_some(start..end)
    })
}

/// A range without others.
fn without(range: Range<usize>, others: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut left = vec![range];
    for other in others {
        left = left
            .into_iter()
            .flat_map(|part| {
                let before = part.start..part.end.min(other.start).max(part.start);
                let after = part.start.max(other.end).min(part.end)..part.end;
                [before, after]
            })
            .filter(|part| !part.is_empty())
            .collect();
    }
    left
}

/// The kind of a row, if it has as many fields as that kind.
fn kind_of_row(layout: &Layout, bytes: &[u8], row: &[Range<usize>]) -> Option<usize> {
    let text = |at: usize| {
        let cell = row.get(at).and_then(|at| bytes.get(at.clone()));
        cell.unwrap_or_default()
            .strip_prefix(b"\"")
            .and_then(|rest| rest.strip_suffix(b"\""))
            .or(cell)
            .unwrap_or_default()
    };
    let is = |kind: &Kind| match &kind.discriminator {
        None => true,
        Some(known) => match known.place {
            Place::Field(at) => text(at) == known.value.as_bytes(),
            Place::Byte(at) => text(0)
                .get(at..)
                .is_some_and(|rest| rest.starts_with(known.value.as_bytes())),
        },
    };
    let kind = layout.kinds.iter().position(is)?;
    let fields = layout.kinds.get(kind)?.fields.len();
    (fields == row.len()).then_some(kind)
}

fn fixed(wish: &Wish<'_>, bytes: &[u8], length: usize) -> (Vec<Cell>, u64) {
    let (layout, settings) = (wish.layout, wish.settings);
    let mut found = Vec::new();
    let mut records = 0;
    for line in lines(layout, settings, bytes, length) {
        records += 1;
        let text = bytes.get(line.clone()).unwrap_or_default();
        let places = places(layout, settings, text);
        // Bytes of the line that stand at a place in the layout's unit; a place beyond the end is the end.
        let at = |place: usize| match &places {
            Some(places) => places.get(place).copied().unwrap_or(text.len()),
            None => place.min(text.len()),
        };
        let whole = at(length) == text.len()
            && (places.is_none() || at(length - length.min(1)) < text.len());
        let kind = kind_of_line(layout, text, &at).filter(|_| whole && !text.is_empty());
        let Some((kind, known)) = kind.and_then(|k| Some((k, layout.kinds.get(k)?))) else {
            let marks = marks_in_line(layout, text, &at);
            let marks: Vec<_> = marks
                .map(|mark| line.start + mark.start..line.start + mark.end)
                .collect();
            found.extend(without(line, &marks).into_iter().map(Cell::unnamed));
            continue;
        };
        let named = |(index, field): (usize, &Field)| {
            let (start, end) = (at(field.start), at(field.start + field.width));
            Cell::named(line.start + start..line.start + end, kind, index)
        };
        // Fields that stand on the same bytes under conditions: only the one that is there.
        let value = |index: usize| {
            let field = known.fields.get(index);
            let bytes = field.and_then(|f| text.get(at(f.start)..at(f.start + f.width)));
            bytes.unwrap_or_default().trim_ascii()
        };
        let there = |(_, field): &(usize, &Field)| {
            let when = field.when.as_ref();
            when.is_none_or(|when| holds(when, settings, &value))
        };
        let cells = known.fields.iter().enumerate().filter(there).map(named);
        found.extend(settled(wish, bytes, &line, cells.collect()));
    }
    (found, records)
}

/// Records of a fixed file without their newlines.
fn lines(
    layout: &Layout,
    settings: &FileSettings,
    bytes: &[u8],
    length: usize,
) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let by_newline = bytes.iter().any(|b| matches!(b, b'\r' | b'\n'));
    if !by_newline && layout.width_unit == WidthUnit::Bytes {
        while start < bytes.len() {
            let end = (start + length.max(1)).min(bytes.len());
            lines.push(start..end);
            start = end;
        }
        // The mark at the end of the file is no record.
        lines.retain(|line| bytes.get(line.clone()) != Some(&[0x1A][..]));
        return lines;
    }
    for unit in units(bytes, settings.encoding, settings.dialect) {
        match unit.what {
            What::Char('\r' | '\n' | '\u{1A}') => {
                lines.push(start..unit.bytes.start);
                start = unit.bytes.end;
            }
            What::Char('\u{FEFF}') if unit.bytes.start == 0 => start = unit.bytes.end,
            _ => {}
        }
    }
    lines.push(start..bytes.len());
    lines.retain(|line| !line.is_empty());
    lines
}

/// Where each character of a line starts, for layouts that count in characters.
fn places(layout: &Layout, settings: &FileSettings, text: &[u8]) -> Option<Vec<usize>> {
    if layout.width_unit == WidthUnit::Bytes {
        return None;
    }
    let found = units(text, settings.encoding, settings.dialect);
    Some(found.map(|unit| unit.bytes.start).collect())
}

fn kind_of_line(layout: &Layout, text: &[u8], at: &dyn Fn(usize) -> usize) -> Option<usize> {
    let is = |kind: &Kind| match &kind.discriminator {
        None => true,
        Some(known) => {
            let place = match known.place {
                Place::Byte(place) => place,
                Place::Field(field) => match kind.fields.get(field) {
                    Some(field) => field.start,
                    None => return false,
                },
            };
            text.get(at(place)..)
                .is_some_and(|rest| rest.starts_with(known.value.as_bytes()))
        }
    };
    layout.kinds.iter().position(is)
}
