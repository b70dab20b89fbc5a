//! Files that nobody sent: conforming synthetic data of a layout, files as values and back, and variants with one defect.
//! The proof of the engine on every pack: what is made here must pass, what is broken here must be found.
//!
//! All values are invented; names say "example". Nothing here knows the engine that judges files.

mod arrange;
mod condition;
mod file;
mod mutate;
mod order;
mod pattern;
mod random;
mod record;
mod text;
mod totals;
mod value;

use std::collections::{BTreeMap, HashSet};

use crate::encoding::{Repertoire, Target};
use crate::model::Bilingual;
use crate::spec::layout::{CodeList, Date, FileSettings, Layout};

pub use file::{read, write};
pub use mutate::{Mutant, mutate};
use random::Random;
use record::Maker;

/// What to make a file of.
#[derive(Clone, Copy)]
pub struct Wish<'a> {
    /// The layout.
    pub layout: &'a Layout,
    /// The settings that hold.
    pub settings: &'a FileSettings,
    /// Code lists by id.
    pub code_lists: &'a BTreeMap<String, CodeList>,
    /// Number of records of the kind that repeats, or of all when there is one kind.
    pub records: usize,
    /// The same seed gives the same file.
    pub seed: u64,
    /// Day on which codes must be valid.
    pub as_of: Date,
}

/// One record: its kind and the value of each field, without padding and quotes; the empty text is "no value".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Index into the layout's kinds.
    pub kind: usize,
    /// One value a field.
    pub values: Vec<String>,
}

/// How often a record is drawn before the file is given up.
const ATTEMPTS: usize = 2_000;

/// Makes the records of a conforming file.
///
/// # Errors
/// A sentence that names the field or rule for which no value was found: the layout allows none, or not as many different
/// ones as there are records.
pub fn generate(wish: &Wish<'_>) -> Result<Vec<Record>, Bilingual> {
    let mut random = Random::new(wish.seed);
    let kinds = order::kinds(wish.layout, wish.records, &mut random).ok_or_else(|| {
        Bilingual::new(
            "レコードの並び（sequence）に沿って並べられません",
            "the sequence of record kinds leads nowhere",
        )
    })?;
    let target = Target::new(wish.settings.encoding).dialect(wish.settings.dialect);
    let repertoires = repertoires(wish)?;
    let mut keys: Vec<HashSet<Vec<String>>> = vec![HashSet::new(); wish.layout.unique.len()];
    let mut records = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let maker = Maker::new(wish, kind, target, &repertoires);
        let mut last = None;
        let made = (0..ATTEMPTS).find_map(|_| match maker.draw(&mut random) {
            Ok(record) if is_new(wish.layout, &record, &keys) => Some(record),
            Ok(_) => None,
            Err(message) => {
                last = Some(message);
                None
            }
        });
        let record = made.ok_or_else(|| {
            last.unwrap_or_else(|| {
                Bilingual::new(
                    format!("一意のキーの値が足りません（{}件）", wish.records),
                    format!(
                        "there are not {} different values for a unique key",
                        wish.records
                    ),
                )
            })
        })?;
        for (unique, seen) in wish.layout.unique.iter().zip(&mut keys) {
            if unique.kind == kind {
                seen.insert(key(&record, &unique.fields));
            }
        }
        records.push(record);
    }
    arrange::sort(wish, &mut records);
    arrange::number(wish.layout, &mut records);
    totals::fill(wish.layout, wish.settings, &mut records)?;
    Ok(records)
}

fn key(record: &Record, fields: &[usize]) -> Vec<String> {
    let value = |at: &usize| record.values.get(*at).cloned().unwrap_or_default();
    fields.iter().map(value).collect()
}

fn is_new(layout: &Layout, record: &Record, keys: &[HashSet<Vec<String>>]) -> bool {
    layout.unique.iter().zip(keys).all(|(unique, seen)| {
        unique.kind != record.kind || !seen.contains(&key(record, &unique.fields))
    })
}

/// Compiled repertoires by expression.
fn repertoires(wish: &Wish<'_>) -> Result<BTreeMap<String, Repertoire>, Bilingual> {
    let mut compiled = BTreeMap::new();
    let fields = wish.layout.kinds.iter().flat_map(|k| &k.fields);
    let named = fields.map(|f| f.repertoire.as_str());
    for expression in named.chain([wish.settings.repertoire.as_str()]) {
        if expression.is_empty() || compiled.contains_key(expression) {
            continue;
        }
        let set = Repertoire::compile(expression, wish.settings.dialect, &[]).map_err(|_| {
            Bilingual::new(
                format!("文字集合「{expression}」を読めません"),
                format!("repertoire `{expression}` cannot be read"),
            )
        })?;
        compiled.insert(expression.to_owned(), set);
    }
    Ok(compiled)
}
