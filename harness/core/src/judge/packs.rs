//! The result document of `renkei spec lint`: one case a pack.

use super::Judge;
use super::fold::{fingerprint, number, verdict_of};
use crate::lint::Linted;
use crate::model::{Bilingual, aggregate, exit};
use crate::record::{CaseResult, Counts, Input, ResultDocument, RunStamp, SCHEMA_ID, Tool};

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
    let mut document = ResultDocument {
        schema: SCHEMA_ID.to_owned(),
        tool: Tool::this(),
        run: RunStamp {
            id: "spec-lint".to_owned(),
            title: Bilingual::new("仕様パックの点検", "Review of packs"),
            started_at: run.started_at,
            finished_at: run.finished_at,
            data_class: "undeclared".to_owned(),
            reproduce: run.reproduce.clone(),
        },
        packs: packs.iter().map(|p| p.draft.pack.stamp()).collect(),
        parties: Vec::new(),
        verdict: crate::model::Verdict::NotRun,
        exit_code: exit::INCOMPLETE,
        counts: Counts::new(),
        inputs: Vec::new(),
        agreement: Vec::new(),
        ambiguities: Vec::new(),
        preflight: Vec::new(),
        cases: Vec::new(),
        findings: Vec::new(),
        log: Vec::new(),
        remarks: Vec::new(),
    };
    for (index, pack) in packs.into_iter().enumerate() {
        add(
            &mut document,
            pack,
            format!("C-{:03}", index + 1),
            &run.reproduce,
        );
    }
    number(&mut document.findings);
    for case in &mut document.cases {
        let own = document.findings.iter().filter(|f| f.case == case.id);
        case.findings = own.map(|f| f.id.clone()).collect();
        *document
            .counts
            .entry(case.verdict.as_str().to_owned())
            .or_default() += 1;
    }
    document.verdict = aggregate(document.cases.iter().map(|c| (c.verdict, c.required)));
    document.exit_code = exit::of_verdict(document.verdict);
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
        id,
        title: Bilingual::same(name),
        linkage: String::new(),
        method: "file".to_owned(),
        from: String::new(),
        to: String::new(),
        required: true,
        verdict,
        reason: Bilingual::default(),
        not_run: None,
        checks: Judge::rules_of(&["SPC"]),
        duration_ms: 0,
        findings: Vec::new(),
        log: Vec::new(),
        reproduce: reproduce.to_owned(),
    });
    document.findings.extend(findings);
}
