//! Assembles the result document.

use std::io;

use super::fold::{self, fingerprint, verdict_of};
use super::{CaseHistory, Judge, Judged, RunHistory, agreement, kept, log_line, reach};
use crate::agreement::{Grounds, ambiguities};
use crate::check::{Policy, Sink, agr};
use crate::model::{Bilingual, Finding, NotRunReason, Verdict, exit};
use crate::plan::{Action, Case};
use crate::record::{
    AmbiguityEntry, CaseResult, Input, PackStamp, Party, PreflightRow, ResultDocument, RunStamp,
    Tool,
};

impl Judge<'_> {
    /// The result document of a run. `judged` gives the judgement of each case; cases that did not run need none, and a
    /// case that cannot be judged (its evidence is gone, its encoding not built in) becomes a failure of the tool.
    pub fn document(
        &self,
        history: &RunHistory,
        judged: &mut dyn FnMut(&Case, &CaseHistory) -> io::Result<Judged>,
    ) -> ResultDocument {
        let plan = &self.setup.plan;
        let mut document = empty(self, history);
        let mut sink = Sink::new(Policy::default());
        for settled in self.setup.settled.values() {
            agr::examine(settled, &mut sink);
        }
        for settled in self.setup.exchanges.values() {
            let own: Vec<_> = settled
                .iter()
                .filter(|s| !s.exchange.is_empty())
                .cloned()
                .collect();
            agr::examine(&own, &mut sink);
        }
        document.findings = sink.into_findings();
        document.findings.extend(reach::findings(plan, history));
        let mut rows = agreement::Rows::new(self.setup, kept::of(history));
        for case in &plan.cases {
            let known = history.cases.get(&case.id).cloned().unwrap_or_default();
            let mut result = case_result(self, case, &known);
            let ran =
                known.not_run.is_none() && known.tool_error.is_none() && !known.ended_at.is_empty();
            let partly = !known.exchanges.is_empty();
            if (ran || partly) && !matches!(case.action, Action::NotApplicable(_)) {
                match judged(case, &known) {
                    Ok(mut of_case) => {
                        let differing = rows.observe(case, &mut of_case);
                        of_case.findings.extend(differing);
                        settle(&mut result, case, &mut of_case, &mut document, ran);
                    }
                    // What the harness cannot judge says nothing about a product, and must not hide the other cases.
                    Err(error) => {
                        result.verdict = Verdict::ToolError;
                        result.reason = cannot_judge(&error);
                    }
                }
            }
            document.cases.push(result);
        }
        document.agreement = rows.into_rows();
        finish(self, history, &mut document);
        document.ambiguities = self.ambiguities(&document);
        document
    }

    /// The register of ambiguities that declarations, exchanges and findings show.
    fn ambiguities(&self, document: &ResultDocument) -> Vec<AmbiguityEntry> {
        let all = self
            .setup
            .settled
            .values()
            .chain(self.setup.exchanges.values());
        let settled: Vec<_> = all.flatten().cloned().collect();
        let grounds = Grounds {
            settled: &settled,
            rows: &document.agreement,
            findings: &document.findings,
            cases: &document.cases,
        };
        ambiguities(&self.setup.catalogue(), grounds)
    }
}

fn cannot_judge(error: &io::Error) -> Bilingual {
    Bilingual::new(
        format!("renkei が判定できません（製品の不適合ではありません）: {error}"),
        format!("renkei cannot judge this (no fault of a product): {error}"),
    )
}

fn empty(judge: &Judge<'_>, history: &RunHistory) -> ResultDocument {
    let plan = &judge.setup.plan;
    let facts = history.run.as_ref();
    let tool = facts.map_or_else(Tool::this, |f| f.tool.clone());
    let run = RunStamp {
        id: facts.map(|f| f.id.clone()).unwrap_or_default(),
        title: plan.title.clone(),
        started_at: history.started_at.clone(),
        finished_at: history.finished_at.clone(),
        data_class: plan.data_class.as_str().to_owned(),
        reproduce: format!("renkei run {}", plan.file),
        revealed: match judge.mask.reveals() {
            true => plan.approval.clone(),
            false => String::new(),
        },
    };
    let packs = judge.setup.packs.values();
    let log = history.exchanges.iter();
    ResultDocument {
        tool,
        packs: packs.map(|pack| pack.stamp()).collect(),
        parties: parties(judge),
        preflight: history.preflight.iter().map(preflight_row).collect(),
        log: log.map(|e| log_line(e, judge.mask)).collect(),
        ..ResultDocument::begun(run)
    }
}

