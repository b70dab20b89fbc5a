use serde::{Deserialize, Serialize};

use super::exchange::Exchange;
use super::intent::{Attested, Captured, Intent};
use super::result::{PackStamp, Tool};
use crate::model::{Bilingual, NotRunReason};

/// An event with its place in the run's one linear order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamped {
    /// 1-based.
    pub seq: u64,
    /// RFC 3339 with milliseconds and zone.
    pub at: String,
    /// What happened.
    pub event: Event,
}

/// What happened in a run. Facts only: no verdict is ever written here, so a run can be judged again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Event {
    /// The run began; inputs are copied into the bundle.
    RunStarted(RunFacts),
    /// A preflight check was made.
    Preflight(Check),
    /// A case began.
    CaseStarted {
        /// Case id.
        case: String,
    },
    /// Somebody else must act.
    Waiting {
        /// Case id.
        case: String,
        /// Party that must act.
        party: String,
        /// What it must do.
        what: Bilingual,
    },
    /// What the harness sets out to send next, as the exchange with this log number.
    Intended(Intent),
    /// A value was taken from an answer for later steps of a scenario.
    Captured(Captured),
    /// A person did, or did not do, what a step of a scenario asked for.
    Attested(Attested),
    /// Bytes moved.
    Exchanged(Box<Exchange>),
    /// A case ended; `not_run` says why when it did not run to its end.
    CaseEnded {
        /// Case id.
        case: String,
        /// Why it did not run.
        not_run: Option<NotRunReason>,
        /// The harness's own failure, if that ended it.
        tool_error: Option<String>,
    },
    /// The run ended.
    RunEnded {
        /// True when the operator stopped it.
        interrupted: bool,
    },
}

/// What a run is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunFacts {
    /// Run id, also the bundle's folder name.
    pub id: String,
    /// The harness.
    pub tool: Tool,
    /// Packs used.
    pub packs: Vec<PackStamp>,
    /// Variables that stood for values in the plan, such as addresses of stand-ins.
    pub variables: std::collections::BTreeMap<String, String>,
}

/// One preflight check: a fact about whether exchanging makes sense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// `input:C-001`, `reach:a.api`, `token:b`.
    pub id: String,
    /// Party it concerns.
    pub party: String,
    /// What was checked.
    pub title: Bilingual,
    /// True when it is in order.
    pub ok: bool,
    /// What was seen.
    pub seen: Bilingual,
    /// How to fix it; empty when it is in order.
    pub fix: Bilingual,
    /// Log number of the exchange that shows it; empty when there is none.
    pub log: String,
    /// Cases that cannot run without it.
    pub blocks: Vec<String>,
}

/// What is known of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyFacts {
    /// Id in the plan.
    pub id: String,
    /// Name.
    pub name: Bilingual,
}
