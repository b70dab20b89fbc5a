//! The result document of a set of files: one case for each data file, one for what goes between them.

use std::collections::BTreeMap;

use super::Judge;
use super::fold::{self, fingerprint, verdict_of};
use crate::fileset::Outcome;
use crate::model::{Bilingual, Finding};
use crate::record::{CaseResult, Input, PackStamp, ResultDocument, RunStamp};

/// A set of files that was checked by itself.
#[derive(Debug)]
pub struct CheckedSet {
    /// Title for people: the folder, or the files.
    pub title: String,
    /// `pack@version`.
    pub spec: String,
    /// The pack.
    pub pack: PackStamp,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339.
    pub finished_at: String,
    /// How long each data file took, in milliseconds.
    pub durations_ms: BTreeMap<String, u64>,
    /// The command that repeats the check.
    pub reproduce: String,
    /// What a reader must know.
    pub remarks: Vec<Bilingual>,
}

/// Id of the case for what goes between files.
const BETWEEN: &str = "C-SET";

/// The result document of `renkei check` over several files. Without any data file nothing was judged, and the verdict says so.
pub fn document_of_set(set: CheckedSet, outcome: Outcome) -> ResultDocument {
    let mut document = empty(&set);
    let mut by_layout: BTreeMap<String, u64> = BTreeMap::new();
    let several = outcome.files.len() + outcome.others.len() > 1;
    for (index, file) in outcome.files.into_iter().enumerate() {
        let id = format!("C-{:03}", index + 1);
        let nth = by_layout.entry(file.layout.clone()).or_default();
        *nth += 1;
        let spec = format!("{}/{}", set.spec, file.layout);
        // Names hold days and numbers; the second file of a layout is the second one tomorrow, too.
        let linkage = match *nth {
            1 => spec.clone(),
            nth => format!("{spec}#{nth}"),
        };
        let title = Bilingual::same(format!("{} — {spec}", file.name));
        let duration = set.durations_ms.get(&file.name).copied().unwrap_or(0);
        let checks = Judge::rules_of(&["ENC", "LAY", "VAL", "XRF"]);
        let case = case(&set, &id, title, checks, duration);
        document.inputs.push(Input {
            name: file.name,
            sha256: file.facts.sha256,
            bytes: file.facts.bytes,
            records: Some(file.facts.records),
            case: id,
        });
        settle(&mut document, case, file.findings, &linkage);
    }
    let judged = !document.cases.is_empty();
    if several || !outcome.between.is_empty() {
        let title = Bilingual::new("ファイルの組", "the set of files");
        let mut case = case(&set, BETWEEN, title, Judge::rules_of(&["FIL"]), 0);
        case.required = judged;
        for other in outcome.others {
            document.inputs.push(Input {
                name: other.name,
                sha256: other.sha256,
                bytes: other.bytes,
                records: None,
                case: BETWEEN.to_owned(),
            });
        }
        settle(&mut document, case, outcome.between, &set.spec);
    }
    fold::finish(&mut document, []);
    document
}

fn settle(
    document: &mut ResultDocument,
    mut case: CaseResult,
    findings: Vec<Finding>,
    linkage: &str,
) {
    case.verdict = verdict_of(&findings);
    for mut finding in findings {
        finding.case.clone_from(&case.id);
        finding.fingerprint = fingerprint(&finding, linkage);
        document.findings.push(finding);
    }
    document.cases.push(case);
}

fn case(set: &CheckedSet, id: &str, title: Bilingual, checks: u64, duration_ms: u64) -> CaseResult {
    CaseResult {
        checks,
        duration_ms,
        ..CaseResult::of_file(id, title, &set.reproduce)
    }
}

fn empty(set: &CheckedSet) -> ResultDocument {
    let run = RunStamp {
        id: "check".to_owned(),
        title: Bilingual::same(set.title.clone()),
        started_at: set.started_at.clone(),
        finished_at: set.finished_at.clone(),
        data_class: "undeclared".to_owned(),
        reproduce: set.reproduce.clone(),
        revealed: String::new(),
    };
    ResultDocument {
        packs: vec![set.pack.clone()],
        remarks: set.remarks.clone(),
        ..ResultDocument::begun(run)
    }
}
