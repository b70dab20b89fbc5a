//! 仕様の曖昧: where both sides conform to a reading of the standard and still disagree.
//!
//! Known places are data of the packs; they are recognised by what both declared, by what the exchanges showed, and by
//! findings of the rules that judge them. Every other item on which the standard is silent and both declare something
//! allowed that the other does not is one, too.

use super::{Answer, Settled};
use crate::model::{Bilingual, Finding};
use crate::record::{AgreementRow, AgreementState, AmbiguityEntry, CaseResult, ReadingEntry};
use crate::spec::{Ambiguity, Catalogue};

/// What is looked at: the items as settled, and of a run its rows, findings and cases.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grounds<'a> {
    /// Items of all linkages.
    pub settled: &'a [Settled],
    /// Rows with what was observed.
    pub rows: &'a [AgreementRow],
    /// Findings with their numbers.
    pub findings: &'a [Finding],
    /// Cases, for the linkage of a finding.
    pub cases: &'a [CaseResult],
}

/// The register of ambiguities that show: known ones in the order of the catalogue, then others by item.
pub fn ambiguities(catalogue: &Catalogue, grounds: Grounds<'_>) -> Vec<AmbiguityEntry> {
    let known = catalogue
        .ambiguities
        .iter()
        .filter_map(|a| of_known(a, grounds));
    let mut found: Vec<AmbiguityEntry> = known.collect();
    let is_known = |item: &str| catalogue.ambiguities.iter().any(|a| a.item == item);
    for settled in grounds
        .settled
        .iter()
        .filter(|s| !is_known(&s.item.id) && disagrees(s))
    {
        let id = format!("SG-{}", settled.item.id);
        match found.iter_mut().find(|e| e.id == id) {
            Some(entry) => add_sides(entry, settled),
            None => found.push(of_item(id, settled)),
        }
    }
    found
}

/// True where the standard is silent and both declare something allowed, with nothing in common.
fn disagrees(settled: &Settled) -> bool {
    settled.state == AgreementState::Conflict && settled.item.standard.is_empty()
}

impl From<&Ambiguity> for AmbiguityEntry {
    /// A known ambiguity that nobody was yet seen to read in one way or another.
    fn from(known: &Ambiguity) -> Self {
        let readings = known.readings.iter().map(|r| ReadingEntry {
            value: r.value.clone(),
            text: r.text.clone(),
            used_by: Vec::new(),
        });
        Self {
            id: known.id.clone(),
            item: known.item.clone(),
            title: known.title.clone(),
            silent: known.silent.clone(),
            source: known.source.clone(),
            readings: readings.collect(),
            linkages: Vec::new(),
            findings: Vec::new(),
            proposal: known.proposal.clone(),
        }
    }
}

fn of_known(known: &Ambiguity, grounds: Grounds<'_>) -> Option<AmbiguityEntry> {
    let mut entry = AmbiguityEntry::from(known);
    let mut shows = false;
    for settled in grounds
        .settled
        .iter()
        .filter(|s| s.item.id == known.item && disagrees(s))
    {
        add_sides(&mut entry, settled);
        shows = true;
    }
    for row in grounds.rows.iter().filter(|r| r.id == known.item) {
        shows |= observed(&mut entry, row);
    }
    for finding in grounds.findings.iter().filter(|f| is_shown_by(known, f)) {
        let case = grounds.cases.iter().find(|c| c.id == finding.case);
        let linkage = case.map_or("", |c| c.linkage.as_str());
        if is_settled(known, linkage, grounds.settled) {
            continue;
        }
        entry.findings.push(finding.id.clone());
        add(&mut entry.linkages, linkage);
        shows = true;
    }
    shows.then_some(entry)
}

fn is_shown_by(known: &Ambiguity, finding: &Finding) -> bool {
    let holds = |text: &str| text.contains(&known.shown_by);
    known.rules.contains(&finding.rule)
        && (known.shown_by.is_empty() || holds(&finding.observed) || holds(&finding.expected))
}

