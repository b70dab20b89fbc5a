//! The catalogue of 協議事項・設定事項: items, what a pair of systems is held to, and which answers exclude each other.

mod ambiguity;
mod demand;
mod expression;
mod implication;
mod item;
mod table;

pub use ambiguity::{Ambiguity, Reading};
pub use demand::{Demand, Status};
pub use expression::{CONTEXT, Expression};
pub use implication::Implication;
pub use item::{Allowed, Choice, Item, Span};

use super::Files;
use crate::encoding::repertoire::List;
use crate::model::Problems;

/// What packs say about agreeing.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Items in the order of the table.
    pub items: Vec<Item>,
    /// What holds for some pairs only.
    pub demands: Vec<Demand>,
    /// Answers that exclude each other.
    pub implications: Vec<Implication>,
    /// Where the standard can be read in several ways.
    pub ambiguities: Vec<Ambiguity>,
    /// Lists of characters that set expressions may name.
    pub lists: Vec<List>,
}

impl Catalogue {
    /// Reads the tables of a pack; a pack without them brings an empty catalogue.
    pub fn load(files: &Files, name: &str, problems: &mut Problems) -> Self {
        let bytes = |table: &str| files.get(&format!("{table}.csv")).unwrap_or_default();
        let file = |table: &str| format!("{name}/{table}.csv");
        Self {
            items: item::load(&file("agreement-items"), bytes("agreement-items"), problems),
            demands: demand::load(
                &file("agreement-demands"),
                bytes("agreement-demands"),
                problems,
            ),
            implications: implication::load(
                &file("agreement-implications"),
                bytes("agreement-implications"),
                problems,
            ),
            ambiguities: ambiguity::load(
                (&file("ambiguities"), bytes("ambiguities")),
                (&file("ambiguity-readings"), bytes("ambiguity-readings")),
                problems,
            ),
            lists: Vec::new(),
        }
    }

    /// Takes over what another pack says. An item of the same id takes the place of the one that is there: a later pack
    /// narrows an earlier one.
    pub fn extend(&mut self, other: &Self) {
        for item in &other.items {
            match self.items.iter_mut().find(|i| i.id == item.id) {
                Some(there) => there.clone_from(item),
                None => self.items.push(item.clone()),
            }
        }
        self.demands.extend(other.demands.iter().cloned());
        self.implications.extend(other.implications.iter().cloned());
        self.add_lists(&other.lists);
        for ambiguity in &other.ambiguities {
            match self.ambiguities.iter_mut().find(|a| a.id == ambiguity.id) {
                Some(there) => there.clone_from(ambiguity),
                None => self.ambiguities.push(ambiguity.clone()),
            }
        }
    }

    /// Takes over lists of characters; those of the same name take the place of what is there.
    pub fn add_lists(&mut self, lists: &[List]) {
        for list in lists {
            self.lists.retain(|l| l.id != list.id);
            self.lists.push(list.clone());
        }
    }

    /// An item by its id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// True when no pack said anything.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
