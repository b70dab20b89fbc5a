//! Endpoints that could not be reached before anything was exchanged: the cases that need them are left out, and the finding
//! says why and whose matter it is.

use super::facts::RunHistory;
use super::fold::fingerprint;
use crate::check::{Policy, Sink, net};
use crate::model::Finding;
use crate::plan::Plan;
use crate::record::Check;

/// Step of the exchange that a check of an endpoint leaves behind when it fails.
pub(super) const STEP: &str = "reach";

/// Findings of every endpoint that could not be reached, each at the first case that it keeps from running.
pub(super) fn findings(plan: &Plan, history: &RunHistory) -> Vec<Finding> {
    let failed = history
        .preflight
        .iter()
        .filter(|c| !c.ok && !c.log.is_empty());
    failed
        .flat_map(|check| of_check(plan, history, check))
        .collect()
}

fn of_check(plan: &Plan, history: &RunHistory, check: &Check) -> Vec<Finding> {
    let case = check.blocks.first().cloned().unwrap_or_default();
    let mut exchanges = history.exchanges.iter();
    let Some(exchange) = exchanges.find(|e| e.log == check.log && e.step == STEP) else {
        return Vec::new();
    };
    let mut sink = Sink::new(Policy::default());
    net::examine(exchange, &mut sink);
    let linkage = plan.cases.iter().find(|c| c.id == case);
    let linkage = linkage.map(|c| c.linkage.as_str()).unwrap_or_default();
    let mut findings = sink.into_findings();
    for finding in &mut findings {
        finding.case.clone_from(&case);
        finding.fingerprint = fingerprint(finding, linkage);
    }
    findings
}
