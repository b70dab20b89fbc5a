//! The form of one value: how a day, a number or a missing value is written. Words are those of the catalogue where it has
//! one.

use crate::spec::layout::{Field, FieldType};

/// How a day is written, by its characters alone; `None` when it is no day of any form that is known.
pub(super) fn date(text: &str) -> Option<&'static str> {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '9' } else { c })
        .collect();
    let era = |c: char| matches!(c, 'M' | 'T' | 'S' | 'H' | 'R');
    Some(match shape.as_str() {
        "9999-99-99" => "yyyy-mm-dd",
        "9999/99/99" => "yyyy/mm/dd",
        "9999.99.99" => "yyyy.mm.dd",
        "99999999" => "yyyymmdd",
        "9999999" => "era-code",
        "999999" => "wareki-yymmdd",
        "9999" => "mmdd",
        other => {
            let mut chars = other.chars();
            match chars.next() {
                Some(first) if era(first) && chars.as_str() == "999999" => "era-code",
                _ => return None,
            }
        }
    })
}

/// The form that a type of field asks for.
pub(super) fn date_of(kind: FieldType) -> Option<&'static str> {
    Some(match kind {
        FieldType::Date => "yyyy-mm-dd",
        FieldType::Ymd8 => "yyyymmdd",
        FieldType::Ymd6 => "wareki-yymmdd",
        FieldType::Md => "mmdd",
        FieldType::Wareki => "era-code",
        _ => return None,
    })
}

/// How an unknown day is written: `0000-00-00`, or `partial` when only month or day are unknown.
pub(super) fn unknown_date(text: &str) -> Option<&'static str> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    if day.len() != 2 || !matches!(date(text), Some("yyyy-mm-dd" | "yyyymmdd")) {
        return None;
    }
    if year == "0000" && month == "00" && day == "00" {
        return Some("0000-00-00");
    }
    (month == "00" || day == "00").then_some("partial")
}

/// How a time is written.
pub(super) fn time(text: &str) -> Option<&'static str> {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '9' } else { c })
        .collect();
    match shape.as_str() {
        "99:99:99" => Some("hh:mm:ss"),
        "99:99" => Some("hh:mm"),
        "999999" => Some("hhmmss"),
        _ => None,
    }
}

/// How the sign or the grouping of a number is written, with the agreements it fits; nothing for a plain number.
pub(super) fn sign(text: &str, field: &Field) -> Option<(&'static str, &'static [&'static str])> {
    let text = text.trim();
    let (first, last) = (text.chars().next()?, text.chars().last()?);
    let inner = |t: &str| t.chars().any(|c| c.is_ascii_digit());
    if !inner(text) && field.kind != FieldType::Zoned {
        return None;
    }
    match (first, last) {
        ('-', _) => Some(("leading-minus", &["leading-minus", "plus-minus"])),
        ('+', _) => Some(("plus-minus", &["plus-minus"])),
        (_, '-' | '+') => Some(("trailing-sign", &[])),
        (_, '{' | '}' | 'A'..='R' | 'p'..='y') => Some(("zoned", &["zoned"])),
        _ if text.contains(',') => Some(("grouped", &[])),
        _ => None,
    }
}

/// How a fraction is written: with a point, or by position.
pub(super) fn decimals(text: &str, field: &Field) -> Option<&'static str> {
    let digits = text.trim_start_matches(['-', '+']);
    let number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if let Some((whole, fraction)) = digits.split_once('.') {
        return (number(whole) && number(fraction)).then_some("point");
    }
    if !number(digits) {
        return None;
    }
    let longer = |length: u32| digits.len() > length as usize;
    let implied = field.decimals > 0 || (field.fraction > 0 && field.length.is_some_and(longer));
    implied.then_some("implied")
}

/// How no value is written: `empty`, `quoted` or `spaces`; `None` for a value.
pub(super) fn null(text: &str, quoted: bool) -> Option<&'static str> {
    match (text.is_empty(), quoted) {
        (true, false) => Some("empty"),
        (true, true) => Some("quoted"),
        (false, _) => text
            .chars()
            .all(|c| matches!(c, ' ' | '\u{3000}'))
            .then_some("spaces"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_have_one_form_each() {
        let known = [
            ("2026-11-01", Some("yyyy-mm-dd")),
            ("2026/11/01", Some("yyyy/mm/dd")),
            ("20261101", Some("yyyymmdd")),
            ("5081101", Some("era-code")),
            ("R081101", Some("era-code")),
            ("081101", Some("wareki-yymmdd")),
            ("1130", Some("mmdd")),
            ("R8.11.1", None),
            ("生年月日", None),
            ("", None),
        ];
        for (text, form) in known {
            assert_eq!(date(text), form, "{text}");
        }
        assert_eq!(unknown_date("0000-00-00"), Some("0000-00-00"));
        assert_eq!(unknown_date("19800000"), Some("partial"));
        assert_eq!(unknown_date("1980-04-00"), Some("partial"));
        assert_eq!(unknown_date("1980-04-01"), None);
        assert_eq!(unknown_date("0000-01-01"), None);
        assert_eq!(time("09:00"), Some("hh:mm"));
        assert_eq!(time("9時"), None);
    }

    #[test]
    fn no_value_is_written_in_three_ways() {
        assert_eq!(null("", false), Some("empty"));
        assert_eq!(null("", true), Some("quoted"));
        assert_eq!(null("　 ", true), Some("spaces"));
        assert_eq!(null("0", false), None);
    }
}
