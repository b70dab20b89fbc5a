//! Packs under review: read as far as they can be, judged by the SPC rules, their samples run through the engine.

mod coverage;
mod samples;

pub use coverage::{Coverage, Row, coverage};

use crate::check::spc::{self, Facts};
use crate::model::{Bilingual, Finding};
use crate::spec::{Date, Draft, Files};

/// What was found in a pack.
#[derive(Debug)]
pub struct Linted {
    /// The pack.
    pub draft: Draft,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What the pack stands by, with its reason.
    pub accepted: Vec<(Finding, Bilingual)>,
}

/// Judges the pack in `files`; `name` is how places name its folder. `as_of`: the day on which codes must be valid.
pub fn lint(files: Files, name: &str, as_of: Date) -> Linted {
    let draft = Draft::read(files, name);
    let samples = samples::fields(&draft, as_of);
    let files = samples::files(&draft, as_of);
    let facts = Facts {
        draft: &draft,
        samples: &samples,
        files: &files,
    };
    let (findings, accepted) = spc::examine(&facts);
    Linted {
        findings,
        accepted,
        draft,
    }
}
