//! The one door from observed bytes to text that people read. Values are masked unless reveal is on; individual numbers
//! (個人番号) are never shown.

mod doubt;
mod individual;
mod key;
mod pseudonym;
mod quoted;
mod shape;
pub mod wire;

pub use individual::{has_individual_number, individual_check_digit, without_individual_numbers};
pub use key::{KEY_BYTES, Key};
pub use pseudonym::Pseudonyms;
pub use quoted::without_quoted_values;
pub use shape::{class, class_letter, visible};

use crate::encoding::{Dialect, Encoding, Unit, What, units};

/// Bytes that are shown of a stretch that may not be there: one character of any encoding but UTF-8's longest. Two kanji
/// already name somebody.
pub const EXPOSED_BYTES: usize = 3;

/// Codes have fewer letters together; a name in a field that a shifted record put it into may have so many.
const LETTERS_OF_A_NAME: usize = 6;

/// How masking treats a value. Layouts declare it by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sensitivity {
    /// Not sensitive: codes, days of processing. Only ASCII is shown, since a shifted record may put anything there.
    #[default]
    No,
    /// Addresses, days of birth, numbers, contacts, free text.
    Personal,
    /// Readings of names.
    Kana,
    /// Names.
    Name,
    /// 個人番号: never shown, not even when revealing.
    IndividualNumber,
}

impl Sensitivity {
    /// As layouts and items of an API write it: `name`, `kana`, `number` and others; what is not known is personal.
    pub fn of_word(word: &str) -> Self {
        match word {
            "" => Self::No,
            "name" => Self::Name,
            "kana" => Self::Kana,
            _ => Self::Personal,
        }
    }

    /// The same, but of no kind that a pseudonym could stand for: for values that are only part of one, or several together.
    #[must_use]
    pub fn without_kind(self) -> Self {
        match self {
            Self::Name | Self::Kana => Self::Personal,
            other => other,
        }
    }
}

/// The policy of a run. The default masks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mask {
    reveal: bool,
    /// Numbers that stand for names beside their shape.
    names: Option<&'static Pseudonyms>,
}

impl Mask {
    /// Shows values (but no individual numbers). Only for runs whose plan names an approval.
    pub fn revealing() -> Self {
        Self {
            reveal: true,
            names: None,
        }
    }

    /// The same policy, with a number before the shape of a masked name. The numbers live as long as the program.
    #[must_use]
    pub fn naming(self, names: Option<&'static Pseudonyms>) -> Self {
        Self { names, ..self }
    }

    /// True when values are shown.
    pub fn reveals(self) -> bool {
        self.reveal
    }

    /// True when values of this sensitivity may be seen.
    fn shows(self, sensitivity: Sensitivity, text: &str) -> bool {
        match sensitivity {
            Sensitivity::IndividualNumber => false,
            _ if has_individual_number(text) => false,
            Sensitivity::No => self.reveal || (text.is_ascii() && !is_contact(text.as_bytes())),
            Sensitivity::Personal | Sensitivity::Kana | Sensitivity::Name => self.reveal,
        }
    }

    /// A text as people may see it. Masked text keeps its length and the class of each character.
    pub fn text(self, text: &str, sensitivity: Sensitivity) -> String {
        let shown = self.shows(sensitivity, text);
        text.chars()
            .map(|c| if shown { visible(c) } else { class_letter(c) })
            .collect()
    }

