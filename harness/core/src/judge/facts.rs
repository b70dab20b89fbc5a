//! Groups the events of a run: what happened in preflight and in each case.

use std::collections::BTreeMap;

use crate::model::NotRunReason;
use crate::record::{Attested, Check, Event, Exchange, Intent, RunFacts, Stamped};

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
    /// What was meant by exchanges that have not come yet, by log number.
    intents: BTreeMap<String, Intent>,
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
    /// What the harness set out to send, by log number; calls that are just what the plan wrote have none.
    pub intents: BTreeMap<String, Intent>,
    /// Steps that waited in vain for a call, in order, each with what kept callers away as far as it is known.
    pub waited: Vec<(String, String)>,
    /// What people said, in order.
    pub attested: Vec<Attested>,
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
            // An awaited call that did not come leaves no exchange, only this.
            Event::Captured(captured) => {
                if !captured.found && captured.at == "listen" {
                    let case = self.cases.entry(captured.case.clone()).or_default();
                    case.waited
                        .push((captured.step.clone(), captured.name.clone()));
                }
            }
            Event::Intended(intent) => {
                self.intents.insert(intent.log.clone(), intent.clone());
            }
            Event::Attested(attested) => {
                let case = self.cases.entry(attested.case.clone()).or_default();
                case.attested.push(attested.clone());
            }
            Event::Exchanged(exchange) => {
                self.exchanges.push((**exchange).clone());
                if !exchange.case.is_empty() {
                    let intent = self.intents.remove(&exchange.log);
                    let case = self.cases.entry(exchange.case.clone()).or_default();
                    case.intents.extend(intent.map(|i| (i.log.clone(), i)));
                    case.exchanges.push((**exchange).clone());
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
