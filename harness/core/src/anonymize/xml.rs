//! An XML message made anonymous: contents of elements, attributes and comments by what the schemas declare of them; markup
//! stays byte for byte.

use std::collections::HashMap;

use super::body::{
    AnonymousBody, BodyWish, DIGITS_OF_A_NUMBER, Fate, Form, Glyph, Writer, begins_with_a_day,
    glyphs, is_identifier, is_number, settings, text_of,
};
use crate::model::Bilingual;
use crate::observe::XmlView;
use crate::spec::XmlMessage;
use crate::spec::layout::FieldType;
use crate::spec::xml::{Declared, ValueKind};

/// Replaces the values of persons in an XML message; also in one that is cut off or breaks its schema.
///
/// # Errors
/// The message is too large, or it has a document type declaration: what its entities stand for cannot be told.
pub fn anonymize_xml(
    wish: &BodyWish<'_>,
    message: &XmlMessage,
    bytes: &[u8],
) -> Result<AnonymousBody, Bilingual> {
    let view = XmlView::read(message, bytes, None);
    let settings = settings(view.writing.read_as.unwrap_or(message.encoding));
    let marks: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"];
    let mark = marks.iter().find(|mark| bytes.starts_with(mark));
    let all = glyphs(bytes, mark.map_or(0, |m| m.len()), settings[0].encoding)?;
    let declared = message.schema.declared(view.text(), &message.limits);
    let of = |d: &Declared| (d.at, d.attribute.clone());
    let mut walk = Walk {
        message,
        declared: declared.iter().map(|d| (of(d), d)).collect(),
        writer: Writer::new(wish, &settings, &[], bytes)?,
        open: Vec::new(),
        at: 0,
        read: 0,
    };
    walk.document(&all)?;
    Ok(walk.writer.done())
}

struct Walk<'a> {
    message: &'a XmlMessage,
    declared: HashMap<(usize, Option<String>), &'a Declared>,
    writer: Writer<'a>,
    /// Local name of each open element, and the byte of the text where it begins.
    open: Vec<(String, usize)>,
    /// The next character, and the byte of the text where it begins.
    at: usize,
    read: usize,
}

impl<'a> Walk<'a> {
    fn document(&mut self, all: &[Glyph]) -> Result<(), Bilingual> {
        while self.at < all.len() {
            let rest = all.get(self.at..).unwrap_or_default();
            let length = match rest.first().and_then(|g| g.c) {
                Some('<') => self.markup(rest)?,
                _ => {
                    let end = rest.iter().position(|g| g.c == Some('<'));
                    let length = end.unwrap_or(rest.len());
                    self.content(&unreferenced(rest.get(..length).unwrap_or_default()));
                    length
                }
            };
            for glyph in rest.get(..length.max(1)).unwrap_or(rest) {
                self.read += glyph.c.map_or(0, char::len_utf8);
            }
            self.at += length.max(1);
        }
        Ok(())
    }

    /// What begins with `<`; how many characters it takes.
    fn markup(&mut self, rest: &[Glyph]) -> Result<usize, Bilingual> {
        let starts = |mark: &str| {
            let head = rest.get(..mark.len()).unwrap_or_default();
            head.len() == mark.len() && head.iter().map(|g| g.c).eq(mark.chars().map(Some))
        };
        if starts("<!--") {
            return Ok(self.until(rest, 4, "-->", false));
        }
        if starts("<![CDATA[") {
            return Ok(self.until(rest, 9, "]]>", true));
        }
        if starts("<?xml ") || starts("<?xml\t") || starts("<?xml\r") || starts("<?xml\n") {
            return Ok(end_of(rest, 2, "?>").1);
        }
        if starts("<?") {
            return Ok(self.until(rest, 2, "?>", false));
        }
        if starts("<!") {
            return Err(Bilingual::new(
                "文書型宣言（DTD）のあるXMLは匿名化できません（実体が何を表すか分からないため）",
                "XML with a document type declaration cannot be made anonymous: what its entities stand for is not known",
            ));
        }
        Ok(self.tag(rest))
    }

