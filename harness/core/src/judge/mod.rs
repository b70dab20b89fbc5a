//! Facts to findings, findings to verdicts, all of it to the result document. A pure function of a run's record: the same
//! events and bytes give the same document, whoever asks, whenever.

mod agreement;
mod api_case;
mod document;
mod facts;
mod file_case;
mod fold;
mod held;
mod kept;
mod log;
mod packs;
mod reach;
mod relay;
mod replay;
mod scenario;
mod seen;
mod set;
mod shell;
mod unpack;
mod xml;

use std::io::{self, Read};

use crate::check::rules;
use crate::mask::Mask;
use crate::model::Finding;
use crate::plan::{Action, Case, Setup};
use crate::record::{Blob, Input};
use crate::scan::Scratch;
use crate::spec::Date;

pub use document::{CheckedFile, document_of_check, values_are_shown};
pub use facts::{CaseHistory, RunHistory};
pub use fold::verdict_of;
pub use held::{HEAD, HeldFile, hold_to, rows_of, say_why};
pub use log::log_line;
pub use packs::{LintRun, document_of_packs};
pub use relay::{RelayJudge, RelayParties, judge_relayed};
pub(crate) use replay::differences;
pub use replay::{ReplayStep, judge_replay};
pub use seen::{RETRIES, Seen};
pub use set::{CheckedSet, document_of_set};
pub use xml::{check_message, document_of_messages};

/// Where the bytes of a run are kept.
pub trait Evidence: Sync {
    /// Opens the bytes of a blob.
    ///
    /// # Errors
    /// They are not there, or cannot be read.
    fn open(&self, blob: &Blob) -> io::Result<Box<dyn Read + Send + '_>>;

    /// The bytes of a blob, at most `limit` of them.
    ///
    /// # Errors
    /// As for [`Evidence::open`].
    fn bytes(&self, blob: &Blob, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(blob)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// What judging needs besides the facts.
#[derive(Clone, Copy)]
pub struct Judge<'a> {
    /// Plan, profiles, packs, agreement.
    pub setup: &'a Setup,
    /// The bytes.
    pub evidence: &'a dyn Evidence,
    /// Scratch space for what does not fit into memory.
    pub scratch: &'a dyn Scratch,
    /// The door to readable text.
    pub mask: Mask,
    /// The date that validity is judged by.
    pub as_of: Date,
    /// Threads for large files.
    pub threads: usize,
}

/// What judging a case gave: findings without numbers, inputs, facts for the agreement.
#[derive(Default)]
pub struct Judged {
    /// Findings in the order they were made.
    pub findings: Vec<Finding>,
    /// What was judged.
    pub inputs: Vec<Input>,
    /// Number of rules applied.
    pub checks: u64,
    /// What the exchanges showed of agreed settings.
    pub observed: Vec<Seen>,
    /// The exchange that showed them.
    pub log: Option<String>,
}

impl Judge<'_> {
    /// Judges one case from what happened in it.
    ///
    /// # Errors
    /// Evidence cannot be read: a failure of the harness, not of a product.
    pub fn case(&self, case: &Case, history: &CaseHistory) -> io::Result<Judged> {
        match &case.action {
            Action::File(file) => file_case::judge(self, case, file, history),
            Action::Api(call) => api_case::judge(self, case, call, history),
            Action::Scenario(scenario) => scenario::judge(self, case, scenario, history),
            Action::NotApplicable(_) => Ok(Judged::default()),
        }
    }

    fn rules_of(areas: &[&str]) -> u64 {
        rules()
            .filter(|rule| areas.iter().any(|area| rule.code.starts_with(area)))
            .count() as u64
    }
}
