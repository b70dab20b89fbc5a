//! Values to bytes and bytes to values, by the layout and its settings alone.

use super::{Record, condition};
use crate::encoding::{Target, decode, encode, is_half_width};
use crate::model::Bilingual;
use crate::spec::layout::{
    Empty, Field, FieldType, FileSettings, Form, Header, Kind, Layout, Newline, Pad, Place,
    Presence, Quoting,
};

/// Writes a file.
///
/// # Errors
/// The first value that encoding or width cannot hold.
pub fn write(
    layout: &Layout,
    settings: &FileSettings,
    records: &[Record],
) -> Result<Vec<u8>, Bilingual> {
    Ok(join(settings, &lines(layout, settings, records)?))
}

/// The lines of a file without their newlines, the header row first where there is one.
pub(super) fn lines(
    layout: &Layout,
    settings: &FileSettings,
    records: &[Record],
) -> Result<Vec<Vec<u8>>, Bilingual> {
    let mut lines = Vec::with_capacity(records.len() + 1);
    if layout.form == Form::Delimited && settings.header != Header::None {
        let kind = layout.kinds.first();
        let names = kind.map_or(Vec::new(), |k| {
            k.fields.iter().map(|f| heading(f, settings)).collect()
        });
        lines.push(row(&names, settings)?);
    }
    for record in records {
        lines.push(line(layout, settings, record)?);
    }
    Ok(lines)
}

/// The bytes of one record, without its newline.
pub(super) fn line(
    layout: &Layout,
    settings: &FileSettings,
    record: &Record,
) -> Result<Vec<u8>, Bilingual> {
    let Some(kind) = layout.kinds.get(record.kind) else {
        return Ok(Vec::new());
    };
    match layout.form {
        Form::Delimited => row(&record.values, settings),
        Form::Fixed { record_length } => fixed(kind, record_length as usize, settings, record),
    }
}

/// Puts lines together: BOM, newlines, end mark.
pub(super) fn join(settings: &FileSettings, lines: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    if settings.bom == Presence::Require {
        out.extend(encode("\u{FEFF}", target(settings)).unwrap_or_default());
    }
    let newline = newline(settings);
    for (at, line) in lines.iter().enumerate() {
        out.extend_from_slice(line);
        if at + 1 < lines.len() || settings.final_newline != Presence::Forbid {
            out.extend_from_slice(newline);
        }
    }
    if settings.eof_mark == Presence::Require {
        out.push(0x1A);
    }
    out
}

fn target(settings: &FileSettings) -> Target {
    Target::new(settings.encoding).dialect(settings.dialect)
}

fn newline(settings: &FileSettings) -> &'static [u8] {
    match settings.newline {
        Newline::Crlf | Newline::Any => b"\r\n",
        Newline::Lf => b"\n",
        Newline::Cr => b"\r",
        Newline::None => b"",
    }
}

fn heading(field: &Field, settings: &FileSettings) -> String {
    match settings.header {
        Header::Names | Header::None => field.name.clone(),
        Header::Roman => field.roman.clone(),
        Header::Ids => field.item_id.clone(),
    }
}

fn encoded(text: &str, settings: &FileSettings) -> Result<Vec<u8>, Bilingual> {
    encode(text, target(settings)).map_err(|fault| {
        let encoding = settings.encoding.name();
        Bilingual::new(
            format!("文字「{}」は {encoding} で書けません", fault.what),
            format!("`{}` cannot be written in {encoding}", fault.what),
        )
    })
}

fn row(values: &[String], settings: &FileSettings) -> Result<Vec<u8>, Bilingual> {
    let mut out = Vec::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push(settings.delimiter);
        }
        let text = if is_quoted(value, settings) {
            format!("\"{}\"", value.replace('"', "\"\""))
        } else {
            value.clone()
        };
        out.extend(encoded(&text, settings)?);
    }
    Ok(out)
}

