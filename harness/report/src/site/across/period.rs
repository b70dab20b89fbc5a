//! From the first to the last run of the same title.

use std::collections::BTreeMap;

use renkei_core::baseline::{Change, diff};
use renkei_core::model::{Lang, Verdict};

use super::super::Run;
use super::super::layout::{Cell, Row, Table};
use super::heads;
use crate::words;

/// From the first to the last run of the same title: what became of verdicts and findings.
pub(super) fn period(runs: &[Run<'_>], lang: Lang) -> Vec<Table> {
    let mut by_title: BTreeMap<&str, Vec<&Run<'_>>> = BTreeMap::new();
    for run in runs {
        by_title
            .entry(run.doc.run.title.get(lang))
            .or_default()
            .push(run);
    }
    let (mut moves, mut cases) = (Vec::new(), Vec::new());
    for (title, of) in by_title {
        let (Some(first), Some(last)) = (of.first(), of.last()) else {
            continue;
        };
        let found = diff(first.doc, last.doc);
        let count =
            |change: Change| Cell::number(found.counts.get(change.as_str()).copied().unwrap_or(0));
        let ends = [first.doc.run.id.as_str(), last.doc.run.id.as_str()];
        let mut cells = vec![
            Cell::from(title),
            ends.join(" → ").into(),
            Cell::number(of.len() as u64),
        ];
        cells.extend(Change::ALL.map(count));
        moves.push(Row::of(cells));
        for case in found.cases.iter().filter(|case| case.differs()) {
            let word = |verdict: Option<Verdict>| {
                verdict.map_or_else(
                    || words::get(lang, "diff.none"),
                    |v| words::of(lang, "verdict", v.as_str()),
                )
            };
            cases.push(Row::of(vec![
                format!("{} {}", case.id, case.title.get(lang)).into(),
                title.into(),
                word(case.before).into(),
                word(case.after).into(),
                case.reason.get(lang).into(),
            ]));
        }
    }
    let mut columns = heads(&["title", "period_runs", "run_count"], lang);
    columns.extend(Change::ALL.map(|change| words::of(lang, "diff", change.as_str())));
    let moved = Table {
        id: "movement",
        title: words::get(lang, "site.movement"),
        columns,
        rows: moves,
        ..Table::default()
    };
    let turned = Table {
        id: "turned",
        title: words::get(lang, "diff.verdicts"),
        columns: [
            heads(&["case", "title"], lang),
            ["diff.before", "diff.after", "diff.reason"]
                .map(|key| words::get(lang, key))
                .into(),
        ]
        .concat(),
        rows: cases,
        ..Table::default()
    };
    vec![moved, turned]
}