fn parties(judge: &Judge<'_>) -> Vec<Party> {
    let plan = &judge.setup.plan;
    let role = |id: &str| {
        let provides = plan.linkages.iter().any(|l| l.from == id);
        let consumes = plan.linkages.iter().any(|l| l.to == id);
        match (provides, consumes) {
            (true, false) => "provider",
            (false, true) => "consumer",
            _ => "both",
        }
    };
    plan.parties
        .iter()
        .filter_map(|party| {
            let profile = judge.setup.profiles.get(&party.id)?;
            Some(Party {
                id: party.id.clone(),
                role: role(&party.id).to_owned(),
                name: profile.name.clone(),
                product: profile.system.product.clone(),
                version: profile.system.version.clone(),
                stand_in: party.stand_in,
            })
        })
        .collect()
}

fn preflight_row(check: &crate::record::Check) -> PreflightRow {
    PreflightRow {
        id: check.id.clone(),
        party: check.party.clone(),
        title: check.title.clone(),
        verdict: if check.ok {
            Verdict::Pass
        } else {
            Verdict::Inconclusive
        },
        seen: check.seen.clone(),
        fix: check.fix.clone(),
        log: check.log.clone(),
    }
}

fn case_result(judge: &Judge<'_>, case: &Case, history: &CaseHistory) -> CaseResult {
    let plan = &judge.setup.plan;
    let linkage = plan.linkage(&case.linkage);
    let (mut from, mut to) = linkage
        .map(|l| (l.from.clone(), l.to.clone()))
        .unwrap_or_default();
    if matches!(case.action, Action::Api(_) | Action::Scenario(_)) {
        // The consumer calls, the provider answers.
        std::mem::swap(&mut from, &mut to);
    }
    let (verdict, reason, not_run) = before_judging(case, history);
    CaseResult {
        id: case.id.clone(),
        title: case.title.clone(),
        linkage: case.linkage.clone(),
        method: case.action.method().to_owned(),
        from,
        to,
        required: case.required,
        verdict,
        reason,
        not_run,
        checks: 0,
        duration_ms: history.exchanges.iter().map(|e| e.duration_ms).sum(),
        findings: Vec::new(),
        log: history.exchanges.iter().map(|e| e.log.clone()).collect(),
        reproduce: format!("renkei run {} --case {}", plan.file, case.id),
    }
}

fn before_judging(
    case: &Case,
    history: &CaseHistory,
) -> (Verdict, Bilingual, Option<NotRunReason>) {
    if let Action::NotApplicable(reason) = &case.action {
        return (
            Verdict::NotApplicable,
            Bilingual::same(reason.clone()),
            None,
        );
    }
    if let Some(error) = &history.tool_error {
        return (Verdict::ToolError, Bilingual::same(error.clone()), None);
    }
    if let Some(reason) = &history.not_run {
        return (Verdict::NotRun, why_not_run(reason), Some(reason.clone()));
    }
    if history.ended_at.is_empty() {
        let reason = NotRunReason::Cancelled;
        return (Verdict::NotRun, why_not_run(&reason), Some(reason));
    }
    (Verdict::Pass, Bilingual::default(), None)
}

fn why_not_run(reason: &NotRunReason) -> Bilingual {
    match reason {
        NotRunReason::BlockedBy(what) => Bilingual::new(
            format!("{what} が整わないため実施していません"),
            format!("blocked by {what}"),
        ),
        NotRunReason::NoPeer => Bilingual::new("相手方がいません", "no partner took part"),
        NotRunReason::OutOfTime(what) => Bilingual::new(
            format!("時間内に実施できませんでした: {what}"),
            format!("out of time: {what}"),
        ),
        NotRunReason::Cancelled => Bilingual::new("中断されました", "cancelled"),
        NotRunReason::OperatorChoice(why) => Bilingual::new(
            format!("操作者が外しました: {why}"),
            format!("left out by the operator: {why}"),
        ),
    }
}

/// Takes a case's findings into the document and settles its verdict.
fn settle(
    result: &mut CaseResult,
    case: &Case,
    judged: &mut Judged,
    document: &mut ResultDocument,
    ran: bool,
) {
    let mut own = Vec::new();
    for mut finding in std::mem::take(&mut judged.findings) {
        finding.case.clone_from(&case.id);
        finding.fingerprint = fingerprint(&finding, &case.linkage);
        if !merge_token_finding(&finding, document) {
            own.push(finding);
        }
    }
    result.checks = judged.checks;
    if ran {
        result.verdict = verdict_of(&own);
    }
    document.findings.extend(own);
    document.inputs.append(&mut judged.inputs);
}

