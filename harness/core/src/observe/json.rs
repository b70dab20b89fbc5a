//! Reads JSON strictly from bytes (RFC 8259) and keeps where everything stands. Nothing is repaired: the first fault ends it.

mod reader;

use std::collections::BTreeMap;

use serde_json::Value;

use reader::Reader;

/// How deep arrays and objects may nest before this reader gives up; a limit of the harness (RFC 8259 9), not of the format.
pub const MAX_DEPTH: usize = 128;

/// A JSON text that could be read.
#[derive(Debug)]
pub struct Json {
    /// Its value; of names that appear twice, the last one counts here (see `duplicates`).
    pub value: Value,
    /// The same tree as byte positions.
    pub places: Node,
    /// Names that appear twice in one object, in order.
    pub duplicates: Vec<Duplicate>,
    /// Numbers that a double (IEEE 754 binary64) cannot hold as written, in order.
    pub imprecise: Vec<Imprecise>,
}

/// A stretch of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// 0-based offset of the first byte from the start of the body.
    pub offset: usize,
    /// Length in bytes.
    pub length: usize,
}

/// Where a value stands, and what is inside it.
#[derive(Debug)]
pub struct Node {
    /// The value itself.
    pub span: Span,
    /// Its members.
    pub inside: Inside,
}

/// Members of a [`Node`].
#[derive(Debug)]
pub enum Inside {
    /// A string, number, boolean or null.
    Nothing,
    /// Elements of an array.
    Array(Vec<Node>),
    /// Members of an object by name; of names that appear twice, the last one.
    Object(BTreeMap<String, Member>),
}

/// A member of an object.
#[derive(Debug)]
pub struct Member {
    /// Where its name stands.
    pub name: Span,
    /// Its value.
    pub value: Node,
}

/// A name that appears again in its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// JSON Pointer (RFC 6901) of the member.
    pub pointer: String,
    /// Where the name stands again.
    pub again: Span,
    /// Where it stood before.
    pub before: Span,
}

/// A number that a double cannot hold as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imprecise {
    /// JSON Pointer of the number.
    pub pointer: String,
    /// Where it stands.
    pub span: Span,
}

/// Why bytes are not a JSON text, or cannot be read here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// What.
    pub kind: JsonFaultKind,
    /// 0-based byte offset from the start of the body.
    pub offset: usize,
    /// JSON Pointer of the innermost value that had begun.
    pub pointer: String,
}

/// Kinds of [`JsonFault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonFaultKind {
    /// There are no bytes, or only white space.
    Empty,
    /// A byte order mark stands first (RFC 8259 8.1 forbids sending it).
    ByteOrderMark,
    /// A byte that is not UTF-8; true when the whole body is well-formed Shift_JIS (Windows-31J).
    NotUtf8 {
        /// The whole body is well-formed in Windows-31J.
        shift_jis: bool,
    },
    /// A byte that the grammar does not allow here.
    Unexpected(u8),
    /// The text ends before the value does.
    EndsEarly,
    /// Something stands after the value.
    Trailing,
    /// A control character stands in a string without escape.
    ControlInString(u8),
    /// `\u` names half of a surrogate pair (RFC 8259 8.2).
    LoneSurrogate,
    /// Deeper than [`MAX_DEPTH`]: a limit of the harness.
    TooDeep,
    /// A number beyond the range of a double: a limit of the harness.
    NumberTooLarge,
}

impl JsonFaultKind {
    /// True when the harness, not the text, sets the limit: nothing is proven against the sender.
    pub fn is_own_limit(self) -> bool {
        matches!(self, Self::TooDeep | Self::NumberTooLarge)
    }

    /// A word in neutral notation.
    pub fn word(self) -> String {
        match self {
            Self::Empty => "empty".to_owned(),
            Self::ByteOrderMark => "byte-order-mark".to_owned(),
            Self::NotUtf8 { shift_jis: true } => "not-utf-8 (well-formed Shift_JIS)".to_owned(),
            Self::NotUtf8 { shift_jis: false } => "not-utf-8".to_owned(),
            Self::Unexpected(byte) => format!("unexpected-byte 0x{byte:02X}"),
            Self::EndsEarly => "ends-early".to_owned(),
            Self::Trailing => "text-after-value".to_owned(),
            Self::ControlInString(byte) => format!("control-in-string 0x{byte:02X}"),
            Self::LoneSurrogate => "lone-surrogate".to_owned(),
            Self::TooDeep => format!("deeper-than {MAX_DEPTH}"),
            Self::NumberTooLarge => "number-too-large".to_owned(),
        }
    }
}

