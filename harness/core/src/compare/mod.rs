//! Two specifications against each other: what changed between two versions, and what two documents of one standard say
//! differently. It states differences and whom they break; it does not decide which side is right.

mod across;
mod apis;
mod breaks;
mod change;
mod item;
mod items;
mod layouts;
mod lists;
mod messages;
mod order;
mod outline;
mod schema;
mod similar;

use std::collections::BTreeSet;

use crate::spec::{Api, Layout, Pack, XmlMessage};

use across::{across, overlap};
use apis::Call;
pub use breaks::{Breaks, Flow};
pub use change::{Change, Kind};
use change::{Delta, Notes};
pub use item::{format, pad};
pub use layouts::conditions;
pub use outline::{Outline, OutlineRow, csv_columns, outline};
pub use similar::{THRESHOLD, THRESHOLD_OTHER_TYPE};

/// Percent of shared items from which a layout and an operation of two packs are compared.
const LEAST_OVERLAP: usize = 30;

/// A pack, or one layout or API of it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// Id of a layout or of an API; empty: the whole pack.
    pub part: &'a str,
}

impl<'a> Side<'a> {
    fn layouts(&self) -> Vec<&'a Layout> {
        let all = self.pack.layouts.iter();
        all.filter(|(id, _)| self.part.is_empty() || *id == self.part)
            .map(|(_, l)| l)
            .collect()
    }

    fn apis(&self) -> Vec<(&'a String, &'a Api)> {
        let all = self.pack.apis.iter();
        all.filter(|(id, _)| self.part.is_empty() || *id == self.part)
            .collect()
    }

    fn messages(&self) -> Vec<(&'a String, &'a XmlMessage)> {
        let all = self.pack.messages.iter();
        all.filter(|(id, _)| self.part.is_empty() || *id == self.part)
            .map(|(id, message)| (id, message.as_ref()))
            .collect()
    }

    /// True when the pack has the part.
    pub fn exists(&self) -> bool {
        self.part.is_empty()
            || self.pack.layouts.contains_key(self.part)
            || self.pack.apis.contains_key(self.part)
            || self.pack.messages.contains_key(self.part)
    }
}

/// Every difference, those of files first; equal specifications give none.
pub fn compare(old: Side<'_>, new: Side<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let (old_layouts, new_layouts) = same_layouts(old, new, &mut changes);
    let (old_calls, new_calls) = same_apis(old, new, &mut changes);
    let (old_layouts, new_calls) = crossed(
        old.pack,
        old_layouts,
        new_calls,
        true,
        whole(old, new),
        &mut changes,
    );
    let (new_layouts, old_calls) = crossed(
        new.pack,
        new_layouts,
        old_calls,
        false,
        whole(old, new),
        &mut changes,
    );
    for (layouts, delta) in [(old_layouts, Delta::Removed), (new_layouts, Delta::Added)] {
        for layout in layouts {
            alone(layout, delta, &mut changes);
        }
    }
    for (calls, delta) in [(old_calls, Delta::Removed), (new_calls, Delta::Added)] {
        for call in calls {
            apis::single(call, delta, &mut changes);
        }
    }
    messages::messages(&old.messages(), &new.messages(), &mut changes);
    changes.sort_by(|a, b| (&a.within, a.kind).cmp(&(&b.within, b.kind)));
    changes
}

fn whole(old: Side<'_>, new: Side<'_>) -> bool {
    old.part.is_empty() && new.part.is_empty()
}

/// Compares layouts of the same id, or the only ones of both sides; gives back what stays alone.
fn same_layouts<'a>(
    old: Side<'a>,
    new: Side<'a>,
    changes: &mut Vec<Change>,
) -> (Vec<&'a Layout>, Vec<&'a Layout>) {
    let (mut olds, mut news) = (old.layouts(), new.layouts());
    let mut pairs = Vec::new();
    olds.retain(|a| match news.iter().position(|b| b.id == a.id) {
        Some(at) => {
            pairs.push((*a, news.remove(at)));
            false
        }
        None => true,
    });
    if let ([a], [b]) = (olds.as_slice(), news.as_slice()) {
        pairs.push((*a, *b));
        olds.clear();
        news.clear();
    }
    let mut lists = BTreeSet::new();
    for (a, b) in &pairs {
        layouts::layouts((old.pack, a), (new.pack, b), changes);
        let fields = [a, b]
            .into_iter()
            .flat_map(|l| &l.kinds)
            .flat_map(|k| &k.fields);
        lists.extend(fields.map(|f| f.code.clone()));
    }
    let all = whole(old, new);
    if all || !pairs.is_empty() {
        layouts::codes(old.pack, new.pack, (!all).then_some(&lists), changes);
    }
    (olds, news)
}

/// Compares APIs of the same id, or the only ones of both sides; gives back the operations of those that stay alone.
fn same_apis<'a>(
    old: Side<'a>,
    new: Side<'a>,
    changes: &mut Vec<Change>,
) -> (Vec<Call<'a>>, Vec<Call<'a>>) {
    let (mut olds, mut news) = (old.apis(), new.apis());
    let mut pairs = Vec::new();
    olds.retain(|a| match news.iter().position(|b| b.0 == a.0) {
        Some(at) => {
            pairs.push((a.1, news.remove(at).1));
            false
        }
        None => true,
    });
    if let ([a], [b]) = (olds.as_slice(), news.as_slice()) {
        pairs.push((a.1, b.1));
        olds.clear();
        news.clear();
    }
    for (a, b) in pairs {
        apis::apis((old.pack, a), (new.pack, b), changes);
    }
    let calls = |pack: &'a Pack, left: Vec<(&String, &'a Api)>| {
        left.into_iter()
            .flat_map(|(_, api)| Call::all(pack, api))
            .collect()
    };
    (calls(old.pack, olds), calls(new.pack, news))
}

/// Compares each layout with the operation that shares most with it; gives back what stays alone.
fn crossed<'a, 'b>(
    pack: &Pack,
    layouts: Vec<&'a Layout>,
    mut calls: Vec<Call<'b>>,
    layout_is_old: bool,
    whole: bool,
    changes: &mut Vec<Change>,
) -> (Vec<&'a Layout>, Vec<Call<'b>>) {
    let mut alone = Vec::new();
    let named = !whole && layouts.len() == 1 && calls.len() == 1;
    for layout in layouts {
        let shares = calls.iter().map(|call| overlap(pack, layout, *call));
        let best = shares
            .enumerate()
            .max_by_key(|(at, share)| (*share, std::cmp::Reverse(*at)));
        match best {
            Some((at, share)) if share >= LEAST_OVERLAP || named => {
                across((pack, layout), calls.remove(at), layout_is_old, changes);
            }
            _ => alone.push(layout),
        }
    }
    (alone, calls)
}

fn alone(layout: &Layout, delta: Delta, changes: &mut Vec<Change>) {
    let mut notes = Notes {
        within: "",
        flow: Flow::File,
        changes,
    };
    let id = Some(layout.id.clone());
    let values = if delta == Delta::Removed {
        (id, None)
    } else {
        (None, id)
    };
    notes.note(Kind::Layout, delta, (&layout.id, &layout.title.ja), values);
}
