//! Records whose content does not stand where the layout puts it: one cause, many broken fields.

use super::checks::Check;
use super::evidence::{Cell, View};
use super::field::{FieldChecker, Position, Say};
use super::plan::{FILE, Plan};
use super::tally::Tally;
use crate::mask::Sensitivity;

/// Bytes that content may be off.
const REACH: isize = 4;
/// Fewer broken fields than this are reported one by one.
const LEAST: usize = 3;

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
        let all_fit = broken
            .iter()
            .skip(1)
            .all(|index| sound(plan, checker, view, kind, *index, shift));
        if all_fit {
            return Some((first, shift));
        }
    }
    None
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
