//! What a character looks like when it is seen, and when it is not.

use crate::encoding::{ScalarClass, is_half_width, scalar_class};

/// The character, or a mark when it cannot be seen: `[CR]`, `[U+3000]`; a space is `␣`.
pub fn visible(c: char) -> String {
    match c {
        ' ' => "␣".to_owned(),
        '\r' => "[CR]".to_owned(),
        '\n' => "[LF]".to_owned(),
        '\t' => "[TAB]".to_owned(),
        '\0' => "[NUL]".to_owned(),
        '\u{3000}' | '\u{A0}' => code_point(c),
        _ => match scalar_class(c) {
            ScalarClass::Control
            | ScalarClass::Format
            | ScalarClass::Svs
            | ScalarClass::Ivs
            | ScalarClass::KanaMark
            | ScalarClass::Combining
            | ScalarClass::Noncharacter
            | ScalarClass::Udc
            | ScalarClass::PrivateBmp
            | ScalarClass::PrivatePlane => code_point(c),
            _ => c.to_string(),
        },
    }
}

fn code_point(c: char) -> String {
    format!("[U+{:04X}]", u32::from(c))
}

/// One letter for the class of a character; what is neither letter nor digit identifies nobody and stays.
pub fn class_letter(c: char) -> String {
    class(c).map_or_else(|| visible(c), str::to_owned)
}

/// The class of a character that may belong to a person's data; `None` for marks and spaces.
pub fn class(c: char) -> Option<&'static str> {
    let letter = match c {
        '0'..='9' => "9",
        'A'..='Z' => "A",
        'a'..='z' => "a",
        '０'..='９' => "９",
        'Ａ'..='Ｚ' => "Ａ",
        'ａ'..='ｚ' => "ａ",
        'ぁ'..='ゖ' => "か",
        'ァ'..='ヺ' => "カ",
        'ｦ'..='ｯ' | 'ｱ'..='ﾝ' => "ｶ",
        _ if scalar_class(c).is_ideograph(c) => "漢",
        _ if c.is_alphanumeric() && !is_half_width(c) && c != 'ー' => "字",
        _ => return None,
    };
    Some(letter)
}
