//! The five-way comparison: what the exchanges showed beside what was declared and agreed.

use std::collections::BTreeSet;

use super::kept::{self, Kept};
use super::{Judged, Seen, seen};
use crate::agreement::{Settled, Terms};
use crate::check::{Policy, Sink, agr};
use crate::model::{Finding, Location};
use crate::plan::{Case, Setup};
use crate::record::AgreementRow;

/// The rows of the agreement while a run is judged.
pub(super) struct Rows<'s> {
    setup: &'s Setup,
    rows: Vec<AgreementRow>,
    /// Linkages with the kinds of exchange that were judged in them.
    ran: BTreeSet<(String, &'static str)>,
    /// Cases that used the token of another.
    kept: Kept,
}

impl<'s> Rows<'s> {
    pub(super) fn new(setup: &'s Setup, kept: Kept) -> Self {
        // In the order of the plan's linkages, which is the order people know.
        let rows = setup
            .plan
            .linkages
            .iter()
            .flat_map(|l| setup.settled(&l.id))
            // What was answered for one exchange alone stands behind the linkages.
            .chain(
                setup
                    .exchanges
                    .values()
                    .flatten()
                    .filter(|s| !s.exchange.is_empty()),
            )
            .map(|s| s.row())
            .collect();
        Self {
            setup,
            rows,
            ran: BTreeSet::new(),
            kept,
        }
    }

    /// Notes what a case showed, and returns the findings of values that are not as agreed. Where a rule of its own tells the
    /// same fact already, that finding names the item instead: never two findings for one fact.
    pub(super) fn observe(&mut self, case: &Case, judged: &mut Judged) -> Vec<Finding> {
        self.ran
            .insert((case.linkage.clone(), case.action.method()));
        let terms = self.setup.terms(case);
        compare(terms, judged, &mut |settled, value| {
            let row = self.rows.iter_mut().find(|r| {
                (&r.id, &r.linkage, &r.exchange)
                    == (&settled.item.id, &settled.linkage, &settled.exchange)
            });
            if let Some(row) = row {
                note(row, value);
            }
        })
    }

    /// The rows; what was not observed says why.
    pub(super) fn into_rows(self) -> Vec<AgreementRow> {
        let Self {
            setup,
            mut rows,
            ran,
            kept,
        } = self;
        let of_cases = |linkage: &str, exchange: &str| {
            let cases = setup.plan.cases.iter().filter(|c| match exchange {
                "" => c.linkage == linkage,
                exchange => c.id == exchange,
            });
            cases.filter_map(|c| kept.get(&c.id)).next()
        };
        for row in rows.iter_mut().filter(|r| r.observed.is_empty()) {
            let settled = setup.settled(&row.linkage);
            let all = settled.iter().chain(setup.exchanges.values().flatten());
            let Some(item) = all.map(|s| &s.item).find(|item| item.id == row.id) else {
                continue;
            };
            let kinds: &[&str] = match item.method.as_str() {
                "file" => &["file"],
                "api" => &["api"],
                _ => &["file", "api"],
            };
            let made = kinds
                .iter()
                .any(|k| ran.contains(&(row.linkage.clone(), *k)));
            let kept = of_cases(&row.linkage, &row.exchange);
            row.not_observed = kept
                .filter(|_| made)
                .and_then(|from| kept::reason(&item.setting, from))
                .unwrap_or_else(|| seen::reason(item, made));
        }
        rows
    }
}

