//! Records whose values do not stand where the layout puts them: there a number of a person may stand in the field of an
//! amount.

use std::ops::Range;

use super::Wish;
use super::body::DIGITS_OF_A_NUMBER;
use super::cells::Cell;
use super::plan::Treatment;
use crate::encoding::decode;
use crate::scan::{is_of_form, is_valid_day};
use crate::spec::layout::{Field, FieldType, Form, Output, Pad};

/// So many values without the form of their fields make a record doubtful; one is a fault of its own.
const LEAST: usize = 2;

/// Bytes that content may be off.
const REACH: isize = 64;
/// So far a check looks for them, too (LAY-014).
const LIKELY: isize = 4;

/// The cells of one record, where its content stands; marked where that cannot be told.
pub(super) fn settled(
    wish: &Wish<'_>,
    bytes: &[u8],
    line: &Range<usize>,
    mut cells: Vec<Cell>,
) -> Vec<Cell> {
    let misfit = |cell: &Cell| {
        let field = field_of(wish, cell);
        let value = bytes.get(cell.at.clone()).unwrap_or_default();
        field.is_some_and(|field| !fits(wish, field, value))
    };
    let misfits: Vec<usize> = (0..)
        .zip(&cells)
        .filter(|(_, c)| misfit(c))
        .map(|(n, _)| n)
        .collect();
    let Some(first) = misfits.first().filter(|_| misfits.len() >= LEAST) else {
        return cells;
    };
    if matches!(wish.layout.form, Form::Fixed { .. })
        && let Some(moved) = moved(&cells, *first, line, &misfit)
    {
        return moved;
    }
    for cell in &mut cells {
        cell.doubtful = true;
    }
    cells
}

/// The cells of a record that lost or gained bytes in its `first` broken field: those behind it, where they all fit.
fn moved(
    cells: &[Cell],
    first: usize,
    line: &Range<usize>,
    misfit: &dyn Fn(&Cell) -> bool,
) -> Option<Vec<Cell>> {
    let by = |at: usize, shift: isize| {
        let at = at.checked_add_signed(shift).unwrap_or(line.start);
        at.clamp(line.start, line.end)
    };
    // The bytes may have gone in the field before, whose form allows anything; small shifts are likelier than large ones.
    let broken = [first.checked_sub(1), Some(first)].into_iter().flatten();
    let tries = [1..=LIKELY, LIKELY + 1..=REACH]
        .into_iter()
        .flat_map(|reach| {
            broken.clone().flat_map(move |broken| {
                let shifts = reach.clone().flat_map(|n| [-n, n]);
                shifts.map(move |shift| (shift, broken))
            })
        });
    let mut tries = tries;
    tries.find_map(|(shift, broken)| {
        let (sound, behind) = cells.split_at_checked(broken + 1)?;
        let moved: Vec<Cell> = behind
            .iter()
            .map(|cell| Cell {
                at: by(cell.at.start, shift)..by(cell.at.end, shift),
                ..cell.clone()
            })
            .collect();
        let (own, before) = sound.split_last()?;
        let from = before.last().map_or(line.start, |cell| cell.at.end);
        let until = moved.first().map_or(line.end, |cell| cell.at.start);
        let fits = from <= until && !moved.is_empty() && !moved.iter().any(misfit);
        let filled = moved.iter().filter(|cell| !cell.at.is_empty()).count();
        (fits && filled * 2 >= behind.len()).then(|| {
            let mut all = before.to_vec();
            all.push(Cell {
                at: from..until,
                ..own.clone()
            });
            all.extend(moved);
            let end = all.last().map_or(line.end, |cell| cell.at.end);
            all.push(Cell::unnamed(end..line.end));
            all
        })
    })
}

fn field_of<'a>(wish: &Wish<'a>, cell: &Cell) -> Option<&'a Field> {
    let (kind, field) = cell.field?;
    wish.layout.kinds.get(kind)?.fields.get(field)
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
    // A number filled with zeros has no blanks beside its digits.
    let filled = field.pad == Pad::LeftZero && field.width > 0 && field.kind.is_number();
    let missing = matches!(field.output, Output::Required) && value.is_empty() && field.width > 0;
    !missing
        && is_of_form(field.kind, codes, &text)
        && !(filled && !value.is_empty() && text.contains(' '))
        && (value.is_empty() || (as_fixed.is_none_or(|fixed| fixed == value) && known(value)))
        && !(field.kind == FieldType::N && value.chars().any(|c| c.is_ascii_alphanumeric()))
}

/// True for digits that fill the room of an amount: no amount of a person is that large, a telephone number is that long.
fn fills(field: &Field, value: &str) -> bool {
    let amount = field.kind.is_number() && field.code.is_empty() && field.fixed_value.is_none();
    let room = match (field.width, field.length) {
        (0, Some(length)) => length as usize,
        (width, _) => width,
    };
    let significant = value.trim_start_matches('0').len();
    amount && significant >= DIGITS_OF_A_NUMBER && significant + 1 >= room
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
    if treatment == Treatment::Structure && fills(field, value) {
        return false;
    }
    let dated = field.kind.is_date() || field.kind == FieldType::Time;
    let listed = wish.code_lists.get(&field.code);
    value.is_ascii()
        && fits(wish, field, bytes)
        && (treatment == Treatment::Structure && (field.code.is_empty() || listed.is_some())
            || dated && is_valid_day(field.kind, value, field.unknown_date))
}
