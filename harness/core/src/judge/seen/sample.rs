//! The beginning of a file as fields, read apart from the check so that the check stays as fast as it is.

use crate::encoding::{What, units};
use crate::spec::layout::{Discriminator, Field, FileSettings, Form, Kind, Layout, Place};

/// Bytes from the start of the file that are looked at. What stands only further on is not seen here; the rules of the
/// engine look at every byte.
pub(super) const BOUND: u64 = 256 * 1024;

/// One field of a record of the sample.
pub(super) struct Cell<'l> {
    /// 1-based record, a header row excluded.
    pub(super) record: u64,
    /// Index of the kind in the layout.
    pub(super) kind: usize,
    /// Index of the field in the kind.
    pub(super) at: usize,
    /// The field.
    pub(super) field: &'l Field,
    /// Its text; bytes that are no character are U+FFFD.
    pub(super) text: String,
    /// It stood in quotes.
    pub(super) quoted: bool,
}

/// A field as it was cut out.
struct Raw {
    text: String,
    quoted: bool,
}

/// The fields of the records that stand whole in `bytes`; records of another shape than the layout's are left out.
/// `skip`: rows in front of the first record.
pub(super) fn cells<'l>(
    bytes: &[u8],
    whole: bool,
    layout: &'l Layout,
    settings: &FileSettings,
    skip: usize,
) -> Vec<Cell<'l>> {
    let records = match layout.form {
        Form::Delimited => delimited(&text(bytes, settings), whole, settings),
        Form::Fixed { record_length } => fixed(bytes, record_length as usize, layout, settings),
    };
    let mut cells = Vec::new();
    for (record, row) in (1u64..).zip(records.into_iter().skip(skip)) {
        let Some((index, kind)) = kind_of(layout, &row) else {
            continue;
        };
        for (at, (field, raw)) in kind.fields.iter().zip(row.fields).enumerate() {
            cells.push(Cell {
                record,
                kind: index,
                at,
                field,
                text: raw.text,
                quoted: raw.quoted,
            });
        }
    }
    cells
}

/// A record as it was cut; the kind is known already where it decides how to cut.
struct Row {
    kind: Option<usize>,
    fields: Vec<Raw>,
}

fn kind_of<'l>(layout: &'l Layout, row: &Row) -> Option<(usize, &'l Kind)> {
    let is = |kind: &Kind| match &kind.discriminator {
        None => true,
        Some(Discriminator {
            place: Place::Field(at),
            value,
        }) => row.fields.get(*at).is_some_and(|f| f.text == *value),
        Some(_) => false,
    };
    let index = match row.kind {
        Some(index) => index,
        None => layout.kinds.iter().position(is)?,
    };
    let kind = layout.kinds.get(index)?;
    (kind.fields.len() == row.fields.len()).then_some((index, kind))
}

fn text(bytes: &[u8], settings: &FileSettings) -> String {
    let mut text = String::with_capacity(bytes.len());
    for unit in units(bytes, settings.encoding, settings.dialect) {
        match unit.what {
            What::Char(c) => text.push(c),
            What::Pair(a, b) => text.extend([a, b]),
            What::Fault(_) => text.push('\u{FFFD}'),
        }
    }
    text
}

fn delimited(text: &str, whole: bool, settings: &FileSettings) -> Vec<Row> {
    let delimiter = char::from(settings.delimiter);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut rows = Vec::new();
    let mut fields = Vec::new();
    let mut field = Raw {
        text: String::new(),
        quoted: false,
    };
    let mut inside = false;
    let mut chars = text.chars().peekable();
    let fresh = || Raw {
        text: String::new(),
        quoted: false,
    };
    while let Some(c) = chars.next() {
        match c {
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                field.text.push('"');
            }
            '"' if inside => inside = false,
            '"' if field.text.is_empty() && !field.quoted => {
                inside = true;
                field.quoted = true;
            }
            c if c == delimiter && !inside => fields.push(std::mem::replace(&mut field, fresh())),
            '\r' | '\n' if !inside => {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    chars.next();
                }
                fields.push(std::mem::replace(&mut field, fresh()));
                let fields = std::mem::take(&mut fields);
                rows.push(Row { kind: None, fields });
            }
            '\u{1A}' if chars.peek().is_none() => {}
            c => field.text.push(c),
        }
    }
    // What follows the last newline is a record only where the file ends.
    if whole && !inside && (!fields.is_empty() || !field.text.is_empty() || field.quoted) {
        fields.push(field);
        rows.push(Row { kind: None, fields });
    }
    rows
}

fn fixed(bytes: &[u8], length: usize, layout: &Layout, settings: &FileSettings) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut rest = bytes;
    while let Some((record, after)) = rest.split_at_checked(length.max(1)) {
        rest = after;
        for end in [b'\r', b'\n'] {
            rest = rest.strip_prefix(&[end]).unwrap_or(rest);
        }
        let is = |kind: &Kind| match &kind.discriminator {
            None => true,
            Some(Discriminator {
                place: Place::Byte(at),
                value,
            }) => record
                .get(*at..)
                .is_some_and(|b| b.starts_with(value.as_bytes())),
            Some(_) => false,
        };
        let Some(index) = layout.kinds.iter().position(is) else {
            continue;
        };
        let fields = layout.kinds.get(index).map_or(&[][..], |k| &k.fields);
        let cut = |field: &Field| record.get(field.start..field.start.checked_add(field.width)?);
        let fields = fields.iter().map(|field| Raw {
            text: text(cut(field).unwrap_or_default(), settings),
            quoted: false,
        });
        rows.push(Row {
            kind: Some(index),
            fields: fields.collect(),
        });
    }
    rows
}
