//! The grammar of JSON, byte by byte, with places.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

use super::super::number;
use super::{
    Duplicate, Imprecise, Inside, JsonFault, JsonFaultKind, MAX_DEPTH, Member, Node, Span,
    pointer_step,
};

enum Step {
    Name(String),
    Index(usize),
}

/// Reads one JSON text.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    path: Vec<Step>,
    pub(super) duplicates: Vec<Duplicate>,
    pub(super) imprecise: Vec<Imprecise>,
}

type Read<T> = Result<T, JsonFault>;

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            path: Vec::new(),
            duplicates: Vec::new(),
            imprecise: Vec::new(),
        }
    }

    /// The whole text: one value between white space.
    pub(super) fn text(&mut self) -> Read<(Value, Node)> {
        self.space();
        if self.peek().is_none() {
            self.at = 0;
            return Err(self.fault(JsonFaultKind::Empty));
        }
        let found = self.value()?;
        self.space();
        if self.peek().is_some() {
            return Err(self.fault(JsonFaultKind::Trailing));
        }
        Ok(found)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn pointer(&self) -> String {
        let mut out = String::new();
        for step in &self.path {
            out.push('/');
            match step {
                Step::Name(name) => out.push_str(&pointer_step(name)),
                Step::Index(index) => {
                    let _ = write!(out, "{index}"); // writing to a String cannot fail
                }
            }
        }
        out
    }

    fn fault(&self, kind: JsonFaultKind) -> JsonFault {
        JsonFault {
            kind,
            offset: self.at,
            pointer: self.pointer(),
        }
    }

    /// The fault of meeting the next byte, or the end, where the grammar has something else.
    fn unexpected(&self) -> JsonFault {
        self.fault(
            self.peek()
                .map_or(JsonFaultKind::EndsEarly, JsonFaultKind::Unexpected),
        )
    }

    fn expect(&mut self, byte: u8) -> Read<()> {
        if self.peek() != Some(byte) {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self) -> Read<(Value, Node)> {
        let start = self.at;
        let (value, inside) = match self.peek() {
            Some(b'{') => self.object()?,
            Some(b'[') => self.array()?,
            Some(b'"') => (Value::String(self.string()?), Inside::Nothing),
            Some(b't') => (self.word("true", Value::Bool(true))?, Inside::Nothing),
            Some(b'f') => (self.word("false", Value::Bool(false))?, Inside::Nothing),
            Some(b'n') => (self.word("null", Value::Null)?, Inside::Nothing),
            Some(b'-' | b'0'..=b'9') => (self.number()?, Inside::Nothing),
            _ => return Err(self.unexpected()),
        };
        let span = Span {
            offset: start,
            length: self.at - start,
        };
        Ok((value, Node { span, inside }))
    }

    fn word(&mut self, word: &str, value: Value) -> Read<Value> {
        word.bytes().try_for_each(|byte| self.expect(byte))?;
        Ok(value)
    }

    fn enter(&mut self, step: Step) -> Read<(Value, Node)> {
        if self.path.len() >= MAX_DEPTH {
            return Err(self.fault(JsonFaultKind::TooDeep));
        }
        self.path.push(step);
        let found = self.value()?;
        self.path.pop();
        Ok(found)
    }

    fn array(&mut self) -> Read<(Value, Inside)> {
        self.expect(b'[')?;
        let (mut values, mut nodes) = (Vec::new(), Vec::new());
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok((Value::Array(values), Inside::Array(nodes)));
        }
        loop {
            self.space();
            let (value, node) = self.enter(Step::Index(values.len()))?;
            values.push(value);
            nodes.push(node);
            self.space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok((Value::Array(values), Inside::Array(nodes)));
            }
            self.expect(b',')?;
        }
    }

    fn object(&mut self) -> Read<(Value, Inside)> {
        self.expect(b'{')?;
        let mut values = Map::new();
        let mut places: BTreeMap<String, Member> = BTreeMap::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok((Value::Object(values), Inside::Object(places)));
        }
        loop {
            self.space();
            let start = self.at;
            let name = self.string()?;
            let again = Span {
                offset: start,
                length: self.at - start,
            };
            if let Some(before) = places.get(&name) {
                self.duplicates.push(Duplicate {
                    pointer: format!("{}/{}", self.pointer(), pointer_step(&name)),
                    again,
                    before: before.name,
                });
            }
            self.space();
            self.expect(b':')?;
            self.space();
            let (value, node) = self.enter(Step::Name(name.clone()))?;
            values.insert(name.clone(), value);
            places.insert(
                name,
                Member {
                    name: again,
                    value: node,
                },
            );
            self.space();
            if self.peek() == Some(b'}') {
                self.at += 1;
                return Ok((Value::Object(values), Inside::Object(places)));
            }
            self.expect(b',')?;
        }
    }

    fn string(&mut self) -> Read<String> {
        self.expect(b'"')?;
        let mut out = String::new();
        loop {
            let start = self.at;
            while matches!(self.peek(), Some(b) if b != b'"' && b != b'\\' && b >= 0x20) {
                self.at += 1;
            }
            // The body is UTF-8 as a whole and the stretch ends at ASCII, so it is UTF-8 too.
            let plain = self.bytes.get(start..self.at).unwrap_or_default();
            out.push_str(std::str::from_utf8(plain).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(byte) => return Err(self.fault(JsonFaultKind::ControlInString(byte))),
                None => return Err(self.unexpected()),
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        self.expect(b'\\')?;
        let plain = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(plain)
    }

    fn unicode(&mut self) -> Read<char> {
        let start = self.at;
        let lone = |reader: &Self| {
            let mut fault = reader.fault(JsonFaultKind::LoneSurrogate);
            fault.offset = start.saturating_sub(1);
            fault
        };
        let high = self.hex4()?;
        if let Some(c) = char::from_u32(high) {
            return Ok(c);
        }
        if !(0xD800..0xDC00).contains(&high) || self.peek() != Some(b'\\') {
            return Err(lone(self));
        }
        self.at += 1;
        if self.peek() != Some(b'u') {
            return Err(lone(self));
        }
        let low = self.hex4()?;
        if !(0xDC00..0xE000).contains(&low) {
            return Err(lone(self));
        }
        char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            .ok_or_else(|| lone(self))
    }

    /// `u` and four hex digits.
    fn hex4(&mut self) -> Read<u32> {
        self.expect(b'u')?;
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            value = value * 16 + digit.ok_or_else(|| self.unexpected())?;
            self.at += 1;
        }
        Ok(value)
    }

    fn digits(&mut self) -> Read<()> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.unexpected());
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1; // a digit after a leading zero is unexpected to whoever reads on
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let written = self.bytes.get(start..self.at).unwrap_or_default();
        let text = std::str::from_utf8(written).unwrap_or_default();
        let Some(value) = to_number(text) else {
            self.at = start;
            return Err(self.fault(JsonFaultKind::NumberTooLarge));
        };
        if number::loses_precision(text) {
            self.imprecise.push(Imprecise {
                pointer: self.pointer(),
                span: Span {
                    offset: start,
                    length: written.len(),
                },
            });
        }
        Ok(Value::Number(value))
    }
}

fn to_number(text: &str) -> Option<Number> {
    if let Ok(whole) = text.parse::<i64>()
        && (whole != 0 || !text.starts_with('-'))
    {
        return Some(Number::from(whole));
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(Number::from(whole));
    }
    Number::from_f64(text.parse::<f64>().ok()?)
}
