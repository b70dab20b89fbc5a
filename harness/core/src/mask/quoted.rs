//! Messages of readers of JSON and TOML quote what they found, which may be a value of a person or a secret.

use std::borrow::Cow;

use super::{class_letter, without_individual_numbers};

/// Digits of a number that may be somebody's.
const LONG: usize = 5;
/// What stands before a quoted text or number, and what ends it.
const QUOTES: [(&str, char); 6] = [
    ("string \"", '"'),
    ("integer `", '`'),
    ("floating point `", '`'),
    ("unknown field `", '`'),
    ("unknown variant `", '`'),
    ("値 `", '`'),
];

/// The message with the quoted values by the classes of their characters. Short ASCII words stay where fields and words of a
/// format are told apart, since they are what somebody mistyped.
pub fn without_quoted_values(message: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = message;
    while let Some((at, end)) = next(rest) {
        let (before, from) = rest.split_at(at);
        let is_text = before.ends_with("string \"");
        let value = from.get(..end).unwrap_or(from);
        out.push_str(before);
        if is_text || is_long(value) {
            out.extend(value.chars().map(class_letter));
        } else {
            out.push_str(value);
        }
        rest = from.get(value.len()..).unwrap_or_default();
    }
    if out.is_empty() {
        return without_individual_numbers(message);
    }
    out.push_str(rest);
    Cow::Owned(without_individual_numbers(&out).into_owned())
}

/// Where the next quoted value starts, and its length, in bytes.
fn next(text: &str) -> Option<(usize, usize)> {
    let starts = QUOTES.iter().filter_map(|(word, quote)| {
        let at = text.find(word)? + word.len();
        Some((at, *quote))
    });
    let (at, quote) = starts.min_by_key(|(at, _)| *at)?;
    let value = text.get(at..)?;
    let mut escaped = false;
    let end = value.find(|c: char| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    Some((at, end.unwrap_or(value.len())))
}

/// True for what no word of a format looks like.
fn is_long(value: &str) -> bool {
    let number = value.bytes().filter(u8::is_ascii_digit).count() >= LONG;
    !value.is_ascii() || number || value.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_quote_is_shown_by_its_classes() {
        for (message, shown) in [
            (
                "invalid type: string \"鷺沼 \\\"x\\\"\", expected i64 at line 1",
                "invalid type: string \"漢漢␣\\\"a\\\"\", expected i64 at line 1",
            ),
            (
                "invalid type: integer `731440228563`, expected a string",
                "invalid type: integer `999999999999`, expected a string",
            ),
            (
                "port: integer `80`, expected a string",
                "port: integer `80`, expected a string",
            ),
            (
                "unknown field `鷺沼`, expected `a`",
                "unknown field `漢漢`, expected `a`",
            ),
            (
                "unknown field `nmae`, expected `name`",
                "unknown field `nmae`, expected `name`",
            ),
            ("値 `utf8` は使えません", "値 `utf8` は使えません"),
            ("nothing quoted", "nothing quoted"),
        ] {
            assert_eq!(without_quoted_values(message), shown);
        }
    }
}