/// A token endpoint answers every case of a linkage alike: what one token showed is one finding, not one a case.
fn merge_token_finding(finding: &Finding, document: &mut ResultDocument) -> bool {
    let of_token = finding.rule.starts_with("AUT-")
        && finding.location.log.as_ref().is_some_and(|log| {
            document
                .log
                .iter()
                .any(|line| line.id == *log && line.step == "token")
        });
    if !of_token {
        return false;
    }
    let Some(first) = document
        .findings
        .iter_mut()
        .find(|f| f.fingerprint == finding.fingerprint)
    else {
        return false;
    };
    first.count += finding.count;
    first.samples.extend(finding.samples.iter().cloned());
    true
}

fn finish(judge: &Judge<'_>, history: &RunHistory, document: &mut ResultDocument) {
    for finding in document.findings.iter_mut().filter(|f| f.case.is_empty()) {
        finding.fingerprint = fingerprint(finding, "");
    }
    let agreement = verdict_of(document.findings.iter().filter(|f| f.case.is_empty()));
    let preflight = document.preflight.iter();
    let preflight = match preflight.clone().all(|row| row.verdict == Verdict::Pass) {
        true => Verdict::Pass,
        false => Verdict::Inconclusive,
    };
    let beside = [agreement, preflight];
    fold::finish(document, beside.into_iter().filter(|v| *v != Verdict::Pass));
    if history.interrupted {
        document.exit_code = exit::INTERRUPTED;
    }
    remark(judge, history, document);
}

fn remark(judge: &Judge<'_>, history: &RunHistory, document: &mut ResultDocument) {
    let remarks = &mut document.remarks;
    for pack in judge.setup.packs.values() {
        remarks.extend(pack.head.cautions(judge.as_of));
    }
    if history.interrupted {
        remarks.push(Bilingual::new(
            "操作者が中断しました。実施した分だけを判定しています。",
            "The operator stopped the run; only what ran was judged.",
        ));
    } else if !history.ended {
        remarks.push(Bilingual::new(
            "実施記録が途中で終わっています。残っていた分だけを判定しています。",
            "The record of the run ends early; only what it holds was judged.",
        ));
    }
    if document.parties.iter().any(|party| party.stand_in) {
        remarks.push(Bilingual::new(
            "代役（renkei の模擬応答）が演じた当事者があります。その振る舞いは製品の結果ではありません。",
            "Some parties were played by stand-ins of renkei; their behaviour is no product's result.",
        ));
    }
    if judge.mask.reveals() {
        remarks.push(values_are_shown(&judge.setup.plan.approval));
    }
    if document
        .findings
        .iter()
        .any(|f| f.count > f.samples.len() as u64)
    {
        remarks.push(Bilingual::new(
            "1つの指摘に載せる発生箇所は最初の20件までです。件数は全件の数です。",
            "A finding lists its first 20 places; its count is exact.",
        ));
    }
}

/// Readers must know that a document shows values, and under which approval.
pub fn values_are_shown(approval: &str) -> Bilingual {
    Bilingual::new(
        format!("値の伏字を外しています（承認番号 {approval}）。個人番号は示しません。"),
        format!("Values are shown (approval {approval}); individual numbers are not."),
    )
}

/// One file that was checked by itself.
#[derive(Debug)]
pub struct CheckedFile {
    /// File name without folder.
    pub name: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Records; nothing for what has none (XML).
    pub records: Option<u64>,
    /// Areas of rules that were applied.
    pub areas: &'static [&'static str],
    /// `pack@version/layout`.
    pub spec: String,
    /// The pack.
    pub pack: PackStamp,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339.
    pub finished_at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The command that repeats the check.
    pub reproduce: String,
    /// What a reader must know.
    pub remarks: Vec<Bilingual>,
}

/// The result document of `renkei check`: one case, one input.
pub fn document_of_check(file: CheckedFile, mut findings: Vec<Finding>) -> ResultDocument {
    for finding in &mut findings {
        finding.case = "C-001".to_owned();
        finding.fingerprint = fingerprint(finding, &file.spec);
    }
    let run = RunStamp {
        id: "check".to_owned(),
        title: Bilingual::same(file.name.clone()),
        started_at: file.started_at,
        finished_at: file.finished_at,
        data_class: "undeclared".to_owned(),
        reproduce: file.reproduce.clone(),
        revealed: String::new(),
    };
    let mut document = ResultDocument {
        packs: vec![file.pack],
        inputs: vec![Input {
            name: file.name,
            sha256: file.sha256,
            bytes: file.bytes,
            records: file.records,
            case: "C-001".to_owned(),
        }],
        cases: vec![CaseResult {
            verdict: verdict_of(&findings),
            checks: Judge::rules_of(file.areas),
            duration_ms: file.duration_ms,
            ..CaseResult::of_file("C-001", Bilingual::same(file.spec), &file.reproduce)
        }],
        findings,
        remarks: file.remarks,
        ..ResultDocument::begun(run)
    };
    fold::finish(&mut document, []);
    document
}
