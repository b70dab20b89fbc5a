//! Values to bytes and bytes to values, by the layout and its settings alone.

mod places;
mod read;
mod write;

use super::condition;
use crate::encoding::{Target, encode};
use crate::model::Bilingual;
use crate::spec::layout::{Field, FieldType, FileSettings, Newline, Pad};

pub(super) use places::Places;
pub use read::read;
pub use write::write;
pub(super) use write::{join, line, lines};

pub(super) fn target(settings: &FileSettings) -> Target {
    Target::new(settings.encoding).dialect(settings.dialect)
}

/// The bytes of a mark that holds ASCII characters or a byte order mark; nothing where the encoding has none.
pub(super) fn mark(text: &str, settings: &FileSettings) -> Vec<u8> {
    encode(text, target(settings)).unwrap_or_default()
}

/// The newline of the file; CRLF where any will do.
pub(super) fn newline(settings: &FileSettings) -> Vec<u8> {
    let text = match settings.newline {
        Newline::Crlf | Newline::Any => "\r\n",
        Newline::Lf => "\n",
        Newline::Cr => "\r",
        Newline::None => "",
    };
    mark(text, settings)
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
