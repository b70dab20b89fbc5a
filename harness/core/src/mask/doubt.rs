//! Bytes that may belong to another field than the one they stand in: a shifted border cuts a telephone number in two, and
//! neither half looks like one.

use super::Sensitivity;

impl Sensitivity {
    /// The strictest mask of the fields that a doubtful text may belong to. Only what holds digits may be part of a
    /// 個人番号; where no field of the layout is about persons, everything stays as declared.
    #[must_use]
    pub fn doubted(self, text: &str, fields: impl IntoIterator<Item = Self>) -> Self {
        let strictest = fields.into_iter().max_by_key(|s| *s as u8);
        match strictest.unwrap_or_default().max_by_rank(self) {
            Self::No => Self::No,
            Self::IndividualNumber if text.chars().any(is_digit) => Self::IndividualNumber,
            _ => Self::Personal,
        }
    }

    fn max_by_rank(self, other: Self) -> Self {
        if other as u8 > self as u8 {
            other
        } else {
            self
        }
    }
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// True for a stretch of digits and hyphens that is no day and no amount: what is left of a telephone number, a postal code
/// or a house number when a border cuts it.
pub(super) fn is_hyphened_number(run: &[u8]) -> bool {
    let parts: Vec<&[u8]> = run.split(|b| *b == b'-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts.iter().filter(|part| !part.is_empty()).count();
    let day = matches!(lengths.as_slice(), [4, 2, 2] | [4, 2]);
    // One part with a sign before or behind it is an amount.
    digits > 1 && !day && lengths.iter().any(|length| *length >= SHORTEST)
}

/// True for digits that are a 個人番号 or the number of a mobile telephone behind padding of zeros: an amount is written so,
/// and a shifted record may put a number there.
pub(super) fn is_padded_number(digits: &[u8]) -> bool {
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let zeros = digits.iter().take_while(|b| **b == b'0').count();
    let (_, rest) = digits.split_at(zeros);
    let mobile = matches!(rest, [b'5' | b'7'..=b'9', b'0', ..]) && rest.len() == MOBILE;
    let individual = rest
        .split_last()
        .is_some_and(|(last, body)| super::individual_check_digit(body) == Some(last - b'0'));
    zeros > 0 && (mobile || individual)
}

/// Digits of the number of a mobile telephone behind its 0 (090, 080, 070, 050).
const MOBILE: usize = 10;
/// Digits of the last part of a telephone number.
const SHORTEST: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_telephone_numbers_are_known_and_days_and_amounts_are_none() {
        for run in ["7731-4402", "90-7731", "03-1234", "1234-5678", "-7731-4402"] {
            assert!(is_hyphened_number(run.as_bytes()), "{run}");
        }
        for run in [
            "2026-04-01",
            "1964-13",
            "-12345",
            "12345-",
            "12",
            "",
            "1-2-3",
        ] {
            assert!(!is_hyphened_number(run.as_bytes()), "{run}");
        }
    }

    #[test]
    fn numbers_behind_zeros_are_known() {
        for digits in ["0009077314402", "09077314402", "0345678901234"] {
            assert!(is_padded_number(digits.as_bytes()), "{digits}");
        }
        for digits in [
            "9077314402",
            "0000012300",
            "0000000000",
            "",
            "0345678901235",
            "00345-67890",
        ] {
            assert!(!is_padded_number(digits.as_bytes()), "{digits}");
        }
    }

    #[test]
    fn doubt_is_as_strict_as_the_layout() {
        use Sensitivity as S;
        assert_eq!(S::No.doubted("12", [S::No, S::No]), S::No);
        assert_eq!(S::No.doubted("12", [S::No, S::Name]), S::Personal);
        assert_eq!(
            S::No.doubted("12", [S::IndividualNumber]),
            S::IndividualNumber
        );
        assert_eq!(S::No.doubted("AB", [S::IndividualNumber]), S::Personal);
        assert_eq!(S::Name.doubted("AB", [S::No]), S::Personal);
    }
}