/// True where the two sides picked one of the readings: what differs from it is a mistake, not another reading.
fn is_settled(known: &Ambiguity, linkage: &str, settled: &[Settled]) -> bool {
    let picked = |s: &Settled| {
        let value = s.value.as_deref().unwrap_or_default();
        known.readings.iter().any(|r| r.value == value)
    };
    let mut of_linkage = settled
        .iter()
        .filter(|s| s.item.id == known.item && s.linkage == linkage);
    of_linkage.any(picked)
}

/// Two readings side by side in the exchanges of one linkage, or one that a side did not declare, where nothing was agreed.
fn observed(entry: &mut AmbiguityEntry, row: &AgreementRow) -> bool {
    let seen: Vec<&str> = row
        .observed
        .split(" | ")
        .filter(|v| !v.is_empty())
        .collect();
    let is_reading = |value: &&str| entry.readings.iter().any(|r| r.value == *value);
    let seen: Vec<&str> = seen.into_iter().filter(is_reading).collect();
    let (from, to) = row.pair.split_once("..").unwrap_or(("a", "b"));
    // A side that declared something else than what was exchanged reads it otherwise.
    let other = [(from, &row.a), (to, &row.b)].map(|(side, declared)| {
        let declared: Vec<&str> = declared.split(" | ").filter(|v| !v.is_empty()).collect();
        let differs = !declared.is_empty() && seen.iter().any(|v| !declared.contains(v));
        (side, if differs { declared } else { Vec::new() })
    });
    let declared_otherwise = other.iter().any(|(_, values)| !values.is_empty());
    if !row.agreed.is_empty() || seen.is_empty() || (seen.len() < 2 && !declared_otherwise) {
        return false;
    }
    for (side, values) in &other {
        for reading in &mut entry.readings {
            if values.contains(&reading.value.as_str()) {
                add(&mut reading.used_by, side);
            }
        }
    }
    for reading in &mut entry.readings {
        if seen.contains(&reading.value.as_str()) {
            add(&mut reading.used_by, &format!("{} 観測", row.linkage));
        }
    }
    add(&mut entry.linkages, &row.linkage);
    true
}

fn of_item(id: String, settled: &Settled) -> AmbiguityEntry {
    let item = &settled.item;
    let mut entry = AmbiguityEntry {
        id,
        item: item.id.clone(),
        title: item.title.clone(),
        silent: Bilingual::new(
            "標準はこの項目の値を定めておらず、双方の値はどちらも許されています",
            "the standard does not fix this item, and both values are allowed",
        ),
        source: item.source.clone(),
        readings: Vec::new(),
        linkages: Vec::new(),
        findings: Vec::new(),
        proposal: match item.usual.as_str() {
            "" => Bilingual::new(
                "データを作る提供側の値に合わせるか、双方で一つを選び、合意設定書に記す",
                "take the value of the provider, who makes the data, or pick one, and write it into the record",
            ),
            usual => Bilingual::new(
                format!("通例の値 {usual} を合意設定書に記す"),
                format!("write the usual value {usual} into the record"),
            ),
        },
    };
    add_sides(&mut entry, settled);
    entry
}

fn add_sides(entry: &mut AmbiguityEntry, settled: &Settled) {
    let (a, b) = settled.pair.split_once("..").unwrap_or(("a", "b"));
    for (side, answer) in [(a, &settled.provider), (b, &settled.consumer)] {
        let values = answer.iter().flat_map(|a: &Answer| &a.values);
        for value in values {
            let at = entry.readings.iter().position(|r| r.value == *value);
            let at = at.unwrap_or_else(|| {
                entry.readings.push(ReadingEntry {
                    value: value.clone(),
                    text: Bilingual::new(value.clone(), value.clone()),
                    used_by: Vec::new(),
                });
                entry.readings.len() - 1
            });
            if let Some(reading) = entry.readings.get_mut(at) {
                add(&mut reading.used_by, side);
            }
        }
    }
    add(&mut entry.linkages, &settled.linkage);
}

fn add(list: &mut Vec<String>, text: &str) {
    if !text.is_empty() && !list.iter().any(|t| t == text) {
        list.push(text.to_owned());
    }
}

#[cfg(test)]
#[path = "ambiguity_tests.rs"]
mod tests;
