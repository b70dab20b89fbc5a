//! Values beyond their characters: code lists, check digits, fixed values, days, on raw ASCII bytes.

use crate::scan::date;
use crate::scan::plan::{FieldPlan, Plan};
use crate::spec::layout::digits::{self, Digit};

/// Weights 2 to 7 from the right, for up to 24 digits in front of the check digit.
const WEIGHTS: [u32; 24] = {
    let mut weights = [0; 24];
    let mut at = 0;
    while at < 24 {
        weights[at] = 2 + (23 - at as u32) % 6;
        at += 1;
    }
    weights
};

/// True for a number whose last digit is right under M11W2-7; false also where the slow path has more to say.
fn modulus_11(value: &[u8]) -> bool {
    let Some((last, body)) = value.split_last() else {
        return false;
    };
    let Some(weights) = WEIGHTS
        .get(WEIGHTS.len().saturating_sub(body.len())..)
        .filter(|w| w.len() == body.len())
    else {
        return false;
    };
    let (mut sum, mut worst) = (0u32, last.wrapping_sub(b'0'));
    for (digit, weight) in body.iter().zip(weights) {
        let digit = digit.wrapping_sub(b'0');
        worst = worst.max(digit);
        sum += u32::from(digit) * weight;
    }
    let expected = match sum % 11 {
        0 => 0,
        1 => return false,
        remainder => 11 - remainder,
    };
    worst <= 9 && !body.is_empty() && u32::from(last.wrapping_sub(b'0')) == expected
}

use crate::spec::layout::{FieldType, Format, days_in};

/// What a value must be.
#[derive(Clone, Debug)]
pub(in crate::scan) struct Values {
    /// Values of a code list, packed and sorted; `None`: no list.
    codes: Option<Vec<u64>>,
    digit: CheckDigit,
    fixed: Option<Vec<u8>>,
    regex: Option<Box<regex::Regex>>,
    none: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CheckDigit {
    None,
    Individual,
    Addressee,
    Municipality,
    Corporate,
}

/// Values up to eight bytes as one number; longer ones never match, which means the slow path.
fn pack(value: &[u8]) -> Option<u64> {
    (value.len() <= 7).then(|| {
        value
            .iter()
            .fold(value.len() as u64, |n, b| n << 8 | u64::from(*b))
    })
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
        Self {
            codes,
            digit,
            fixed,
            regex,
            none,
        }
    }

    /// True when nothing is asked of the value.
    #[inline]
    pub(super) fn is_none(&self) -> bool {
        self.none
    }

    /// True when the value is what it must be.
    pub(super) fn accept(&self, kind: FieldType, value: &[u8]) -> bool {
        if let Some(codes) = &self.codes {
            let Some(packed) = pack(value) else {
                return false;
            };
            let found = if codes.len() <= 8 {
                codes.contains(&packed)
            } else {
                codes.binary_search(&packed).is_ok()
            };
            if !found {
                return false;
            }
        }
        let digit = match self.digit {
            CheckDigit::None => Digit::Right,
            CheckDigit::Individual => digits::individual_number(value),
            CheckDigit::Addressee => return modulus_11(value) && self.rest(kind, value),
            CheckDigit::Municipality => digits::municipality_code(value),
            CheckDigit::Corporate => digits::corporate_number(value),
        };
        digit == Digit::Right && self.rest(kind, value)
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
