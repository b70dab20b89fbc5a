//! 個人番号: twelve digits whose check digit fits.

use std::borrow::Cow;
use std::ops::Range;

/// The check digit that belongs to the first eleven digits of a 個人番号. Weights from the right 2 3 4 5 6 7 2 3 4 5 6,
/// remainder of 11 at most 1 → 0 (ministerial ordinance 85 of 2014, article 5; RECALLED, holds for the official sample).
/// `None` when `body` is not eleven digits.
pub fn individual_check_digit(body: &[u8]) -> Option<u8> {
    if body.len() != 11 || !body.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let weights = (2..=7).chain(2..=6);
    let sum: u32 = body
        .iter()
        .rev()
        .zip(weights)
        .map(|(d, w)| u32::from(d - b'0') * w)
        .sum();
    match sum % 11 {
        0 | 1 => Some(0),
        remainder => u8::try_from(11 - remainder).ok(),
    }
}

/// True when the text holds twelve digits in a row, no more, or three groups of four, with the right check digit. Full-width
/// digits count as well.
pub fn has_individual_number(text: &str) -> bool {
    !spans(text).is_empty()
}

/// The text with every 個人番号 in it replaced by `●`, digit by digit. Digits that touch a letter are part of something
/// else, such as a SHA-256.
pub fn without_individual_numbers(text: &str) -> Cow<'_, str> {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let mut out = String::new();
    let mut copied = 0;
    for span in spans(text) {
        let before = text.get(..span.start).and_then(|t| t.chars().next_back());
        let after = text.get(span.end..).and_then(|t| t.chars().next());
        if letter(before) || letter(after) {
            continue;
        }
        out.push_str(text.get(copied..span.start).unwrap_or_default());
        let shown = text.get(span.clone()).unwrap_or_default().chars();
        out.extend(shown.map(|c| if digit(c).is_some() { '●' } else { c }));
        copied = span.end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

fn digit(c: char) -> Option<u8> {
    match c {
        '0'..='9' => u8::try_from(u32::from(c) - 0x30).ok(),
        '０'..='９' => u8::try_from(u32::from(c) - 0xFF10).ok(),
        _ => None,
    }
}

/// What stands between the groups of a number as it is printed on cards.
fn separates(c: char) -> bool {
    matches!(c, '-' | ' ' | '\u{3000}' | '－' | '‐' | '‑' | '–' | '−')
}

/// A run of digits: where it stands (bytes of the text), what it holds.
struct Run {
    at: Range<usize>,
    digits: Vec<u8>,
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, c) in text.char_indices() {
        let Some(value) = digit(c) else { continue };
        let end = at + c.len_utf8();
        match runs.last_mut().filter(|run| run.at.end == at) {
            Some(run) => {
                run.at.end = end;
                run.digits.push(value + b'0');
            }
            None => runs.push(Run {
                at: at..end,
                digits: vec![value + b'0'],
            }),
        }
    }
    runs
}

fn is_one(digits: &[u8]) -> bool {
    digits
        .split_last()
        .is_some_and(|(last, body)| individual_check_digit(body) == Some(last - b'0'))
}

/// Where 個人番号 stand in the text, in bytes.
fn spans(text: &str) -> Vec<Range<usize>> {
    let runs = runs(text);
    let joined = |a: &Run, b: &Run| {
        let between = text.get(a.at.end..b.at.start).unwrap_or_default();
        let mut between = between.chars();
        between.next().is_some_and(separates) && between.next().is_none()
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        if is_one(&run.digits) {
            found.push(run.at.clone());
        }
        let Some([a, b, c]) = runs.get(at..at + 3) else {
            continue;
        };
        let fours = [a, b, c].iter().all(|run| run.digits.len() == 4);
        let free = found.last().is_none_or(|last| last.end <= a.at.start);
        if fours && free && joined(a, b) && joined(b, c) {
            let digits = [&a.digits[..], &b.digits, &c.digits].concat();
            if is_one(&digits) {
                found.push(a.at.start..c.at.end);
            }
        }
    }
    found
}

/// The same for raw bytes, in ASCII digits.
pub(super) fn in_bytes(bytes: &[u8]) -> bool {
    let character = |b: &u8| {
        if b.is_ascii() {
            char::from(*b)
        } else {
            '\u{FFFD}'
        }
    };
    has_individual_number(&bytes.iter().map(character).collect::<String>())
}
