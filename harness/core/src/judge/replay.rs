//! Judges a replay: each recorded exchange beside the one that repeated it.

use std::io;

use serde::{Deserialize, Serialize};

use super::fold::{self, fingerprint, verdict_of};
use super::{Evidence, RunHistory, log_line};
use crate::check::{Policy, Sink, examine_drift, examine_way};
use crate::mask::{Mask, wire};
use crate::model::{Bilingual, NotRunReason, Verdict, exit};
use crate::observe::{Difference, Normal, drift};
use crate::record::{Blob, CaseResult, Exchange, HttpTransfer, ResultDocument, RunStamp, Transfer};

/// Longest body that is compared, in bytes.
const MAX_BODY: u64 = 16 * 1024 * 1024;

/// A recorded exchange that was to be repeated.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayStep {
    /// Case id in the replay, `S-001`.
    pub id: String,
    /// What was recorded.
    pub recorded: Exchange,
}

/// The document of a replay, and the differences of each step for those who want to see them as a list.
pub fn judge_replay(
    steps: &[ReplayStep],
    history: &RunHistory,
    normal: &Normal,
    evidence: &dyn Evidence,
    run: RunStamp,
) -> ResultDocument {
    let log = history.exchanges.iter();
    let mut document = ResultDocument {
        log: log.map(|e| log_line(e, Mask::default())).collect(),
        ..ResultDocument::begun(run)
    };
    for step in steps {
        one(step, history, normal, evidence, &mut document);
    }
    fold::finish(&mut document, []);
    if history.interrupted {
        document.exit_code = exit::INTERRUPTED;
    }
    document
}

fn one(
    step: &ReplayStep,
    history: &RunHistory,
    normal: &Normal,
    evidence: &dyn Evidence,
    document: &mut ResultDocument,
) {
    let known = history.cases.get(&step.id).cloned().unwrap_or_default();
    let repeated = known.exchanges.iter().rfind(|e| e.step == "replay");
    let mut sink = Sink::new(Policy::default());
    let outcome = match repeated {
        Some(exchange) => compare(&step.recorded, exchange, normal, evidence, &mut sink),
        None => Ok(()),
    };
    let mut findings = sink.into_findings();
    for finding in &mut findings {
        finding.case.clone_from(&step.id);
        finding.fingerprint = fingerprint(finding, &name(&step.recorded));
    }
    let (verdict, reason) = match (&outcome, &known.tool_error, &known.not_run) {
        (Err(error), ..) => (Verdict::ToolError, Bilingual::same(error.to_string())),
        (_, Some(error), _) => (Verdict::ToolError, Bilingual::same(error.clone())),
        (_, _, Some(reason)) => (Verdict::NotRun, words(reason)),
        _ if repeated.is_none() => (Verdict::NotRun, words(&NotRunReason::Cancelled)),
        _ => (verdict_of(&findings), Bilingual::default()),
    };
    document.cases.push(CaseResult {
        id: step.id.clone(),
        title: Bilingual::same(format!("{} {}", step.recorded.log, name(&step.recorded))),
        linkage: String::new(),
        method: "api".to_owned(),
        from: step.recorded.from.clone(),
        to: step.recorded.to.clone(),
        required: true,
        verdict,
        reason,
        not_run: match verdict {
            Verdict::NotRun => Some(known.not_run.unwrap_or(NotRunReason::Cancelled)),
            _ => None,
        },
        checks: u64::from(repeated.is_some()),
        duration_ms: known.exchanges.iter().map(|e| e.duration_ms).sum(),
        findings: Vec::new(),
        log: known.exchanges.iter().map(|e| e.log.clone()).collect(),
        reproduce: document.run.reproduce.clone(),
    });
    document.findings.extend(findings);
}

/// Method and path of an exchange, without its query.
fn name(exchange: &Exchange) -> String {
    let Transfer::Http(http) = &exchange.transfer else {
        return String::new();
    };
    let rest = http
        .request
        .url
        .split_once("://")
        .map_or("", |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    format!(
        "{} {}",
        wire::name(&http.request.method),
        wire::path(path.split('?').next().unwrap_or("/"))
    )
}

fn words(reason: &NotRunReason) -> Bilingual {
    match reason {
        NotRunReason::BlockedBy(what) => Bilingual::new(
            format!("送り直していません: {what}"),
            format!("not sent again: {what}"),
        ),
        NotRunReason::Cancelled => Bilingual::new("中断されました", "cancelled"),
        NotRunReason::OperatorChoice(what) | NotRunReason::OutOfTime(what) => {
            Bilingual::same(what.clone())
        }
        NotRunReason::NoPeer => Bilingual::new("相手方がいません", "no partner took part"),
    }
}

fn compare(
    recorded: &Exchange,
    replayed: &Exchange,
    normal: &Normal,
    evidence: &dyn Evidence,
    out: &mut Sink,
) -> io::Result<()> {
    if examine_way(replayed, out) {
        return Ok(());
    }
    let (Transfer::Http(old), Transfer::Http(new)) = (&recorded.transfer, &replayed.transfer)
    else {
        return Ok(());
    };
    let bytes = |blob: Option<&Blob>| match blob {
        Some(blob) => evidence.bytes(blob, MAX_BODY),
        None => Ok(Vec::new()),
    };
    let old_body = bytes(old.response.as_ref().and_then(|r| r.body.as_ref()))?;
    let new_body = bytes(new.response.as_ref().and_then(|r| r.body.as_ref()))?;
    let found = differences(
        (old, &old_body),
        (new, &new_body),
        normal,
        (&recorded.at, &replayed.at),
    );
    examine_drift(replayed, &found, out);
    Ok(())
}

/// Every place where the second answer is not the first, beyond what was declared.
pub(crate) fn differences(
    old: (&HttpTransfer, &[u8]),
    new: (&HttpTransfer, &[u8]),
    normal: &Normal,
    at: (&str, &str),
) -> Vec<Difference> {
    let mut found = Vec::new();
    let status = |http: &HttpTransfer| {
        http.response
            .as_ref()
            .map_or("none".to_owned(), |r| r.status.to_string())
    };
    if status(old.0) != status(new.0) {
        found.push(Difference {
            place: "status".to_owned(),
            recorded: status(old.0),
            replayed: status(new.0),
        });
        // The bodies of different statuses are different documents.
        return found;
    }
    for name in &normal.headers {
        let value = |http: &HttpTransfer| {
            let headers = http
                .response
                .as_ref()
                .map(|r| r.headers.as_slice())
                .unwrap_or_default();
            let mut values = headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name));
            values
                .next()
                .map_or("absent".to_owned(), |h| h.value.chars().take(80).collect())
        };
        if value(old.0) != value(new.0) {
            found.push(Difference {
                place: format!("header:{name}"),
                recorded: value(old.0),
                replayed: value(new.0),
            });
        }
    }
    let cut = |http: &HttpTransfer| http.response.as_ref().is_some_and(|r| r.truncated);
    if !cut(old.0) && !cut(new.0) {
        found.extend(drift(old.1, new.1, normal, at));
    }
    found
}