fn is_quoted(value: &str, settings: &FileSettings) -> bool {
    if value.is_empty() {
        return settings.empty == Empty::Quoted;
    }
    let delimiter = char::from(settings.delimiter);
    let needed = value.contains([delimiter, '"', '\r', '\n']);
    match settings.quoting {
        Quoting::Always => true,
        Quoting::Never => false,
        Quoting::Any | Quoting::Minimal => needed,
        Quoting::Kokuho => {
            needed
                || value.contains([',', ' '])
                || value.chars().any(|c| !c.is_ascii() && !is_half_width(c))
        }
    }
}

fn fixed(
    kind: &Kind,
    length: usize,
    settings: &FileSettings,
    record: &Record,
) -> Result<Vec<u8>, Bilingual> {
    let mut out = vec![b' '; length];
    for (field, value) in kind.fields.iter().zip(&record.values) {
        if !is_there(field, &record.values) {
            continue; // another field has the place
        }
        let bytes = padded(field, &encoded(value, settings)?);
        let room = out.get_mut(field.start..field.start + field.width);
        match room.filter(|room| room.len() == bytes.len()) {
            Some(room) => room.copy_from_slice(&bytes),
            None => {
                let (name, width) = (&field.roman, field.width);
                return Err(Bilingual::new(
                    format!("項目 {name} の値が{width}バイトに収まりません"),
                    format!("the value of {name} does not fit into {width} bytes"),
                ));
            }
        }
    }
    if let Some(known) = &kind.discriminator
        && let Place::Byte(at) = known.place
    {
        let value = encoded(&known.value, settings)?;
        if let Some(room) = out.get_mut(at..at + value.len()) {
            room.copy_from_slice(&value);
        }
    }
    Ok(out)
}

/// True when the field is in the record at all: of alternatives, one has the place.
pub(super) fn is_there(field: &Field, values: &[String]) -> bool {
    field
        .when
        .as_ref()
        .is_none_or(|when| condition::holds(when, values))
}

/// A zoned decimal fills its width with zeros, whatever the table says of padding: its last byte holds the sign.
pub(super) fn pad(field: &Field) -> Pad {
    match field.kind {
        FieldType::Zoned => Pad::LeftZero,
        _ => field.pad,
    }
}

fn padded(field: &Field, value: &[u8]) -> Vec<u8> {
    let missing = field.width.saturating_sub(value.len());
    let mut out = value.to_vec();
    match pad(field) {
        Pad::LeftZero if !value.is_empty() => {
            out.splice(0..0, std::iter::repeat_n(b'0', missing));
        }
        _ => out.extend(std::iter::repeat_n(b' ', missing)),
    }
    out
}

/// Reads a file that [`write`] could have written; what padding, quoting and newlines stood for is gone from the values.
///
/// # Errors
/// What cannot be read as the layout says: this is no check, it stops at the first.
pub fn read(
    layout: &Layout,
    settings: &FileSettings,
    bytes: &[u8],
) -> Result<Vec<Record>, Bilingual> {
    let bom = encode("\u{FEFF}", target(settings)).unwrap_or_default();
    let start = if bom.is_empty() || !bytes.starts_with(&bom) {
        0
    } else {
        bom.len()
    };
    let bytes = bytes.get(start..).unwrap_or_default();
    let bytes = bytes.strip_suffix(&[0x1A]).unwrap_or(bytes);
    match layout.form {
        Form::Delimited => rows(layout, settings, bytes),
        Form::Fixed { record_length } => {
            let step = record_length as usize + newline(settings).len();
            let mut records = Vec::new();
            for chunk in bytes.chunks(step.max(1)) {
                let line = chunk.get(..record_length as usize).ok_or_else(|| {
                    Bilingual::new("最後のレコードが短すぎます", "the last record is too short")
                })?;
                records.push(fixed_values(layout, settings, line)?);
            }
            Ok(records)
        }
    }
}

