//! Walks over the characters of one field: counts them in every unit and notes the first fault of each rule.

use std::ops::Range;

use super::character::{Profile, Width, fault_of_unit};
use super::checks::Check;
use super::quick::Tables;
use crate::encoding::diagnosis::{lost_runs, not_nfc, references};
use crate::encoding::{
    Dialect, Encoding, FaultKind, ScalarClass, Target, Unit, What, scalar_class, units,
};

/// Lengths of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lengths {
    pub(super) chars: u32,
    pub(super) graphemes: u32,
    pub(super) utf16: u32,
    pub(super) bytes: u32,
}

/// A fault: the rule and the run of bytes, relative to the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CharFault {
    pub(super) check: Check,
    pub(super) at: Range<usize>,
    pub(super) kind: Option<FaultKind>,
}

/// What a walk found. Kept between fields so that nothing is allocated.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// The value as text; undecodable units are left out.
    text: String,
    has_text: bool,
    /// There is a character that the text as a whole may say more about.
    odd: bool,
    pub(super) lengths: Lengths,
    pub(super) faults: Vec<CharFault>,
}

/// How a value is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) encoding: Encoding,
    pub(super) dialect: Dialect,
    /// The value stands in quotes, so `""` is one quote.
    pub(super) doubled: bool,
    /// Tables of the quick path with the bit of the profile: what they know to be sound is only counted.
    pub(super) tables: Option<(&'a Tables, u8)>,
}

impl Walk {
    /// Walks over `value`.
    pub(super) fn run(&mut self, value: &[u8], profile: &Profile, reading: Reading<'_>) {
        self.text.clear();
        self.has_text = false;
        self.odd = reading.tables.is_none();
        self.faults.clear();
        self.lengths = Lengths {
            bytes: u32::try_from(value.len()).unwrap_or(u32::MAX),
            ..Lengths::default()
        };
        if profile.filler && reading.tables.is_some() && value.is_ascii() {
            return;
        }
        match reading.tables {
            Some((tables, bit)) => self.run_by_table(value, profile, reading, tables, bit),
            None => self.run_by_units(value, profile, reading),
        }
        if self.faults.iter().any(|fault| fault.kind.is_some()) {
            // Behind bytes that are no character the rest is read out of step: what it seems to be says nothing.
            self.faults.retain(|fault| fault.kind.is_some());
            return;
        }
        if self.odd && !profile.filler {
            self.read_text(value, reading);
            let place = |at: Range<usize>| {
                in_value(
                    value,
                    at,
                    reading.doubled,
                    reading.encoding,
                    reading.dialect,
                )
            };
            self.traces(value, profile, reading.encoding, place);
        }
    }

    fn run_by_units(&mut self, value: &[u8], profile: &Profile, reading: Reading<'_>) {
        let (mut before, mut quote_open) = (None, false);
        for unit in units(value, reading.encoding, reading.dialect) {
            self.unit(
                &unit,
                value,
                profile,
                (reading.doubled, &mut quote_open),
                &mut before,
            );
        }
    }

