//! Check digits. Formulas with their certainty: `domain.md` 1.6 of the reference notes.

use crate::mask::individual_check_digit;

/// What a check digit turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digit {
    /// It fits.
    Right,
    /// It does not; the digit that would fit.
    Wrong(u8),
    /// The rule does not say what it is (M11W2-7, remainder 1).
    Undefined,
    /// The value is not made of digits or has the wrong length: no check digit can be computed.
    NotANumber,
}

impl Digit {
    fn compare(actual: u8, expected: u8) -> Self {
        if actual == expected {
            Self::Right
        } else {
            Self::Wrong(expected)
        }
    }
}

fn numeral(byte: u8) -> u32 {
    u32::from(byte.wrapping_sub(b'0'))
}

fn split(value: &[u8], length: Option<usize>) -> Option<(&[u8], u8)> {
    if length.is_some_and(|n| n != value.len()) || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    match value {
        [body @ .., last] if !body.is_empty() => Some((body, last - b'0')),
        _ => None,
    }
}

/// 個人番号, 12 digits; see [`crate::mask::individual_check_digit`].
pub fn individual_number(value: &[u8]) -> Digit {
    let Some((body, actual)) = split(value, Some(12)) else {
        return Digit::NotANumber;
    };
    individual_check_digit(body).map_or(Digit::NotANumber, |expected| {
        Digit::compare(actual, expected)
    })
}

/// 宛名番号: modulus 11 with weights 2 to 7 from the right, again and again (M11W2～7, 共通機能標準仕様書 2.1, footnotes).
/// Remainder 0 gives 0; remainder 1 is not defined by the text.
pub fn addressee_number(value: &[u8]) -> Digit {
    let Some((body, actual)) = split(value, None) else {
        return Digit::NotANumber;
    };
    let sum: u32 = body
        .iter()
        .rev()
        .zip((2..=7).cycle())
        .map(|(d, w)| numeral(*d) * w)
        .sum();
    match sum % 11 {
        1 => Digit::Undefined,
        remainder => Digit::compare(actual, mod_11(remainder)),
    }
}

/// 全国地方公共団体コード, 6 digits: weights 6 5 4 3 2 from the left, last digit of 11 − remainder (RECALLED; holds for the
/// official sample 131016).
pub fn municipality_code(value: &[u8]) -> Digit {
    let Some((body, actual)) = split(value, Some(6)) else {
        return Digit::NotANumber;
    };
    let sum: u32 = body
        .iter()
        .zip((2..=6).rev())
        .map(|(d, w)| numeral(*d) * w)
        .sum();
    // A sum below 11 is subtracted from 11 as it is; that equals 11 − remainder.
    Digit::compare(actual, u8::try_from((11 - sum % 11) % 10).unwrap_or(0))
}

/// True for a 全国地方公共団体コード with the right check digit.
pub fn municipality(value: &[u8]) -> bool {
    municipality_code(value) == Digit::Right
}

/// 法人番号, 13 digits: the first digit is 9 − (Σ weights 1 2 1 2 … from the right) mod 9 (RECALLED: 法人番号の指定等に
/// 関する省令 article 2).
pub fn corporate_number(value: &[u8]) -> Digit {
    if value.len() != 13 || !value.iter().all(u8::is_ascii_digit) {
        return Digit::NotANumber;
    }
    let Some((actual, body)) = value.split_first() else {
        return Digit::NotANumber;
    };
    let sum: u32 = body
        .iter()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(d, w)| numeral(*d) * w)
        .sum();
    Digit::compare(actual - b'0', u8::try_from(9 - sum % 9).unwrap_or(0))
}

fn mod_11(remainder: u32) -> u8 {
    match remainder {
        0 | 1 => 0,
        r => u8::try_from(11 - r).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_samples() {
        assert_eq!(individual_number(b"345678901234"), Digit::Right);
        assert_eq!(individual_number(b"345678901230"), Digit::Wrong(4));
        assert_eq!(municipality_code(b"131016"), Digit::Right);
        assert_eq!(municipality_code(b"011002"), Digit::Right);
        // 国税庁 7000012050002, デジタル庁 8000012010038
        assert_eq!(corporate_number(b"7000012050002"), Digit::Right);
        assert_eq!(corporate_number(b"8000012010038"), Digit::Right);
        assert_eq!(corporate_number(b"9000012010038"), Digit::Wrong(8));
        assert_eq!(individual_number(b"34567890123"), Digit::NotANumber);
    }

    #[test]
    fn addressee_numbers() {
        assert_eq!(addressee_number(b"123456789123452"), Digit::Right);
        assert!(matches!(
            addressee_number(b"123456789123456"),
            Digit::Wrong(2)
        ));
        // 6 × 2 = 12, remainder 1: the text does not define the digit.
        assert_eq!(addressee_number(b"000000000000060"), Digit::Undefined);
        assert_eq!(addressee_number(b""), Digit::NotANumber);
        assert_eq!(addressee_number(b"5"), Digit::NotANumber);
    }
}
