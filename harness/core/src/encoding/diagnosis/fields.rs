//! Traces at the borders of fields and in their storage.

use crate::model::Confidence;

/// Which voicing marks a kana takes: 濁点 and 半濁点.
fn takes(c: char) -> (bool, bool) {
    let both = matches!(
        c,
        'ﾊ'..='ﾎ' | 'は' | 'ひ' | 'ふ' | 'へ' | 'ほ' | 'ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ'
    );
    let voiced = matches!(c, 'ｶ'..='ﾄ' | 'ｳ' | 'う' | 'ウ')
        || "かきくけこさしすせそたちつてとカキクケコサシスセソタチツテト".contains(c);
    (both || voiced, both)
}

/// A value that begins with a voicing mark: how sure it is that the kana before was cut off. `before` is the value of the
/// field before and whether it fills its field; `None` when there is none.
///
/// `certain` when that field is full and ends with a kana that takes the mark, `possible` when it is unknown, `None` when
/// the value does not begin with a mark.
pub fn dakuten_split(value: &str, before: Option<(&str, bool)>) -> Option<Confidence> {
    let half = match value.chars().next()? {
        'ﾞ' | '\u{3099}' => false,
        'ﾟ' | '\u{309A}' => true,
        _ => return None,
    };
    let fits = |text: &str| {
        text.chars().next_back().is_some_and(|c| {
            let (voiced, semi_voiced) = takes(c);
            if half { semi_voiced } else { voiced }
        })
    };
    Some(match before {
        Some((text, true)) if fits(text) => Confidence::Certain,
        Some((text, false)) if fits(text) => Confidence::Probable,
        _ => Confidence::Possible,
    })
}

/// Storage that was never set: runs of 00 or FF in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unset {
    /// 00 (LOW-VALUES) or FF (HIGH-VALUES).
    pub byte: u8,
    /// 0-based offset in the field.
    pub at: usize,
    /// Length of the first run in bytes.
    pub length: usize,
    /// True when the whole field is the run.
    pub whole: bool,
    /// True when the run goes to the end of the field (padding with NUL instead of spaces).
    pub trailing: bool,
}

/// The first run of 00 or FF in a field. Not for UTF-16, where 00 is half of a character.
pub fn unset_storage(field: &[u8]) -> Option<Unset> {
    let at = field.iter().position(|b| matches!(b, 0 | 0xFF))?;
    let byte = *field.get(at)?;
    let length = field.iter().skip(at).take_while(|b| **b == byte).count();
    let trailing = at + length == field.len();
    Some(Unset {
        byte,
        at,
        length,
        whole: trailing && at == 0,
        trailing,
    })
}

/// Shift codes of host data in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShiftCodes {
    /// 0-based offset of the first one in the field.
    pub at: usize,
    /// Number of 0E.
    pub out: u32,
    /// Number of 0F.
    pub back: u32,
    /// True when they alternate, 0E first, and end with 0F.
    pub balanced: bool,
}

/// Shift codes 0E and 0F in a field.
pub fn shift_codes(field: &[u8]) -> Option<ShiftCodes> {
    let at = field.iter().position(|b| matches!(b, 0x0E | 0x0F))?;
    let (mut out, mut back, mut open, mut balanced) = (0, 0, false, true);
    for byte in field.iter().skip(at) {
        match byte {
            0x0E => {
                out += 1;
                balanced &= !open;
                open = true;
            }
            0x0F => {
                back += 1;
                balanced &= open;
                open = false;
            }
            _ => {}
        }
    }
    Some(ShiftCodes {
        at,
        out,
        back,
        balanced: balanced && !open,
    })
}

/// The other half of a character that was cut at the end of a field: the character that the last byte of the field and
/// the first byte of the next one make in CP932, if they make one.
pub fn cut_character(field: &[u8], next: &[u8]) -> Option<char> {
    use crate::encoding::{Dialect, Encoding, decode};
    let pair = [*field.last()?, *next.first()?];
    let text = decode(&pair, Encoding::Cp932, Dialect::Ms).ok()?;
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_mark_is_certain_only_after_a_full_field() {
        assert_eq!(
            dakuten_split("ﾞﾛｳ", Some(("ﾔﾏﾀ", true))),
            Some(Confidence::Certain)
        );
        assert_eq!(
            dakuten_split("ﾞﾛｳ", Some(("ﾔﾏﾀ", false))),
            Some(Confidence::Probable)
        );
        assert_eq!(
            dakuten_split("ﾞﾛｳ", Some(("ﾔﾏﾅ", true))),
            Some(Confidence::Possible)
        );
        assert_eq!(
            dakuten_split("ﾟ", Some(("ﾊ", true))),
            Some(Confidence::Certain)
        );
        assert_eq!(
            dakuten_split("ﾟ", Some(("ｶ", true))),
            Some(Confidence::Possible)
        );
        assert_eq!(dakuten_split("ﾀﾞ", Some(("ﾔﾏﾀ", true))), None);
        assert_eq!(dakuten_split("", None), None);
    }

    #[test]
    fn unset_storage_says_where() {
        let whole = Unset {
            byte: 0,
            at: 0,
            length: 4,
            whole: true,
            trailing: true,
        };
        assert_eq!(unset_storage(b"\0\0\0\0"), Some(whole));
        let tail = Unset {
            byte: 0xFF,
            at: 2,
            length: 2,
            whole: false,
            trailing: true,
        };
        assert_eq!(unset_storage(b"AB\xFF\xFF"), Some(tail));
        assert_eq!(unset_storage(b"AB"), None);
    }

    #[test]
    fn shift_codes_are_paired_or_not() {
        let paired = ShiftCodes {
            at: 1,
            out: 1,
            back: 1,
            balanced: true,
        };
        assert_eq!(shift_codes(b"A\x0Exx\x0F"), Some(paired));
        assert_eq!(shift_codes(b"\x0Fxx\x0E").map(|s| s.balanced), Some(false));
        assert_eq!(
            shift_codes(b"\x0E\x0E\x0F").map(|s| s.balanced),
            Some(false)
        );
        assert_eq!(shift_codes(b"plain"), None);
    }

    #[test]
    fn both_halves_of_a_cut_character_are_named() {
        assert_eq!(cut_character(b"\x8ER\x93\x63\x91", b"\xBE\x20"), Some('太'));
        assert_eq!(cut_character(b"\x91", b"1"), None);
    }
}
