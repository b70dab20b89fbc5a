//! What a value must be beyond its characters and its length: its type, a fixed value, a code list, a format.

use super::checks::Check;
use super::date;
use super::evidence::{Cell, View};
use super::field::{FieldChecker, Position, Say, title};
use super::form::format_fault;
use super::number::zoned;
use super::plan::{FieldPlan, Plan};
use super::tally::Tally;
use crate::mask::Sensitivity;
use crate::spec::layout::FieldType;

impl FieldChecker<'_, '_> {
    pub(super) fn value(
        &self,
        view: &View<'_>,
        position: Position,
        field: &FieldPlan<'_>,
        cell: &Cell,
        tally: &mut Tally,
    ) {
        let text = self.walk.text();
        let fault = type_fault(field, unsigned_plus(self.plan, field, text))
            .or_else(|| self.fixed_value(view, field, cell))
            .or_else(|| self.code(field, text))
            .or_else(|| format_fault(self.plan, field, text));
        if let Some((check, expected)) = fault {
            view.tell(
                self.plan,
                tally,
                position,
                (check, field.subject),
                (&cell.value, &cell.value, field.sensitivity),
                || Say {
                    expected,
                    args: title(self.plan, field),
                    observed: self.impossible_day(check, field, text),
                    ..Say::default()
                },
            );
        }
    }

    /// What is said of a masked day instead of its shape, which would hide why it is wrong.
    fn impossible_day(&self, check: Check, field: &FieldPlan<'_>, text: &str) -> Option<String> {
        let masked = field.sensitivity == Sensitivity::Personal && !self.plan.mask.reveals();
        if check != Check::InvalidDate || !masked {
            return None;
        }
        date::impossible_part(field.kind, text, field.unknown_date)
    }

    fn fixed_value(
        &self,
        view: &View<'_>,
        field: &FieldPlan<'_>,
        cell: &Cell,
    ) -> Option<(Check, String)> {
        let wanted = field.fixed_value.as_ref()?;
        let value = match self.plan.wide {
            true => self.walk.text().as_bytes(),
            false => view.slice(&cell.value),
        };
        let equal = if field.kind.is_number() {
            super::number::compare(value, wanted).is_eq()
        } else {
            value == wanted.as_slice()
        };
        let shown = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|b| char::from(*b))
                .filter(char::is_ascii)
                .collect()
        };
        (!equal).then(|| (Check::FixedValue, shown(wanted)))
    }

    fn code(&self, field: &FieldPlan<'_>, text: &str) -> Option<(Check, String)> {
        let list = field.codes?;
        if list.allows(text, Some(self.plan.as_of)) {
            return None;
        }
        let mut values: Vec<&str> = list.values.keys().take(12).map(String::as_str).collect();
        if list.values.len() > values.len() {
            values.push("…");
        }
        Some((Check::NotInList, values.join(" ")))
    }
}

/// The value without the `+` that was agreed to stand in front of it.
fn unsigned_plus<'t>(plan: &Plan<'_>, field: &FieldPlan<'_>, text: &'t str) -> &'t str {
    let may_have = plan.settings.plus_sign && field.kind == FieldType::Signed;
    let number = text.strip_prefix('+');
    number
        .filter(|n| may_have && !n.starts_with('-'))
        .unwrap_or(text)
}

/// What the type says about a value that is not empty.
fn type_fault(field: &FieldPlan<'_>, text: &str) -> Option<(Check, String)> {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let fits = |t: &str, limit: Option<u32>| limit.is_none_or(|n| t.len() <= n as usize);
    let length = field.length.map_or(String::new(), |n| n.to_string());
    match field.kind {
        FieldType::Integer if !digits(text) => Some((Check::NotANumber, format!("9({length})"))),
        FieldType::Integer if field.width == 0 && !fits(text, field.length) => {
            Some((Check::TooLong, length))
        }
        FieldType::Signed => {
            let body = text.strip_prefix('-').unwrap_or(text);
            match (digits(body), fits(body, field.length)) {
                (false, _) => Some((Check::NotANumber, format!("S9({length})"))),
                (true, false) => Some((Check::TooLong, length)),
                _ => None,
            }
        }
        FieldType::Decimal => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
            let form = format!("9({length})V9({})", field.fraction);
            if !digits(whole) || !digits(fraction) {
                return Some((Check::NotANumber, form));
            }
            let has_point = text.contains('.');
            let long = !fits(whole, field.length)
                || (has_point && fraction.len() > field.fraction as usize);
            long.then_some((Check::TooLong, form))
        }
        FieldType::Zoned if zoned(text.as_bytes()).is_none() => {
            Some((Check::NotANumber, "zoned decimal".to_owned()))
        }
        FieldType::Time if !date::is_valid(field.kind, text, false) => {
            Some((Check::InvalidTime, "HH:MM:SS".to_owned()))
        }
        kind if kind.is_date() && !date::is_valid(kind, text, field.unknown_date) => {
            let zero_filled = field.width > 0 && !field.required && text.bytes().all(|b| b == b'0');
            let form = if kind == FieldType::Date {
                "YYYY-MM-DD"
            } else {
                kind.name()
            };
            (!zero_filled).then(|| (Check::InvalidDate, form.to_owned()))
        }
        _ => None,
    }
}
