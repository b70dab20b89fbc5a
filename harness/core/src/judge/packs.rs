//! The result document of `renkei spec lint`: one case a pack.

use super::Judge;
use super::fold::{self, fingerprint, verdict_of};
use crate::lint::Linted;
use crate::model::Bilingual;
use crate::record::{CaseResult, Input, ResultDocument, RunStamp};

/// When and how packs were judged.
#[derive(Clone, Debug, Default)]
pub struct LintRun {
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339.
    pub finished_at: String,
    /// The command that repeats it.
    pub reproduce: String,
}

/// The result document of packs that were judged.
pub fn document_of_packs(packs: Vec<Linted>, run: LintRun) -> ResultDocument {
    let stamp = RunStamp {
        id: "spec-lint".to_owned(),
        title: Bilingual::new("仕様パックの点検", "Review of packs"),
        started_at: run.started_at,
        finished_at: run.finished_at,
        data_class: "undeclared".to_owned(),
        reproduce: run.reproduce.clone(),
        revealed: String::new(),
    };
    let mut document = ResultDocument {
        packs: packs.iter().map(|p| p.draft.pack.stamp()).collect(),
        ..ResultDocument::begun(stamp)
    };
    for (index, pack) in packs.into_iter().enumerate() {
        add(
            &mut document,
            pack,
            format!("C-{:03}", index + 1),
            &run.reproduce,
        );
    }
    fold::finish(&mut document, []);
    document
}

fn add(document: &mut ResultDocument, pack: Linted, id: String, reproduce: &str) {
    let name = pack.draft.name.clone();
    let mut findings = pack.findings;
    for finding in &mut findings {
        finding.case.clone_from(&id);
        finding.fingerprint = fingerprint(finding, &name);
    }
    let verdict = verdict_of(&findings);
    for (finding, reason) in pack.accepted {
        let (rule, at) = (finding.rule, finding.location);
        let file = at.file.unwrap_or_default();
        let place = at
            .line
            .map_or(file.clone(), |line| format!("{file}:{line}"));
        document.remarks.push(Bilingual::new(
            format!(
                "{place} の {rule} は、パックが理由を添えて認めています: {}",
                reason.ja
            ),
            format!("{rule} at {place} is accepted by the pack: {}", reason.en),
        ));
    }
    let bytes = pack
        .draft
        .files
        .iter()
        .map(|(_, content)| content.len() as u64)
        .sum();
    document.inputs.push(Input {
        name: name.clone(),
        sha256: pack.draft.pack.sha256.clone(),
        bytes,
        records: None,
        case: id.clone(),
    });
    document.cases.push(CaseResult {
        verdict,
        checks: Judge::rules_of(&["SPC"]),
        ..CaseResult::of_file(id, Bilingual::same(name), reproduce)
    });
    document.findings.extend(findings);
}
