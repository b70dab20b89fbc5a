//! Bytes to values.

use super::{Places, is_there, mark, pad};
use crate::encoding::decode;
use crate::generate::Record;
use crate::model::Bilingual;
use crate::spec::layout::{
    Field, FieldType, FileSettings, Form, Header, Kind, Layout, Newline, Pad, Place, Presence,
};

/// Reads a file that [`super::write`] could have written; what padding, quoting and newlines stood for is gone from the
/// values.
///
/// # Errors
/// What cannot be read as the layout says: this is no check, it stops at the first.
pub fn read(
    layout: &Layout,
    settings: &FileSettings,
    bytes: &[u8],
) -> Result<Vec<Record>, Bilingual> {
    let bom = mark("\u{FEFF}", settings);
    let bytes = match bytes.strip_prefix(bom.as_slice()) {
        Some(rest) if !bom.is_empty() => rest,
        _ => bytes,
    };
    let eof = mark("\u{1A}", settings);
    let bytes = bytes.strip_suffix(eof.as_slice()).unwrap_or(bytes);
    match layout.form {
        Form::Delimited => rows(layout, settings, bytes),
        Form::Fixed { record_length } => {
            let reader = Fixed {
                layout,
                settings,
                places: Places::of(layout, settings),
                length: record_length as usize,
            };
            reader.records(bytes)
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

/// Cells of a delimited file.
fn cells(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    let (mut quoted, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        let Some(row) = rows.last_mut() else { break };
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => push(row, '"'),
            '"' => quoted = !quoted,
            c if !quoted && c == delimiter => row.push(String::new()),
            '\r' | '\n' if !quoted => {
                if c == '\r' {
                    let _ = chars.next_if_eq(&'\n');
                }
                rows.push(vec![String::new()]);
            }
            c => push(row, c),
        }
    }
    rows
}

fn push(row: &mut [String], c: char) {
    if let Some(cell) = row.last_mut() {
        cell.push(c);
    }
}

fn rows(layout: &Layout, settings: &FileSettings, bytes: &[u8]) -> Result<Vec<Record>, Bilingual> {
    let text = decoded(bytes, settings)?;
    let mut rows = cells(&text, char::from(settings.delimiter));
    let is_blank = |row: &Vec<String>| row.len() == 1 && row.iter().all(String::is_empty);
    // What follows the last newline is no record; without a final newline an empty line is one.
    let ended = settings.final_newline != Presence::Forbid || text.is_empty();
    if ended && rows.last().is_some_and(is_blank) {
        rows.pop();
    }
    let skip = usize::from(settings.header != Header::None);
    rows.into_iter()
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

/// A fixed file while it is read.
struct Fixed<'a> {
    layout: &'a Layout,
    settings: &'a FileSettings,
    places: Places,
    length: usize,
}

impl Fixed<'_> {
    fn records(&self, bytes: &[u8]) -> Result<Vec<Record>, Bilingual> {
        let mut rest = bytes;
        let mut records = Vec::new();
        while !rest.is_empty() {
            let end = self.places.reach(rest, self.length.max(1), self.settings);
            let line = end.and_then(|end| rest.get(..end)).ok_or_else(|| {
                Bilingual::new("最後のレコードが短すぎます", "the last record is too short")
            })?;
            records.push(self.record(&self.places.cut(line, self.settings))?);
            rest = rest.get(line.len()..).unwrap_or_default();
            if self.settings.newline != Newline::None && !rest.is_empty() {
                rest = self.behind_newline(rest)?;
            }
        }
        Ok(records)
    }

    /// What follows the newline that stands here.
    fn behind_newline<'b>(&self, rest: &'b [u8]) -> Result<&'b [u8], Bilingual> {
        ["\r\n", "\n", "\r"]
            .into_iter()
            .find_map(|newline| rest.strip_prefix(mark(newline, self.settings).as_slice()))
            .ok_or_else(|| {
                Bilingual::new(
                    "レコードの後に改行がありません",
                    "no newline follows a record",
                )
            })
    }

    fn text(&self, line: &[Vec<u8>], from: usize, width: usize) -> Result<String, Bilingual> {
        let room = line.get(from..from + width).unwrap_or_default();
        decoded(&room.concat(), self.settings)
    }

    fn is_of(&self, kind: &Kind, line: &[Vec<u8>]) -> bool {
        let Some(known) = &kind.discriminator else {
            return true;
        };
        match known.place {
            Place::Byte(at) => {
                let width = known.value.len() * self.places.of_ascii();
                self.text(line, at, width).ok().as_ref() == Some(&known.value)
            }
            Place::Field(at) => kind.fields.get(at).is_some_and(|field| {
                let text = self.text(line, field.start, field.width);
                text.is_ok_and(|text| text.trim_end_matches(' ') == known.value)
            }),
        }
    }

    fn record(&self, line: &[Vec<u8>]) -> Result<Record, Bilingual> {
        let found = self.layout.kinds.iter().position(|k| self.is_of(k, line));
        let kind = found.ok_or_else(unknown)?;
        let fields = self.layout.kinds.get(kind).map_or(&[][..], |k| &k.fields);
        // The fields that tell which alternative stands here come first; the place of the others may hold anything.
        let always = |field: &Field| match field.when {
            None => self.value(field, line),
            Some(_) => Ok(String::new()),
        };
        let mut values: Vec<String> = fields.iter().map(always).collect::<Result<_, _>>()?;
        for (at, field) in fields.iter().enumerate().filter(|(_, f)| f.when.is_some()) {
            if is_there(field, &values)
                && let Some(slot) = values.get_mut(at)
            {
                *slot = self.value(field, line)?;
            }
        }
        Ok(Record { kind, values })
    }

    fn value(&self, field: &Field, line: &[Vec<u8>]) -> Result<String, Bilingual> {
        if field.kind == FieldType::Dummy {
            return Ok(String::new());
        }
        let text = self.text(line, field.start, field.width)?;
        if text.bytes().all(|b| b == b' ') {
            return Ok(String::new());
        }
        Ok(match pad(field) {
            Pad::LeftZero => match text.trim_start_matches('0') {
                "" => "0".to_owned(),
                rest => rest.to_owned(),
            },
            Pad::RightSpace => text.trim_end_matches(' ').to_owned(),
            Pad::None => text,
        })
    }
}
