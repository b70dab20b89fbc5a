//! What the harness and people set out to do: the facts that bytes alone do not show.

use serde::{Deserialize, Serialize};

/// What the harness set out to send: without it, bytes that are wrong on purpose could not be judged again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Intent {
    /// Log number of the exchange.
    pub log: String,
    /// What is done to the call, in the words of plans: `none`, `too-long`.
    pub variation: String,
    /// Where: a JSON Pointer, or `query:NAME`.
    pub target: String,
    /// Where the bytes come from.
    pub origin: Origin,
    /// What makes the call special: `maxLength 100`, `page 2`.
    pub note: String,
    /// Step of a scenario; empty outside scenarios.
    pub step: String,
}

/// Where the bytes of a call come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A file of the plan.
    #[default]
    Plan,
    /// An example of the API's document.
    Example,
    /// Made from the schema.
    Schema,
    /// A value at the border of what the schema allows.
    Boundary,
    /// One defect made on purpose.
    Defect,
    /// A recorded exchange.
    Recorded,
    /// One of several at the same time.
    Parallel,
    /// The same once more.
    Repeat,
    /// The next page of an answer.
    Page,
}

/// A value that a scenario took from an answer. The value itself is never kept here, it stands in the exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Captured {
    /// Case id.
    pub case: String,
    /// Step of the scenario.
    pub step: String,
    /// Name of the value; of an awaited call that did not come: what kept callers away, as far as it is known.
    pub name: String,
    /// Where it was looked for: a JSON Pointer, `header:NAME`.
    pub at: String,
    /// Log number of the exchange.
    pub log: String,
    /// It was there.
    pub found: bool,
}

/// What a person said about a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attested {
    /// Case id.
    pub case: String,
    /// Step of the scenario.
    pub step: String,
    /// It was done, and what was seen is as it should be.
    pub done: bool,
    /// What the person wrote.
    pub comment: String,
}
