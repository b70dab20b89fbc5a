//! Positions and widths of fixed-width fields: stated, or following from each other, never contradicting.

use std::collections::BTreeMap;

use renkei_core::model::{Problem, Problems};

use super::mapping::{Form, Mapping};
use super::rows::Placed;
use crate::draft::say;

/// Numbers and names the fields and settles their positions. Gives the record length in bytes of a fixed layout.
pub(super) fn settle(
    fields: &mut [Placed],
    mapping: &Mapping,
    file: &str,
    problems: &mut Problems,
) -> Option<u32> {
    names(fields);
    if mapping.form != Form::Fixed {
        return None;
    }
    widths(fields, mapping);
    let mut ends: BTreeMap<String, u32> = BTreeMap::new();
    for placed in fields.iter_mut() {
        let end = ends.entry(placed.field.kind.clone()).or_insert(0);
        let expected = *end + 1;
        let start = placed.start.unwrap_or(expected);
        if start != expected {
            problems.push(Problem::of_file(
                &placed.place,
                say(
                    format!(
                        "「{}」の開始位置は{start}ですが、前の項目は{end}で終わります",
                        placed.field.name
                    ),
                    format!(
                        "`{}` starts at {start}, the item before ends at {end}",
                        placed.field.name
                    ),
                ),
                say(
                    "開始位置とバイト数を直してください。空きは予備の行にします",
                    "correct position or width; unused bytes are a row of their own",
                ),
            ));
        }
        let Some(width) = placed.width.filter(|width| *width > 0) else {
            problems.push(Problem::of_file(
                &placed.place,
                say(
                    format!("「{}」の幅（バイト数）がわかりません", placed.field.name),
                    format!("the width of `{}` in bytes is not known", placed.field.name),
                ),
                say(
                    "バイト数か開始位置の列を対応ファイルに書いてください",
                    "name a column with widths or positions in the mapping",
                ),
            ));
            continue;
        };
        placed.field.start = start.to_string();
        placed.field.width = width.to_string();
        if mapping.length_unit == "bytes" && !placed.field.length.contains(',') {
            placed.field.length = width.to_string();
        }
        *end = start.saturating_add(width).saturating_sub(1);
    }
    let longest = ends.values().copied().max().unwrap_or(0);
    let length = mapping.record_length.unwrap_or(longest);
    for (kind, end) in &ends {
        if *end != length && problems.is_empty() {
            let which = if kind.is_empty() {
                String::new()
            } else {
                format!("種別 {kind} の")
            };
            problems.push(Problem::of_file(
                file,
                say(format!("{which}項目の合計は{end}バイトで、レコード長{length}バイトに合いません"), format!("the items of kind `{kind}` add up to {end} bytes, the record length is {length}")),
                say("桁数を直すか、予備の行を足すか、record_length を直してください", "correct the widths, add a row for unused bytes, or correct record_length"),
            ));
        }
    }
    Some(length)
}

/// A width that is not stated follows from the next position, else from the length.
fn widths(fields: &mut [Placed], mapping: &Mapping) {
    let next: Vec<Option<u32>> = fields
        .iter()
        .enumerate()
        .map(|(at, placed)| {
            let after = fields
                .get(at + 1)
                .filter(|n| n.field.kind == placed.field.kind);
            let end = match after {
                Some(after) => after.start?,
                None => mapping.record_length?.saturating_add(1),
            };
            end.checked_sub(placed.start?)
        })
        .collect();
    for (placed, next) in fields.iter_mut().zip(next) {
        let length = placed
            .field
            .length
            .split(',')
            .map(|part| part.parse::<u32>().ok())
            .try_fold(0_u32, |sum, part| sum.checked_add(part?));
        let in_bytes = mapping.length_unit == "bytes";
        placed.width = placed
            .width
            .or(next)
            .or(length.filter(|n| in_bytes && *n > 0));
    }
}

/// Numbers within the kind, and machine names.
fn names(fields: &mut [Placed]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen: Vec<(String, String)> = Vec::new();
    for placed in fields {
        let field = &mut placed.field;
        let count = counts.entry(field.kind.clone()).or_insert(0);
        *count += 1;
        field.no = *count;
        if field.roman.is_empty() {
            field.roman = format!("item_{count}");
        }
        let mut name = field.roman.clone();
        let mut copy = 1;
        while seen.contains(&(field.kind.clone(), name.clone())) {
            copy += 1;
            name = format!("{}_{copy}", field.roman);
        }
        field.roman = name;
        seen.push((field.kind.clone(), field.roman.clone()));
    }
}
