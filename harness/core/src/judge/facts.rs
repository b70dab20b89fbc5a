//! Groups the events of a run: what happened in preflight and in each case.

use std::collections::BTreeMap;

use crate::model::NotRunReason;
use crate::record::{Check, Event, Exchange, RunFacts, Stamped};

/// What happened in a run, grouped.
#[derive(Clone, Debug, Default)]
pub struct RunHistory {
    /// The run; absent when even its start was not written.
    pub run: Option<RunFacts>,
    /// When it started, RFC 3339.
    pub started_at: String,
    /// When its last event was, RFC 3339.
    pub finished_at: String,
    /// Preflight checks in order.
    pub preflight: Vec<Check>,
    /// By case id.
    pub cases: BTreeMap<String, CaseHistory>,
    /// Every exchange in order.
    pub exchanges: Vec<Exchange>,
    /// The run reached its end.
    pub ended: bool,
    /// The operator stopped it.
    pub interrupted: bool,
}

/// What happened in a case.
#[derive(Clone, Debug, Default)]
pub struct CaseHistory {
    /// When it started.
    pub started_at: String,
    /// When it ended; empty when it did not.
    pub ended_at: String,
    /// Its exchanges in order.
    pub exchanges: Vec<Exchange>,
    /// Why it did not run to its end.
    pub not_run: Option<NotRunReason>,
    /// The harness's own failure.
    pub tool_error: Option<String>,
}

impl RunHistory {
    /// Folds events in their order.
    pub fn fold<'e>(events: impl IntoIterator<Item = &'e Stamped>) -> Self {
        let mut history = Self::default();
        for stamped in events {
            history.add(stamped);
        }
        history
    }

    /// Adds one event.
    pub fn add(&mut self, stamped: &Stamped) {
        if self.started_at.is_empty() {
            self.started_at.clone_from(&stamped.at);
        }
        self.finished_at.clone_from(&stamped.at);
        match &stamped.event {
            Event::RunStarted(run) => self.run = Some(run.clone()),
            Event::Preflight(check) => self.preflight.push(check.clone()),
            Event::CaseStarted { case } => {
                self.cases
                    .entry(case.clone())
                    .or_default()
                    .started_at
                    .clone_from(&stamped.at);
            }
            Event::Waiting { .. } => {}
            Event::Exchanged(exchange) => {
                self.exchanges.push((**exchange).clone());
                if !exchange.case.is_empty() {
                    self.cases
                        .entry(exchange.case.clone())
                        .or_default()
                        .exchanges
                        .push((**exchange).clone());
                }
            }
            Event::CaseEnded {
                case,
                not_run,
                tool_error,
            } => {
                let case = self.cases.entry(case.clone()).or_default();
                case.ended_at.clone_from(&stamped.at);
                case.not_run.clone_from(not_run);
                case.tool_error.clone_from(tool_error);
            }
            Event::RunEnded { interrupted } => {
                self.ended = true;
                self.interrupted = *interrupted;
            }
        }
    }
}