impl Json {
    /// Reads a JSON text.
    ///
    /// # Errors
    /// The first fault with its place.
    pub fn read(bytes: &[u8]) -> Result<Self, JsonFault> {
        let at = |kind, offset| JsonFault {
            kind,
            offset,
            pointer: String::new(),
        };
        if let Err(error) = std::str::from_utf8(bytes) {
            let shift_jis = encoding_rs::SHIFT_JIS
                .decode_without_bom_handling_and_without_replacement(bytes)
                .is_some();
            return Err(at(
                JsonFaultKind::NotUtf8 { shift_jis },
                error.valid_up_to(),
            ));
        }
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            return Err(at(JsonFaultKind::ByteOrderMark, 0));
        }
        let mut reader = Reader::new(bytes);
        let (value, places) = reader.text()?;
        Ok(Self {
            value,
            places,
            duplicates: reader.duplicates,
            imprecise: reader.imprecise,
        })
    }

    /// Where the value at a JSON Pointer stands; for a name that appears twice, its last place.
    pub fn span(&self, pointer: &str) -> Option<Span> {
        let mut node = &self.places;
        for step in pointer.split('/').skip(1) {
            node = match &node.inside {
                Inside::Nothing => return None,
                Inside::Array(items) => items.get(step.parse::<usize>().ok()?)?,
                Inside::Object(members) => {
                    let name = step.replace("~1", "/").replace("~0", "~");
                    &members.get(&name)?.value
                }
            };
        }
        Some(node.span)
    }
}

/// One step of a JSON Pointer, escaped (RFC 6901 3).
pub fn pointer_step(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fault(text: &[u8]) -> (JsonFaultKind, usize, String) {
        let fault = Json::read(text).expect_err("the text is at fault");
        (fault.kind, fault.offset, fault.pointer)
    }

    #[test]
    fn every_fault_has_its_byte() {
        use JsonFaultKind as K;
        assert_eq!(fault(b" \n"), (K::Empty, 0, String::new()));
        assert_eq!(
            fault(b"\xEF\xBB\xBF{}"),
            (K::ByteOrderMark, 0, String::new())
        );
        assert_eq!(
            fault(b"{\"a\":[1,]}"),
            (K::Unexpected(b']'), 8, "/a/1".into())
        );
        assert_eq!(
            fault(b"{\"a\":01}"),
            (K::Unexpected(b'1'), 6, String::new())
        );
        assert_eq!(fault(b"{\"a\":\"x"), (K::EndsEarly, 7, "/a".into()));
        assert_eq!(fault(b"{} {}"), (K::Trailing, 3, String::new()));
        assert_eq!(
            fault(b"[\"a\tb\"]"),
            (K::ControlInString(9), 3, "/0".into())
        );
        assert_eq!(fault(b"[\"\\uD842x\"]"), (K::LoneSurrogate, 2, "/0".into()));
        assert_eq!(fault(b"[1e999]"), (K::NumberTooLarge, 1, "/0".into()));
        assert_eq!(
            fault(b"{\"a\":\"\x8D\x82\"}"),
            (K::NotUtf8 { shift_jis: true }, 6, String::new())
        );
        assert_eq!(
            fault(b"{\"a\":\"\xFF\"}"),
            (K::NotUtf8 { shift_jis: false }, 6, String::new())
        );
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(Json::read(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(fault(&nested(100_000)).0, JsonFaultKind::TooDeep);
        assert_eq!(fault(&vec![b'['; 1_000_000]).0, JsonFaultKind::TooDeep);
    }

    #[test]
    fn repeated_names_and_places_are_kept() {
        let text = r#"{"a/b":{"x":1,"y":[true,null],"x":2}}"#;
        let json = Json::read(text.as_bytes()).expect("the text is JSON");
        assert_eq!(json.value["a/b"]["x"], 2);
        let repeated = json.duplicates.first().expect("x is repeated");
        assert_eq!(repeated.pointer, "/a~1b/x");
        assert_eq!(
            text.get(repeated.again.offset..).map(|t| &t[..3]),
            Some("\"x\"")
        );
        assert!(repeated.before.offset < repeated.again.offset);
        let place = json.span("/a~1b/y/1").expect("the place is known");
        assert_eq!(&text[place.offset..place.offset + place.length], "null");
        assert_eq!(json.span("/a~1b/z"), None);
    }

    #[test]
    fn surrogate_pairs_and_large_strings_are_read() {
        let json = Json::read(br#"["\uD842\uDFB7","\/"]"#).expect("the text is JSON");
        assert_eq!(json.value[0], "𠮷");
        let long = format!("\"{}\"", "あ".repeat(400_000));
        let json = Json::read(long.as_bytes()).expect("the text is JSON");
        assert_eq!(json.places.span.length, long.len());
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Json::read(&bytes);
        }

        #[test]
        fn what_serde_reads_is_read_alike(text in r#"[\[\]{}",:0-9eE.+\-truefalsn \\u"]{0,40}"#) {
            let theirs = serde_json::from_str::<Value>(&text);
            match Json::read(text.as_bytes()) {
                Ok(json) => prop_assert_eq!(Some(json.value), theirs.ok()),
                Err(fault) => prop_assert!(theirs.is_err() || fault.kind.is_own_limit(), "{:?}", fault),
            }
        }

        #[test]
        fn mutated_json_never_panics(at in 0usize..80, byte in any::<u8>()) {
            let mut bytes = br#"{"a":[1,2.5e3,"\u3042\n"],"b":{"c":null,"d":"\uD842\uDFB7"}}"#.to_vec();
            if let Some(cell) = bytes.get_mut(at) { *cell = byte; } else { bytes.truncate(usize::from(byte) % 60); }
            let _ = Json::read(&bytes);
        }
    }
}
