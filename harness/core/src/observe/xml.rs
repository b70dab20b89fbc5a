//! An XML message as it came: how it is written, where its text lies in the bytes, what its schema says of it.

use crate::encoding::{Dialect, Encoding, LabelFault, What, decode, units};
use crate::model::Location;
use crate::spec::XmlMessage;
use crate::spec::xml::{Read, Stop, stands_for};

/// A message with what is known of it.
#[derive(Debug)]
pub struct XmlView<'a> {
    /// What it should be.
    pub message: &'a XmlMessage,
    /// How it is written.
    pub writing: Writing,
    /// What was read; nothing when the bytes are no text.
    pub read: Option<Read>,
    bytes: &'a [u8],
    text: String,
    /// Bytes before the text (a byte order mark).
    skipped: usize,
}

/// How a message is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writing {
    /// What the byte order mark stands for.
    pub bom: Option<Encoding>,
    /// Whether there is an XML declaration.
    pub declared: bool,
    /// `encoding` of the XML declaration, as written.
    pub label: Option<String>,
    /// `charset` of the Content-Type, as written.
    pub charset: Option<String>,
    /// The encoding in which the bytes were read; nothing when they are no text in any that was named.
    pub read_as: Option<Encoding>,
    /// 0-based offset of the first byte that is no character of the agreed encoding, and how many bytes are none.
    pub fault: Option<(usize, usize)>,
}

impl<'a> XmlView<'a> {
    /// Reads a message; `charset` is what the transport said of it.
    pub fn read(message: &'a XmlMessage, bytes: &'a [u8], charset: Option<&str>) -> Self {
        let mut view = Self {
            message,
            writing: Writing {
                bom: None,
                declared: false,
                label: None,
                charset: charset.map(str::to_owned),
                read_as: None,
                fault: None,
            },
            read: None,
            bytes,
            text: String::new(),
            skipped: 0,
        };
        if bytes.len() > message.limits.bytes {
            view.read = Some(Read {
                stop: Some(Stop::Limit {
                    at: 0,
                    what: "bytes of the document",
                    max: message.limits.bytes,
                    found: bytes.len(),
                }),
                ..Read::default()
            });
            return view;
        }
        view.look_at_writing();
        if view.writing.read_as.is_some() {
            view.read = Some(message.schema.read(&view.text, &message.limits));
        }
        view
    }

    fn look_at_writing(&mut self) {
        let bytes = self.bytes;
        let marks: [(&[u8], Encoding); 3] = [
            (b"\xEF\xBB\xBF", Encoding::Utf8),
            (b"\xFF\xFE", Encoding::Utf16Le),
            (b"\xFE\xFF", Encoding::Utf16Be),
        ];
        let mark = marks.iter().find(|(mark, _)| bytes.starts_with(mark));
        self.writing.bom = mark.map(|(_, encoding)| *encoding);
        self.skipped = mark.map_or(0, |(mark, _)| mark.len());
        let body = bytes.get(self.skipped..).unwrap_or_default();
        (self.writing.declared, self.writing.label) = declaration(body);
        let agreed = self.message.encoding;
        let named = self.writing.label.as_deref().and_then(encoding_of);
        let differs = self
            .writing
            .label
            .as_deref()
            .is_some_and(|label| !stands_for(label, agreed));
        // A document that says itself what it is, and is that, is read so; else what was agreed comes first.
        let mut order = vec![agreed];
        if let (true, Some(named)) = (differs, named) {
            order.insert(0, named);
        }
        if is_mostly_another(body, agreed) {
            order.extend(self.writing.bom);
            order.extend([
                Encoding::Utf8,
                Encoding::Cp932,
                Encoding::Utf16Le,
                Encoding::Utf16Be,
            ]);
        }
        let read = order.into_iter().find_map(|encoding| {
            let text = decode(body, encoding, Dialect::Ms).ok()?;
            let is_xml = text.trim_start().starts_with('<');
            (is_xml || encoding == agreed && encoding.is_splittable_on_bytes())
                .then_some((encoding, text))
        });
        self.writing.fault = decode(body, agreed, Dialect::Ms)
            .err()
            .map(|unit| (self.skipped + unit.bytes.start, unit.bytes.len()));
        if let Some((encoding, text)) = read {
            self.writing.read_as = Some(encoding);
            self.text = text;
        }
    }

    /// Where a byte of the text (0-based) lies: line and column of the document, byte of the file.
    pub fn place(&self, base: &Location, at: usize) -> Location {
        let mut end = at.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(..end).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Location {
            line: Some(line as u64),
            column: Some(column as u64),
            byte_offset: Some((self.skipped + self.bytes_before(end)) as u64),
            ..base.clone()
        }
    }

    /// Bytes of the document that stand for the first `end` bytes of the text.
    fn bytes_before(&self, end: usize) -> usize {
        let encoding = self.writing.read_as.unwrap_or(Encoding::Utf8);
        if encoding == Encoding::Utf8 {
            return end;
        }
        let body = self.bytes.get(self.skipped..).unwrap_or_default();
        let mut written = 0;
        for unit in units(body, encoding, Dialect::Ms) {
            if written >= end {
                return unit.bytes.start;
            }
            written += match unit.what {
                What::Char(c) => c.len_utf8(),
                What::Pair(a, b) => a.len_utf8() + b.len_utf8(),
                What::Fault(_) => 0,
            };
        }
        body.len()
    }

    /// The text of the document without a byte order mark; empty when the bytes are no text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Up to `most` bytes of the document from an offset on, for evidence.
    pub fn bytes_at(&self, at: usize, most: usize) -> &[u8] {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.get(..most).unwrap_or(rest)
    }
}

/// True when nearly all of what is beyond ASCII is no character of an encoding: then the document is in another one, while a
/// few faults are faults of this document.
fn is_mostly_another(body: &[u8], encoding: Encoding) -> bool {
    let (mut good, mut bad) = (0_u64, 0_u64);
    for unit in units(body, encoding, Dialect::Ms) {
        match unit.what {
            What::Char(c) if c.is_ascii() => {}
            What::Fault(_) => bad += 1,
            _ => good += 1,
        }
    }
    let unlike_xml = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    bad > 8 * good || unlike_xml
}

/// Whether there is an XML declaration, and the encoding that it names. Read in ASCII or UTF-16, as XML 1.0 App. F does.
fn declaration(body: &[u8]) -> (bool, Option<String>) {
    let ascii: Vec<u8> = match body {
        [b'<', 0, ..] => body.iter().step_by(2).take(200).copied().collect(),
        [0, b'<', ..] => body.iter().skip(1).step_by(2).take(200).copied().collect(),
        _ => body.iter().take(200).copied().collect(),
    };
    let Some(rest) = ascii.strip_prefix(b"<?xml") else {
        return (false, None);
    };
    if !rest.first().is_some_and(u8::is_ascii_whitespace) {
        return (false, None);
    }
    let text: String = rest.iter().map(|b| char::from(*b)).collect();
    let Some((inside, _)) = text.split_once("?>") else {
        return (true, None);
    };
    let label = inside.split_once("encoding").and_then(|(_, rest)| {
        let value = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value.get(1..)?.split(quote).next().map(str::to_owned)
    });
    (true, label)
}

fn encoding_of(label: &str) -> Option<Encoding> {
    match Encoding::parse(label) {
        Ok(encoding) => Some(encoding),
        Err(LabelFault::Ambiguous(_)) => Some(Encoding::Cp932),
        Err(LabelFault::Unknown(_)) => None,
    }
}
