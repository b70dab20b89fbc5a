//! Values to bytes.

use super::{Places, encoded, is_there, mark, newline, pad};
use crate::encoding::is_half_width;
use crate::generate::Record;
use crate::model::Bilingual;
use crate::spec::layout::{
    Empty, Field, FileSettings, Form, Header, Kind, Layout, Pad, Place, Presence, Quoting,
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
pub(in crate::generate) fn lines(
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
pub(in crate::generate) fn line(
    layout: &Layout,
    settings: &FileSettings,
    record: &Record,
) -> Result<Vec<u8>, Bilingual> {
    let Some(kind) = layout.kinds.get(record.kind) else {
        return Ok(Vec::new());
    };
    match layout.form {
        Form::Delimited => row(&record.values, settings),
        Form::Fixed { record_length } => {
            let places = Places::of(layout, settings);
            fixed(kind, record_length as usize, (places, settings), record)
        }
    }
}

/// Puts lines together: BOM, newlines, end mark.
pub(in crate::generate) fn join(settings: &FileSettings, lines: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    if settings.bom == Presence::Require {
        out.extend(mark("\u{FEFF}", settings));
    }
    let newline = newline(settings);
    for (at, line) in lines.iter().enumerate() {
        out.extend_from_slice(line);
        if at + 1 < lines.len() || settings.final_newline != Presence::Forbid {
            out.extend_from_slice(&newline);
        }
    }
    if settings.eof_mark == Presence::Require {
        out.extend(mark("\u{1A}", settings));
    }
    out
}

fn heading(field: &Field, settings: &FileSettings) -> String {
    match settings.header {
        Header::Names | Header::None => field.name.clone(),
        Header::Roman => field.roman.clone(),
        Header::Ids => field.item_id.clone(),
    }
}

/// A row is encoded as a whole: delimiters are code units of the encoding, and shifts end with the line.
fn row(values: &[String], settings: &FileSettings) -> Result<Vec<u8>, Bilingual> {
    let cell = |value: &String| {
        if is_quoted(value, settings) {
            format!("\"{}\"", value.replace('"', "\"\""))
        } else {
            value.clone()
        }
    };
    let cells: Vec<String> = values.iter().map(cell).collect();
    encoded(
        &cells.join(&char::from(settings.delimiter).to_string()),
        settings,
    )
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
    (places, settings): (Places, &FileSettings),
    record: &Record,
) -> Result<Vec<u8>, Bilingual> {
    let mut out = places.filled(' ', length, settings);
    for (field, value) in kind.fields.iter().zip(&record.values) {
        if !is_there(field, &record.values) {
            continue; // another field has the place
        }
        let cut = places.cut(&encoded(value, settings)?, settings);
        let cells = padded(field, cut, (places, settings));
        let room = out.get_mut(field.start..field.start + field.width);
        match room.filter(|room| room.len() == cells.len()) {
            Some(room) => room.clone_from_slice(&cells),
            None => {
                let (name, width) = (&field.roman, field.width);
                return Err(Bilingual::new(
                    format!("項目 {name} の値が幅{width}に収まりません"),
                    format!("the value of {name} does not fit into its width of {width}"),
                ));
            }
        }
    }
    if let Some(known) = &kind.discriminator
        && let Place::Byte(at) = known.place
    {
        let value = places.cut(&encoded(&known.value, settings)?, settings);
        if let Some(room) = out.get_mut(at..at + value.len()) {
            room.clone_from_slice(&value);
        }
    }
    Ok(out.concat())
}

fn padded(
    field: &Field,
    value: Vec<Vec<u8>>,
    (places, settings): (Places, &FileSettings),
) -> Vec<Vec<u8>> {
    let missing = field.width.saturating_sub(value.len());
    match pad(field) {
        Pad::LeftZero if !value.is_empty() => {
            let mut out = places.filled('0', missing, settings);
            out.extend(value);
            out
        }
        _ => {
            let mut out = value;
            out.extend(places.filled(' ', missing, settings));
            out
        }
    }
}
