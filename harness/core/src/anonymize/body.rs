//! Values inside a message (JSON, XML) replaced where they stand: what is written around them, and how their characters are
//! escaped, stays byte for byte.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Anonymized;
use super::shaper::{Shaper, Traits};
use crate::encoding::repertoire::List;
use crate::encoding::{Dialect, Encoding, Target, What, encode, units};
use crate::mask::Key;
use crate::model::Bilingual;
use crate::spec::layout::{FieldType, FileSettings, Format};

/// Larger messages are not read: each character takes 16 bytes of memory.
const LARGEST: usize = 64 * 1024 * 1024;
/// Patterns of specifications take no more memory than this, in bytes.
const LARGEST_PATTERN: usize = 1 << 20;
/// So many digits in one number may be those of somebody; fewer are an amount, a count, a code.
pub(super) const DIGITS_OF_A_NUMBER: usize = 5;

/// What to replace in a message, and with which key.
#[derive(Clone, Copy)]
pub struct BodyWish<'a> {
    /// The key of the project.
    pub key: Key,
    /// Members, elements and attributes that stay as they are, by name.
    pub keep: &'a [String],
    /// Lists of characters that repertoires may name.
    pub lists: &'a [List],
}

/// A message that was made anonymous.
#[derive(Clone, Debug)]
pub struct AnonymousBody {
    /// The bytes, and how many values were replaced by name.
    pub made: Anonymized,
    /// Those of [`BodyWish::keep`] that were met.
    pub kept: BTreeSet<String>,
}

/// What becomes of a value.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    /// It stays.
    Keep,
    /// The day that it begins with is moved.
    Day(FieldType, bool),
    /// Letters, digits, kana and kanji are replaced; a pattern that holds goes on to hold.
    Text {
        /// Empty: none.
        pattern: String,
        /// Empty: none.
        repertoire: String,
    },
}

impl Fate {
    pub(super) fn text() -> Self {
        Self::Text {
            pattern: String::new(),
            repertoire: String::new(),
        }
    }
}

/// How a character is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As itself.
    Raw,
    /// An escape that stands for punctuation or a control character.
    Short,
    /// `\u5c71`, `\u5C71`.
    Unicode { upper: bool },
    /// `&#23665;`
    Decimal,
    /// `&#x5c71;`
    Hexadecimal { upper: bool },
}

/// A character of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Bytes of the message, from here …
    pub(super) start: u32,
    /// … to here.
    pub(super) end: u32,
    /// Nothing: bytes that are no character.
    pub(super) c: Option<char>,
    pub(super) form: Form,
}

/// The characters of a message behind the first `skip` bytes.
pub(super) fn glyphs(
    bytes: &[u8],
    skip: usize,
    encoding: Encoding,
) -> Result<Vec<Glyph>, Bilingual> {
    if bytes.len() > LARGEST {
        return Err(Bilingual::new(
            format!("{LARGEST}バイトを超える本文は匿名化できません"),
            format!("a body of more than {LARGEST} bytes cannot be made anonymous"),
        ));
    }
    let place = |at: usize| u32::try_from(skip + at).unwrap_or(u32::MAX);
    let body = bytes.get(skip..).unwrap_or_default();
    let found = units(body, encoding, Dialect::Ms).map(|unit| Glyph {
        start: place(unit.bytes.start),
        end: place(unit.bytes.end),
        c: match unit.what {
            What::Char(c) => Some(c),
            _ => None,
        },
        form: Form::Raw,
    });
    Ok(found.collect())
}