    /// Bytes as people may see them; `marked` are offsets of bytes that a finding is about, shown with their code point.
    /// At most `limit` characters, those before and around the marked ones.
    pub fn bytes(
        self,
        bytes: &[u8],
        encoding: Encoding,
        dialect: Dialect,
        sensitivity: Sensitivity,
        marked: &std::ops::Range<usize>,
        limit: usize,
    ) -> String {
        let all: Vec<_> = units(bytes, encoding, dialect).collect();
        // Full-width digits are seen only as characters.
        let shown = self.shows_bytes(bytes, sensitivity) && !holds_individual_number(&all);
        let first = all
            .iter()
            .position(|u| u.bytes.end > marked.start)
            .unwrap_or(0);
        let from = if all.len() <= limit {
            0
        } else {
            first.saturating_sub(limit / 2).min(all.len() - limit)
        };
        let mut out = match shown {
            true => String::new(),
            false => self.pseudonym(&all, sensitivity),
        };
        if from > 0 {
            out.push('…');
        }
        for unit in all.iter().skip(from).take(limit) {
            let is_marked = unit.bytes.start < marked.end && marked.start < unit.bytes.end;
            // Of several characters that may not be there the first says why; all of them would be the value.
            let faulty = matches!(unit.what, What::Fault(_));
            let is_first = unit.bytes.start <= marked.start
                || (faulty && unit.bytes.end <= marked.start + EXPOSED_BYTES);
            let is_marked = is_marked && (shown || is_first);
            match unit.what {
                What::Char(c) if is_marked && sensitivity != Sensitivity::IndividualNumber => {
                    out.push_str(&pointed(c));
                }
                What::Char(c) => out.push_str(&if shown { visible(c) } else { class_letter(c) }),
                What::Pair(a, b) => {
                    for c in [a, b] {
                        out.push_str(&if shown || is_marked {
                            visible(c)
                        } else {
                            class_letter(c)
                        });
                    }
                }
                // Bytes that are no character here may well be a name in another encoding.
                What::Fault(_) if !shown && !is_marked => out.push_str("[··]"),
                What::Fault(_) => {
                    for byte in bytes.get(unit.bytes.clone()).unwrap_or(&[]) {
                        out.push_str(&format!("[0x{byte:02X}]"));
                    }
                }
            }
        }
        if from + limit < all.len() {
            out.push('…');
        }
        out
    }

    /// True when these bytes of an encoding may be shown, as text or as hex.
    pub fn shows_encoded(
        self,
        bytes: &[u8],
        encoding: Encoding,
        dialect: Dialect,
        sensitivity: Sensitivity,
    ) -> bool {
        self.shows_bytes(bytes, sensitivity)
            && (bytes.is_ascii()
                || !holds_individual_number(&units(bytes, encoding, dialect).collect::<Vec<_>>()))
    }

    /// True when these raw bytes may be shown as hex, as far as ASCII tells.
    pub fn shows_bytes(self, bytes: &[u8], sensitivity: Sensitivity) -> bool {
        let word = |run: &[u8]| run.len() >= LETTERS_OF_A_NAME;
        let spelled = bytes.split(|b| !b.is_ascii_alphabetic()).any(word);
        match sensitivity {
            Sensitivity::IndividualNumber => false,
            _ if individual::in_bytes(bytes) => false,
            Sensitivity::No => self.reveal || (bytes.is_ascii() && !is_contact(bytes) && !spelled),
            Sensitivity::Personal | Sensitivity::Kana | Sensitivity::Name => self.reveal,
        }
    }

    /// The number that stands for a name, with a space behind it, for what is said instead of its shape; empty without a
    /// key, for values of other kinds, and where values are shown.
    pub fn number(
        self,
        bytes: &[u8],
        encoding: Encoding,
        dialect: Dialect,
        sensitivity: Sensitivity,
    ) -> String {
        if self.reveal || self.names.is_none() {
            return String::new();
        }
        let all: Vec<_> = units(bytes, encoding, dialect).collect();
        self.pseudonym(&all, sensitivity)
    }

    /// The number that stands for a name that was read as text, with a space behind it; empty as in [`Mask::number`].
    pub fn number_of_text(self, text: &str, sensitivity: Sensitivity) -> String {
        let names = self.names.filter(|_| !self.reveal);
        let name = names.and_then(|names| names.of(sensitivity, text));
        name.map_or(String::new(), |name| name + " ")
    }

    /// The number that stands for a whole name, and what separates it from the shape; empty without a key.
    fn pseudonym(self, units: &[Unit], sensitivity: Sensitivity) -> String {
        let name = self.names.and_then(|names| {
            let text: Option<String> = units
                .iter()
                .map(|unit| match unit.what {
                    What::Char(c) => Some(c),
                    _ => None,
                })
                .collect();
            names.of(sensitivity, &text?)
        });
        name.map_or(String::new(), |name| name + " ")
    }
}

/// True for a telephone number (ten or eleven digits that begin with one 0, with or without hyphens), a part of one with a
/// hyphen in it, or a mail address: a shifted record may put one into any field.
fn is_contact(bytes: &[u8]) -> bool {
    let telephone = |run: &[u8]| {
        let digits: Vec<u8> = run.iter().copied().filter(u8::is_ascii_digit).collect();
        matches!(digits.as_slice(), [b'0', b'1'..=b'9', ..]) && (10..=11).contains(&digits.len())
    };
    let of_number = |b: &u8| b.is_ascii_digit() || matches!(b, b'-' | b'(' | b')');
    let number = |run: &[u8]| {
        telephone(run) || doubt::is_hyphened_number(run) || doubt::is_padded_number(run)
    };
    bytes.contains(&b'@') || bytes.split(|b| !of_number(b)).any(number)
}

