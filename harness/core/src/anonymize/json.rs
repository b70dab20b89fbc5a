//! A JSON body made anonymous: values of members by what the API declares of them, names of members where they are data.

use super::body::{
    AnonymousBody, BodyWish, DIGITS_OF_A_NUMBER, Fate, Form, Glyph, Writer, begins_with_a_day,
    glyphs, is_identifier, is_number, settings, text_of,
};
use crate::encoding::{Dialect, Encoding, decode};
use crate::mask::{Mask, Sensitivity};
use crate::model::Bilingual;
use crate::observe::pointer_step;
use crate::spec::layout::FieldType;
use crate::spec::{ApiRules, Property, Schema};

/// Deeper values are replaced like those that nothing declares.
const DEEPEST: usize = 128;

/// What an API declares of the bodies of its operations.
#[derive(Clone, Copy)]
pub struct BodySpec<'a> {
    /// Schemas of the bodies that the file may hold.
    pub schemas: &'a [&'a Schema],
    /// What OpenAPI cannot say.
    pub rules: &'a ApiRules,
}

/// Replaces the values of persons in a JSON body; also in one that is cut off or broken.
///
/// # Errors
/// The body is too large, or a repertoire of the pack cannot be read.
pub fn anonymize_json(
    wish: &BodyWish<'_>,
    spec: BodySpec<'_>,
    bytes: &[u8],
) -> Result<AnonymousBody, Bilingual> {
    let settings = settings(encoding_of(bytes));
    let skip = if bytes.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    let all = glyphs(bytes, skip, settings[0].encoding)?;
    let items = spec
        .rules
        .request
        .values()
        .chain(spec.rules.response.values());
    let repertoires: Vec<&str> = items.map(|p| p.repertoire.as_str()).collect();
    let mut walk = Walk {
        spec,
        writer: Writer::new(wish, &settings, &repertoires, bytes)?,
        open: Vec::new(),
    };
    walk.text(&all);
    Ok(walk.writer.done())
}

/// UTF-8, or Shift_JIS where the whole body is that and no UTF-8.
fn encoding_of(bytes: &[u8]) -> Encoding {
    let utf8 = std::str::from_utf8(bytes).is_ok();
    let shift_jis = !utf8 && decode(bytes, Encoding::Cp932, Dialect::Ms).is_ok();
    if shift_jis {
        Encoding::Cp932
    } else {
        Encoding::Utf8
    }
}

/// An object or an array that is open.
enum Open {
    Object {
        /// The step to the member that is being read; nothing: its name comes next.
        member: Option<String>,
    },
    Array {
        index: usize,
    },
}

struct Walk<'a> {
    spec: BodySpec<'a>,
    writer: Writer<'a>,
    open: Vec<Open>,
}

