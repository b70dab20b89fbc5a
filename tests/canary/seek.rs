//! Looks for planted values in bytes, in every form in which an output may hold them, inside zip parts too.

use std::io::{Cursor, Read};

use renkei_core::encoding::{Encoding, Target, encode};

/// Something that must not be found: where it came from, the bytes, whether case counts.
struct Needle {
    of: String,
    bytes: Vec<u8>,
    exact: bool,
}

/// Planted values in all their forms.
pub(crate) struct Seeker(Vec<Needle>);

impl Seeker {
    /// `words`: values of which no part may be left.
    pub(crate) fn new(words: &[&str]) -> Self {
        let mut needles = Vec::new();
        for word in words {
            forms(word, &mut needles);
        }
        Self(needles)
    }

    /// Where the planted values stand in these bytes; `place` names them in the answer. Zip files are opened.
    pub(crate) fn seek(&self, place: &str, bytes: &[u8]) -> Vec<String> {
        self.seek_but(place, bytes, &|_| false)
    }

    /// The same, but parts of zip files that `evidence` names are left out.
    pub(crate) fn seek_but(
        &self,
        place: &str,
        bytes: &[u8],
        evidence: &dyn Fn(&str) -> bool,
    ) -> Vec<String> {
        let mut found = Vec::new();
        if bytes.starts_with(b"PK\x03\x04") {
            let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
            for index in 0..zip.len() {
                let mut part = zip.by_index(index).expect("a part");
                let name = part.name().expect("a name").into_owned();
                let mut content = Vec::new();
                part.read_to_end(&mut content).expect("readable");
                found.extend(self.seek("name", name.as_bytes()));
                if !evidence(&name) {
                    found.extend(self.seek_but(&format!("{place}!{name}"), &content, evidence));
                }
            }
        }
        self.look(place, bytes, &mut found);
        // Escapes of any kind, whole or in part, once or twice: what they stand for is looked through, too.
        let mut plain = bytes.to_vec();
        for round in 1..=2 {
            if !is_escaped(&plain) {
                break;
            }
            let next = unescaped(&plain);
            self.look(&format!("{place} (unescaped {round})"), &next, &mut found);
            plain = next;
        }
        found
    }

    fn look(&self, place: &str, bytes: &[u8], found: &mut Vec<String>) {
        let lower = bytes.to_ascii_lowercase();
        for needle in &self.0 {
            let hay = if needle.exact { bytes } else { &lower };
            if let Some(at) = memmem(hay, &needle.bytes) {
                let around = &bytes[at.saturating_sub(60)..(at + 60).min(bytes.len())];
                let around = String::from_utf8_lossy(around).replace(['\n', '\r'], " ");
                found.push(format!("{place} byte {at}: {} in «{around}»", needle.of));
            }
        }
    }
}

fn is_escaped(bytes: &[u8]) -> bool {
    let any = |mark: &[u8]| memmem(bytes, mark).is_some();
    any(b"%") || any(b"\\u") || any(b"\\x") || any(b"&#")
}

/// The bytes with `%XX`, `\xXX`, `\uXXXX`, `&#N;` and `&#xN;` replaced by what they stand for.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let number = |from: usize, to: usize, radix: u32| {
        let digits = std::str::from_utf8(bytes.get(from..to)?).ok()?;
        u32::from_str_radix(digits, radix).ok()
    };
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let end = rest.iter().take(10).position(|b| *b == b';').unwrap_or(0);
        let (length, byte_of, code) = if *byte == b'%' {
            (3, number(at + 1, at + 3, 16), None)
        } else if rest.starts_with(b"\\x") {
            (4, number(at + 2, at + 4, 16), None)
        } else if rest.starts_with(b"\\u") {
            (6, None, number(at + 2, at + 6, 16))
        } else if rest.starts_with(b"&#x") && end > 3 {
            (end + 1, None, number(at + 3, at + end, 16))
        } else if rest.starts_with(b"&#") && end > 2 {
            (end + 1, None, number(at + 2, at + end, 10))
        } else {
            (1, None, None)
        };
        match (byte_of, code.and_then(char::from_u32)) {
            (Some(value), _) => out.extend(u8::try_from(value)),
            (_, Some(c)) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            _ => {
                out.push(*byte);
                at += 1;
                continue;
            }
        }
        at += length;
    }
    out
}

fn memmem(hay: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(hay, needle)
}

