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
