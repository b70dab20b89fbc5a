//! Records whose values do not stand where the layout puts them: there a number of a person may stand in the field of an
//! amount.

use super::Wish;
use super::cells::Cell;
use super::plan::Treatment;
use crate::encoding::decode;
use crate::scan::{is_of_form, is_valid_day};
use crate::spec::layout::{Field, FieldType};

/// So many values without the form of their fields make a record doubtful; one is a fault of its own.
const LEAST: usize = 2;

/// The cells of one record, marked where it is doubtful.
pub(super) fn settled(wish: &Wish<'_>, bytes: &[u8], mut cells: Vec<Cell>) -> Vec<Cell> {
    let misfits = cells.iter().filter(|cell| {
        let field = cell
            .field
            .and_then(|(kind, field)| wish.layout.kinds.get(kind)?.fields.get(field));
        let value = bytes.get(cell.at.clone()).unwrap_or_default();
        field.is_some_and(|field| !fits(wish, field, value))
    });
    let doubtful = misfits.take(LEAST).count() == LEAST;
    for cell in &mut cells {
        cell.doubtful = doubtful;
    }
    cells
}

fn text(wish: &Wish<'_>, bytes: &[u8]) -> Option<String> {
    decode(bytes, wish.settings.encoding, wish.settings.dialect).ok()
}

fn fits(wish: &Wish<'_>, field: &Field, bytes: &[u8]) -> bool {
    let Some(text) = text(wish, bytes) else {
        return false;
    };
    let value = text.trim_matches(['"', ' ', '\u{3000}']);
    let codes = wish.code_lists.get(&field.code);
    let as_fixed = field.fixed_value.as_deref();
    let known = |value: &str| codes.is_none_or(|list| list.open || list.values.contains_key(value));
    is_of_form(field.kind, codes, &text)
        && (value.is_empty() || (as_fixed.is_none_or(|fixed| fixed == value) && known(value)))
        && !(field.kind == FieldType::N && value.chars().any(|c| c.is_ascii_alphanumeric()))
}

/// True when a value of a doubtful record is the field's own all the same: a code of the list, the fixed value, a day of the
/// calendar, an amount that a total counts.
pub(super) fn stands(wish: &Wish<'_>, field: &Field, treatment: Treatment, bytes: &[u8]) -> bool {
    let Some(text) = text(wish, bytes) else {
        return false;
    };
    let value = text.trim_matches(['"', ' ', '\u{3000}']);
    if value.is_empty() {
        return true;
    }
    let dated = field.kind.is_date() || field.kind == FieldType::Time;
    let listed = wish.code_lists.get(&field.code);
    value.is_ascii()
        && fits(wish, field, bytes)
        && (treatment == Treatment::Structure && (field.code.is_empty() || listed.is_some())
            || dated && is_valid_day(field.kind, value, field.unknown_date))
}
