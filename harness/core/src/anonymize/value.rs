//! One value of a file replaced, as its field and its record say.

use super::Wish;
use super::cells::Cell;
use super::doubt::stands;
use super::plan::{Treatment, treatments};
use super::shaper::{Shaper, Traits};
use crate::model::Bilingual;
use crate::spec::layout::Field;

/// Replaces values.
pub(super) struct Replacer<'a> {
    wish: Wish<'a>,
    treatments: Vec<Vec<Treatment>>,
    shaper: Shaper<'a>,
}

impl<'a> Replacer<'a> {
    pub(super) fn new(wish: &Wish<'a>) -> Result<Self, Bilingual> {
        let fields = wish.layout.kinds.iter().flat_map(|k| &k.fields);
        let repertoires = fields.map(|f| f.repertoire.as_str());
        Ok(Self {
            wish: *wish,
            treatments: treatments(wish.layout, wish.keep),
            shaper: Shaper::new(wish.key, wish.settings, wish.lists, repertoires)?,
        })
    }

    /// The bytes that stand for `old`; as many.
    pub(super) fn replace(&self, cell: &Cell, old: &[u8]) -> Vec<u8> {
        let place = cell.field;
        let field = place.and_then(|(k, f)| self.wish.layout.kinds.get(k)?.fields.get(f));
        let treatment = place
            .and_then(|(k, f)| self.treatments.get(k)?.get(f).copied())
            .unwrap_or(Treatment::Text);
        let traits = Traits::of(field);
        match treatment {
            Treatment::Keep => old.to_vec(),
            Treatment::Structure | Treatment::Coded if cell.doubtful => match field {
                Some(field) if stands(&self.wish, field, treatment, old) => old.to_vec(),
                _ => self.shaper.text(traits, old, true),
            },
            Treatment::Structure | Treatment::Coded => match field {
                Some(field) if self.is_code(field, old) => old.to_vec(),
                _ => self.shaper.text(traits, old, false),
            },
            Treatment::Day => {
                let day = |field: &Field| self.shaper.day(field.kind, field.unknown_date, old);
                let moved = field.and_then(day);
                moved.unwrap_or_else(|| self.shaper.text(traits, old, true))
            }
            Treatment::Text => self.shaper.text(traits, old, true),
        }
    }

    fn is_code(&self, field: &Field, old: &[u8]) -> bool {
        if old.is_ascii() && self.wish.settings.encoding.is_splittable_on_bytes() {
            return true;
        }
        let settings = self.wish.settings;
        let Ok(text) = crate::encoding::decode(old, settings.encoding, settings.dialect) else {
            return false;
        };
        let text = text.trim_matches(['"', ' ', '\u{3000}']);
        let listed = self.wish.code_lists.get(&field.code);
        text.is_ascii()
            || field.fixed_value.as_deref() == Some(text)
            || listed.is_some_and(|list| list.values.contains_key(text))
    }
}