    /// The same, character by character, where encodings have no state: what the tables know is stepped over.
    fn run_by_table(
        &mut self,
        value: &[u8],
        profile: &Profile,
        reading: Reading<'_>,
        tables: &Tables,
        bit: u8,
    ) {
        let (mut before, mut quote_open) = (None, false);
        let mut sound_before: Option<usize> = None;
        let mut at = 0;
        loop {
            if at > 0 || !opens_with_mark(value) {
                let (end, count, last) = tables.sound(value, at, bit, reading.doubled);
                if count > 0 {
                    let count = u32::try_from(count).unwrap_or(u32::MAX);
                    self.count(count, count, count);
                    sound_before = Some(last);
                    quote_open = false;
                    at = end;
                }
            }
            let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) else {
                break;
            };
            let Some(mut unit) = units(rest, reading.encoding, reading.dialect).next() else {
                break;
            };
            if let Some(sound) = sound_before.take() {
                before = match unit.what {
                    // No mark: it asks only whether something stands before it. Behind the first quote of a pair the
                    // character before still counts.
                    What::Char(c) if c.is_ascii() && c != '"' => Some(' '),
                    _ => char_at(value, sound, reading),
                };
            }
            unit.bytes = at + unit.bytes.start..at + unit.bytes.end;
            at = unit.bytes.end;
            self.unit(
                &unit,
                value,
                profile,
                (reading.doubled, &mut quote_open),
                &mut before,
            );
        }
    }

    fn unit(
        &mut self,
        unit: &Unit,
        value: &[u8],
        profile: &Profile,
        (doubled, quote_open): (bool, &mut bool),
        before: &mut Option<char>,
    ) {
        match unit.what {
            What::Char('"') if doubled && !*quote_open => {
                // The second quote of a pair is the one that counts.
                *quote_open = true;
                let length = u32::try_from(unit.bytes.len()).unwrap_or(1);
                self.lengths.bytes = self.lengths.bytes.saturating_sub(length);
            }
            What::Char(c) => {
                *quote_open = false;
                self.character(c, *before, &unit.bytes, profile);
                let bytes = value.get(unit.bytes.clone()).unwrap_or(&[]);
                if profile.duplicates.is_some() && profile.is_other_form(c, bytes) {
                    self.note(Check::DuplicateForm, unit.bytes.clone(), None);
                }
                *before = Some(c);
            }
            What::Pair(a, b) => {
                self.character(a, *before, &unit.bytes, profile);
                self.character(b, Some(a), &unit.bytes, profile);
                *before = Some(b);
            }
            What::Fault(kind) => {
                let bytes = value.get(unit.bytes.clone()).unwrap_or(&[]);
                let at_end = unit.bytes.end == value.len();
                let check = fault_of_unit(kind, bytes, at_end, profile.private_use);
                self.count(1, 1, 1);
                self.note(check, unit.bytes.clone(), Some(kind));
                *before = None;
            }
        }
    }

    /// The text that was read last.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The value as text; undecodable units are left out.
    pub(super) fn read_text(&mut self, value: &[u8], reading: Reading<'_>) -> &str {
        if self.has_text {
            return &self.text;
        }
        self.has_text = true;
        let plain = reading.tables.is_some()
            && value.is_ascii()
            && !(reading.doubled && value.contains(&b'"'));
        if let Some(text) = std::str::from_utf8(value).ok().filter(|_| plain) {
            self.text.push_str(text);
            return &self.text;
        }
        let mut second = false;
        for unit in units(value, reading.encoding, reading.dialect) {
            match unit.what {
                What::Char('"') if reading.doubled && !second => second = true,
                What::Char(c) => {
                    second = false;
                    self.text.push(c);
                }
                What::Pair(a, b) => self.text.extend([a, b]),
                What::Fault(_) => {}
            }
        }
        &self.text
    }

    /// What shows only in the text as a whole. `place` turns a range of the text into one of the value.
    fn traces(
        &mut self,
        value: &[u8],
        profile: &Profile,
        encoding: Encoding,
        place: impl Fn(Range<usize>) -> Range<usize>,
    ) {
        let found = if encoding.is_splittable_on_bytes() {
            reference(value)
        } else {
            reference(self.text.as_bytes()).map(&place)
        };
        if let Some(at) = found {
            // Its letters are half-width because it is a reference.
            self.faults.retain(|f| {
                f.kind.is_some()
                    || !matches!(f.check, Check::WrongClass | Check::OutsideRepertoire)
                    || f.at.start < at.start
                    || f.at.end > at.end
            });
            self.note(Check::CharacterReference, at, None);
        } else if profile.width == Width::Full
            && let Some(found) = references(&self.text, Target::new(Encoding::Utf8)).first()
        {
            // U+2363A and the like are letters of a code in half-width fields, and a lost character in full-width ones.
            self.note(Check::CharacterReference, place(found.at.clone()), None);
        }
        // U+FFFD itself was noted as a character; this is what it turns into when it is read again.
        if self.text.contains(['鐃', '锟'])
            && let Some(at) = lost_runs(&self.text).into_iter().next()
        {
            self.note(Check::Replacement, place(at), None);
        }
        if profile.nfc_stable && profile.unicode {
            self.normalisation(place);
        }
    }

    fn count(&mut self, chars: u32, utf16: u32, graphemes: u32) {
        self.lengths.chars += chars;
        self.lengths.utf16 += utf16;
        self.lengths.graphemes += graphemes;
    }

    fn character(&mut self, c: char, before: Option<char>, at: &Range<usize>, profile: &Profile) {
        let class = scalar_class(c);
        let is_mark = matches!(
            class,
            ScalarClass::Svs | ScalarClass::Ivs | ScalarClass::KanaMark | ScalarClass::Combining
        );
        self.count(
            1,
            u32::from(c > '\u{FFFF}') + 1,
            u32::from(!is_mark || before.is_none()),
        );
        let opens = before.is_none() && at.start == 0;
        let check = match (profile.fault(c), before) {
            (Some(check), _) => Some(check),
            (None, _) if profile.filler => None,
            // A mark of sound without its kana: the kana stayed behind in the field before.
            (None, _) if opens && is_split_mark(c) && profile.width != Width::Any => {
                Some(Check::DakutenSplit)
            }
            (None, Some(base))
                if class == ScalarClass::Ivs && !scalar_class(base).is_ideograph(base) =>
            {
                Some(Check::VariationSelector)
            }
            (None, Some(base)) if class == ScalarClass::Ivs && profile.collection.is_some() => {
                let listed = profile.collection.as_ref();
                (!listed.is_some_and(|list| list.contains_sequence(base, c)))
                    .then_some(Check::VariationSelector)
            }
            (None, Some(base)) if is_mark && !profile.allows_sequence(base, c) => {
                Some(Check::OutsideRepertoire)
            }
            (None, None) if is_mark => Some(Check::VariationSelector),
            _ => None,
        };
        if let Some(check) = check {
            self.note(check, at.clone(), None);
        }
        self.odd |= class != ScalarClass::Control;
    }

    fn note(&mut self, check: Check, at: Range<usize>, kind: Option<FaultKind>) {
        match self.faults.iter_mut().find(|fault| fault.check == check) {
            // Neighbouring faults of one rule are one run.
            Some(known) if known.at.end == at.start => known.at.end = at.end,
            Some(_) => {}
            None => self.faults.push(CharFault { check, at, kind }),
        }
    }

    /// Text that NFC would change by composing; single characters that it changes were noted before.
    fn normalisation(&mut self, place: impl Fn(Range<usize>) -> Range<usize>) {
        let known = self.faults.iter().any(|f| f.check == Check::NotNormalised);
        if !known && let Some(first) = not_nfc(&self.text).into_iter().next() {
            self.note(Check::NotNormalised, place(first.at), None);
        }
    }
}

