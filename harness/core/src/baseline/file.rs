//! The baseline file: findings that a run had and that later runs are not to fail for.

use serde::{Deserialize, Serialize};

use crate::model::{Bilingual, Finding, Level, Problem, Verdict};
use crate::record::ResultDocument;

/// Value of `schema` in every baseline file.
pub const BASELINE_SCHEMA: &str = "renkei.baseline/v1";

/// The JSON Schema (2020-12) of a baseline file, as `renkei schema baseline` prints it.
pub const BASELINE_SCHEMA_TEXT: &str = include_str!("baseline.schema.json");

/// Findings known from an earlier run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// [`BASELINE_SCHEMA`].
    pub schema: String,
    /// The run it was made from.
    pub run: String,
    /// When that run started, RFC 3339.
    pub started_at: String,
    /// The findings.
    pub findings: Vec<Known>,
}

/// A known finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// What it is known by.
    pub fingerprint: String,
    /// Case it stood in; empty for declarations.
    pub case: String,
    /// Rule code, for people who review the file.
    pub rule: String,
    /// How much it mattered.
    pub level: Level,
    /// What it did to the verdict.
    pub effect: Verdict,
    /// Number of places it had.
    pub count: u64,
    /// What it said, for people who review the file.
    pub message: Bilingual,
}

impl Baseline {
    /// The findings of a run that later runs need not fail for. What could not be judged is not among them: nobody knows
    /// what hides behind it.
    pub fn of(doc: &ResultDocument) -> Self {
        Self {
            schema: BASELINE_SCHEMA.to_owned(),
            run: doc.run.id.clone(),
            started_at: doc.run.started_at.clone(),
            findings: doc
                .findings
                .iter()
                .filter(|finding| finding.level != Level::Off && excusable(finding.effect))
                .map(known)
                .collect(),
        }
    }

    /// Reads a baseline file.
    ///
    /// # Errors
    /// The text is no baseline of this version; the problem says where and what to do.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Problem> {
        let wrong = |detail: String| {
            Problem::of_file(
                name,
                Bilingual::new(
                    format!("基準ファイルとして読めません: {detail}"),
                    format!("not a baseline file: {detail}"),
                ),
                Bilingual::new(
                    "renkei report baseline 実施記録 --out ファイル で作り直します",
                    "make it again with renkei report baseline BUNDLE --out FILE",
                ),
            )
        };
        let read: Self = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        if read.schema != BASELINE_SCHEMA {
            return Err(wrong(format!("schema = \"{}\"", read.schema)));
        }
        Ok(read)
    }

    /// The known finding that a finding is: of the same case, else of any.
    pub(super) fn find(&self, finding: &Finding) -> Option<&Known> {
        let same = || {
            self.findings
                .iter()
                .filter(|known| known.fingerprint == finding.fingerprint)
        };
        same()
            .find(|known| known.case == finding.case)
            .or_else(|| same().next())
    }
}

/// Effects that a person can accept knowingly.
pub(super) fn excusable(effect: Verdict) -> bool {
    matches!(effect, Verdict::Fail | Verdict::Review)
}

fn known(finding: &Finding) -> Known {
    Known {
        fingerprint: finding.fingerprint.clone(),
        case: finding.case.clone(),
        rule: finding.rule.clone(),
        level: finding.level,
        effect: finding.effect,
        count: finding.count,
        message: finding.message.clone(),
    }
}
