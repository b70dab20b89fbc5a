//! Formats of values: numbers with a check digit, expressions.

use super::checks::Check;
use super::plan::{FieldPlan, Plan};
use crate::mask::Sensitivity;
use crate::spec::layout::digits::{self, Digit};
use crate::spec::layout::{Format, RemainderOne};

/// What the format says about a value that is not empty.
pub(super) fn format_fault(
    plan: &Plan<'_>,
    field: &FieldPlan<'_>,
    text: &str,
) -> Option<(Check, String)> {
    let bytes = text.as_bytes();
    // In fixed records an optional number that is not there is all zeros.
    if field.width > 0 && !field.required && bytes.iter().all(|b| *b == b'0') {
        return None;
    }
    let (check, digit, form) = match field.format {
        Format::None => return None,
        Format::Regex(regex, expression) => {
            return (!regex.is_match(text)).then(|| (Check::Pattern, expression.clone()));
        }
        Format::IndividualNumber => (
            Check::IndividualDigit,
            digits::individual_number(bytes),
            "12 digits with check digit",
        ),
        Format::AddresseeNumber => (
            Check::AddresseeDigit,
            digits::addressee_number(bytes),
            "M11W2-7",
        ),
        Format::MunicipalityCode => (
            Check::MunicipalityDigit,
            digits::municipality_code(bytes),
            "6 digits with check digit",
        ),
        Format::CorporateNumber => (
            Check::CorporateDigit,
            digits::corporate_number(bytes),
            "13 digits with check digit",
        ),
    };
    match digit {
        Digit::Right => None,
        Digit::Wrong(right) if field.sensitivity == Sensitivity::No => {
            Some((check, format!("{form}: {right}")))
        }
        Digit::Wrong(_) | Digit::NotANumber => Some((check, form.to_owned())),
        Digit::Undefined => undefined_digit(plan.settings.check_digit_remainder_1, bytes, form),
    }
}

/// M11W2-7 with remainder 1: the agreement says what holds.
fn undefined_digit(policy: RemainderOne, value: &[u8], form: &str) -> Option<(Check, String)> {
    match policy {
        RemainderOne::Zero if value.last() == Some(&b'0') => None,
        RemainderOne::Zero => Some((Check::AddresseeDigit, format!("{form}, remainder 1: 0"))),
        RemainderOne::Skip => Some((
            Check::AddresseeDigit,
            format!("{form}, remainder 1: not issued"),
        )),
        RemainderOne::Review => Some((Check::UndefinedDigit, form.to_owned())),
    }
}
