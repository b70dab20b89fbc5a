//! A real file made into test data of equal shape: every value of a person is replaced by one of the same length, encoding
//! and character classes; delimiters, quotes, padding, newlines, codes, amounts and counts stay byte for byte.
//!
//! Replacing is a permutation under a key: equal values become equal values in every file, different ones stay different.
//! Whoever has the key can go back, so it is kept apart from the data; whoever lacks it cannot.

mod alphabet;
mod body;
mod cells;
mod day;
mod doubt;
mod faults;
mod foreign;
mod json;
mod permute;
mod plan;
mod pool;
mod shaper;
mod value;
mod xml;

use std::collections::BTreeMap;

use crate::encoding::Encoding;
use crate::encoding::repertoire::List;
use crate::mask::Key;
use crate::model::Bilingual;
use crate::spec::layout::{CodeList, FileSettings, Layout};

pub use body::{AnonymousBody, BodyWish};
pub use faults::json_faults;
pub use json::{BodySpec, anonymize_json};
pub use plan::{Treatment, treatments};
pub use xml::anonymize_xml;

/// What to replace, and with which key.
#[derive(Clone, Copy)]
pub struct Wish<'a> {
    /// The layout.
    pub layout: &'a Layout,
    /// The settings that hold for the file.
    pub settings: &'a FileSettings,
    /// Code lists by id.
    pub code_lists: &'a BTreeMap<String, CodeList>,
    /// Lists of characters that repertoires may name.
    pub lists: &'a [List],
    /// The key of the project.
    pub key: Key,
    /// Fields that stay as they are, by their machine names (`roman` or `KIND.roman`).
    pub keep: &'a [String],
}

/// A file that was made anonymous.
#[derive(Clone, Debug)]
pub struct Anonymized {
    /// As long as the original.
    pub bytes: Vec<u8>,
    /// Records seen, header row excluded.
    pub records: u64,
    /// Values that were replaced, by field name; fields that no layout names are called `?`.
    pub replaced: BTreeMap<String, u64>,
}

/// Replaces the values of persons in a file.
///
/// # Errors
/// The encoding has states (ISO-2022-JP), or a repertoire of the layout cannot be read.
pub fn anonymize(wish: &Wish<'_>, bytes: &[u8]) -> Result<Anonymized, Bilingual> {
    if wish.settings.encoding == Encoding::Iso2022Jp {
        return Err(Bilingual::new(
            "ISO-2022-JP のファイルは匿名化できません（文字の長さが前の文字で変わるため）",
            "a file in ISO-2022-JP cannot be made anonymous: the length of a character depends on the one before",
        ));
    }
    let replacer = value::Replacer::new(wish)?;
    let foreign = foreign::Lines::of(wish.settings, bytes);
    let others = foreign.settings.iter();
    let others = others.map(|settings| value::Replacer::new(&Wish { settings, ..*wish }));
    let others = others.collect::<Result<Vec<_>, _>>()?;
    let (found, records) = cells::cells(wish, bytes);
    let mut out = bytes.to_vec();
    let mut replaced = BTreeMap::new();
    for cell in found {
        let Some(old) = bytes.get(cell.at.clone()) else {
            continue;
        };
        let other = foreign.at(cell.at.start).and_then(|at| others.get(at));
        let new = other.unwrap_or(&replacer).replace(&cell, old);
        if new.as_slice() == old || new.len() != old.len() {
            continue;
        }
        if let Some(room) = out.get_mut(cell.at.clone()) {
            room.copy_from_slice(&new);
            let name = cell.field.map_or("?".to_owned(), |(kind, field)| {
                wish.layout.field_name(kind, field)
            });
            *replaced.entry(name).or_insert(0) += 1;
        }
    }
    Ok(Anonymized {
        bytes: out,
        records,
        replaced,
    })
}