fn forms(word: &str, out: &mut Vec<Needle>) {
    let mut add = |form: &str, bytes: Vec<u8>, exact: bool| {
        let bytes = if exact {
            bytes
        } else {
            bytes.to_ascii_lowercase()
        };
        out.push(Needle {
            of: format!("{word} ({form})"),
            bytes,
            exact,
        });
    };
    let hex = |bytes: &[u8], between: &str| {
        let digits: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
        digits.join(between).into_bytes()
    };
    let mut variants = vec![word.to_owned()];
    if word.is_ascii() {
        variants.push(word.chars().map(wide).collect());
    }
    // Read from its end, in plain text alone.
    let reversed: String = word.chars().rev().collect();
    add("reversed", reversed.into_bytes(), false);
    for text in &variants {
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut encoded = vec![("utf-8", text.clone().into_bytes()), ("utf-16", utf16)];
        if let Ok(bytes) = encode(text, Target::new(Encoding::Cp932)) {
            encoded.push(("cp932", bytes));
        }
        for (name, bytes) in encoded {
            add(name, bytes.clone(), false);
            add(&format!("{name} hex"), hex(&bytes, ""), false);
            add(&format!("{name} spaced hex"), hex(&bytes, " "), false);
            if !text.is_ascii() {
                let escaped = hex(&bytes, "%");
                add(
                    &format!("{name} URL"),
                    [b"%", escaped.as_slice()].concat(),
                    false,
                );
                let escaped = hex(&bytes, "\\x");
                add(
                    &format!("{name} \\x"),
                    [b"\\x", escaped.as_slice()].concat(),
                    false,
                );
            }
            for shift in 0..3 {
                // Fewer than six digits stand anywhere by chance.
                let middle = base64_middle(&bytes, shift);
                if middle.len() >= 6 {
                    add(&format!("{name} base64"), middle, true);
                }
            }
        }
        if !text.is_ascii() {
            let units: Vec<u16> = text.encode_utf16().collect();
            let join = |form: &dyn Fn(u16) -> String| -> Vec<u8> {
                units
                    .iter()
                    .map(|u| form(*u))
                    .collect::<String>()
                    .into_bytes()
            };
            add("\\u", join(&|u| format!("\\u{u:04x}")), false);
            add("decimal reference", join(&|u| format!("&#{u};")), false);
            add("hex reference", join(&|u| format!("&#x{u:x};")), false);
        }
    }
}

fn wide(c: char) -> char {
    char::from_u32(u32::from(c) + 0xFEE0)
        .filter(|_| c.is_ascii_graphic())
        .unwrap_or(c)
}

/// The digits of base64 that hang on these bytes alone when `shift` bytes stand before them in a group.
fn base64_middle(bytes: &[u8], shift: usize) -> Vec<u8> {
    use base64::Engine;
    let mut padded = vec![0; shift];
    padded.extend_from_slice(bytes);
    let text = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&padded);
    let from = if shift == 0 { 0 } else { 4 };
    let whole = padded.len() / 3 * 4;
    text.as_bytes()[from..whole].to_vec()
}

#[test]
fn the_seeker_finds_what_is_hidden() {
    use base64::Engine;
    let seeker = Seeker::new(&["鷺沼珠緒", "09077314402"]);
    let name = "鷺沼珠緒";
    let sjis = encode(name, Target::new(Encoding::Cp932)).expect("CP932");
    let percent: String = name.bytes().map(|b| format!("%{b:02X}")).collect();
    let escaped: String = name.encode_utf16().map(|u| format!("\\u{u:04x}")).collect();
    for shift in 0..3 {
        let hidden = [&b"abc"[..shift], name.as_bytes(), b"xyz"].concat();
        let text = base64::engine::general_purpose::STANDARD.encode(hidden);
        assert!(!seeker.seek("x", text.as_bytes()).is_empty(), "{shift}");
    }
    let spaced: Vec<String> = sjis.iter().map(|b| format!("{b:02X}")).collect();
    for hay in [
        name.as_bytes(),
        &sjis,
        percent.as_bytes(),
        escaped.as_bytes(),
        spaced.join(" ").as_bytes(),
        "０９０７７３１４４０２".as_bytes(),
    ] {
        assert!(!seeker.seek("x", hay).is_empty());
    }
    for hay in [
        "?n=%E9%B7%BA沼%E7%8F%A0緒",
        "?n=%25E9%25B7%25BA%25E6%25B2%25BC%25E7%258F%25A0%25E7%25B7%2592",
        "tel=0907731%34402",
        "{\"n\":\"鷺\\u6cbc珠\\u7DD2\"}",
        "<n>&#x9DFA;沼&#29664;緒</n>",
        "緒珠沼鷺",
        "20441377090",
    ] {
        assert!(!seeker.seek("x", hay.as_bytes()).is_empty(), "{hay}");
    }
    assert!(seeker.seek("x", "鷺 沼".as_bytes()).is_empty());
}
