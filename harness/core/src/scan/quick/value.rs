//! Values beyond their characters: code lists, check digits, fixed values, days, on raw ASCII bytes.

use crate::scan::date;
use crate::scan::plan::{FieldPlan, Plan};
use crate::spec::layout::digits::{self, Digit};
use crate::spec::layout::{FieldType, Format, days_in};

/// Weights 2 to 7 from the right, the check digit excluded, of every second digit of eight that begin at `from`: one in each
/// 16 bits, the first at the top. Digits before `skip` weigh nothing.
const fn weights(count: usize, from: usize, skip: usize, odd: usize) -> u64 {
    let (mut out, mut lane) = (0, 0);
    while lane < 4 {
        let at = from + 2 * lane + odd;
        if at >= skip && at + 1 < count {
            out |= (2 + (count - 2 - at) as u64 % 6) << (16 * (3 - lane));
        }
        lane += 1;
    }
    out
}

/// Eight digits times their weights, added up; and a number that is 0 when all are digits.
#[inline]
fn weigh(eight: [u8; 8], even: u64, odd: u64) -> (u64, u64) {
    const LANES: u64 = 0x00FF_00FF_00FF_00FF;
    let digits = u64::from_le_bytes(eight) ^ 0x3030_3030_3030_3030;
    let bad = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
    // The top 16 bits of each product hold the sum over four digits: 4 x 9 x 7 at most, so nothing is carried into them.
    let sum = ((digits & LANES).wrapping_mul(even) >> 48)
        + ((digits >> 8 & LANES).wrapping_mul(odd) >> 48);
    (sum, bad)
}

/// Sum of digits times weights 2 to 7 from the right, the check digit excluded; `None` when a byte is no digit.
#[inline]
fn weighted<const N: usize>(value: &[u8; N]) -> Option<u64> {
    let (first, last) = (value.first_chunk::<8>()?, value.last_chunk::<8>()?);
    let (a, bad) = weigh(
        *first,
        const { weights(N, 0, 0, 0) },
        const { weights(N, 0, 0, 1) },
    );
    let (b, worse) = weigh(
        *last,
        const { weights(N, N - 8, 8, 0) },
        const { weights(N, N - 8, 8, 1) },
    );
    (bad | worse == 0).then_some(a + b)
}

/// True for a 宛名番号 of 15 digits whose last digit is right under M11W2-7; false also where the slow path says more.
#[inline]
fn addressee(value: &[u8]) -> bool {
    let Ok(digits) = <&[u8; 15]>::try_from(value) else {
        return digits::addressee_number(value) == Digit::Right;
    };
    let expected = match weighted(digits).map(|sum| sum % 11) {
        Some(0) => 0,
        None | Some(1) => return false,
        Some(remainder) => 11 - remainder,
    };
    u64::from(digits[14] - b'0') == expected
}

/// True for a 個人番号 with the right check digit: the same weights, remainder 1 gives 0.
#[inline]
fn individual(value: &[u8]) -> bool {
    let Ok(digits) = <&[u8; 12]>::try_from(value) else {
        return false;
    };
    let expected = match weighted(digits).map(|sum| sum % 11) {
        None => return false,
        Some(0 | 1) => 0,
        Some(remainder) => 11 - remainder,
    };
    u64::from(digits[11] - b'0') == expected
}

/// True for a 全国地方公共団体コード with the right check digit.
#[inline]
fn municipality(value: &[u8]) -> bool {
    let Ok(digits) = <&[u8; 6]>::try_from(value) else {
        return false;
    };
    let n = digits.map(|byte| u32::from(byte.wrapping_sub(b'0')));
    let sum = n[0] * 6 + n[1] * 5 + n[2] * 4 + n[3] * 3 + n[4] * 2;
    n.iter().all(|digit| *digit <= 9) && (11 - sum % 11) % 10 == n[5]
}

