//! Pair × linkage: verdicts of the latest runs, the worst columns first.

use std::collections::BTreeSet;

use renkei_core::model::{Lang, Verdict};

use super::super::Run;
use super::super::layout::{Cell, Row, Table};
use super::pairs_page::{pair_files, row_id};
use super::{heads, latest, verdict_cell};
use crate::words;

pub(super) fn matrix(runs: &[Run<'_>], lang: Lang) -> Table {
    let pairs = latest(runs, lang);
    let files = pair_files(&pairs);
    let linkages: BTreeSet<&String> = pairs.keys().map(|(_, linkage)| linkage).collect();
    let failing = |linkage: &String| {
        let of = pairs.iter().filter(|((_, l), _)| l == linkage);
        let verdicts: Vec<Verdict> = of.map(|(_, latest)| latest.verdict()).collect();
        let failed = verdicts.iter().filter(|v| **v == Verdict::Fail).count();
        (failed * 100).checked_div(verdicts.len()).unwrap_or(0)
    };
    let mut columns: Vec<&String> = linkages.into_iter().collect();
    columns.sort_by_key(|linkage| std::cmp::Reverse(failing(linkage)));
    let mut rows: Vec<Row> = files
        .iter()
        .map(|(pair, file)| {
            let first = Cell::link(file.clone(), *pair);
            let cells = columns.iter().map(|linkage| {
                let key = ((*pair).to_owned(), (*linkage).clone());
                pairs.get(&key).map_or_else(Cell::default, |latest| {
                    let page = format!("{file}#{}", row_id(linkage));
                    verdict_cell(latest.verdict(), page, format!("{pair} {linkage}"), lang)
                })
            });
            Row::of([first].into_iter().chain(cells).collect())
        })
        .collect();
    if !rows.is_empty() {
        let share = columns
            .iter()
            .map(|linkage| Cell::from(failing(linkage).to_string()));
        let title = Cell::from(words::get(lang, "site.failing_share"));
        rows.push(Row::of([title].into_iter().chain(share).collect()));
    }
    let mut all = heads(&["pair"], lang);
    all.extend(columns.into_iter().cloned());
    Table {
        id: "pairs",
        title: words::get(lang, "site.pair_linkage"),
        note: words::get(lang, "site.matrix_note"),
        columns: all,
        rows,
        matrix: true,
        ..Table::default()
    }
}
