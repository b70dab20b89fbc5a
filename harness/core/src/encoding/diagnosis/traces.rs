//! Traces that lost characters leave in text: U+FFFD and what it becomes when read again, character references, marks.

use std::ops::Range;

use crate::encoding::encode::{Target, encode};
use crate::encoding::label::Encoding;
use crate::encoding::scalar::{ScalarClass, is_han, scalar_class};
use crate::model::Confidence;

/// Literal texts that U+FFFD (EF BF BD) becomes when its bytes are read in another encoding. Only those that no Japanese
/// text holds by itself.
const LITERALS: [&str; 3] = ["鐃緒申", "锟斤拷", "ï¿½"];

/// Runs of lost characters in a text: byte ranges.
pub fn lost_runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut add = |start: usize, end: usize| match runs.last_mut() {
        Some(last) if last.end == start => last.end = end,
        _ => runs.push(start..end),
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let at = text.len() - rest.len();
        let literal = LITERALS
            .iter()
            .find(|literal| rest.starts_with(**literal))
            .map_or(0, |literal| literal.len());
        let length = if c == '\u{FFFD}' {
            c.len_utf8()
        } else {
            literal
        };
        if length > 0 {
            add(at, at + length);
        }
        rest = rest.get(length.max(c.len_utf8())..).unwrap_or("");
    }
    runs
}

/// A number that stands in place of a character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Byte range in the text.
    pub at: Range<usize>,
    /// The character it stands for.
    pub what: char,
    /// `certain` when a converter must have written it: a numeric reference to a character that the target cannot hold.
    pub confidence: Confidence,
}

/// Character references in a text: `&#134071;`, `&#x20BB7;`, `U+20BB7`, `\u5409`. Only references to characters beyond
/// U+009F count; `target` is what the writer had to write.
///
/// ```
/// use renkei_core::encoding::{diagnosis::references, Encoding, Target};
/// let found = references("&#134071;田", Target::new(Encoding::Cp932));
/// assert_eq!(found.first().map(|r| (r.at.clone(), r.what)), Some((0..9, '𠮷')));
/// ```
pub fn references(text: &str, target: Target) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = text.get(at..).and_then(|rest| rest.find(['&', 'U', '\\'])) {
        at += step;
        match text.get(at..).and_then(reference) {
            Some((length, what, numeric)) => {
                let lost = numeric
                    && !is_unicode(target.encoding)
                    && encode(what.encode_utf8(&mut [0; 4]), target).is_err();
                let confidence = if lost {
                    Confidence::Certain
                } else {
                    Confidence::Probable
                };
                found.push(Reference {
                    at: at..at + length,
                    what,
                    confidence,
                });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

fn is_unicode(encoding: Encoding) -> bool {
    matches!(
        encoding,
        Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be
    )
}

/// A reference at the start of `rest`: its length, the character, and whether it is a numeric one (`&#…;`).
fn reference(rest: &str) -> Option<(usize, char, bool)> {
    let (prefix, radix, digits, numeric) = match () {
        () if rest.starts_with("&#x") || rest.starts_with("&#X") => (3, 16, 2..=6, true),
        () if rest.starts_with("&#") => (2, 10, 3..=7, true),
        () if rest.starts_with("U+") => (2, 16, 4..=6, false),
        () if rest.starts_with("\\u") => (2, 16, 4..=4, false),
        () => return None,
    };
    let body = rest.get(prefix..)?;
    let length = body
        .bytes()
        .take(8)
        .take_while(|b| char::from(*b).is_digit(radix))
        .count();
    let taken = if radix == 16 && !numeric {
        length.min(*digits.end())
    } else {
        length
    };
    if !digits.contains(&taken) || (numeric && body.as_bytes().get(taken) != Some(&b';')) {
        return None;
    }
    let value = u32::from_str_radix(body.get(..taken)?, radix).ok()?;
    let what = char::from_u32(value).filter(|c| *c > '\u{9F}')?;
    Some((prefix + taken + usize::from(numeric), what, numeric))
}

/// A mark that may stand for a character that was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// 0-based byte offset in the text.
    pub at: usize,
    /// The mark.
    pub what: char,
    /// True for a half-width `?` right after an ideograph: what an IVS becomes in Java, Perl, CPython and iconv-lite.
    pub after_ideograph: bool,
}

/// Marks that converters and people put for characters they could not write.
pub const MARKS: [char; 11] = ['?', '？', '〓', '■', '□', '◆', '◇', '●', '○', '＿', '＊'];

/// Marks in a value of a name, address or kana column that nobody agreed on (`agreed`: the characters of
/// `substitution_marks`). A person decides what they are.
pub fn marks(text: &str, agreed: &str) -> Vec<Mark> {
    let mut before = None;
    let mut found = Vec::new();
    for (at, what) in text.char_indices() {
        if MARKS.contains(&what) && !agreed.contains(what) {
            let after_ideograph = what == '?' && before.is_some_and(|c| is_han(u32::from(c)));
            found.push(Mark {
                at,
                what,
                after_ideograph,
            });
        }
        before = Some(what);
    }
    found
}

/// A variation selector that is not as agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorFault {
    /// 0-based byte offset of the selector in the text.
    pub at: usize,
    /// The selector.
    pub selector: char,
    /// What is wrong with it.
    pub kind: SelectorFaultKind,
}

/// What is wrong with a variation selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SelectorFaultKind {
    /// The agreement forbids it.
    Forbidden,
    /// No ideograph stands before it.
    NoBase,
    /// Another selector stands before it.
    Repeated,
    /// The sequence is in none of the lists that were supplied.
    NotListed,
}

