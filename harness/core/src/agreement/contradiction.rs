//! Answers that exclude each other although each of them is allowed: 文字コード CP932 with characters that CP932 does not hold.

use super::{Settled, Sides, sets};
use crate::model::Bilingual;
use crate::record::AgreementState;
use crate::spec::{Catalogue, Implication};

/// A choice and another that it excludes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Id of the implication in the catalogue.
    pub id: String,
    /// Items and their values as they were looked at.
    pub values: Vec<(String, String)>,
    /// The side that contradicts itself; `None` when it is what both settled.
    pub side: Option<&'static str>,
    /// Why both cannot be.
    pub message: Bilingual,
    /// What the catalogue rests it on.
    pub source: String,
}

/// More combinations of open values than this are not tried; then nothing is said.
const MAX_COMBINATIONS: usize = 4096;

/// Finds contradictions and notes them at the first item concerned. Values of open items that lead into one are taken out
/// of what is in common.
pub(super) fn find(catalogue: &Catalogue, sides: Sides<'_>, settled: &mut [Settled]) {
    let of_sets = sets::excluding(catalogue);
    let of_tables = catalogue.implications.iter().map(Excluding::of);
    for implication in &of_tables.chain(of_sets).collect::<Vec<_>>() {
        let joint = |s: &Settled| match (&s.value, s.state) {
            (Some(value), _) => vec![value.clone()],
            (None, AgreementState::Open) => s.common.clone(),
            _ => Vec::new(),
        };
        if let Some(found) = judge(implication, sides, settled, &joint, None) {
            if !is_told(&found, settled) {
                note(implication, found, settled);
            }
            continue;
        }
        for (side, of) in [("provider", true), ("consumer", false)] {
            let own = |s: &Settled| {
                let answer = if of { &s.provider } else { &s.consumer };
                answer.as_ref().map_or(Vec::new(), |a| a.values.clone())
            };
            let found = judge(implication, sides, settled, &own, Some(side));
            if let Some(found) = found.filter(|f| !is_told(f, settled)) {
                note(implication, found, settled);
            }
        }
        narrow(implication, sides, settled, &joint);
    }
    sets::ask(catalogue, sides, settled);
}

/// Answers that exclude each other.
pub(super) struct Excluding<'c> {
    /// Id in the catalogue, or of the computation.
    pub(super) id: &'c str,
    /// Names it looks at, those first where people will look for the mistake.
    pub(super) names: Vec<&'c str>,
    /// True for values that exclude each other.
    pub(super) broken: Box<dyn Fn(Values<'_>) -> bool + 'c>,
    /// Why both cannot be.
    pub(super) message: Bilingual,
    /// What it rests on.
    pub(super) source: &'c str,
}

/// Gives the value of a name; `None` for what is not known.
pub(super) type Values<'v> = &'v dyn Fn(&str) -> Option<&'v str>;

impl<'c> Excluding<'c> {
    fn of(implication: &'c Implication) -> Self {
        Self {
            id: &implication.id,
            names: implication.names(),
            broken: Box::new(|value| {
                implication.when.holds(value) == Some(true)
                    && implication.then.holds(value) == Some(false)
            }),
            message: implication.message.clone(),
            source: &implication.source,
        }
    }
}

/// True when the same answers of the same side are told to exclude each other already, for another reason.
fn is_told(found: &Contradiction, settled: &[Settled]) -> bool {
    let same = |c: &&Contradiction| {
        c.side == found.side
            && c.values.len() == found.values.len()
            && c.values.iter().all(|v| found.values.contains(v))
    };
    settled
        .iter()
        .flat_map(|s| &s.contradictions)
        .any(|c| same(&c))
}