impl Walk<'_> {
    fn text(&mut self, all: &[Glyph]) {
        let mut at = 0;
        while let Some(glyph) = all.get(at) {
            let rest = all.get(at..).unwrap_or_default();
            let length = match glyph.c {
                Some('{' | '[' | '}' | ']' | ',' | ':') => {
                    self.mark(glyph.c);
                    1
                }
                Some(' ' | '\t' | '\r' | '\n') => 1,
                Some('"') => self.string(rest),
                _ => self.bare(rest),
            };
            at += length.max(1);
        }
    }

    fn mark(&mut self, mark: Option<char>) {
        match (mark, self.open.last_mut()) {
            (Some('{'), _) => self.open.push(Open::Object { member: None }),
            (Some('['), _) => self.open.push(Open::Array { index: 0 }),
            (Some('}' | ']'), _) => {
                self.open.pop();
            }
            (Some(','), Some(Open::Array { index })) => *index += 1,
            (Some(','), Some(Open::Object { member })) => *member = None,
            _ => {}
        }
    }

    /// A string from its quote on; how many characters it takes.
    fn string(&mut self, rest: &[Glyph]) -> usize {
        let inner = rest.get(1..).unwrap_or_default();
        let mut end = 0;
        while let Some(glyph) = inner.get(end) {
            match glyph.c {
                Some('"') => break,
                Some('\\') => end += 2,
                _ => end += 1,
            }
        }
        let end = end.min(inner.len());
        let value = unescaped(inner.get(..end).unwrap_or_default());
        let names = matches!(self.open.last(), Some(Open::Object { member: None }));
        if names {
            self.name(&value);
        } else {
            self.value(&value, true);
        }
        end + 2
    }

    fn name(&mut self, value: &[Glyph]) {
        let text = text_of(value);
        let pointer = self.pointer();
        if !self.is_declared(pointer.as_deref(), &text) && !self.writer.keeps(&text) {
            self.writer.replace(value, &Fate::text(), "?");
        }
        if let Some(Open::Object { member }) = self.open.last_mut() {
            *member = Some(text);
        }
    }

    /// True for names that the specification knows, and for words of programs beside such names; where an object has none of
    /// them, its names are data.
    fn is_declared(&self, object: Option<&str>, name: &str) -> bool {
        let rules = self.spec.rules;
        if rules.request.contains_key(name) || rules.response.contains_key(name) {
            return true;
        }
        let of_schemas = object.into_iter().flat_map(|object| {
            let schemas = self.spec.schemas.iter();
            schemas.filter_map(move |s| Some(s.member_names(s.at(object)?)))
        });
        let mut named = false;
        for names in of_schemas {
            named |= !names.is_empty();
            if names.contains(&name) {
                return true;
            }
        }
        named && is_identifier(name)
    }

    /// What stands without quotes; how many characters it takes.
    fn bare(&mut self, rest: &[Glyph]) -> usize {
        let apart = |g: &Glyph| {
            matches!(
                g.c,
                Some('{' | '}' | '[' | ']' | ',' | ':' | '"' | ' ' | '\t' | '\r' | '\n')
            )
        };
        let length = rest.iter().position(apart).unwrap_or(rest.len());
        let value = rest.get(..length).unwrap_or_default();
        if !["true", "false", "null"].contains(&text_of(value).as_str()) {
            self.value(value, false);
        }
        length
    }

    fn value(&mut self, value: &[Glyph], quoted: bool) {
        let text = text_of(value);
        let name = self.last_name().unwrap_or("?").to_owned();
        if self.writer.keeps(&name) || text.is_empty() {
            return;
        }
        let fate = self.fate(&name, &text, quoted);
        let number = !quoted && is_number(&text);
        if number {
            // Each run of digits by itself: none of them begins with a 0 that was not there.
            let digit = |g: &Glyph| g.c.is_some_and(|c| c.is_ascii_digit());
            for run in value.chunk_by(|a, b| digit(a) == digit(b)) {
                if run.first().is_some_and(digit) {
                    self.writer.replace(run, &fate, &name);
                }
            }
        } else {
            self.writer.replace(value, &fate, &name);
        }
    }

    fn fate(&self, name: &str, text: &str, quoted: bool) -> Fate {
        let pointer = self.pointer();
        let rules = self.spec.rules;
        let items = [rules.response.get(name), rules.request.get(name)];
        let items: Vec<&Property> = items.into_iter().flatten().collect();
        let open = !items.is_empty() && items.iter().all(|p| p.sensitive.is_empty());
        let shown = || Mask::default().shows_bytes(text.as_bytes(), Sensitivity::No);
        let known_code = || {
            rules.error.iter().any(|e| e.code == text)
                || rules
                    .correlation
                    .iter()
                    .any(|c| c.codes.iter().any(|c| c == text))
        };
        if self.is_listed(pointer.as_deref(), text, quoted) || known_code() || (open && shown()) {
            return Fate::Keep;
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if !quoted && is_number(text) && items.is_empty() && digits < DIGITS_OF_A_NUMBER {
            return Fate::Keep;
        }
        let mut kinds = items.iter().filter_map(|p| FieldType::of_name(&p.kind));
        let kind = kinds.find(|kind| kind.is_date());
        let kind = kind.or_else(|| begins_with_a_day(text).then_some(FieldType::Date));
        if let Some(kind) = kind.filter(|_| quoted) {
            return Fate::Day(kind, items.iter().any(|p| p.unknown_date));
        }
        let pattern = |s: &&Schema| {
            Some(
                s.word(s.at(pointer.as_deref()?)?, "pattern")?
                    .as_str()?
                    .to_owned(),
            )
        };
        let repertoire = items.first().map(|p| p.repertoire.clone());
        Fate::Text {
            pattern: self
                .spec
                .schemas
                .iter()
                .find_map(pattern)
                .unwrap_or_default(),
            repertoire: repertoire.unwrap_or_default(),
        }
    }

    /// True when a schema lists the value.
    fn is_listed(&self, pointer: Option<&str>, text: &str, quoted: bool) -> bool {
        let Some(pointer) = pointer else { return false };
        let same = |value: &serde_json::Value| match value.as_str() {
            Some(listed) => quoted && listed == text,
            None => {
                !quoted
                    && serde_json::from_str(text)
                        .is_ok_and(|read: serde_json::Value| read == *value)
            }
        };
        self.spec.schemas.iter().any(|schema| {
            let Some(here) = schema.at(pointer) else {
                return false;
            };
            let listed = schema.word(here, "enum").and_then(|v| v.as_array());
            listed.is_some_and(|listed| listed.iter().any(same))
                || schema.word(here, "const").is_some_and(same)
        })
    }

    fn last_name(&self) -> Option<&str> {
        self.open.iter().rev().find_map(|open| match open {
            Open::Object { member } => member.as_deref(),
            Open::Array { .. } => None,
        })
    }

    /// JSON Pointer (RFC 6901) of what is being read; nothing where it is too deep.
    fn pointer(&self) -> Option<String> {
        if self.open.len() > DEEPEST {
            return None;
        }
        let steps = self.open.iter().filter_map(|open| match open {
            Open::Object { member } => member.as_deref().map(pointer_step),
            Open::Array { index } => Some(index.to_string()),
        });
        Some(steps.map(|step| format!("/{step}")).collect())
    }
}

