//! Two lists of values: which values came, went, or mean something else.

use super::change::{Delta, Kind, Notes};
use super::item::List;

/// More values than this are counted, not listed.
const MAX_LISTED: usize = 12;

/// Two lists of values of an item. A list that names no value limits nothing and is none.
pub(super) fn lists(
    old: Option<&List>,
    new: Option<&List>,
    item: (&str, &str),
    notes: &mut Notes<'_>,
) {
    // Lists with an id of their own are compared once, by that id.
    if let (Some(a), Some(b)) = (old, new)
        && !a.id.is_empty()
        && a.id == b.id
        && item.0 != format!("codes/{}", a.id)
    {
        return;
    }
    let told = |list: &&List| !list.values.is_empty();
    let (old, new) = (old.filter(told), new.filter(told));
    match (old, new) {
        (None, None) => {}
        (Some(list), None) => {
            notes.note(Kind::Code, Delta::Looser, item, (Some(shown(list)), None))
        }
        (None, Some(list)) => {
            notes.note(Kind::Code, Delta::Tighter, item, (None, Some(shown(list))))
        }
        (Some(a), Some(b)) => {
            let before = notes.changes.len();
            values(a, b, item, notes);
            if notes.changes.len() == before && a.id != b.id && !a.id.is_empty() && !b.id.is_empty()
            {
                notes.note(
                    Kind::Code,
                    Delta::Other,
                    item,
                    (Some(a.id.clone()), Some(b.id.clone())),
                );
            }
        }
    }
}

fn shown(list: &List) -> String {
    let values: Vec<&str> = list.values.keys().map(String::as_str).collect();
    let mut text = values
        .iter()
        .take(MAX_LISTED)
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    if values.len() > MAX_LISTED {
        text.push_str(&format!(" … ({})", values.len()));
    }
    if list.open {
        text.push_str(" *");
    }
    if list.id.is_empty() {
        text
    } else {
        format!("{}: {text}", list.id)
    }
}

fn values(a: &List, b: &List, item: (&str, &str), notes: &mut Notes<'_>) {
    let named = |value: &str, name: &str| Some(format!("{value} {name}").trim_end().to_owned());
    for (value, name) in &a.values {
        let values = match b.values.get(value) {
            None => {
                notes.note(Kind::Code, Delta::Removed, item, (named(value, name), None));
                continue;
            }
            Some(other) if !name.is_empty() && !other.is_empty() && name != other => {
                let values = (named(value, name), named(value, other));
                notes.note(Kind::Code, Delta::Renamed, item, values);
                continue;
            }
            Some(_) => (a.validity.get(value), b.validity.get(value)),
        };
        if values.0 != values.1 {
            let days = |days: Option<&String>| named(value, days.map_or("", String::as_str));
            notes.note(
                Kind::Code,
                Delta::Validity,
                item,
                (days(values.0), days(values.1)),
            );
        }
    }
    for (value, name) in b
        .values
        .iter()
        .filter(|(value, _)| !a.values.contains_key(*value))
    {
        notes.note(Kind::Code, Delta::Added, item, (None, named(value, name)));
    }
    if a.open != b.open {
        let delta = if b.open {
            Delta::Looser
        } else {
            Delta::Tighter
        };
        let word = |open: bool| Some(if open { "*" } else { "closed" }.to_owned());
        notes.note(Kind::Code, delta, item, (word(a.open), word(b.open)));
    }
}
