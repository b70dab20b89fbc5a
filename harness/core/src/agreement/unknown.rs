//! Items that the catalogue does not know: slips of the pen that would otherwise decide nothing.

use super::{Negotiated, Profile};
use crate::model::{Bilingual, Problem, Problems};
use crate::spec::Catalogue;

/// Tells the answers of a profile to items that the catalogue does not know, each at its line.
pub fn unknown_items(profile: &Profile, catalogue: &Catalogue, problems: &mut Problems) {
    let unknown = |id: &str| catalogue.item(id).is_none();
    for answer in profile.answers.iter().filter(|a| unknown(&a.item)) {
        problems.push(problem(&answer.place, &answer.item, catalogue));
    }
}

/// Tells the decisions of a record about items that the catalogue does not know.
pub fn unknown_decisions(record: &Negotiated, catalogue: &Catalogue, problems: &mut Problems) {
    let unknown = |id: &str| catalogue.item(id).is_none();
    for decision in record.decisions.iter().filter(|d| unknown(&d.item)) {
        problems.push(problem(&record.file, &decision.item, catalogue));
    }
}

fn problem(place: &str, id: &str, catalogue: &Catalogue) -> Problem {
    let ids = catalogue.items.iter().map(|i| i.id.as_str());
    // Ids begin with the letter of their group; those of the group meant are near.
    let group = id.trim().chars().next().map(|c| c.to_ascii_uppercase());
    let near: Vec<&str> = ids.clone().filter(|i| i.chars().next() == group).collect();
    let all: Vec<&str> = ids.collect();
    let known = if near.is_empty() { all } else { near };
    let ends = (known.first().copied(), known.last().copied());
    let (from, to) = (ends.0.unwrap_or("-"), ends.1.unwrap_or("-"));
    Problem::of_file(
        place,
        Bilingual::new(
            format!("項目 {id} は協議項目の一覧にありません"),
            format!("item {id} is not in the catalogue of agreement items"),
        ),
        Bilingual::new(
            format!(
                "番号を確かめてください（一覧には {from} から {to} まであります）。別のパックの項目なら、計画の agreement_items か agree の --items にそのパックを加えます"
            ),
            format!(
                "check the id (the catalogue has {from} to {to}); an item of another pack needs that pack in agreement_items of the plan, or in --items of agree"
            ),
        ),
    )
}
