//! An item table against an API: the romanised names of the table are the members of the API's JSON.
//!
//! The items of the table are compared with those of the request. Items of a successful answer are compared where the
//! table has them; the table's other items need not be in an answer. Of an answer with a list, the items are what stands
//! in the list; the envelope around it is none.

use std::collections::BTreeSet;

use super::apis::Call;
use super::breaks::Flow;
use super::change::{Change, Kind, Notes};
use super::item::{Item, of_layout};
use super::items::{Depth, added, items, removed};
use super::similar::pair;
use crate::spec::{Layout, Pack};

/// Items that make up data: no objects or lists of others.
fn leaves(all: Vec<Item>) -> Vec<Item> {
    let mut kept: Vec<Item> = all
        .into_iter()
        .filter(|item| !matches!(item.kind.as_str(), "object" | "array"))
        .collect();
    for item in &mut kept {
        item.group.clear();
    }
    kept
}

fn answer(call: Call<'_>) -> Vec<Item> {
    let success = call.operation.success();
    let all = success
        .first()
        .map(|status| call.response(status))
        .unwrap_or_default();
    let list = all
        .iter()
        .find(|item| item.kind == "array")
        .map(|item| item.at.clone());
    let inside = |item: &Item| {
        list.as_ref()
            .is_none_or(|list| item.group.starts_with(list.as_str()))
    };
    leaves(all.into_iter().filter(inside).collect())
}

fn table(pack: &Pack, layout: &Layout) -> Vec<Item> {
    let mut rows: Vec<Item> = of_layout(pack, layout)
        .into_iter()
        .filter(|item| !item.is_filler())
        .collect();
    let mut seen = BTreeSet::new();
    rows.retain(|item| seen.insert(item.roman.clone()));
    for item in &mut rows {
        item.group.clear();
    }
    rows
}

/// Share of the smaller side's items that the other side has under the same name, in percent.
pub(super) fn overlap(pack: &Pack, layout: &Layout, call: Call<'_>) -> usize {
    let rows = table(pack, layout);
    let told: BTreeSet<String> = leaves(call.request())
        .into_iter()
        .chain(answer(call))
        .map(|i| i.roman)
        .collect();
    let shared = rows
        .iter()
        .filter(|item| told.contains(&item.roman))
        .count();
    shared * 100 / rows.len().min(told.len()).max(1)
}

/// Compares a layout with an operation; `layout_is_old` says which of the two is the old specification.
pub(super) fn across(
    (pack, layout): (&Pack, &Layout),
    call: Call<'_>,
    layout_is_old: bool,
    changes: &mut Vec<Change>,
) {
    let within = format!("{} / {}", layout.id, call.operation.id);
    let rows = table(pack, layout);
    let (sent, answered) = (leaves(call.request()), answer(call));
    let first = if sent.is_empty() { &answered } else { &sent };
    let flow = if sent.is_empty() {
        Flow::Response
    } else {
        Flow::Request
    };
    let start = changes.len();
    let mut notes = Notes {
        within: &within,
        flow,
        changes,
    };
    let (old, new) = if layout_is_old {
        (&rows, first)
    } else {
        (first, &rows)
    };
    items(old, new, Depth::Across, &mut notes);
    if sent.is_empty() {
        return;
    }
    // What the request lacks may stand in the answer.
    let in_answer = |roman: &str| answered.iter().any(|item| item.roman == roman);
    let gone = if layout_is_old {
        Kind::Removed
    } else {
        Kind::Added
    };
    let told = changes.split_off(start);
    changes.extend(told.into_iter().filter(|change| {
        let row = rows.iter().find(|row| row.at == change.item);
        !(change.kind == gone && row.is_some_and(|row| in_answer(&row.roman)))
    }));
    answers(&rows, &sent, &answered, (&within, layout_is_old), changes);
}

fn answers(
    rows: &[Item],
    sent: &[Item],
    answered: &[Item],
    (within, layout_is_old): (&str, bool),
    changes: &mut Vec<Change>,
) {
    let known: BTreeSet<(Kind, String)> = changes
        .iter()
        .map(|c| (c.kind, last(&c.item).to_owned()))
        .collect();
    let pairs = pair(rows, answered);
    let mut more = Vec::new();
    let mut notes = Notes {
        within,
        flow: Flow::Response,
        changes: &mut more,
    };
    for at in &pairs.added {
        let Some(item) = answered.get(*at) else {
            continue;
        };
        if sent.iter().any(|other| other.roman == item.roman) {
            continue; // told with the request
        }
        if layout_is_old {
            added(item, &mut notes)
        } else {
            removed(item, &mut notes)
        }
    }
    for (a, b) in &pairs.same {
        let (Some(row), Some(item)) = (rows.get(*a), answered.get(*b)) else {
            continue;
        };
        let (old, new) = if layout_is_old {
            (row, item)
        } else {
            (item, row)
        };
        let old = [old.clone()];
        items(&old, std::slice::from_ref(new), Depth::Across, &mut notes);
    }
    // An answer says always when a member is there, a table when it has a value: only form and values are comparable.
    let comparable = [
        Kind::Added,
        Kind::Removed,
        Kind::Type,
        Kind::Length,
        Kind::Value,
    ];
    changes.extend(more.into_iter().filter(|change| {
        comparable.contains(&change.kind)
            && !known.contains(&(change.kind, last(&change.item).to_owned()))
    }));
}

fn last(at: &str) -> &str {
    at.rsplit('.').next().unwrap_or(at)
}