/// What the agreement says of variation selectors.
#[derive(Clone, Copy, Debug)]
pub struct SelectorPolicy<'a> {
    /// IVS (U+E0100–E01EF) may occur.
    pub ivs: bool,
    /// SVS (U+FE00–FE0F) may occur.
    pub svs: bool,
    /// The sequences that may occur, when lists were supplied.
    pub listed: Option<&'a crate::encoding::Repertoire>,
}

/// Variation selectors in a text that are not as agreed; each is reported for one reason, the first that fits.
pub fn selectors(text: &str, policy: SelectorPolicy<'_>) -> Vec<SelectorFault> {
    let mut before: Option<char> = None;
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        let class = scalar_class(c);
        if matches!(class, ScalarClass::Ivs | ScalarClass::Svs) {
            let allowed = if class == ScalarClass::Ivs {
                policy.ivs
            } else {
                policy.svs
            };
            let kind = match before.map(|b| (b, scalar_class(b))) {
                _ if !allowed => Some(SelectorFaultKind::Forbidden),
                Some((_, ScalarClass::Ivs | ScalarClass::Svs)) => Some(SelectorFaultKind::Repeated),
                Some((base, of)) if of.is_ideograph(base) => {
                    let listed = policy
                        .listed
                        .is_none_or(|list| list.contains_sequence(base, c));
                    (!listed).then_some(SelectorFaultKind::NotListed)
                }
                // SVS also follow symbols (emoji and text forms); only an IVS needs an ideograph.
                Some(_) if class == ScalarClass::Svs => None,
                _ => Some(SelectorFaultKind::NoBase),
            };
            found.extend(kind.map(|kind| SelectorFault {
                at,
                selector: c,
                kind,
            }));
        }
        before = Some(c);
    }
    found
}

/// A place that NFC would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormalFault {
    /// Byte range in the text.
    pub at: Range<usize>,
    /// What NFC makes of it.
    pub becomes: String,
    /// True for a compatibility ideograph that turns into another one, false for marks that are apart (NFD).
    pub compatibility: bool,
}

/// Places of a text that NFC would change.
///
/// ```
/// use renkei_core::encoding::diagnosis::not_nfc;
/// let found = not_nfc("なか\u{3099}の");
/// assert_eq!(found.first().map(|f| (f.at.clone(), f.becomes.as_str())), Some((3..9, "が")));
/// assert!(not_nfc("髙﨑").is_empty());
/// ```
pub fn not_nfc(text: &str) -> Vec<NormalFault> {
    use unicode_normalization::{
        IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfc_quick,
    };
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        let combines = |next: char| {
            canonical_combining_class(next) != 0
                || is_nfc_quick([next].into_iter()) == IsNormalized::Maybe
        };
        while let Some((at, next)) = chars.next_if(|(_, next)| combines(*next)) {
            end = at + next.len_utf8();
        }
        let Some(part) = text.get(start..end) else {
            continue;
        };
        let becomes: String = part.nfc().collect();
        if becomes != part {
            let compatibility = part.chars().count() == 1 && is_han(u32::from(c));
            found.push(NormalFault {
                at: start..end,
                becomes,
                compatibility,
            });
        }
    }
    found
}