    /// A stretch up to its end mark, replaced: as content of the element, or as text that nothing declares.
    fn until(&mut self, rest: &[Glyph], from: usize, mark: &str, is_content: bool) -> usize {
        let (end, length) = end_of(rest, from, mark);
        let inner = rest.get(from..end).unwrap_or_default();
        if is_content {
            self.content(inner);
        } else {
            self.writer.replace(inner, &Fate::text(), "?");
        }
        length
    }

    fn tag(&mut self, rest: &[Glyph]) -> usize {
        let at = |n: usize| rest.get(n).and_then(|g| g.c);
        let closes = at(1) == Some('/');
        let from = 1 + usize::from(closes);
        let is_name = |g: &&Glyph| {
            g.c.is_none_or(|c| !c.is_whitespace() && !matches!(c, '/' | '>' | '=' | '<'))
        };
        let behind = rest.get(from..).unwrap_or_default();
        let name = behind.iter().take_while(is_name).count();
        let local = self.name(behind.get(..name).unwrap_or_default());
        if closes {
            self.open.pop();
        } else {
            self.open.push((local, self.read));
        }
        let mut end = from + name;
        while let Some(c) = at(end) {
            let here = rest.get(end..).unwrap_or_default();
            end += match c {
                '>' => {
                    if at(end - 1) == Some('/') && !closes {
                        self.open.pop();
                    }
                    return end + 1;
                }
                '<' => return end,
                c if c.is_whitespace() || matches!(c, '/' | '=') => 1,
                _ => self.attribute(here),
            };
        }
        // Broken characters in a tag: behind them all is content.
        end
    }

    /// An attribute from its name on; how many characters it takes.
    fn attribute(&mut self, rest: &[Glyph]) -> usize {
        let apart = |g: &Glyph| {
            g.c.is_some_and(|c| c.is_whitespace() || "=/><\"'".contains(c))
        };
        let name = rest.iter().position(apart).unwrap_or(rest.len());
        let written = rest.get(..name).unwrap_or_default();
        let full = text_of(written);
        let local = self.name(written);
        let behind = rest.get(name..).unwrap_or_default();
        let space = behind
            .iter()
            .take_while(|g| g.c.is_some_and(|c| c.is_whitespace() || c == '='));
        let before = name + space.count();
        let quote = rest.get(before).and_then(|g| g.c);
        let Some(quote) = quote.filter(|q| matches!(q, '"' | '\'')) else {
            return before.max(1);
        };
        let inner = rest.get(before + 1..).unwrap_or_default();
        let length = inner
            .iter()
            .position(|g| g.c == Some(quote))
            .unwrap_or(inner.len());
        let of_xml = full == "xmlns"
            || ["xmlns:", "xsi:", "xml:"]
                .iter()
                .any(|prefix| full.starts_with(prefix));
        if !of_xml {
            let value = unreferenced(inner.get(..length).unwrap_or_default());
            let element = self.open.last().map(|(_, at)| *at);
            self.value(&value, &local.clone(), element.map(|at| (at, Some(local))));
        }
        before + length + 2
    }

    /// The local name of an element or attribute; what the schemas do not know and no program would call it is replaced.
    fn name(&mut self, name: &[Glyph]) -> String {
        let full = text_of(name);
        let local = full.rsplit(':').next().unwrap_or_default().to_owned();
        let known = is_identifier(&full)
            || ["\"", "'"].iter().any(|q| {
                let named = format!("name={q}{local}{q}");
                self.message
                    .schema
                    .files
                    .values()
                    .any(|text| text.contains(&named))
            });
        if !known && !self.writer.keeps(&local) {
            self.writer.replace(name, &Fate::text(), "?");
        }
        local
    }

    fn content(&mut self, text: &[Glyph]) {
        let (name, at) = match self.open.last() {
            Some((name, at)) => (name.clone(), Some((*at, None))),
            None => ("?".to_owned(), None),
        };
        self.value(text, &name, at);
    }

