//! Which systems meet, over which linkages, with which cases and data.

mod load;
mod setup;
mod variables;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Bilingual;

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
    /// An API call.
    Api(ApiCase),
    /// 対象外, with the reason that was declared.
    NotApplicable(String),
}

impl Action {
    /// `file`, `api`, or `none` for what was declared 対象外.
    pub fn method(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Api(_) => "api",
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

/// An API call by the consumer to the provider.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiCase {
    /// `pack/api`.
    pub api: String,
    /// `operationId`.
    pub operation: String,
    /// Client of the consumer's profile.
    #[serde(default = "main_client")]
    pub client: String,
    /// File with the request body, relative to the plan.
    pub body: String,
    /// What is done to the call.
    #[serde(default)]
    pub variation: Variation,
    /// JSON Pointer (RFC 6901) for variations of the body.
    #[serde(default)]
    pub target: String,
    /// Scope to ask for instead of the API's own.
    #[serde(default)]
    pub scope: String,
    /// How long to wait for the answer, in seconds.
    #[serde(default = "thirty")]
    pub wait_s: u64,
}

/// What is done to a call: nothing, or one defect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variation {
    /// A call as it should be.
    #[default]
    None,
    /// Without Authorization header.
    NoToken,
    /// With a token after its lifetime.
    ExpiredToken,
    /// With a token for another scope.
    WrongScope,
    /// Without a mandatory item.
    MissingRequired,
    /// With an item longer than allowed.
    TooLong,
}

impl Variation {
    /// The word in plans.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NoToken => "no-token",
            Self::ExpiredToken => "expired-token",
            Self::WrongScope => "wrong-scope",
            Self::MissingRequired => "missing-required",
            Self::TooLong => "too-long",
        }
    }
}

fn ten() -> u64 {
    10
}

fn thirty() -> u64 {
    30
}

fn main_client() -> String {
    "main".to_owned()
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