/// What a value must be.
#[derive(Clone, Debug)]
pub(in crate::scan) struct Values {
    /// Values of a code list, packed and sorted; `None`: no list.
    codes: Option<Vec<u64>>,
    digit: CheckDigit,
    fixed: Option<Vec<u8>>,
    regex: Option<Box<regex::Regex>>,
    none: bool,
    /// There is a fixed value, an expression or a short date.
    more: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CheckDigit {
    None,
    Individual,
    Addressee,
    Municipality,
    Corporate,
}

/// Values up to seven bytes as one number; longer ones never match, which means the slow path.
#[inline]
fn pack(value: &[u8]) -> Option<u64> {
    (value.len() <= 7).then(|| {
        value
            .iter()
            .fold(value.len() as u64, |n, b| n << 8 | u64::from(*b))
    })
}

/// The value that was packed.
fn unpack(packed: u64) -> Vec<u8> {
    let bytes = packed.to_be_bytes();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(8);
    let length = bytes.get(first).map_or(0, |length| usize::from(*length));
    bytes[8 - length.min(8)..].to_vec()
}

impl Values {
    pub(super) fn new(plan: &Plan<'_>, field: &FieldPlan<'_>) -> Self {
        let day = plan.as_of;
        let codes = field
            .codes
            .filter(|list| !list.open && !list.values.is_empty())
            .map(|list| {
                let mut packed: Vec<u64> = list
                    .values
                    .keys()
                    .filter(|v| v.is_ascii() && list.allows(v, Some(day)))
                    .filter_map(|v| pack(v.as_bytes()))
                    .collect();
                packed.sort_unstable();
                packed
            });
        let (digit, regex) = match field.format {
            Format::None => (CheckDigit::None, None),
            Format::IndividualNumber => (CheckDigit::Individual, None),
            Format::AddresseeNumber => (CheckDigit::Addressee, None),
            Format::MunicipalityCode => (CheckDigit::Municipality, None),
            Format::CorporateNumber => (CheckDigit::Corporate, None),
            Format::Regex(regex, _) => (CheckDigit::None, Some(regex.clone())),
        };
        let fixed = field.fixed_value.clone();
        let short = matches!(
            field.kind,
            FieldType::Md | FieldType::Ymd6 | FieldType::Ymd8 | FieldType::Wareki | FieldType::Year
        );
        let none = codes.is_none()
            && digit == CheckDigit::None
            && fixed.is_none()
            && regex.is_none()
            && !short;
        let more = fixed.is_some() || regex.is_some() || short;
        Self {
            codes,
            digit,
            fixed,
            regex,
            none,
            more,
        }
    }

    /// True when nothing is asked of the value.
    #[inline]
    pub(super) fn is_none(&self) -> bool {
        self.none
    }

    /// Bytes of the value, where [`Values::accept`] is all that can be asked of one with so many: a number with a check
    /// digit, or a list of codes that are equally long. `takes`: the byte may stand in the field.
    pub(super) fn alone(&self, takes: impl Fn(u8) -> bool) -> Option<usize> {
        if self.more {
            return None;
        }
        let digits = |length| (b'0'..=b'9').all(&takes).then_some(length);
        match (self.digit, &self.codes) {
            (CheckDigit::Individual, None) => digits(12),
            (CheckDigit::Addressee, None) => digits(15),
            (CheckDigit::Municipality, None) => digits(6),
            (CheckDigit::None, Some(codes)) => {
                let length = unpack(*codes.first()?).len();
                let sound = |code: &u64| {
                    let code = unpack(*code);
                    code.len() == length && code.iter().all(|byte| takes(*byte) && *byte != b' ')
                };
                (length > 0 && codes.iter().all(sound)).then_some(length)
            }
            _ => None,
        }
    }

    /// True when the value is what it must be.
    #[inline]
    pub(super) fn accept(&self, kind: FieldType, value: &[u8]) -> bool {
        let digit = match self.digit {
            CheckDigit::None => true,
            CheckDigit::Individual => individual(value),
            CheckDigit::Addressee => addressee(value),
            CheckDigit::Municipality => municipality(value),
            CheckDigit::Corporate => digits::corporate_number(value) == Digit::Right,
        };
        digit
            && self.codes.as_ref().is_none_or(|codes| has(codes, value))
            && (!self.more || self.rest(kind, value))
    }

