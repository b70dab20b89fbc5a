//! Folds places of one body that belong together: elements of an array, and the members of an object that has too many.

use std::collections::{BTreeMap, BTreeSet};

use super::place;
use crate::model::Location;

/// From how many different members of one object on they are one finding, so that a body cannot make thousands of them.
const MANY: usize = 20;

/// Places that make one finding: the index of the first one, all of them in order.
pub(super) struct Folded {
    /// 0-based index into what was given.
    pub(super) first: usize,
    /// Where the finding stands.
    pub(super) at: Location,
    /// Further places.
    pub(super) more: Vec<Location>,
}

/// Folds `(pointer, key, place)`; places with another key stay apart. The order is that of the first places.
pub(super) fn fold(places: Vec<(&str, String, Location)>) -> Vec<Folded> {
    let generic: Vec<String> = places.iter().map(|(p, ..)| place::generic(p)).collect();
    let mut siblings: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for pointer in &generic {
        siblings.entry(parent(pointer)).or_default().insert(pointer);
    }
    let many = |pointer: &str| {
        siblings
            .get(parent(pointer))
            .is_some_and(|s| s.len() > MANY)
    };
    let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut folded: Vec<Folded> = Vec::new();
    for (index, (_, key, mut at)) in places.into_iter().enumerate() {
        let pointer = generic.get(index).map_or("", String::as_str);
        let group = if many(pointer) {
            format!("{}/*", parent(pointer))
        } else {
            pointer.to_owned()
        };
        match known.get(&(group.clone(), key.clone())) {
            Some(found) => {
                if let Some(known) = folded.get_mut(*found) {
                    known.more.push(at);
                }
            }
            None => {
                if many(pointer) {
                    // The place was masked already, the group was not.
                    let seen = at.pointer.as_deref().map(place::generic);
                    at.pointer = seen.map(|p| format!("{}/*", parent(&p)));
                }
                known.insert((group, key), folded.len());
                folded.push(Folded {
                    first: index,
                    at,
                    more: Vec::new(),
                });
            }
        }
    }
    folded
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}
