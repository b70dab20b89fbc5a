//! Which systems meet, over which linkages, with which cases and data.

mod call;
mod load;
mod misuse;
mod scenario;
mod setup;
mod variables;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Bilingual;

pub use call::{ApiCase, Group, Pages, Parallel, Repeat, Variation};
pub use misuse::{Misuse, MisuseOf};
pub use scenario::{Do, Expect, HumanStep, ListenStep, ListenTls, Scenario, ScenarioStep};
pub use setup::{Inputs, Setup};
pub use variables::Variables;

/// A plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// File it was read from.
    pub file: String,
    /// Title.
    pub title: Bilingual,
    /// データ区分.
    pub data_class: DataClass,
    /// Approval number, required for real data and for revealing values.
    pub approval: String,
    /// Numbers instead of names.
    pub privacy: Privacy,
    /// Packs, `id@version`.
    pub packs: Vec<String>,
    /// Packs whose agreement items are the catalogue.
    pub agreement_items: Vec<String>,
    /// 合意設定書: negotiated records of pairs, relative to the plan.
    pub agreements: Vec<String>,
    /// Who takes part.
    pub parties: Vec<PlanParty>,
    /// Processes the harness starts itself.
    pub stand_ins: Vec<StandIn>,
    /// 連携.
    pub linkages: Vec<Linkage>,
    /// What is tried.
    pub cases: Vec<Case>,
}

/// How names are told apart without being shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Privacy {
    /// Key file of the project, relative to the plan; the table of numbers lies beside it. Empty: no numbers.
    pub key: String,
}

/// データ区分 of a run, shown on every report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataClass {
    /// 架空データ
    Fictional,
    /// 匿名化データ
    Anonymised,
    /// 実データ
    Real,
}

impl DataClass {
    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fictional => "fictional",
            Self::Anonymised => "anonymised",
            Self::Real => "real",
        }
    }
}

/// A party of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanParty {
    /// Id, `a`.
    pub id: String,
    /// Profile, relative to the plan.
    pub profile: String,
    /// Played by the harness itself.
    #[serde(default)]
    pub stand_in: bool,
}

/// A process that plays a party's system.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandIn {
    /// Id, for variables `{stand_in.ID.url}`.
    pub id: String,
    /// What it plays.
    pub role: StandInRole,
    /// Provider: `pack/api`.
    #[serde(default)]
    pub api: String,
    /// Provider: clients it knows, `party.client`.
    #[serde(default)]
    pub clients: Vec<String>,
    /// Provider: lifetime of tokens in seconds, by client name.
    #[serde(default)]
    pub token_lifetime_s: BTreeMap<String, u64>,
    /// Provider and authorization: access tokens are JWTs (RFC 9068), else they are opaque.
    #[serde(default)]
    pub jwt_tokens: bool,
    /// Receiver: folder it watches.
    #[serde(default)]
    pub inbox: String,
    /// Receiver: folder it writes receipts to.
    #[serde(default)]
    pub receipts: String,
    /// Named misbehaviours.
    #[serde(default)]
    pub misbehave: Vec<String>,
}

/// What a stand-in plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StandInRole {
    /// Token endpoint and API.
    Provider,
    /// Takes files in and writes receipts.
    Receiver,
    /// An authorization platform without an API.
    Authorization,
    /// Calls a provider; not in plans, where the harness itself calls.
    Consumer,
}

/// A 連携 between two parties.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linkage {
    /// 連携ID.
    pub id: String,
    /// Title.
    pub title: Bilingual,
    /// 提供側, party id.
    pub from: String,
    /// 利用側, party id.
    pub to: String,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Id, `C-001`.
    pub id: String,
    /// Title.
    pub title: Bilingual,
    /// 連携ID.
    pub linkage: String,
    /// Counts for the verdict of the run.
    pub required: bool,
    /// What is done.
    pub action: Action,
}

/// What a case does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A file exchange.
    File(FileCase),
    /// An API call, or several.
    Api(Box<ApiCase>),
    /// Several steps.
    Scenario(Box<Scenario>),
    /// 対象外, with the reason that was declared.
    NotApplicable(String),
}

impl Action {
    /// `file`, `api`, or `none` for what was declared 対象外.
    pub fn method(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Api(_) | Self::Scenario(_) => "api",
            Self::NotApplicable(_) => "none",
        }
    }
}

/// A file exchange. Paths are relative to the plan and may hold variables.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileCase {
    /// `pack/layout`.
    pub layout: String,
    /// Folder where the sender puts the file.
    pub outbox: String,
    /// File name.
    pub name: String,
    /// Folder where the receiver takes it from; empty: the file is only checked.
    #[serde(default)]
    pub inbox: String,
    /// The receiver's result; empty: none is expected. `{name}` is the file's name.
    #[serde(default)]
    pub receipt: String,
    /// How long to wait for the receipt, in seconds.
    #[serde(default = "ten")]
    pub wait_s: u64,
}

fn ten() -> u64 {
    10
}

impl Plan {
    /// A linkage by id.
    pub fn linkage(&self, id: &str) -> Option<&Linkage> {
        self.linkages.iter().find(|l| l.id == id)
    }

    /// A party by id.
    pub fn party(&self, id: &str) -> Option<&PlanParty> {
        self.parties.iter().find(|p| p.id == id)
    }
}
