//! `ambiguities.csv` and `ambiguity-readings.csv`: where a standard can be read in several ways.

use serde::Deserialize;

use super::table::{rows, wrong};
use crate::model::{Bilingual, Problems};

/// A place where a standard can be read in several ways, each of them conforming.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguity {
    /// `SA-01`; kept for ever.
    pub id: String,
    /// Item whose answers are the readings.
    pub item: String,
    /// Rules whose findings show that it mattered.
    pub rules: Vec<String>,
    /// What such a finding's observed or expected value must hold; empty: any will do.
    pub shown_by: String,
    /// Title.
    pub title: Bilingual,
    /// What the standard does not say.
    pub silent: Bilingual,
    /// Document and clause.
    pub source: String,
    /// What renkei proposes to agree.
    pub proposal: Bilingual,
    /// The readings.
    pub readings: Vec<Reading>,
}

/// One way to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Value of the item, or the word by which people call it.
    pub value: String,
    /// In words.
    pub text: Bilingual,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    item: String,
    rules: String,
    shown_by: String,
    title_ja: String,
    title_en: String,
    silent_ja: String,
    silent_en: String,
    source: String,
    proposal_ja: String,
    proposal_en: String,
}

#[derive(Deserialize)]
struct ReadingRow {
    ambiguity: String,
    values: String,
    reading_ja: String,
    reading_en: String,
}

pub(super) fn load(
    (file, bytes): (&str, &[u8]),
    (readings_file, readings): (&str, &[u8]),
    problems: &mut Problems,
) -> Vec<Ambiguity> {
    let of = |row: Row| Ambiguity {
        rules: row.rules.split_whitespace().map(str::to_owned).collect(),
        title: Bilingual::new(row.title_ja, row.title_en),
        silent: Bilingual::new(row.silent_ja, row.silent_en),
        proposal: Bilingual::new(row.proposal_ja, row.proposal_en),
        id: row.id,
        item: row.item,
        shown_by: row.shown_by,
        source: row.source,
        readings: Vec::new(),
    };
    let mut found: Vec<Ambiguity> = Vec::new();
    for (line, row) in rows::<Row>(file, bytes, problems) {
        if found.iter().any(|a| a.id == row.id) {
            let message = Bilingual::new(
                format!("番号 {} が2回あります", row.id),
                format!("id {} is used twice", row.id),
            );
            problems.push(wrong(file, line, message));
        }
        found.push(of(row));
    }
    for (line, row) in rows::<ReadingRow>(readings_file, readings, problems) {
        let Some(ambiguity) = found.iter_mut().find(|a| a.id == row.ambiguity) else {
            let message = Bilingual::new(
                format!("{} は ambiguities.csv にありません", row.ambiguity),
                format!("{} is not in ambiguities.csv", row.ambiguity),
            );
            problems.push(wrong(readings_file, line, message));
            continue;
        };
        ambiguity.readings.push(Reading {
            value: row.values,
            text: Bilingual::new(row.reading_ja, row.reading_en),
        });
    }
    found
}
