//! Scenarios: several steps, values carried from one to the next, other systems and people taking part.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::call::ApiCase;
use crate::model::Bilingual;

/// Several steps in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What must be so before: calls whose answers are not judged. One that fails leaves the scenario out.
    #[serde(default)]
    pub setup: Vec<ScenarioStep>,
    /// What is tested.
    pub step: Vec<ScenarioStep>,
    /// What is put in order afterwards, whatever happened. It never changes the verdict.
    #[serde(default)]
    pub teardown: Vec<ScenarioStep>,
    /// Address that calls of other systems are taken at, `127.0.0.1:0`; its URL is `{listen.url}`.
    #[serde(default)]
    pub listen: String,
    /// TLS of that address; without it calls are taken in clear text.
    #[serde(default)]
    pub listen_tls: Option<ListenTls>,
}

/// What a scenario shows to those who call it. Paths are relative to the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenTls {
    /// Certificates as PEM, the own one first.
    pub cert: String,
    /// Its private key as PEM.
    pub key: String,
    /// CA that certificates of callers must come from; empty: callers show none.
    #[serde(default)]
    pub client_ca: String,
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioStep {
    /// Id within the scenario.
    pub id: String,
    /// What it is, for those who watch.
    #[serde(default)]
    pub title: Bilingual,
    /// A call of an API.
    #[serde(default)]
    pub call: Option<Box<ApiCase>>,
    /// A call of another system that is awaited.
    #[serde(default)]
    pub listen: Option<ListenStep>,
    /// Something a person does.
    #[serde(default)]
    pub human: Option<HumanStep>,
    /// Seconds to wait.
    #[serde(default)]
    pub pause_s: Option<u64>,
    /// Values to keep: name, and where they stand in the answer (a JSON Pointer, `header:NAME`, `status`).
    #[serde(default)]
    pub capture: BTreeMap<String, String>,
    /// What must hold of the answer, or of the call that came.
    #[serde(default)]
    pub expect: Vec<Expect>,
}

/// A call that must come in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenStep {
    /// Path it comes to.
    pub path: String,
    /// Its method; empty: any.
    #[serde(default)]
    pub method: String,
    /// Seconds to wait for it.
    #[serde(default = "sixty")]
    pub wait_s: u64,
    /// Status it is answered with.
    #[serde(default = "two_hundred")]
    pub status: u16,
}

/// Something a person does or looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HumanStep {
    /// Party whose people do it.
    #[serde(default)]
    pub party: String,
    /// What to do, and what must be seen then.
    pub instruction: Bilingual,
    /// Seconds to wait for the answer.
    #[serde(default = "ten_minutes")]
    pub wait_s: u64,
}

/// A condition on an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Where: a JSON Pointer, `header:NAME`, `status`.
    pub at: String,
    /// The text it must equal; may hold `{captured}` values.
    #[serde(default)]
    pub equals: Option<String>,
    /// The text it must not equal; may hold `{captured}` values.
    #[serde(default)]
    pub differs: Option<String>,
    /// True: it must be there; false: it must not.
    #[serde(default)]
    pub present: Option<bool>,
}

/// What a step does.
#[derive(Clone, Copy, Debug)]
pub enum Do<'a> {
    /// Calls an API.
    Call(&'a ApiCase),
    /// Waits for a call.
    Listen(&'a ListenStep),
    /// Asks a person.
    Human(&'a HumanStep),
    /// Lets time pass, in seconds.
    Pause(u64),
}

impl ScenarioStep {
    /// What the step does; nothing when it says none or several things.
    pub fn what(&self) -> Option<Do<'_>> {
        match (&self.call, &self.listen, &self.human, self.pause_s) {
            (Some(call), None, None, None) => Some(Do::Call(call)),
            (None, Some(listen), None, None) => Some(Do::Listen(listen)),
            (None, None, Some(human), None) => Some(Do::Human(human)),
            (None, None, None, Some(seconds)) => Some(Do::Pause(seconds)),
            _ => None,
        }
    }
}

impl Scenario {
    /// Every step, in the order of doing.
    pub fn all(&self) -> impl Iterator<Item = &ScenarioStep> {
        self.setup.iter().chain(&self.step).chain(&self.teardown)
    }

    /// The calls of all steps.
    pub fn calls(&self) -> impl Iterator<Item = &ApiCase> {
        self.all().filter_map(|s| s.call.as_deref())
    }

    /// A tested step by id.
    pub fn step(&self, id: &str) -> Option<&ScenarioStep> {
        self.step.iter().find(|s| s.id == id)
    }
}

fn sixty() -> u64 {
    60
}

fn ten_minutes() -> u64 {
    600
}

fn two_hundred() -> u16 {
    200
}
