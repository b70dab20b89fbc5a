//! The column 記述例: `name="value"` in requests, a piece of JSON in responses.

use crate::reading::one_line;

/// Marks that stand around texts; people type the curved ones, too.
const QUOTES: [char; 4] = ['"', '”', '“', '＂'];

/// The value that an example gives to the item `name`; empty where it gives none.
pub(super) fn value(example: &str, name: &str) -> String {
    let rest = match example.find(name).filter(|_| !name.is_empty()) {
        Some(at) => {
            let behind = example.get(at + name.len()..).unwrap_or("");
            let behind = behind.trim_start_matches(QUOTES).trim_start();
            match behind.strip_prefix([':', '=', '：', '＝']) {
                Some(value) => value.trim_start(),
                None => return String::new(),
            }
        }
        None if example.contains(['{', '[', '}', ']']) => return String::new(),
        None => example.trim(),
    };
    match rest.strip_prefix(QUOTES) {
        Some(text) => text.split(QUOTES).next().unwrap_or(""),
        None => rest.split([',', '}', ']', '\n']).next().unwrap_or(""),
    }
    .trim()
    .to_owned()
}

/// `name:1,` or `name=1`, but not `name:"1"`.
pub(super) fn is_bare_number(example: &str) -> bool {
    let line = one_line(example);
    let value = line.rsplit([':', '=']).next().unwrap_or("");
    let value = value.trim().trim_end_matches([',', '}', ']', ' ']);
    !value.is_empty() && value.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_behind_names() {
        for (example, name, expected) in [
            ("atenabango=\"1234\"", "atenabango", "1234"),
            ("kodo=”131016”", "kodo", "131016"),
            ("\n  {\n  kodo:\"131016\",\n", "kodo", "131016"),
            ("    \"title\": \"宛名, 番号\",", "title", "宛名, 番号"),
            ("\n rirekibango:1,\n", "rirekibango", "1"),
            (
                "mei=\"・区：千代田区\n・市：茅ヶ崎市\"",
                "mei",
                "・区：千代田区\n・市：茅ヶ崎市",
            ),
            ("\"errors\": [", "code", ""),
            ("1964-07-01", "seinengappi", "1964-07-01"),
            ("", "a", ""),
        ] {
            assert_eq!(value(example, name), expected, "{example}");
        }
    }

    #[test]
    fn examples_tell_numbers_from_texts() {
        assert!(is_bare_number("\n rirekibango:1,\n"));
        assert!(!is_bare_number("sosashaid:\"123456\","));
        assert!(!is_bare_number(""));
    }
}