/// The text of some characters; what is none is U+FFFD.
pub(super) fn text_of(glyphs: &[Glyph]) -> String {
    let chars = glyphs.iter();
    chars
        .map(|g| g.c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Replaces values of one message.
pub(super) struct Writer<'a> {
    /// In the encoding of the message.
    own: Shaper<'a>,
    /// In UTF-8: escaped characters are of no encoding.
    plain: Shaper<'a>,
    encoding: Encoding,
    bytes: &'a [u8],
    out: Vec<u8>,
    replaced: BTreeMap<String, u64>,
    formats: HashMap<String, Format>,
    keep: &'a [String],
    kept: BTreeSet<String>,
}

impl<'a> Writer<'a> {
    /// `settings`: with the encoding of the message, and with UTF-8.
    pub(super) fn new(
        wish: &BodyWish<'a>,
        settings: &'a [FileSettings; 2],
        repertoires: &[&str],
        bytes: &'a [u8],
    ) -> Result<Self, Bilingual> {
        let [own, plain] = settings;
        let shaper = |settings| {
            let repertoires = repertoires.iter().copied();
            Shaper::new(wish.key, settings, wish.lists, repertoires)
        };
        Ok(Self {
            own: shaper(own)?,
            plain: shaper(plain)?,
            encoding: own.encoding,
            bytes,
            out: bytes.to_vec(),
            replaced: BTreeMap::new(),
            formats: HashMap::new(),
            keep: wish.keep,
            kept: BTreeSet::new(),
        })
    }

    /// The message with its values replaced.
    pub(super) fn done(self) -> AnonymousBody {
        AnonymousBody {
            made: Anonymized {
                bytes: self.out,
                records: 1,
                replaced: self.replaced,
            },
            kept: self.kept,
        }
    }

    /// True when the user wants values of this name to stay.
    pub(super) fn keeps(&mut self, name: &str) -> bool {
        let kept = self.keep.iter().any(|k| k == name);
        if kept {
            self.kept.insert(name.to_owned());
        }
        kept
    }

    /// Replaces a value; `name` counts it.
    pub(super) fn replace(&mut self, value: &[Glyph], fate: &Fate, name: &str) {
        let before = self.slice(value).to_vec();
        match fate {
            Fate::Keep => return,
            Fate::Day(kind, unknown) if self.day(value, *kind, *unknown) => {}
            Fate::Day(..) => self.text(value, "", ""),
            Fate::Text {
                pattern,
                repertoire,
            } => self.text(value, pattern, repertoire),
        }
        if self.range(value).and_then(|at| self.out.get(at)) != Some(before.as_slice()) {
            *self.replaced.entry(name.to_owned()).or_insert(0) += 1;
        }
    }

    fn range(&self, value: &[Glyph]) -> Option<std::ops::Range<usize>> {
        let (first, last) = (value.first()?, value.last()?);
        Some(first.start as usize..last.end as usize)
    }

    fn slice(&self, value: &[Glyph]) -> &'a [u8] {
        let at = self.range(value);
        at.and_then(|at| self.bytes.get(at)).unwrap_or_default()
    }

    /// Moves the day that a value begins with; false when it begins with none.
    fn day(&mut self, value: &[Glyph], kind: FieldType, unknown: bool) -> bool {
        let space = |g: &&Glyph| g.c.is_some_and(char::is_whitespace);
        let lead = value.iter().take_while(space).count();
        let value = value.get(lead..).unwrap_or_default();
        let tail = value.iter().rev().take_while(space).count();
        let value = value.get(..value.len() - tail).unwrap_or_default();
        let digits = if kind == FieldType::Date {
            10
        } else {
            value.len()
        };
        let Some((head, rest)) = value.split_at_checked(digits) else {
            return false;
        };
        let timed = rest
            .first()
            .is_none_or(|g| matches!(g.c, Some('T' | ' ' | 'Z' | '+' | '-')));
        let text = text_of(head);
        let moved = self.plain.day(kind, unknown, text.as_bytes());
        match moved
            .filter(|_| timed)
            .and_then(|m| String::from_utf8(m).ok())
        {
            Some(new) => {
                self.write(head, &new);
                true
            }
            None => false,
        }
    }

    fn text(&mut self, value: &[Glyph], pattern: &str, repertoire: &str) {
        if !pattern.is_empty() && !self.formats.contains_key(pattern) {
            let built = regex::RegexBuilder::new(pattern)
                .size_limit(LARGEST_PATTERN)
                .build();
            let format = built.map_or(Format::None, |regex| {
                Format::Regex(Box::new(regex), pattern.to_owned())
            });
            self.formats.insert(pattern.to_owned(), format);
        }
        let format = self.formats.get(pattern).unwrap_or(&Format::None);
        let traits = Traits { format, repertoire };
        if value.iter().all(|g| g.form == Form::Raw) {
            let new = self.own.text(traits, self.slice(value), true);
            self.put(value, &new);
        } else if value.iter().all(|g| g.c.is_some()) {
            let new = self.plain.text(traits, text_of(value).as_bytes(), true);
            let new = String::from_utf8(new).unwrap_or_default();
            self.write(value, &new);
        } else {
            // Broken characters beside escaped ones: each stretch by itself.
            for run in value.chunk_by(|a, b| (a.form, a.c.is_some()) == (b.form, b.c.is_some())) {
                let alike = run
                    .first()
                    .is_some_and(|g| g.form == Form::Raw || g.c.is_some());
                if alike && run.len() < value.len() {
                    self.text(run, "", repertoire);
                }
            }
        }
    }

    fn put(&mut self, value: &[Glyph], new: &[u8]) {
        let at = self.range(value);
        if let Some(room) = at
            .and_then(|at| self.out.get_mut(at))
            .filter(|r| r.len() == new.len())
        {
            room.copy_from_slice(new);
        }
    }

    /// Writes as many characters, each in the form of the one that it stands for.
    fn write(&mut self, value: &[Glyph], new: &str) {
        for (glyph, c) in value.iter().zip(new.chars()) {
            if glyph.c == Some(c) {
                continue;
            }
            let bytes = self.written(*glyph, c);
            self.put(std::slice::from_ref(glyph), &bytes);
        }
    }

    fn written(&self, glyph: Glyph, c: char) -> Vec<u8> {
        let length = (glyph.end - glyph.start) as usize;
        let wide = matches!(self.encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        let room = if wide { length / 2 } else { length };
        let target = Target::new(self.encoding);
        let as_written = |c: char| {
            let bytes = encode(&spelled(glyph.form, c, room), target).ok()?;
            (bytes.len() == length).then_some(bytes)
        };
        // `&#99;` has no room for most letters; digits have as many digits everywhere.
        let nearest = char::from(b'a' + u8::try_from(u32::from(c) % 3).unwrap_or(0));
        [c, nearest, '0']
            .into_iter()
            .find_map(as_written)
            .unwrap_or_else(|| vec![b'?'; length])
    }
}

fn spelled(form: Form, c: char, room: usize) -> String {
    let code = u32::from(c);
    match form {
        Form::Raw | Form::Short => c.to_string(),
        Form::Unicode { upper } => {
            let one = |unit: &u16| match upper {
                true => format!("\\u{unit:04X}"),
                false => format!("\\u{unit:04x}"),
            };
            c.encode_utf16(&mut [0; 2]).iter().map(one).collect()
        }
        Form::Decimal => format!("&#{code:0width$};", width = room.saturating_sub(3)),
        Form::Hexadecimal { upper } => {
            let width = room.saturating_sub(4);
            match upper {
                true => format!("&#x{code:0width$X};"),
                false => format!("&#x{code:0width$x};"),
            }
        }
    }
}

/// Settings with the encoding of a message, and with UTF-8.
pub(super) fn settings(encoding: Encoding) -> [FileSettings; 2] {
    [encoding, Encoding::Utf8].map(|encoding| {
        let mut settings = FileSettings::default();
        settings.encoding = encoding;
        settings
    })
}

/// `2026-04-01`, also before a time.
pub(super) fn begins_with_a_day(text: &str) -> bool {
    let form = |(at, b): (usize, u8)| match at {
        4 | 7 => b == b'-',
        _ => b.is_ascii_digit(),
    };
    let rest = text.as_bytes().get(10);
    text.len() >= 10
        && text.bytes().take(10).enumerate().all(form)
        && rest.is_none_or(|b| matches!(b, b'T' | b' ' | b'Z' | b'+' | b'-'))
}

/// A name of programs, not of persons: `family_name`, `ns1:Type-2`.
pub(super) fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'))
        && digits < DIGITS_OF_A_NUMBER
}

/// Characters of numbers alone.
pub(super) fn is_number(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b))
}
