//! How far each vendor is.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::model::{Lang, Verdict};

use super::super::Run;
use super::super::layout::{Cell, Row, Table};
use super::{heads, latest};
use crate::{Options, moment, view, words};

pub(super) fn vendors(runs: &[Run<'_>], lang: Lang, options: &Options) -> Table {
    #[derive(Default)]
    struct Progress {
        pairs: BTreeSet<String>,
        planned: u64,
        ran: u64,
        passed: u64,
        failed: u64,
        last: String,
    }
    let mut found: BTreeMap<String, Progress> = BTreeMap::new();
    for ((pair, _), latest) in latest(runs, lang) {
        let doc = latest.doc;
        for case in &latest.cases {
            let ends = [&case.from, &case.to];
            for id in ends
                .into_iter()
                .filter(|id| view::party(doc, id).is_some_and(|p| !p.stand_in))
            {
                let of = found.entry(view::party_name(doc, id, lang)).or_default();
                of.pairs.insert(pair.clone());
                of.planned += u64::from(case.verdict != Verdict::NotApplicable);
                of.ran += u64::from(!matches!(
                    case.verdict,
                    Verdict::NotRun | Verdict::NotApplicable
                ));
                of.passed += u64::from(case.verdict == Verdict::Pass);
                of.failed += u64::from(case.verdict == Verdict::Fail);
                if doc.run.started_at > of.last {
                    of.last.clone_from(&doc.run.started_at);
                }
            }
        }
    }
    let rows = found.into_iter().map(|(name, of)| {
        Row::of(vec![
            name.into(),
            Cell::number(of.pairs.len() as u64),
            Cell::number(of.planned),
            Cell::number(of.ran),
            Cell::number(of.passed),
            Cell::number(of.failed),
            moment::minute(&of.last, options).into(),
        ])
    });
    Table {
        id: "progress",
        title: words::get(lang, "site.progress"),
        note: words::get(lang, "site.vendors_note"),
        columns: heads(
            &[
                "vendor",
                "pair_count",
                "planned",
                "ran",
                "passed",
                "failed",
                "last_run",
            ],
            lang,
        ),
        rows: rows.collect(),
        ..Table::default()
    }
}
