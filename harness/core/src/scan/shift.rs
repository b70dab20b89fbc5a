//! Records whose content does not stand where the layout puts it: one cause, many broken fields.

use super::checks::Check;
use super::evidence::{Cell, View};
use super::field::{FieldChecker, Position, Say};
use super::plan::{FILE, Plan};
use super::tally::Tally;
use crate::mask::Sensitivity;
use crate::spec::layout::FieldType;

/// Bytes that content may be off.
const REACH: isize = 4;
/// Fewer broken fields than this are reported one by one.
const LEAST: usize = 2;
/// With so few broken fields all that stands behind the first must fit again, so that chance is out.
const FEW: usize = 2;

fn sound(
    plan: &Plan<'_>,
    checker: &mut FieldChecker<'_, '_>,
    view: &View<'_>,
    kind: usize,
    index: usize,
    shift: isize,
) -> bool {
    let Some(field) = plan.kinds.get(kind).and_then(|k| k.fields.get(index)) else {
        return true;
    };
    if view.cells.get(index).is_some_and(|cell| cell.absent) {
        return true;
    }
    let Some(start) = (view.start + field.start).checked_add_signed(shift) else {
        return false;
    };
    let end = (start + field.width).min(view.end);
    if start < view.start || start > end {
        return false;
    }
    let mut cell = Cell {
        raw: start..end,
        value: start..end,
        quoted: false,
        ..Cell::default()
    };
    let mut tally = Tally::trial();
    checker.check(
        view,
        Position {
            record: 0,
            line: None,
        },
        kind,
        index,
        &mut cell,
        &mut tally,
    );
    tally.hits == 0
}

/// The first field that is not sound where the layout puts it; `None` when all are.
pub(super) fn first_unsound(
    plan: &Plan<'_>,
    checker: &mut FieldChecker<'_, '_>,
    view: &View<'_>,
    kind: usize,
) -> Option<usize> {
    let fields = plan.kinds.get(kind)?.fields.len();
    (0..fields).find(|index| !sound(plan, checker, view, kind, *index, 0))
}

/// The field from which on everything is sound when read `shift` bytes later, although most of it is broken in place.
pub(super) fn find(
    plan: &Plan<'_>,
    checker: &mut FieldChecker<'_, '_>,
    view: &View<'_>,
    kind: usize,
) -> Option<(usize, isize)> {
    let fields = plan.kinds.get(kind)?.fields.len();
    let broken: Vec<usize> = (0..fields)
        .filter(|index| !sound(plan, checker, view, kind, *index, 0))
        .collect();
    let first = *broken.first().filter(|_| broken.len() >= LEAST)?;
    for shift in (1..=REACH).flat_map(|n| [-n, n]) {
        // The field that lost or gained the bytes is itself cut wrongly; those behind it fit again.
        let mut fits = |index: usize| sound(plan, checker, view, kind, index, shift);
        let all_fit = if broken.len() > FEW {
            broken.iter().skip(1).all(|index| fits(*index))
        } else {
            (first + 1..fields).all(&mut fits) && leaves_no_rest(plan, view, kind, first, shift)
        };
        if all_fit {
            return Some((first, shift));
        }
    }
    None
}

/// True when nothing but padding stands in the fillers behind `first` and in the rest of the record when it is read `shift`
/// bytes later: a shift moves values, it does not leave parts of them over.
fn leaves_no_rest(
    plan: &Plan<'_>,
    view: &View<'_>,
    kind: usize,
    first: usize,
    shift: isize,
) -> bool {
    let Some(of) = plan.kinds.get(kind) else {
        return false;
    };
    let blank = |from: Option<usize>, to: Option<usize>| {
        let range = from.unwrap_or(view.end).min(view.end)..to.unwrap_or(view.end).min(view.end);
        let bytes = view.slice(&range);
        bytes.iter().all(|b| *b == b' ') || bytes.iter().all(|b| *b == b'0')
    };
    let moved = |at: usize| (view.start + at).checked_add_signed(shift);
    let fillers = of.fields.iter().skip(first + 1);
    let mut fillers = fillers.filter(|f| f.kind == FieldType::Dummy);
    let end = of
        .fields
        .iter()
        .map(|f| f.start + f.width)
        .max()
        .unwrap_or(0);
    // Bytes that were gained push the end out of the record: then only a filler can have lost it.
    let ends_in_filler = of.fields.last().is_some_and(|f| f.kind == FieldType::Dummy);
    (shift < 0 || ends_in_filler)
        && fillers.all(|f| blank(moved(f.start), moved(f.start + f.width)))
        && blank(moved(end), None)
}

/// Reports a shifted record.
pub(super) fn tell(
    plan: &Plan<'_>,
    view: &View<'_>,
    position: Position,
    kind: usize,
    (field, shift): (usize, isize),
    tally: &mut Tally,
) {
    let name = plan.layout.field_name(kind, field);
    let of = plan.kinds.get(kind).and_then(|k| k.fields.get(field));
    let at = of.map_or(view.start..view.end, |f| view.start + f.start..view.end);
    let fields = plan.kinds.get(kind).map_or(0, |k| k.fields.len());
    let (ja, en) = if shift < 0 {
        ("前", "earlier")
    } else {
        ("後ろ", "later")
    };
    view.tell(
        plan,
        tally,
        position,
        (Check::Shifted, FILE),
        (&at, &at, Sensitivity::Personal),
        || Say {
            expected: "0".to_owned(),
            observed: Some(format!("{shift:+}")),
            args: vec![
                ("from", name),
                ("side_ja", ja.to_owned()),
                ("side_en", en.to_owned()),
                ("bytes", shift.unsigned_abs().to_string()),
                ("fields", fields.saturating_sub(field).to_string()),
            ],
            ..Say::default()
        },
    );
}
