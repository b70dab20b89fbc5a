//! Where values stand in a file, by the layout; tolerant, since files with faults are made anonymous, too. What cannot be
//! told apart counts as a value that no field names, and is replaced.

use std::ops::Range;

use crate::encoding::{What, units};
use crate::spec::layout::{FileSettings, Form, Header, Kind, Layout, Place, WidthUnit};

/// A value of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Bytes of the file, padding and quotes included.
    pub(super) at: Range<usize>,
    /// Kind and field; `None` where the record does not follow the layout.
    pub(super) field: Option<(usize, usize)>,
}

/// The values of a file and the number of its records.
pub(super) fn cells(layout: &Layout, settings: &FileSettings, bytes: &[u8]) -> (Vec<Cell>, u64) {
    match layout.form {
        Form::Delimited => delimited(layout, settings, bytes),
        Form::Fixed { record_length } => fixed(layout, settings, bytes, record_length as usize),
    }
}

fn delimited(layout: &Layout, settings: &FileSettings, bytes: &[u8]) -> (Vec<Cell>, u64) {
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
        let kind = kind_of_row(layout, bytes, &row);
        for (field, at) in row.into_iter().enumerate() {
            let field = kind.map(|kind| (kind, field));
            found.push(Cell { at, field });
        }
    }
    (found, records)
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

fn fixed(
    layout: &Layout,
    settings: &FileSettings,
    bytes: &[u8],
    length: usize,
) -> (Vec<Cell>, u64) {
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
            found.push(Cell {
                at: line,
                field: None,
            });
            continue;
        };
        for (index, field) in known.fields.iter().enumerate() {
            let (start, end) = (at(field.start), at(field.start + field.width));
            found.push(Cell {
                at: line.start + start..line.start + end,
                field: Some((kind, index)),
            });
        }
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
