use serde::{Deserialize, Serialize};

use super::{Bilingual, Cause, Level, Location, Verdict};

/// A rule that did not hold, at a place. Equal findings are folded: one per (rule, layout field, cause).
///
/// Every text in it has passed the mask: a finding never holds a raw value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// `F-0001`, numbered within the run.
    pub id: String,
    /// Rule code, `ENC-003`.
    pub rule: String,
    /// How much it matters.
    pub level: Level,
    /// What it does to the verdict of its case when its level is `error`: fail, review or inconclusive.
    pub effect: Verdict,
    /// The case it belongs to; empty for findings about profiles and packs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub case: String,
    /// On which side, how sure, why.
    pub cause: Cause,
    /// One sentence that states the fact.
    pub message: Bilingual,
    /// How to put it right.
    pub fix: Bilingual,
    /// Requirements broken, `jutogai-031@2.1#項番15`.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// The first place.
    pub location: Location,
    /// What was expected, in neutral notation (`N18`, `crlf`, `200`).
    pub expected: String,
    /// What was observed, masked.
    pub observed: String,
    /// The bytes at the first place, upper-case hex separated by spaces, at most 16; masked bytes are `··`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hex: String,
    /// The surroundings of the first place, byte by byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruler: Option<Ruler>,
    /// What the finding also explains: consequences that were folded into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explains: Vec<Bilingual>,
    /// Exact number of places.
    pub count: u64,
    /// The first 20 places.
    pub samples: Vec<Location>,
    /// Stable from run to run: rule, case's linkage, field; not the row.
    pub fingerprint: String,
    /// Whether the baseline knows it; absent where no baseline was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<InBaseline>,
}

/// What a baseline says of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InBaseline {
    /// The baseline does not know it.
    New,
    /// The baseline knows it as something that weighs less.
    Worse,
    /// The baseline knows it: it does not count for the verdict.
    Known,
}

impl InBaseline {
    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Known => "known",
        }
    }
}

/// A window of bytes around a finding, as characters, for the byte ruler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruler {
    /// 0-based offset of the first cell from the start of the file.
    pub byte_offset: u64,
    /// 0-based offset of the first cell from the start of the record.
    pub record_offset: u64,
    /// One cell per character or undecodable unit.
    pub cells: Vec<RulerCell>,
}

/// One character of a [`Ruler`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulerCell {
    /// Upper-case hex of its bytes, separated by spaces; `··` for masked bytes.
    pub hex: String,
    /// What people see: the character, a mark for what cannot be seen (`[CR]`, `[U+3000]`), or a class letter when masked.
    pub text: String,
    /// Machine name of the field the bytes belong to; empty outside fields.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// True for the bytes that the finding is about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub marked: bool,
}
