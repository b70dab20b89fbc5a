use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::AmbiguityEntry;
use super::wire::Timing;
use crate::model::{Bilingual, Finding, NotRunReason, Verdict, exit};

/// Value of `schema` in every result document.
pub const SCHEMA_ID: &str = "renkei.result/v1";

/// The JSON Schema (2020-12) of a result document, as `renkei schema result` prints it.
pub fn schema_text() -> &'static str {
    include_str!("result.schema.json")
}

/// The result document: one shape for `check`, `run` and `reconcile`. Every report renders from it alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultDocument {
    /// [`SCHEMA_ID`].
    pub schema: String,
    /// The harness.
    pub tool: Tool,
    /// The run.
    pub run: RunStamp,
    /// Packs used.
    pub packs: Vec<PackStamp>,
    /// Who took part.
    pub parties: Vec<Party>,
    /// The verdict over all cases and findings.
    pub verdict: Verdict,
    /// Exit code that goes with it.
    pub exit_code: u8,
    /// Number of cases by verdict.
    pub counts: Counts,
    /// Files and bodies that were judged.
    pub inputs: Vec<Input>,
    /// 協議事項・設定事項 of every pair in the plan.
    #[serde(default)]
    pub agreement: Vec<AgreementRow>,
    /// 仕様の曖昧: where both sides conform to a reading of the standard and still disagree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ambiguities: Vec<AmbiguityEntry>,
    /// Preflight checks.
    #[serde(default)]
    pub preflight: Vec<PreflightRow>,
    /// Cases.
    pub cases: Vec<CaseResult>,
    /// Findings, numbered.
    pub findings: Vec<Finding>,
    /// Numbered log of exchanges.
    #[serde(default)]
    pub log: Vec<LogLine>,
    /// What a reader must know before trusting the rest: caps, sampling, interruptions, TLS not verified.
    #[serde(default)]
    pub remarks: Vec<Bilingual>,
}

impl ResultDocument {
    /// The document of a run of this build in which nothing was judged yet.
    pub fn begun(run: RunStamp) -> Self {
        Self {
            schema: SCHEMA_ID.to_owned(),
            tool: Tool::this(),
            run,
            packs: Vec::new(),
            parties: Vec::new(),
            verdict: Verdict::NotRun,
            exit_code: exit::INCOMPLETE,
            counts: Counts::new(),
            inputs: Vec::new(),
            agreement: Vec::new(),
            ambiguities: Vec::new(),
            preflight: Vec::new(),
            cases: Vec::new(),
            findings: Vec::new(),
            log: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

/// The harness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// `renkei`.
    pub name: String,
    /// Version of the binary.
    pub version: String,
}

impl Tool {
    /// This build.
    pub fn this() -> Self {
        Self {
            name: "renkei".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunStamp {
    /// Run id.
    pub id: String,
    /// Title of the plan, or the file's name for `check`.
    pub title: Bilingual,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339.
    pub finished_at: String,
    /// データ区分: `fictional` 架空, `anonymised` 匿名化, `real` 実データ.
    pub data_class: String,
    /// The command that repeats the run.
    pub reproduce: String,
    /// 承認番号 under which values are shown; empty: they are masked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub revealed: String,
}

/// A pack that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackStamp {
    /// Pack id.
    pub id: String,
    /// Pack version.
    pub version: String,
    /// SHA-256 over its files, lower-case hex.
    pub sha256: String,
    /// Source line of the pack.
    #[serde(default)]
    pub source: String,
    /// `official`, `derived`, `illustrative`.
    #[serde(default)]
    pub fidelity: String,
}

/// A party of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Id in the plan, `a`.
    pub id: String,
    /// `provider`, `consumer`, `both`.
    pub role: String,
    /// Name for people.
    pub name: Bilingual,
    /// Product.
    pub product: String,
    /// Product version.
    pub version: String,
    /// True when a stand-in of the harness plays the party: its behaviour is never a vendor's result.
    pub stand_in: bool,
}

/// Number of cases by verdict.
pub type Counts = BTreeMap<String, u64>;

/// A file or body that was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// File name.
    pub name: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Records, header and trailer records included, a CSV header row excluded; absent for bodies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// Case it belongs to.
    #[serde(default)]
    pub case: String,
}

/// State of an agreement item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreementState {
    /// The standard decides.
    Standard,
    /// Both sides allow exactly one common value.
    Agreed,
    /// Several common values: a person must pick.
    Open,
    /// No common value.
    Conflict,
    /// Only one side answered.
    OneSide,
    /// Neither side answered.
    Silent,
    /// An answer is outside what the standard or the item allows.
    Outside,
    /// An answer excludes another.
    Contradiction,
}

impl AgreementState {
    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Agreed => "agreed",
            Self::Open => "open",
            Self::Conflict => "conflict",
            Self::OneSide => "one_side",
            Self::Silent => "silent",
            Self::Outside => "outside",
            Self::Contradiction => "contradiction",
        }
    }
}

