use serde::{Deserialize, Serialize};

use crate::model::Bilingual;

/// An entry of the register of ambiguities (仕様の曖昧): both sides conform to a reading and still disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmbiguityEntry {
    /// `SA-01` for a known place, `SG-F03` for an item on which the standard is silent.
    pub id: String,
    /// Agreement item that settles it; may be empty.
    pub item: String,
    /// Title.
    pub title: Bilingual,
    /// What the standard does not say.
    pub silent: Bilingual,
    /// Document and clause.
    pub source: String,
    /// The readings, and who uses which.
    pub readings: Vec<ReadingEntry>,
    /// Affected linkages.
    pub linkages: Vec<String>,
    /// Findings that show it.
    pub findings: Vec<String>,
    /// What is proposed to settle it.
    pub proposal: Bilingual,
}

/// One reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingEntry {
    /// The value or word for it.
    pub value: String,
    /// In words.
    pub text: Bilingual,
    /// Parties that declare it, or linkages that showed it.
    pub used_by: Vec<String>,
}