/// The characters that a string stands for (RFC 8259 7).
fn unescaped(inner: &[Glyph]) -> Vec<Glyph> {
    let mut out = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(glyph) = inner.get(at) {
        let rest = inner.get(at..).unwrap_or_default();
        let (length, c, form) = escape(rest).unwrap_or((1, glyph.c, Form::Raw));
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

/// The escape at the start: how many characters it takes, and what it stands for.
fn escape(rest: &[Glyph]) -> Option<(usize, Option<char>, Form)> {
    let at = |n: usize| rest.get(n).and_then(|g| g.c);
    if at(0) != Some('\\') {
        return None;
    }
    let simple = match at(1)? {
        'b' => '\u{8}',
        'f' => '\u{C}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode(rest),
        other => other,
    };
    // An escape that JSON does not know stays what it is, and what follows it is text.
    let known = matches!(at(1)?, 'b' | 'f' | 'n' | 'r' | 't' | '"' | '\\' | '/');
    known.then_some((2, Some(simple), Form::Short))
}

fn unicode(rest: &[Glyph]) -> Option<(usize, Option<char>, Form)> {
    let hex = |from: usize| {
        let digits: Option<String> = rest.get(from..from + 4)?.iter().map(|g| g.c).collect();
        let digits = digits.filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let unit = u16::from_str_radix(&digits, 16).ok()?;
        Some((unit, digits.bytes().any(|b| b.is_ascii_uppercase())))
    };
    let (first, upper) = hex(2)?;
    let form = Form::Unicode { upper };
    let paired = text_of(rest.get(6..8).unwrap_or_default()) == "\\u";
    let second = (0xD800..0xDC00).contains(&first) && paired;
    if let Some((second, _)) = second.then(|| hex(8)).flatten()
        && let Some(Ok(c)) = char::decode_utf16([first, second]).next()
    {
        return Some((12, Some(c), form));
    }
    Some((6, char::from_u32(u32::from(first)), form))
}
