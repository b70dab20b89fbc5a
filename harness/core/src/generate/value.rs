//! A value for one field: its fixed value, its code list, its form, its type, in this order.

use super::file::pad;
use super::pattern;
use super::random::Random;
use super::text::{self, Limits};
use crate::spec::layout::digits::{
    Digit, addressee_number, corporate_number, individual_number, municipality_code,
};
use crate::spec::layout::{CodeList, Date, Field, FieldType, Form, Format, Pad, days_in};

/// How often a value is drawn before the field is given up.
const ATTEMPTS: usize = 400;

/// A value that conforms to the field by itself; `None` when none was found.
pub(super) fn of(
    field: &Field,
    list: Option<&CodeList>,
    (form, as_of): (Form, Date),
    limits: &Limits<'_>,
    random: &mut Random,
) -> Option<String> {
    if field.kind == FieldType::Dummy {
        return Some(String::new());
    }
    if let Some(value) = &field.fixed_value {
        return Some(value.clone());
    }
    if let Some(list) = list.filter(|l| !l.open && !l.values.is_empty()) {
        let valid: Vec<&String> = list
            .values
            .keys()
            .filter(|v| list.allows(v, Some(as_of)) && limits.allow(v))
            .collect();
        return random.pick(&valid).map(|v| (*v).clone());
    }
    (0..ATTEMPTS).find_map(|_| {
        let value = match &field.format {
            Format::None => typed(field, form, limits, random)?,
            format => formed(format, field, limits, random)?,
        };
        let fills = pad(field) != Pad::None || form == Form::Delimited || fills(&value, limits);
        (!value.is_empty() && fills && limits.allow(&value)).then_some(value)
    })
}

fn fills(value: &str, limits: &Limits<'_>) -> bool {
    limits.taken(value) == Some(limits.width)
}

/// A value with a check digit or of a pattern. Bodies begin with digits that no issued number begins with, as far as that
/// can be said; what they are is synthetic all the same.
fn formed(
    format: &Format,
    field: &Field,
    limits: &Limits<'_>,
    random: &mut Random,
) -> Option<String> {
    let last = |body: String, digit: &dyn Fn(&[u8]) -> Digit| {
        let zero = format!("{body}0");
        match digit(zero.as_bytes()) {
            Digit::Right => Some(zero),
            Digit::Wrong(d) => Some(format!("{body}{d}")),
            Digit::Undefined | Digit::NotANumber => None,
        }
    };
    let attempt = |random: &mut Random| match format {
        Format::IndividualNumber => {
            last(format!("0000000{}", random.digits(4)), &individual_number)
        }
        Format::AddresseeNumber => {
            let most = limits.length.unwrap_or(15);
            let most = if limits.width > 0 {
                most.min(limits.digits())
            } else {
                most
            };
            last(random.digits(most.saturating_sub(1)), &addressee_number)
        }
        Format::MunicipalityCode => last(format!("99{}", random.digits(3)), &municipality_code),
        Format::CorporateNumber => {
            let body = format!("99{}", random.digits(10));
            match corporate_number(format!("0{body}").as_bytes()) {
                Digit::Right => Some(format!("0{body}")),
                Digit::Wrong(d) => Some(format!("{d}{body}")),
                Digit::Undefined | Digit::NotANumber => None,
            }
        }
        Format::Regex(regex, expression) => {
            pattern::matching(expression, random).filter(|text| regex.is_match(text))
        }
        Format::None => None,
    };
    let typed =
        |value: &String| !field.kind.is_number() || value.bytes().all(|b| b.is_ascii_digit());
    (0..32).find_map(|_| attempt(random).filter(typed))
}

fn typed(field: &Field, form: Form, limits: &Limits<'_>, random: &mut Random) -> Option<String> {
    Some(match field.kind {
        FieldType::X | FieldType::N | FieldType::C => return text::of(field, limits, random),
        FieldType::Integer | FieldType::Signed | FieldType::Zoned | FieldType::Decimal => {
            number(field, form, limits, random)
        }
        FieldType::Blob => "AAAA".to_owned(),
        FieldType::Time => format!(
            "{:02}:{:02}:{:02}",
            random.below(24),
            random.below(60),
            random.below(60)
        ),
        FieldType::Dummy => String::new(),
        kind => date(kind, field, limits, random),
    })
}

/// Whole numbers stay small enough that totals over many records fit.
fn number(field: &Field, form: Form, limits: &Limits<'_>, random: &mut Random) -> String {
    let most = match (form, field.length) {
        (Form::Fixed { .. }, length) => {
            length.map_or(limits.digits(), |l| (l as usize).min(limits.digits()))
        }
        (Form::Delimited, length) => length.map_or(6, |l| l as usize),
    };
    let exact = pad(field) == Pad::None && form != Form::Delimited;
    let count = if exact {
        limits.digits()
    } else {
        random.between(1, most.clamp(1, 6))
    };
    let digits = random.digits(count);
    let plain = digits.trim_start_matches('0');
    let whole = match (exact, plain) {
        (true, _) => digits.clone(),
        (false, "") => "0".to_owned(),
        (false, plain) => plain.to_owned(),
    };
    match (field.kind, form) {
        (FieldType::Signed, Form::Delimited) if whole != "0" && random.chance(1, 4) => {
            format!("-{whole}")
        }
        (FieldType::Decimal, Form::Delimited) if field.fraction > 0 => {
            format!("{whole}.{}", random.digits(field.fraction as usize))
        }
        _ => whole,
    }
}

fn date(kind: FieldType, field: &Field, limits: &Limits<'_>, random: &mut Random) -> String {
    let year = random.between(1990, 2025);
    let month = random.between(1, 12);
    let last = days_in(
        u16::try_from(year).unwrap_or(2025),
        u8::try_from(month).unwrap_or(1),
    );
    let day = random.between(1, usize::from(last.max(1)));
    match kind {
        FieldType::Year => format!("{year:04}"),
        FieldType::Date => format!("{year:04}-{month:02}-{day:02}"),
        FieldType::Ymd8 => format!("{year:04}{month:02}{day:02}"),
        FieldType::Ymd6 => format!("{:02}{month:02}{day:02}", year % 100),
        FieldType::Md => format!("{month:02}{:02}", day.min(28)),
        _ => {
            let width = match limits.digits() {
                0 => field.length.unwrap_or(7) as usize,
                digits => digits,
            };
            let code = if width >= 8 { "05" } else { "5" };
            format!(
                "{code}{:02}{month:02}{:02}",
                random.between(2, 7),
                day.min(28)
            )
        }
    }
}