    /// Fixed value, expression, day.
    #[inline]
    fn rest(&self, kind: FieldType, value: &[u8]) -> bool {
        let text = || std::str::from_utf8(value).ok().filter(|t| t.is_ascii());
        self.fixed.as_ref().is_none_or(|fixed| fixed == value)
            && self
                .regex
                .as_ref()
                .is_none_or(|regex| text().is_some_and(|t| regex.is_match(t)))
            && (kind == FieldType::Date
                || !kind.is_date()
                || text().is_some_and(|t| date::is_valid(kind, t, false)))
    }
}

/// True when a packed list has the value.
#[inline]
fn has(codes: &[u64], value: &[u8]) -> bool {
    let Some(packed) = pack(value) else {
        return false;
    };
    if codes.len() <= 16 {
        codes.contains(&packed)
    } else {
        codes.binary_search(&packed).is_ok()
    }
}

#[inline]
fn two(a: u8, b: u8) -> Option<u8> {
    (a.is_ascii_digit() && b.is_ascii_digit()).then(|| (a - b'0') * 10 + (b - b'0'))
}

/// True for a day `YYYY-MM-DD` that exists.
#[inline]
pub(super) fn date(value: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *value else {
        return false;
    };
    let (Some(century), Some(year), Some(month), Some(day)) =
        (two(y1, y2), two(y3, y4), two(m1, m2), two(d1, d2))
    else {
        return false;
    };
    day >= 1
        && (day <= 28 && (1..=12).contains(&month)
            || day <= days_in(u16::from(century) * 100 + u16::from(year), month))
}

/// True for a time `HH:MM:SS`.
#[inline]
pub(super) fn time(value: &[u8]) -> bool {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *value else {
        return false;
    };
    matches!(
        (two(h1, h2), two(m1, m2), two(s1, s2)),
        (Some(0..=23), Some(0..=59), Some(0..=59))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_value_comes_back() {
        for value in ["", "1", "02", "0000000", "ABC"] {
            let packed = pack(value.as_bytes()).unwrap_or_default();
            assert_eq!(unpack(packed), value.as_bytes());
        }
        assert_eq!(pack(b"12345678"), None);
    }

    /// A list proves its values by themselves only when every one of them may stand in the field and is as long as the others.
    #[test]
    fn equally_long_codes_are_proven_alone() {
        let alone = |codes: &[&str], more| {
            let codes = codes.iter().filter_map(|code| pack(code.as_bytes()));
            let values = Values {
                codes: Some(codes.collect()),
                digit: CheckDigit::None,
                fixed: None,
                regex: None,
                none: false,
                more,
            };
            values.alone(|byte| byte != b'&')
        };
        assert_eq!(alone(&["01", "02", "99"], false), Some(2));
        assert_eq!(alone(&["01", "02"], true), None, "a fixed value too");
        assert_eq!(alone(&["1", "02"], false), None, "of two lengths");
        assert_eq!(alone(&["A&"], false), None, "a character that is looked at");
        assert_eq!(alone(&[" 1"], false), None, "a space may be padding");
        assert_eq!(alone(&[], false), None);
    }

    #[test]
    fn check_digits_are_those_of_the_exact_path() {
        let mut seed = 9u64;
        let (mut right, mut wrong) = (0, 0);
        for round in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut text = format!("{:015}", (seed >> 14) % 1_000_000_000_000_000).into_bytes();
            if round % 7 == 0 {
                let at = (seed >> 40) as usize % text.len();
                text[at] = (seed >> 24) as u8;
            }
            for (value, quick, exact) in [
                (
                    &text[..],
                    addressee as fn(&[u8]) -> bool,
                    digits::addressee_number(&text),
                ),
                (
                    &text[3..],
                    individual,
                    digits::individual_number(&text[3..]),
                ),
                (
                    &text[9..],
                    municipality,
                    digits::municipality_code(&text[9..]),
                ),
            ] {
                let (quick, exact) = (quick(value), exact == Digit::Right);
                // The quick path may leave a right one to the exact path, but takes no wrong one.
                assert!(exact || !quick, "{value:?}");
                right += u32::from(quick);
                wrong += u32::from(!quick);
            }
        }
        assert!(right > 5_000 && wrong > 40_000, "{right} {wrong}");
    }
}