/// The character at an offset, of a pair the second.
fn char_at(value: &[u8], at: usize, reading: Reading<'_>) -> Option<char> {
    let rest = value.get(at..).unwrap_or(&[]);
    let unit = units(rest, reading.encoding, reading.dialect).next()?;
    match unit.what {
        What::Char(c) | What::Pair(_, c) => Some(c),
        What::Fault(_) => None,
    }
}

/// Where a range of the text stands in the value it was read from; every unit of the value is a character.
fn in_value(
    value: &[u8],
    text: Range<usize>,
    doubled: bool,
    encoding: Encoding,
    dialect: Dialect,
) -> Range<usize> {
    let (mut at, mut start, mut second) = (0, None, false);
    for unit in units(value, encoding, dialect) {
        let length = match unit.what {
            What::Char('"') if doubled && !second => {
                second = true;
                continue;
            }
            What::Char(c) => c.len_utf8(),
            What::Pair(a, b) => a.len_utf8() + b.len_utf8(),
            What::Fault(_) => 0,
        };
        second = false;
        if at + length > text.start {
            start.get_or_insert(unit.bytes.start);
        }
        at += length;
        if at >= text.end {
            return start.unwrap_or(unit.bytes.start)..unit.bytes.end;
        }
    }
    start.unwrap_or(0)..value.len()
}

/// A number in place of a character: `&#134071;`, `&#x20BB7;`. The bytes are those of ASCII in every encoding we read.
fn reference(value: &[u8]) -> Option<Range<usize>> {
    let start = memchr::memmem::find(value, b"&#")?;
    let rest = value.get(start + 2..)?;
    let (digits, is_digit): (&[u8], fn(&u8) -> bool) = match rest {
        [b'x' | b'X', hex @ ..] => (hex, u8::is_ascii_hexdigit),
        _ => (rest, u8::is_ascii_digit),
    };
    let count = digits.iter().take_while(|b| is_digit(b)).count();
    let closed = digits.get(count) == Some(&b';');
    let length = rest.len() - digits.len() + count + 3;
    (closed && (3..=7).contains(&count)).then(|| start..start + length)
}