fn decoded(bytes: &[u8], settings: &FileSettings) -> Result<String, Bilingual> {
    decode(bytes, settings.encoding, settings.dialect).map_err(|unit| {
        let (encoding, at) = (settings.encoding.name(), unit.bytes.start);
        Bilingual::new(
            format!("{encoding} として読めないバイトがあります（位置 {at}）"),
            format!("a byte at {at} is not {encoding}"),
        )
    })
}

fn rows(layout: &Layout, settings: &FileSettings, bytes: &[u8]) -> Result<Vec<Record>, Bilingual> {
    let text = decoded(bytes, settings)?;
    let mut cells: Vec<Vec<String>> = vec![vec![String::new()]];
    let (mut quoted, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        let cell = cells.last_mut().and_then(|row| row.last_mut());
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => {
                cell.into_iter().for_each(|cell| cell.push('"'))
            }
            '"' => quoted = !quoted,
            c if !quoted && c == char::from(settings.delimiter) => {
                cells
                    .last_mut()
                    .into_iter()
                    .for_each(|row| row.push(String::new()));
            }
            '\r' | '\n' if !quoted => {
                if c == '\r' {
                    let _ = chars.next_if_eq(&'\n');
                }
                cells.push(vec![String::new()]);
            }
            c => cell.into_iter().for_each(|cell| cell.push(c)),
        }
    }
    if cells
        .last()
        .is_some_and(|row| row.len() == 1 && row.iter().all(String::is_empty))
    {
        cells.pop();
    }
    let skip = usize::from(settings.header != Header::None);
    cells
        .into_iter()
        .skip(skip)
        .map(|values| {
            let of = |kind: &Kind| match &kind.discriminator {
                None => true,
                Some(known) => match known.place {
                    Place::Field(at) => values.get(at) == Some(&known.value),
                    Place::Byte(_) => values.first().is_some_and(|v| v.starts_with(&known.value)),
                },
            };
            let kind = layout.kinds.iter().position(of).ok_or_else(unknown)?;
            Ok(Record { kind, values })
        })
        .collect()
}

fn unknown() -> Bilingual {
    Bilingual::new(
        "種別の分からないレコードがあります",
        "a record is of no known kind",
    )
}

fn fixed_values(
    layout: &Layout,
    settings: &FileSettings,
    line: &[u8],
) -> Result<Record, Bilingual> {
    let cell = |field: &Field| {
        line.get(field.start..field.start + field.width)
            .unwrap_or_default()
    };
    let of = |kind: &Kind| match &kind.discriminator {
        None => true,
        Some(known) => match known.place {
            Place::Byte(at) => line
                .get(at..)
                .is_some_and(|rest| rest.starts_with(known.value.as_bytes())),
            Place::Field(at) => kind
                .fields
                .get(at)
                .is_some_and(|f| cell(f).trim_ascii_end() == known.value.as_bytes()),
        },
    };
    let kind = layout.kinds.iter().position(of).ok_or_else(unknown)?;
    let fields = layout.kinds.get(kind).map_or(&[][..], |k| &k.fields);
    let value = |field: &Field| -> Result<String, Bilingual> {
        let raw = cell(field);
        if field.kind == FieldType::Dummy || raw.iter().all(|b| *b == b' ') {
            return Ok(String::new());
        }
        let text = decoded(raw, settings)?;
        Ok(match pad(field) {
            Pad::LeftZero => match text.trim_start_matches('0') {
                "" => "0".to_owned(),
                rest => rest.to_owned(),
            },
            Pad::RightSpace => text.trim_end_matches(' ').to_owned(),
            Pad::None => text,
        })
    };
    // The fields that tell which alternative stands here come first; the place of the others may hold anything.
    let always = |field: &Field| match field.when {
        None => value(field),
        Some(_) => Ok(String::new()),
    };
    let mut values: Vec<String> = fields.iter().map(always).collect::<Result<_, _>>()?;
    for (at, field) in fields.iter().enumerate().filter(|(_, f)| f.when.is_some()) {
        if is_there(field, &values)
            && let Some(slot) = values.get_mut(at)
        {
            *slot = value(field)?;
        }
    }
    Ok(Record { kind, values })
}
