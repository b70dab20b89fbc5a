//! What went through a relay as cases of the result document: one for each operation.

use std::collections::BTreeMap;

use super::RelayParties;
use crate::check::{Policy, Sink};
use crate::judge::Judge;
use crate::judge::fold::{fingerprint, verdict_of};
use crate::model::{Bilingual, Finding, NotRunReason, Verdict};
use crate::record::{CaseResult, Exchange, ResultDocument};
use crate::spec::Api;

/// What was seen of an operation.
pub(super) struct Group {
    pub(super) title: Bilingual,
    pub(super) sink: Sink,
    pub(super) log: Vec<String>,
    pub(super) count: u64,
    pub(super) duration_ms: u64,
    pub(super) judged: bool,
    pub(super) unreadable: Option<String>,
}

impl Group {
    pub(super) fn new(name: &str) -> Self {
        let title = match name {
            "connection" => {
                Bilingual::new("要求に至らなかった接続", "Connections without a request")
            }
            "token" => Bilingual::new("トークンの要求", "Token requests"),
            "undocumented" => Bilingual::new("仕様書にない呼出し", "Calls that are not documented"),
            "exchange" => Bilingual::new("中継した呼出し", "Relayed calls"),
            operation => Bilingual::same(operation),
        };
        Self {
            title,
            sink: Sink::new(Policy::default()),
            log: Vec::new(),
            count: 0,
            duration_ms: 0,
            judged: false,
            unreadable: None,
        }
    }

    pub(super) fn note(&mut self, exchange: &Exchange, listed: bool) {
        self.count += 1;
        self.duration_ms += exchange.duration_ms;
        if listed {
            self.log.push(exchange.log.clone());
        }
    }
}

pub(super) fn remark(
    document: &mut ResultDocument,
    exchanges: u64,
    api: Option<&Api>,
    index: &BTreeMap<String, usize>,
) {
    if exchanges > document.log.len() as u64 {
        let listed = document.log.len();
        document.remarks.push(Bilingual::new(
            format!("交換の一覧は最初の{listed}件です。全{exchanges}件は実施記録の events.jsonl にあり、判定は全件について行いました。"),
            format!("The first {listed} exchanges are listed; all {exchanges} are in events.jsonl of the bundle, and all were judged."),
        ));
    }
    let Some(api) = api else {
        document.remarks.push(Bilingual::new(
            "仕様の指定（--spec）がないため、記録と接続の判定だけを行いました。要求と応答の内容は判定していません。",
            "No specification was given (--spec): exchanges were recorded and the way was judged, the messages were not.",
        ));
        return;
    };
    let unseen: Vec<&str> = api
        .operations
        .values()
        .filter(|o| !index.contains_key(&format!("{} {}", o.method, o.path)))
        .map(|o| o.id.as_str())
        .collect();
    if !unseen.is_empty() {
        let list = unseen.join(", ");
        document.remarks.push(Bilingual::new(
            format!("中継中に呼ばれなかった操作: {list}"),
            format!("Operations that nobody called: {list}"),
        ));
    }
}

/// Adds findings about the agreement to the case whose exchange showed them.
pub(super) fn add_to_its_case(
    document: &mut ResultDocument,
    findings: Vec<Finding>,
    about: &RelayParties,
) {
    for mut finding in findings {
        let line = finding
            .location
            .log
            .as_ref()
            .and_then(|log| document.log.iter().find(|l| l.id == *log));
        let last = document.cases.last().map(|c| c.id.clone());
        finding.case = line.map(|l| l.case.clone()).or(last).unwrap_or_default();
        finding.fingerprint = fingerprint(&finding, &about.linkage);
        if let Some(case) = document.cases.iter_mut().find(|c| c.id == finding.case)
            && matches!(case.verdict, Verdict::Pass | Verdict::NotRun)
        {
            case.verdict = verdict_of([&finding]);
        }
        document.findings.push(finding);
    }
}

pub(super) fn settle(
    document: &mut ResultDocument,
    id: String,
    group: Group,
    about: &RelayParties,
    with_api: bool,
) {
    let mut findings = group.sink.into_findings();
    for finding in &mut findings {
        finding.case.clone_from(&id);
        finding.fingerprint = fingerprint(finding, &about.linkage);
    }
    let (verdict, reason, not_run) = match (verdict_of(&findings), &group.unreadable) {
        (Verdict::Pass, Some(error)) => (
            Verdict::ToolError,
            Bilingual::new(
                format!("renkei が判定できません（製品の不適合ではありません）: {error}"),
                format!("renkei cannot judge this (no fault of a product): {error}"),
            ),
            None,
        ),
        (Verdict::Pass, None) if !with_api => {
            let why = "--spec".to_owned();
            (
                Verdict::NotRun,
                Bilingual::new(
                    "仕様の指定がなく、判定していません",
                    "no specification was given: not judged",
                ),
                Some(NotRunReason::OperatorChoice(why)),
            )
        }
        (Verdict::Pass, None) if !group.judged => (
            Verdict::NotRun,
            Bilingual::new(
                "判定できる要求と応答がありませんでした",
                "no complete exchange to judge",
            ),
            Some(NotRunReason::NoPeer),
        ),
        (verdict, _) => (verdict, Bilingual::default(), None),
    };
    let side = |n: usize| {
        about
            .parties
            .get(n)
            .map(|p| p.id.clone())
            .unwrap_or_default()
    };
    let count = group.count;
    document.cases.push(CaseResult {
        id,
        title: Bilingual::new(
            format!("{}（{count}件）", group.title.ja),
            format!("{} ({count})", group.title.en),
        ),
        linkage: about.linkage.clone(),
        method: "api".to_owned(),
        from: side(1),
        to: side(0),
        required: true,
        verdict,
        reason,
        not_run,
        checks: if with_api {
            Judge::rules_of(&["API", "AUT", "NET"])
        } else {
            Judge::rules_of(&["NET"])
        },
        duration_ms: group.duration_ms,
        findings: Vec::new(),
        log: group.log,
        reproduce: about.reproduce.clone(),
    });
    document.findings.extend(findings);
}