/// True when the characters hold a 個人番号, in digits of either width.
fn holds_individual_number(units: &[Unit]) -> bool {
    let text: String = units
        .iter()
        .map(|unit| match unit.what {
            What::Char(c) => c,
            _ => '\u{FFFD}',
        })
        .collect();
    has_individual_number(&text)
}

/// A character with its code point: `髙(U+9AD9)`; for what cannot be seen the code point alone.
pub fn pointed(c: char) -> String {
    let seen = visible(c);
    if seen.starts_with('[') && seen.len() > 1 {
        seen
    } else {
        format!("{seen}(U+{:04X})", u32::from(c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_text_keeps_its_shape() {
        let mask = Mask::default();
        let masked = mask.text("髙橋　はな子ハナｶﾅ12AＢ３-", Sensitivity::Personal);
        assert_eq!(masked, "漢漢[U+3000]かか漢カカｶｶ99AＡ９-");
        assert_eq!(
            Mask::revealing().text("髙橋　", Sensitivity::Personal),
            "髙橋[U+3000]"
        );
        assert_eq!(mask.text("9", Sensitivity::No), "9");
        assert_eq!(mask.text("髙", Sensitivity::No), "漢");
    }

    #[test]
    fn individual_numbers_are_never_shown() {
        let reveal = Mask::revealing();
        assert_eq!(reveal.text("345678901234", Sensitivity::No), "999999999999");
        assert_eq!(
            reveal.text("x 345678901234", Sensitivity::Personal),
            "a␣999999999999"
        );
        assert_eq!(
            reveal.text("345678901235", Sensitivity::Personal),
            "345678901235"
        );
        assert_eq!(
            reveal.text("345678901235", Sensitivity::IndividualNumber),
            "999999999999"
        );
        assert!(!reveal.shows_bytes(b"345678901234", Sensitivity::No));
    }

    #[test]
    fn individual_numbers_are_found_however_they_are_written() {
        for text in [
            "345678901234",
            "３４５６７８９０１２３４",
            "3456-7890-1234",
            "３４５６　７８９０　１２３４",
            "\"345678901234\"",
        ] {
            assert!(has_individual_number(text), "{text}");
            let reveal = Mask::revealing();
            let shown = reveal.text(text, Sensitivity::No);
            assert!(
                !shown.contains("345") && !shown.contains("３４５"),
                "{shown}"
            );
        }
        for text in [
            "345678901235",
            "1345678901234",
            "3456-78901234",
            "3456--7890-1234",
        ] {
            assert!(!has_individual_number(text), "{text}");
        }
        assert_eq!(
            without_individual_numbers("?n=345678901234&x=３４５６-７８９０-１２３４."),
            "?n=●●●●●●●●●●●●&x=●●●●-●●●●-●●●●."
        );
        // Part of a digest is no number.
        assert_eq!(
            without_individual_numbers("a345678901234f"),
            "a345678901234f"
        );
        for (encoding, bytes) in [
            (
                Encoding::Utf8,
                "３４５６７８９０１２３４".as_bytes().to_vec(),
            ),
            (
                Encoding::Cp932,
                (b'3'..=b'9')
                    .chain(b'0'..=b'4')
                    .flat_map(|b| [0x82, b + 0x1F])
                    .collect(),
            ),
        ] {
            let sensitivity = Sensitivity::Personal;
            let shown =
                Mask::revealing().bytes(&bytes, encoding, Dialect::Ms, sensitivity, &(0..0), 40);
            assert_eq!(shown, "９９９９９９９９９９９９");
        }
    }

    #[test]
    fn the_offending_character_is_shown() {
        let mask = Mask::default();
        let show = |bytes: &[u8], marked| {
            mask.bytes(
                bytes,
                Encoding::Cp932,
                Dialect::Ms,
                Sensitivity::Personal,
                &marked,
                20,
            )
        };
        assert_eq!(
            show(b"\xFB\xFC\x8B\xB4\x81\x40", 0..2),
            "髙(U+9AD9)漢[U+3000]"
        );
        assert_eq!(show(b"\x8B\xB4\x81", 2..3), "漢[0x81]");
        assert_eq!(show(b"A\r\n", 1..2), "A[CR][LF]");
    }
}