    fn value(&mut self, value: &[Glyph], name: &str, place: Option<(usize, Option<String>)>) {
        let space = |g: &Glyph| g.c.is_some_and(char::is_whitespace);
        if value.iter().all(space) || self.writer.keeps(name) {
            return;
        }
        let text = text_of(value);
        let declared = place.and_then(|place| self.declared.get(&place)).copied();
        let fate = self.fate(text.trim(), name, declared);
        self.writer.replace(value, &fate, name);
    }

    fn fate(&self, text: &str, name: &str, declared: Option<&Declared>) -> Fate {
        let none = Declared::default();
        let declared = declared.unwrap_or(&none);
        let personal = self.message.sensitive.contains_key(name);
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let word = ["true", "false", "0", "1"].contains(&text);
        match declared.kind {
            _ if declared.listed.iter().any(|listed| listed == text) => Fate::Keep,
            ValueKind::Plain if word || (digits > 0 && text.is_ascii() && !personal) => Fate::Keep,
            ValueKind::Number if digits < DIGITS_OF_A_NUMBER && !personal && is_number(text) => {
                Fate::Keep
            }
            ValueKind::Day => Fate::Day(FieldType::Date, false),
            _ if begins_with_a_day(text) => Fate::Day(FieldType::Date, false),
            ValueKind::Hexadecimal => Fate::Text {
                pattern: "^[0-9A-Fa-f]*$".to_owned(),
                repertoire: String::new(),
            },
            _ => Fate::Text {
                pattern: pattern(declared),
                repertoire: String::new(),
            },
        }
    }
}

/// The last pattern of a type, as an expression over the whole value. Patterns of XML Schema are anchored (Part 2, App. F).
fn pattern(declared: &Declared) -> String {
    let Some(step) = declared.patterns.first().filter(|step| !step.is_empty()) else {
        return String::new();
    };
    format!("^(?:{})$", step.join("|"))
}

/// Where an end mark begins, and how many characters there are to behind it; without one, the rest.
fn end_of(rest: &[Glyph], from: usize, mark: &str) -> (usize, usize) {
    let marks: Vec<Option<char>> = mark.chars().map(Some).collect();
    let inner = rest.get(from..).unwrap_or_default();
    let mut windows = inner.windows(marks.len());
    let found = windows.position(|w| w.iter().map(|g| g.c).eq(marks.iter().copied()));
    match found {
        Some(at) => (from + at, from + at + marks.len()),
        None => (rest.len(), rest.len()),
    }
}

/// The characters that a text with references stands for.
fn unreferenced(text: &[Glyph]) -> Vec<Glyph> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(glyph) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let (length, c, form) = reference(rest).unwrap_or((1, glyph.c, Form::Raw));
        let end = rest.get(length - 1).map_or(glyph.end, |last| last.end);
        out.push(Glyph {
            start: glyph.start,
            end,
            c,
            form,
        });
        at += length;
    }
    out
}

fn reference(rest: &[Glyph]) -> Option<(usize, Option<char>, Form)> {
    if rest.first()?.c != Some('&') {
        return None;
    }
    let end = rest.iter().take(16).position(|g| g.c == Some(';'))?;
    let inner = text_of(rest.get(1..end)?);
    let named = match inner.as_str() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    };
    if named.is_some() {
        return Some((end + 1, named, Form::Short));
    }
    if is_identifier(&inner) {
        // An entity that nothing here declares.
        return Some((end + 1, Some(char::REPLACEMENT_CHARACTER), Form::Short));
    }
    let number = inner.strip_prefix('#')?;
    let (digits, radix) = match number.strip_prefix('x') {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let c = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
    let form = if radix == 16 {
        Form::Hexadecimal {
            upper: digits.bytes().any(|b| b.is_ascii_uppercase()),
        }
    } else {
        Form::Decimal
    };
    Some((end + 1, Some(c), form))
}