/// One row of the agreement: 標準 / A / B / 合意 / 観測.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementRow {
    /// Item id, `F01`.
    pub id: String,
    /// Linkage the row holds for.
    pub linkage: String,
    /// Case id, when the item was answered for one exchange only; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exchange: String,
    /// The pair, `a..b`.
    pub pair: String,
    /// Title.
    pub title: Bilingual,
    /// State.
    pub state: AgreementState,
    /// `mandatory`, `optional`, `conditional`, `prohibited`: what this pair is held to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// What to pick when the item is open.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub proposal: String,
    /// What the standard says; empty when it leaves the item open.
    pub standard: String,
    /// What the provider's side declared, alternatives separated by ` | `; empty when silent.
    pub a: String,
    /// What the consumer's side declared.
    pub b: String,
    /// The value that holds; empty when there is none.
    pub agreed: String,
    /// Where the value comes from.
    pub basis: Bilingual,
    /// What the exchanges showed; empty when nothing showed it.
    #[serde(default)]
    pub observed: String,
    /// Why nothing was observed; empty when something was, or when no run was judged.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub not_observed: Bilingual,
    /// Where the sides declared it: file and line.
    #[serde(default)]
    pub sources: Vec<String>,
}

fn is_blank(text: &Bilingual) -> bool {
    text.ja.is_empty() && text.en.is_empty()
}

/// One preflight check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreflightRow {
    /// Check id.
    pub id: String,
    /// Party it concerns.
    pub party: String,
    /// What was checked.
    pub title: Bilingual,
    /// `pass` or `inconclusive` (設定不備: nothing is said about the product).
    pub verdict: Verdict,
    /// What was seen.
    pub seen: Bilingual,
    /// How to fix it.
    pub fix: Bilingual,
    /// Log number, or empty.
    #[serde(default)]
    pub log: String,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseResult {
    /// Case id.
    pub id: String,
    /// Title.
    pub title: Bilingual,
    /// Linkage.
    pub linkage: String,
    /// `file` or `api`.
    pub method: String,
    /// Sender, party id.
    pub from: String,
    /// Receiver, party id.
    pub to: String,
    /// Counts for the run's verdict.
    pub required: bool,
    /// Verdict.
    pub verdict: Verdict,
    /// Why, when the verdict is not a plain pass or fail.
    pub reason: Bilingual,
    /// Why it did not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_run: Option<NotRunReason>,
    /// Rules that were applied.
    pub checks: u64,
    /// From start to end, in milliseconds.
    pub duration_ms: u64,
    /// Findings, by id.
    pub findings: Vec<String>,
    /// Exchanges, by log number.
    pub log: Vec<String>,
    /// The command that repeats it.
    #[serde(default)]
    pub reproduce: String,
}

impl CaseResult {
    /// A case of something that lies in a file and belongs to no linkage; nothing is against it yet.
    pub fn of_file(id: impl Into<String>, title: Bilingual, reproduce: &str) -> Self {
        Self {
            id: id.into(),
            title,
            linkage: String::new(),
            method: "file".to_owned(),
            from: String::new(),
            to: String::new(),
            required: true,
            verdict: Verdict::Pass,
            reason: Bilingual::default(),
            not_run: None,
            checks: 0,
            duration_ms: 0,
            findings: Vec::new(),
            log: Vec::new(),
            reproduce: reproduce.to_owned(),
        }
    }
}

/// One numbered line of the exchange log, with what people may see of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogLine {
    /// `LOG-0001`.
    pub id: String,
    /// Case, or empty.
    pub case: String,
    /// Step of the case.
    pub step: String,
    /// Sender.
    pub from: String,
    /// Receiver.
    pub to: String,
    /// RFC 3339.
    pub at: String,
    /// Milliseconds.
    pub duration_ms: u64,
    /// One line: `POST https://… 200`, `file.csv 312,000 bytes`.
    pub summary: String,
    /// SHA-256 of what was sent or taken; empty when there was nothing.
    #[serde(default)]
    pub sha256: String,
    /// For HTTP: the request as a curl command, secrets as placeholders.
    #[serde(default)]
    pub curl: String,
    /// The same for PowerShell.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub powershell: String,
    /// For HTTP: the message heads and masked bodies, for people.
    #[serde(default)]
    pub detail: String,
    /// For HTTP: when its parts happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
}
