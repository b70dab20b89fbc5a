//! Text of vendors' systems made safe to show: nothing in it can steer a terminal, reorder a line or hide.

use std::fmt::Write as _;

/// For one line: control, bidi and zero-width characters become tokens such as `[CR]` or `[U+202E]`.
pub(crate) fn line(text: &str) -> String {
    shown(text, |_| false)
}

/// For preformatted text: as [`line`], but newline and tab stay.
pub(crate) fn block(text: &str) -> String {
    shown(text, |c| matches!(c, '\n' | '\t'))
}

fn shown(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if keep(c) || !is_hidden(c) {
            out.push(c);
        } else if let Some(name) = name_of(c) {
            let _ = write!(out, "[{name}]");
        } else if let Some(number) = variation(c) {
            // The selector itself stays, so that the glyph asked for is drawn; the token says that it is there.
            let token = format!("[VS{number}]");
            out.push(c);
            // A text that was made visible before keeps its one token.
            if !text
                .get(at + c.len_utf8()..)
                .is_some_and(|rest| rest.starts_with(&token))
            {
                out.push_str(&token);
            }
        } else {
            let _ = write!(out, "[U+{:04X}]", u32::from(c));
        }
    }
    out
}

/// Characters that people cannot see or that change how their neighbours are drawn (Unicode: Cc, bidi controls,
/// default-ignorable format characters, variation selectors, private use, noncharacters), and the blocks of scripts that
/// run from right to left: one such letter in a garbled value would turn the order of the text around it.
pub(crate) fn is_hidden(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || matches!(code,
            0x00AD | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
            | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xE000..=0xF8FF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
            | 0xFFF0..=0xFFFB | 0xE0000..=0xE0FFF | 0xF0000..=0x10_FFFF)
        || matches!(code, 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
        || code & 0xFFFE == 0xFFFE
}

fn name_of(c: char) -> Option<&'static str> {
    Some(match u32::from(c) {
        0x00 => "NUL",
        0x09 => "TAB",
        0x0A => "LF",
        0x0D => "CR",
        0x1A => "EOF",
        0x1B => "ESC",
        0x200B => "ZWSP",
        0x200C => "ZWNJ",
        0x200D => "ZWJ",
        0xFEFF => "BOM",
        _ => return None,
    })
}

fn variation(c: char) -> Option<u32> {
    match u32::from(c) {
        code @ 0xFE00..=0xFE0F => Some(code - 0xFE00 + 1),
        code @ 0xE0100..=0xE01EF => Some(code - 0xE0100 + 17),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_reader() {
        assert_eq!(
            line("a\u{1b}[31m\u{202e}b\r\n"),
            "a[ESC][31m[U+202E]b[CR][LF]"
        );
        assert_eq!(block("a\r\n\tb\u{feff}"), "a[CR]\n\tb[BOM]");
        assert_eq!(line("辻\u{e0100}"), "辻\u{e0100}[VS17]");
        assert_eq!(line(&line("辻\u{e0100}")), "辻\u{e0100}[VS17]");
        assert_eq!(line("\u{e000}\u{601}"), "[U+E000][U+0601]");
        assert_eq!(line("髙橋 ｱ①"), "髙橋 ｱ①");
    }
}
