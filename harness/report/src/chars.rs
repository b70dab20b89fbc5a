//! What kind of trouble a character is: words beside a glyph that readers cannot tell from another, or cannot see at all.

use crate::visible;

/// Keys of the words (`chip.…`) for what a stretch of text holds, each once, in the order of the text.
///
/// Families of look-alikes are those whose members different mapping tables exchange (JIS X 0208 rows 1 and 2 against
/// CP932 and Unicode); blocks are those of Unicode 15.
pub(crate) fn kinds(text: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    for c in text.chars() {
        if let Some(kind) = kind(c)
            && !found.contains(&kind)
        {
            found.push(kind);
        }
    }
    if text.ends_with([' ', '\u{3000}']) && !found.contains(&"trailing_space") {
        found.push("trailing_space");
    }
    found
}

fn kind(c: char) -> Option<&'static str> {
    let code = u32::from(c);
    Some(match code {
        0x301C | 0xFF5E => "wave_dash",
        0x2212 | 0xFF0D | 0x2010..=0x2015 | 0x2500 | 0x30FC | 0xFF70 => "dash",
        0x00A5 | 0xFFE5 | 0x005C | 0xFF3C => "yen",
        0x2016 | 0x2225 => "double_line",
        0x00A2 | 0xFFE0 | 0x00A3 | 0xFFE1 | 0x00AC | 0xFFE2 => "other_table",
        0x3099..=0x309A => "combining_mark",
        0xFF9E | 0xFF9F => "dakuten_apart",
        0xFE00..=0xFE0F | 0xE0100..=0xE01EF => "variation",
        0x3000 => "full_space",
        0x00A0 | 0x202F => "no_break_space",
        0xFFFD => "replaced",
        0x3013 | 0x003F | 0xFF1F => "substitute",
        0xE000..=0xF8FF | 0xF0000..=0x10_FFFF => "gaiji",
        0xF900..=0xFAFF | 0x2F800..=0x2FA1F => "compatible",
        0xFF61..=0xFF9F => "half_kana",
        0xFF01..=0xFF60 => "full_width",
        0x2460..=0x24FF | 0x3220..=0x33FF | 0x2160..=0x217F => "vendor_special",
        0x20000..=0x3FFFF => "beyond_bmp",
        _ if c.is_control() => "control",
        _ if visible::is_hidden(c) => "invisible",
        _ => return None,
    })
}

/// The text in clusters that a reader takes for one character: a base with its marks and selectors.
pub(crate) fn clusters(text: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = Vec::new();
    let mut joined = false;
    for (at, c) in text.char_indices() {
        if starts.is_empty() || !(joined || extends(c)) {
            starts.push(at);
        }
        joined = c == '\u{200D}';
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(from, to)| text.get(*from..to))
        .collect()
}

fn extends(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036F | 0x20D0..=0x20FF | 0x3099..=0x309A | 0xFE00..=0xFE0F | 0xE0100..=0xE01EF | 0x200D)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_or_told_apart_has_a_word() {
        let cases = [
            ("葛\u{e0100}", "variation"),
            ("か\u{3099}", "combining_mark"),
            ("山\u{3000}田", "full_space"),
            ("a\u{a0}b", "no_break_space"),
            ("a\u{1b}", "control"),
            ("〜", "wave_dash"),
            ("～", "wave_dash"),
            ("−", "dash"),
            ("ー", "dash"),
            ("\u{200b}", "invisible"),
            ("\u{e000}", "gaiji"),
            ("ｶﾞ", "half_kana"),
            ("①", "vendor_special"),
            ("𠮷", "beyond_bmp"),
            ("〓", "substitute"),
            ("田 ", "trailing_space"),
        ];
        for (text, kind) in cases {
            assert!(kinds(text).contains(&kind), "{text:?}: {:?}", kinds(text));
        }
        assert!(kinds("山田太郎").is_empty());
    }

    #[test]
    fn a_base_keeps_its_marks() {
        assert_eq!(
            clusters("か\u{3099}葛\u{e0100}a"),
            ["か\u{3099}", "葛\u{e0100}", "a"]
        );
        assert_eq!(clusters(""), Vec::<&str>::new());
        assert_eq!(clusters("\u{3099}か"), ["\u{3099}", "か"]);
    }
}