fn note(implication: &Excluding<'_>, found: Contradiction, settled: &mut [Settled]) {
    if found.side.is_none() {
        for one in settled
            .iter_mut()
            .filter(|s| found.values.iter().any(|(id, _)| *id == s.item.id))
        {
            if matches!(one.state, AgreementState::Agreed | AgreementState::Open) {
                one.state = AgreementState::Contradiction;
                one.basis = Bilingual::new(
                    format!("ほかの項目の回答と両立しません: {}", implication.message.ja),
                    format!("excluded by another answer: {}", implication.message.en),
                );
            }
        }
    }
    let first = implication
        .names
        .iter()
        .find_map(|name| settled.iter().position(|s| s.item.id == *name));
    if let Some(one) = first.and_then(|index| settled.get_mut(index)) {
        one.contradictions.push(found);
    }
}

type Possible<'p> = &'p dyn Fn(&Settled) -> Vec<String>;

/// Names with the values each may have; `None` when one of them is not known.
fn candidates(
    implication: &Excluding<'_>,
    sides: Sides<'_>,
    settled: &[Settled],
    possible: Possible<'_>,
) -> Option<Vec<(String, Vec<String>)>> {
    let mut names = Vec::new();
    for name in &implication.names {
        let values = match settled.iter().find(|s| s.item.id == *name) {
            Some(one) => possible(one),
            None => sides.fact(name).map(str::to_owned).into_iter().collect(),
        };
        if values.is_empty() {
            return None;
        }
        names.push(((*name).to_owned(), values));
    }
    let combinations = names
        .iter()
        .try_fold(1usize, |n, (_, v)| n.checked_mul(v.len()))?;
    (combinations <= MAX_COMBINATIONS).then_some(names)
}

/// True for a combination (one index a name) in which the implication does not hold.
fn broken(implication: &Excluding<'_>, names: &[(String, Vec<String>)], chosen: &[usize]) -> bool {
    let value = |name: &str| {
        let at = names.iter().position(|(n, _)| n == name)?;
        names.get(at)?.1.get(*chosen.get(at)?).map(String::as_str)
    };
    (implication.broken)(&value)
}

fn combinations(names: &[(String, Vec<String>)]) -> Vec<Vec<usize>> {
    names.iter().fold(vec![Vec::new()], |so_far, (_, values)| {
        so_far
            .iter()
            .flat_map(|chosen: &Vec<usize>| {
                (0..values.len()).map(move |next| {
                    let mut longer = chosen.clone();
                    longer.push(next);
                    longer
                })
            })
            .collect()
    })
}

/// A contradiction, when there is no way out of it.
fn judge(
    implication: &Excluding<'_>,
    sides: Sides<'_>,
    settled: &[Settled],
    possible: Possible<'_>,
    side: Option<&'static str>,
) -> Option<Contradiction> {
    let names = candidates(implication, sides, settled, possible)?;
    let all = combinations(&names);
    if !all.iter().all(|chosen| broken(implication, &names, chosen)) {
        return None;
    }
    let values = names
        .iter()
        .map(|(name, values)| (name.clone(), values.join(" | ")));
    Some(Contradiction {
        id: implication.id.to_owned(),
        values: values.collect(),
        side,
        message: implication.message.clone(),
        source: implication.source.to_owned(),
    })
}

/// Takes values out of open items that only ever lead into a contradiction.
fn narrow(
    implication: &Excluding<'_>,
    sides: Sides<'_>,
    settled: &mut [Settled],
    possible: Possible<'_>,
) {
    let Some(names) = candidates(implication, sides, settled, possible) else {
        return;
    };
    let all = combinations(&names);
    let sound: Vec<&Vec<usize>> = all
        .iter()
        .filter(|c| !broken(implication, &names, c))
        .collect();
    for (at, (name, values)) in names.iter().enumerate() {
        let one = settled
            .iter_mut()
            .find(|s| s.item.id == *name && s.state == AgreementState::Open);
        if let Some(one) = one {
            let reachable =
                |index: usize| sound.iter().any(|chosen| chosen.get(at) == Some(&index));
            one.common
                .retain(|value| values.iter().position(|v| v == value).is_none_or(reachable));
        }
    }
}
