//! The five-way comparison: what the exchanges showed beside what was declared and agreed.

use super::Judged;
use crate::check::{Policy, Sink, agr};
use crate::model::Finding;
use crate::plan::{Case, Setup};
use crate::record::AgreementRow;

/// The rows of the agreement while a run is judged.
pub(super) struct Rows<'s> {
    setup: &'s Setup,
    rows: Vec<AgreementRow>,
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
        Self { setup, rows }
    }

    /// Notes what a case showed, and returns the findings of items that no other rule looks at.
    pub(super) fn observe(&mut self, case: &Case, judged: &Judged) -> Vec<Finding> {
        let mut sink = Sink::new(Policy::default());
        for settled in self.setup.settled_for(case) {
            let Some((_, value)) = judged
                .observed
                .iter()
                .find(|(setting, _)| *setting == settled.item.setting)
            else {
                continue;
            };
            let row = self.rows.iter_mut().find(|r| {
                (&r.id, &r.linkage, &r.exchange)
                    == (&settled.item.id, &settled.linkage, &settled.exchange)
            });
            if let Some(row) = row {
                if row.observed.is_empty() {
                    row.observed.clone_from(value);
                } else if !row.observed.split(" | ").any(|v| v == value) {
                    row.observed = format!("{} | {value}", row.observed);
                }
            }
            if settled
                .item
                .rules
                .iter()
                .all(|code| code.starts_with("AGR"))
            {
                let log = judged.log.as_deref().unwrap_or_default();
                agr::examine_observed(settled, value, log, &mut sink);
            }
        }
        sink.into_findings()
    }

    pub(super) fn into_rows(self) -> Vec<AgreementRow> {
        self.rows
    }
}
