//! The five-way comparison: what the exchanges showed beside what was declared and agreed.

use std::collections::BTreeSet;

use super::{Judged, Seen, seen};
use crate::agreement::Settled;
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
}

impl<'s> Rows<'s> {
    pub(super) fn new(setup: &'s Setup) -> Self {
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
        }
    }

    /// Notes what a case showed, and returns the findings of values that are not as agreed. Where a rule of its own tells the
    /// same fact already, that finding names the item instead: never two findings for one fact.
    pub(super) fn observe(&mut self, case: &Case, judged: &mut Judged) -> Vec<Finding> {
        let mut sink = Sink::new(Policy::default());
        self.ran
            .insert((case.linkage.clone(), case.action.method()));
        for settled in self.setup.settled_for(case) {
            let setting = &settled.item.setting;
            let Some(seen) = judged.observed.iter().find(|s| s.setting == *setting) else {
                continue;
            };
            self.note(settled, &seen.value);
            if seen.elsewhere || !seen.deviates {
                continue;
            }
            let same = |finding: &&mut Finding| {
                seen.judged_by.contains(&finding.rule.as_str())
                    && (seen.field.is_none() || seen.field == finding.location.field)
            };
            match judged.findings.iter_mut().find(same) {
                Some(finding) => finding
                    .requirements
                    .push(format!("agreement#{}", settled.item.id)),
                None => agr::examine_seen(settled, &place(judged, seen), seen.cause, &mut sink),
            }
        }
        sink.into_findings()
    }

    fn note(&mut self, settled: &Settled, value: &str) {
        let row = self.rows.iter_mut().find(|r| {
            (&r.id, &r.linkage, &r.exchange)
                == (&settled.item.id, &settled.linkage, &settled.exchange)
        });
        let Some(row) = row else { return };
        for value in value.split(" | ") {
            if row.observed.is_empty() {
                value.clone_into(&mut row.observed);
            } else if !row.observed.split(" | ").any(|v| v == value) {
                row.observed = format!("{} | {value}", row.observed);
            }
        }
    }

    /// The rows; what was not observed says why.
    pub(super) fn into_rows(self) -> Vec<AgreementRow> {
        let Self {
            setup,
            mut rows,
            ran,
        } = self;
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
            row.not_observed = seen::reason(item, made);
        }
        rows
    }
}

fn place(judged: &Judged, seen: &Seen) -> (String, Location) {
    let file = judged.inputs.first().map(|input| input.name.clone());
    let at = Location {
        file: file.filter(|_| seen.record.is_some()),
        record: seen.record,
        field: seen.field.clone(),
        log: judged.log.clone(),
        ..Location::default()
    };
    (seen.value.clone(), at)
}