/// Compares what was seen with what was agreed: the findings of values that are not as agreed. Findings of rules that tell the
/// same fact name the item instead.
pub(super) fn compare(
    terms: Terms<'_>,
    judged: &mut Judged,
    note: &mut dyn FnMut(&Settled, &str),
) -> Vec<Finding> {
    let mut sink = Sink::new(Policy::default());
    for settled in terms.0 {
        let setting = &settled.item.setting;
        let Some(seen) = judged.observed.iter().find(|s| s.setting == *setting) else {
            continue;
        };
        note(settled, &seen.value);
        if seen.elsewhere || !seen.deviates {
            continue;
        }
        let same = |finding: &&mut Finding| {
            // Without a field the fact is about the whole file or call.
            seen.judged_by.contains(&finding.rule.as_str())
                && (seen.field.is_none() || is_at(finding, seen))
        };
        let mut found = false;
        for finding in judged.findings.iter_mut().filter(same) {
            name(finding, &settled.item.id);
            found = true;
        }
        if !found {
            agr::examine_seen(settled, &place(judged, seen), seen.cause, &mut sink);
        }
    }
    for settled in terms.0.iter().filter(|s| s.value.is_some()) {
        let rules = judges_of(&settled.item.setting);
        let by_rule = |f: &&mut Finding| rules.contains(&f.rule.as_str()) && !is_named(f);
        for finding in judged.findings.iter_mut().filter(by_rule) {
            name(finding, &settled.item.id);
        }
    }
    sink.into_findings()
}

/// Adds what was observed to a row.
pub(super) fn note(row: &mut AgreementRow, value: &str) {
    for value in value.split(" | ") {
        if row.observed.is_empty() {
            value.clone_into(&mut row.observed);
        } else if !row.observed.split(" | ").any(|v| v == value) {
            row.observed = format!("{} | {value}", row.observed);
        }
    }
}

/// Fields of records are named; members of bodies stand at a JSON Pointer that ends with their name.
fn is_at(finding: &Finding, seen: &Seen) -> bool {
    let place = finding.location.field.as_deref().unwrap_or_default();
    seen.field.iter().chain(&seen.further).any(|name| {
        place == name
            || place
                .strip_suffix(name.as_str())
                .is_some_and(|rest| rest.ends_with('/'))
    })
}

/// The beginning of a requirement that is an item of the agreement.
const ITEM: &str = "agreement#";

fn is_named(finding: &Finding) -> bool {
    finding.requirements.iter().any(|r| r.starts_with(ITEM))
}

/// Notes that a finding is about an item.
fn name(finding: &mut Finding, item: &str) {
    let requirement = format!("{ITEM}{item}");
    if !finding.requirements.contains(&requirement) {
        finding.requirements.push(requirement);
    }
}

/// Rules that tell nothing else than that a setting is not as agreed.
fn judges_of(setting: &str) -> &'static [&'static str] {
    match setting {
        "encoding" => &["ENC-001", "ENC-007", "ENC-008"],
        "bom" => &["ENC-002"],
        "newline" => &["LAY-004"],
        "final_newline" => &["LAY-005"],
        "eof_mark" => &["LAY-006"],
        "header" => &["LAY-009"],
        "newline_in_field" => &["LAY-010"],
        "quoting" => &["LAY-011"],
        "form.width" => &["VAL-004"],
        "form.padding" => &["LAY-013"],
        "repertoire" => &["ENC-003"],
        "ivs" => &["ENC-010"],
        "private_use" => &["ENC-004"],
        "substitution_marks" => &["ENC-006"],
        "dialect" => &["ENC-018"],
        "normalisation" => &["ENC-011"],
        "migrated_numbers" => &["VAL-010"],
        "transfer.name" => &["FIL-001"],
        "transfer.digest" => &["FIL-004"],
        "auth.client_id" => &["AUT-009"],
        "auth.one_token" => &["AUT-003"],
        "auth.scope" => &["AUT-007"],
        "api.timeout_s" => &["API-008"],
        "api.error_contract" => &["API-006"],
        _ => &[],
    }
}

fn place(judged: &Judged, seen: &Seen) -> (String, Location) {
    let file = judged.inputs.first().map(|input| input.name.clone());
    let at = Location {
        file,
        record: seen.record,
        field: seen.field.clone(),
        log: judged.log.clone(),
        ..Location::default()
    };
    (seen.value.clone(), at)
}
