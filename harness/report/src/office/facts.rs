//! What the office files say, read from result documents and the register once.

use jiff::civil::Date;
use renkei_core::issue::{Issue, Register, State, sync};
use renkei_core::model::{CauseKind, Finding, Lang, Level};
use renkei_core::record::ResultDocument;

use super::Source;
use crate::pairs::{self, Latest, Pairs};
use crate::{Options, moment, view};

/// The runs in order, the latest state of every pair and linkage, and the issues.
pub(super) struct Facts<'a> {
    /// The runs, the earliest first.
    pub(super) runs: Vec<&'a ResultDocument>,
    /// The latest state.
    pub(super) pairs: Pairs<'a>,
    /// Issues, by number: those of the register, else drafts made from the runs.
    pub(super) issues: Vec<Issue>,
    /// True when the issues come from a register.
    pub(super) registered: bool,
    /// When the file is made, RFC 3339.
    pub(super) now: &'a str,
    /// See [`Options`].
    pub(super) options: Options,
}

impl<'a> Facts<'a> {
    /// Reads the source.
    pub(super) fn of(source: &'a Source<'a>, options: &Options) -> Self {
        let mut runs: Vec<&ResultDocument> = source.documents.iter().collect();
        runs.sort_by(|a, b| a.run.started_at.cmp(&b.run.started_at));
        let issues = match &source.issues {
            Some(issues) => issues.clone(),
            None => drafts(&runs),
        };
        Self {
            pairs: pairs::latest(runs.iter().copied(), Lang::Ja),
            runs,
            issues,
            registered: source.issues.is_some(),
            now: source.now,
            options: options.clone(),
        }
    }

    /// Pairs in order with their linkages: name of the pair, linkage, state.
    pub(super) fn states(&self) -> impl Iterator<Item = (&str, &str, &Latest<'a>)> {
        self.pairs
            .iter()
            .map(|((pair, linkage), latest)| (pair.as_str(), linkage.as_str(), latest))
    }

    /// Day of a moment in the zone of the options, `2026-11-23`; empty when it cannot be read.
    pub(super) fn day(&self, rfc3339: &str) -> String {
        let day = moment::local(rfc3339, &self.options);
        day.map_or_else(String::new, |d| d.date().to_string())
    }

    /// Today.
    pub(super) fn today(&self) -> Option<Date> {
        moment::local(self.now, &self.options).map(|d| d.date())
    }

    /// Issues that somebody still has to act on.
    pub(super) fn open(&self) -> impl Iterator<Item = &Issue> {
        self.issues
            .iter()
            .filter(|issue| issue.human.state.is_open())
    }

    /// Days since an issue was raised, for an open one; until it was approved, for a closed one.
    pub(super) fn age(&self, issue: &Issue) -> Option<u64> {
        let end = if issue.closed_at.is_empty() {
            self.now
        } else {
            &issue.closed_at
        };
        let day = |at: &str| moment::local(at, &self.options).map(|d| d.date());
        let span = day(&issue.occurred_at)?.until(day(end)?).ok()?;
        u64::try_from(span.get_days()).ok()
    }

    /// Open issues of a pair and linkage.
    pub(super) fn open_of(&self, latest: &Latest<'_>, linkage: &str) -> u64 {
        let case = latest.cases.first();
        let of = |issue: &&Issue| {
            issue.machine.as_ref().is_some_and(|m| {
                m.linkage == linkage
                    && case.is_some_and(|c| c.from == m.sender && c.to == m.receiver)
            })
        };
        self.open().filter(of).count() as u64
    }

    /// The latest run of each title: findings of an older one say nothing about today.
    pub(super) fn latest_runs(&self) -> Vec<&'a ResultDocument> {
        let newer = |doc: &ResultDocument, other: &&ResultDocument| {
            other.run.title == doc.run.title && other.run.started_at > doc.run.started_at
        };
        let latest = self
            .runs
            .iter()
            .filter(|doc| !self.runs.iter().any(|other| newer(doc, other)));
        latest.copied().collect()
    }

    /// Findings of the latest runs, without those that the policy switched off.
    pub(super) fn findings(&self) -> Vec<(&'a ResultDocument, &'a Finding)> {
        let runs = self.latest_runs();
        runs.into_iter()
            .flat_map(|doc| view::ordered(doc).into_iter().map(move |f| (doc, f)))
            .collect()
    }

    /// Errors that the specification causes.
    pub(super) fn ambiguities(&self) -> Vec<(&'a ResultDocument, &'a Finding)> {
        let mut found = self.findings();
        found.retain(|(_, f)| f.cause.kind == CauseKind::Spec && f.level == Level::Error);
        found
    }

    /// Data classes of all runs in words, each once.
    pub(super) fn data_classes(&self) -> String {
        let mut classes: Vec<String> = self
            .runs
            .iter()
            .map(|doc| crate::words::of(Lang::Ja, "data_class", &doc.run.data_class))
            .collect();
        classes.sort();
        classes.dedup();
        classes.join(" ")
    }

    /// First and last run id in words.
    pub(super) fn run_ids(&self) -> String {
        match self.runs.as_slice() {
            [] => String::new(),
            [only] => only.run.id.clone(),
            [first, .., last] => format!(
                "{} から {} まで（{}件）",
                first.run.id,
                last.run.id,
                self.runs.len()
            ),
        }
    }
}

/// Without a register the runs alone say what is open: the same drafts that `issues sync` would make.
fn drafts(runs: &[&ResultDocument]) -> Vec<Issue> {
    let mut register = Register::default();
    for doc in runs {
        let changes = sync(&register, doc, &doc.run.started_at);
        register.apply(&changes);
    }
    // A draft that the latest run no longer shows is no issue: nobody ever took it on.
    let stands = |issue: &Issue| issue.human.state != State::Draft || !issue.proposed_approval;
    register.issues.into_values().filter(stands).collect()
}
