//! Control totals, counted once the records stand.

use super::file::Places;
use super::{Record, condition};
use crate::model::Bilingual;
use crate::spec::layout::{FileSettings, Layout, Total, TotalOf};

/// Writes the control totals into the records that hold them.
///
/// # Errors
/// A total has more digits than its field.
pub(super) fn fill(
    layout: &Layout,
    settings: &FileSettings,
    records: &mut [Record],
) -> Result<(), Bilingual> {
    let places = Places::of(layout, settings);
    // Sums of the same record come last, when what they add is there.
    let of_group = |total: &&Total| !matches!(total.of, TotalOf::Parts(_));
    for total in layout.totals.iter().filter(of_group) {
        fill_one(layout, places, total, records)?;
    }
    for total in layout.totals.iter().filter(|t| !of_group(t)) {
        fill_one(layout, places, total, records)?;
    }
    Ok(())
}

fn fill_one(
    layout: &Layout,
    places: Places,
    total: &Total,
    records: &mut [Record],
) -> Result<(), Bilingual> {
    let starts = layout
        .sequence
        .as_ref()
        .map_or(&[][..], |s| s.group_starts(total.kind));
    let counted = match &total.of {
        TotalOf::Count(kind) | TotalOf::Sum(kind, _) => *kind,
        TotalOf::Parts(_) => total.kind,
    };
    let before = layout
        .sequence
        .as_ref()
        .is_some_and(|s| s.comes_before(total.kind, counted));
    let mut from = 0;
    for at in 0..records.len() {
        let kind = records.get(at).map_or(usize::MAX, |r| r.kind);
        if starts.contains(&kind) {
            from = at;
        }
        if kind != total.kind {
            continue;
        }
        let to = if before {
            group_end(records, at, starts)
        } else {
            at
        };
        let amount = match &total.of {
            TotalOf::Parts(parts) => records.get(at).map_or(0, |r| {
                let value = |(plus, field): &(bool, usize)| {
                    if *plus {
                        number(r, *field)
                    } else {
                        -number(r, *field)
                    }
                };
                parts.iter().map(value).sum()
            }),
            of => group_total(of, total, records.get(from..to).unwrap_or_default()),
        };
        let text = amount.to_string();
        let field = layout
            .kinds
            .get(total.kind)
            .and_then(|k| k.fields.get(total.field));
        let room = field.map_or(0, |f| {
            if f.width > 0 {
                f.width / places.of_ascii()
            } else {
                f.length.map_or(usize::MAX, |l| l as usize)
            }
        });
        if text.len() > room {
            let name = field.map_or("", |f| f.roman.as_str());
            return Err(Bilingual::new(
                format!("合計 {name} が{room}桁に収まりません（{text}）。--records を減らします"),
                format!(
                    "the total {name} does not fit into {room} digits ({text}); ask for fewer records"
                ),
            ));
        }
        if let Some(slot) = records
            .get_mut(at)
            .and_then(|r| r.values.get_mut(total.field))
        {
            *slot = text;
        }
    }
    Ok(())
}

/// Where the group of a record that stands before what it counts ends.
fn group_end(records: &[Record], at: usize, starts: &[usize]) -> usize {
    let rest = records.get(at + 1..).unwrap_or_default();
    let next = rest.iter().position(|r| starts.contains(&r.kind));
    next.map_or(records.len(), |n| at + 1 + n)
}

fn group_total(of: &TotalOf, total: &Total, group: &[Record]) -> i128 {
    let wanted = match of {
        TotalOf::Count(kind) | TotalOf::Sum(kind, _) => *kind,
        TotalOf::Parts(_) => return 0,
    };
    let counted = group.iter().filter(|r| {
        r.kind == wanted
            && total
                .when
                .as_ref()
                .is_none_or(|when| condition::holds(when, &r.values))
    });
    counted
        .map(|r| match of {
            TotalOf::Sum(_, field) => number(r, *field),
            _ => 1,
        })
        .sum()
}

fn number(record: &Record, field: usize) -> i128 {
    record
        .values
        .get(field)
        .and_then(|v| v.parse().ok())
        .unwrap_or(0)
}