/// A value that begins with a half-width voicing mark in Shift_JIS, JIS X 0201 or UTF-8.
fn opens_with_mark(value: &[u8]) -> bool {
    matches!(value, [0xDE | 0xDF, ..] | [0xEF, 0xBE, 0x9E | 0x9F, ..])
}

fn is_split_mark(c: char) -> bool {
    matches!(c, '\u{FF9E}' | '\u{FF9F}' | '\u{3099}' | '\u{309A}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(width: Width) -> Profile {
        Profile {
            width,
            repertoire: None,
            expression: String::new(),
            ivs: true,
            collection: None,
            svs: true,
            gaiji: None,
            duplicates: None,
            private_use: false,
            private_planes: false,
            nfc_stable: true,
            unicode: true,
            marks: String::new(),
            newline: false,
            filler: false,
        }
    }

    fn reading(encoding: Encoding, doubled: bool) -> Reading<'static> {
        Reading {
            encoding,
            dialect: Dialect::Ms,
            doubled,
            tables: None,
        }
    }

    fn faults(value: &[u8], width: Width, encoding: Encoding) -> Vec<(Check, Range<usize>)> {
        let mut walk = Walk::default();
        walk.run(value, &profile(width), reading(encoding, false));
        walk.faults.into_iter().map(|f| (f.check, f.at)).collect()
    }

    #[test]
    fn lengths_in_every_unit() {
        let mut walk = Walk::default();
        walk.run(
            "辻\u{E0100}𠮷a".as_bytes(),
            &profile(Width::Any),
            reading(Encoding::Utf8, false),
        );
        let expected = Lengths {
            chars: 4,
            graphemes: 3,
            utf16: 6,
            bytes: 12,
        };
        assert_eq!(walk.lengths, expected);
        walk.run(
            b"a\"\"b",
            &profile(Width::Any),
            reading(Encoding::Utf8, true),
        );
        walk.read_text(b"a\"\"b", reading(Encoding::Utf8, true));
        assert_eq!(
            (walk.text.as_str(), walk.lengths.chars, walk.lengths.bytes),
            ("a\"b", 3, 3)
        );
    }

    /// Traces that show only in the text have their exact place in the bytes.
    #[test]
    fn traces_have_their_exact_place() {
        let full = |text: &str| faults(text.as_bytes(), Width::Full, Encoding::Utf8);
        assert_eq!(full("なか\u{3099}の"), [(Check::NotNormalised, 3..9)]);
        assert_eq!(full("山鐃緒申田"), [(Check::Replacement, 3..12)]);
        assert_eq!(full("あ\u{E0100}"), [(Check::VariationSelector, 3..7)]);
        let code = full("山U+2363A");
        assert!(
            code.contains(&(Check::CharacterReference, 3..10)),
            "{code:?}"
        );
        assert_eq!(faults(b"U+2363A", Width::Half, Encoding::Utf8), []);
        let sjis = b"\x8E\x52U+2363A";
        let code = faults(sjis, Width::Full, Encoding::Cp932);
        assert!(
            code.contains(&(Check::CharacterReference, 2..9)),
            "{code:?}"
        );
    }

    #[test]
    fn each_rule_once_at_its_first_run() {
        assert_eq!(
            faults("漢aｱ字b".as_bytes(), Width::Full, Encoding::Utf8),
            [(Check::WrongClass, 3..7)]
        );
        assert_eq!(
            faults(b"\x8A\xBF\x81", Width::Full, Encoding::Cp932),
            [(Check::CutAtBorder, 2..3)]
        );
        assert_eq!(
            faults(b"\x81,\x8A\xBF", Width::Any, Encoding::Cp932),
            [(Check::IllegalBytes, 0..1)]
        );
        assert_eq!(
            faults("か\u{3099}".as_bytes(), Width::Full, Encoding::Utf8),
            [(Check::NotNormalised, 0..6)]
        );
        assert_eq!(
            faults("\u{FF9E}ｶ".as_bytes(), Width::Half, Encoding::Utf8),
            [(Check::DakutenSplit, 0..3)]
        );
        assert_eq!(
            faults("\u{E000}\u{FFFD}".as_bytes(), Width::Full, Encoding::Utf8).len(),
            2
        );
        assert_eq!(faults("福神".as_bytes(), Width::Full, Encoding::Utf8), []);
    }
}
