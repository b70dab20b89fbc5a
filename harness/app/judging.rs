//! Wires the judge to a run bundle: its blobs as evidence, its work folder as scratch space.

use std::io::{self, Read};

use renkei_core::judge::{CaseHistory, Evidence, Judge, Judged, RunHistory};
use renkei_core::mask::Mask;
use renkei_core::model::Bilingual;
use renkei_core::plan::{Case, Setup};
use renkei_core::record::{Blob, ResultDocument};
use renkei_core::spec::Date;
use renkei_run::store::Bundle;

use crate::scratch::TempScratch;
use crate::trouble::Trouble;

/// Judges the cases of one bundle.
pub(crate) struct Judging<'a> {
    setup: &'a Setup,
    evidence: BundleEvidence<'a>,
    scratch: TempScratch,
    as_of: Date,
    mask: Mask,
}

impl<'a> Judging<'a> {
    /// A judge over a bundle. `started_at` (RFC 3339) is the date that validity is judged by, so that judging a bundle
    /// again next year gives the same.
    pub(crate) fn new(
        setup: &'a Setup,
        bundle: &'a Bundle,
        started_at: &str,
        mask: Mask,
    ) -> Result<Self, Trouble> {
        let as_of = started_at
            .get(..10)
            .and_then(Date::parse)
            .ok_or_else(|| no_date(started_at))?;
        Ok(Self {
            setup,
            evidence: BundleEvidence(bundle),
            scratch: TempScratch::new()?,
            as_of,
            mask,
        })
    }

    fn judge(&self) -> Judge<'_> {
        Judge {
            setup: self.setup,
            evidence: &self.evidence,
            scratch: &self.scratch,
            mask: self.mask,
            as_of: self.as_of,
            threads: threads(),
        }
    }

    /// Judges one case.
    pub(crate) fn case(&self, case: &Case, history: &CaseHistory) -> io::Result<Judged> {
        self.judge().case(case, history)
    }

    /// The result document, every case judged.
    pub(crate) fn document(&self, history: &RunHistory) -> ResultDocument {
        let judge = self.judge();
        judge.document(history, &mut |case, facts| judge.case(case, facts))
    }

    /// The result document from judgements that were made already.
    pub(crate) fn document_from(
        &self,
        history: &RunHistory,
        mut judged: std::collections::BTreeMap<String, Judged>,
    ) -> ResultDocument {
        let judge = self.judge();
        judge.document(history, &mut |case, facts| match judged.remove(&case.id) {
            Some(judged) => Ok(judged),
            None => judge.case(case, facts),
        })
    }
}

fn no_date(started_at: &str) -> Trouble {
    Trouble::Tool(Bilingual::new(
        format!("実施記録の開始日時 \"{started_at}\" を読めません"),
        format!("the start of the run, \"{started_at}\", is not a date"),
    ))
}

/// Threads for checking large files.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The blobs of a bundle as evidence.
pub(crate) struct BundleEvidence<'a>(pub(crate) &'a Bundle);

impl Evidence for BundleEvidence<'_> {
    fn open(&self, blob: &Blob) -> io::Result<Box<dyn Read + Send + '_>> {
        let file = self
            .0
            .open_blob(blob)
            .map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Box::new(file))
    }
}
