//! Numbers as text: compared and added exactly, without floating point.

use std::cmp::Ordering;

/// Compares two values: as numbers when both are numbers, else as bytes.
pub(super) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    match (Decimal::parse(a), Decimal::parse(b)) {
        (Some(a), Some(b)) => a.compare(&b),
        _ => a.cmp(b),
    }
}

struct Decimal<'a> {
    negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
}

impl<'a> Decimal<'a> {
    fn parse(text: &'a [u8]) -> Option<Self> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let (whole, fraction) = match digits.iter().position(|b| *b == b'.') {
            Some(point) => (digits.get(..point)?, digits.get(point + 1..)?),
            None => (digits, &[][..]),
        };
        let is_number = !whole.is_empty() && whole.iter().chain(fraction).all(u8::is_ascii_digit);
        let zeros = whole.iter().take_while(|b| **b == b'0').count();
        let kept = fraction
            .iter()
            .rposition(|b| *b != b'0')
            .map_or(0, |at| at + 1);
        let (whole, fraction) = (whole.get(zeros..)?, fraction.get(..kept)?);
        let zero = whole.is_empty() && fraction.is_empty();
        is_number.then_some(Self {
            negative: negative && !zero,
            whole,
            fraction,
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let size = |a: &Self, b: &Self| {
            (a.whole.len().cmp(&b.whole.len()))
                .then_with(|| a.whole.cmp(b.whole))
                .then_with(|| a.fraction.cmp(b.fraction))
        };
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => size(self, other),
            (true, true) => size(other, self),
        }
    }
}

/// The value of a whole number with an optional sign; empty text is 0.
pub(super) fn integer(text: &[u8]) -> Option<i128> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let value = digits.iter().try_fold(0i128, |n, b| {
        b.is_ascii_digit().then_some(())?;
        n.checked_mul(10)?.checked_add(i128::from(b - b'0'))
    })?;
    Some(if negative { -value } else { value })
}

/// The value of a zoned decimal in ASCII as COBOL writes it: the last byte holds digit and sign (`{`, `A`–`I` positive,
/// `}`, `J`–`R` negative, `p`–`y` negative; digits alone are positive). RECALLED: the overpunch table differs by product.
pub(super) fn zoned(text: &[u8]) -> Option<i128> {
    let (last, body) = text.split_last()?;
    let (digit, negative) = match last {
        b'0'..=b'9' => (last - b'0', false),
        b'{' => (0, false),
        b'A'..=b'I' => (last - b'A' + 1, false),
        b'}' => (0, true),
        b'J'..=b'R' => (last - b'J' + 1, true),
        b'p'..=b'y' => (last - b'p', true),
        _ => return None,
    };
    if !body.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = integer(body)?
        .checked_mul(10)?
        .checked_add(i128::from(digit))?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_as_numbers() {
        for (a, b, expected) in [
            ("010", "10", Ordering::Equal),
            ("9", "10", Ordering::Less),
            ("-9", "-10", Ordering::Greater),
            ("1.50", "1.5", Ordering::Equal),
            ("1.5", "1.45", Ordering::Greater),
            ("-0", "0", Ordering::Equal),
            ("a", "b", Ordering::Less),
            ("", "0", Ordering::Less),
        ] {
            assert_eq!(compare(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
        }
    }

    #[test]
    fn zoned_decimals() {
        assert_eq!(zoned(b"12C"), Some(123));
        assert_eq!(zoned(b"12L"), Some(-123));
        assert_eq!(zoned(b"12s"), Some(-123));
        assert_eq!(zoned(b"123"), Some(123));
        assert_eq!(zoned(b"1 3"), None);
        assert_eq!(integer(b"-12"), Some(-12));
    }
}
