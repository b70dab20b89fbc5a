//! The report of each pair: its linkages and what was found.

use std::collections::BTreeSet;

use renkei_core::model::{Finding, Lang, Verdict};

use super::super::layout::{Cell, Page, Row, Table};
use super::super::{Run, case_path};
use super::{heads, latest, page, page_of, verdict_cell};
use crate::html::anchor;
use crate::pairs::{Latest, Pairs};
use crate::{Options, moment, view, words};

/// The row of a linkage in its pair's report.
pub(super) fn row_id(linkage: &str) -> String {
    format!("linkage-{}", anchor(linkage))
}

pub(super) fn pair_file(pairs: &Pairs<'_>, pair: &str) -> String {
    let names: BTreeSet<&String> = pairs.keys().map(|(pair, _)| pair).collect();
    let at = names.iter().position(|name| *name == pair).unwrap_or(0);
    format!("pairs/pair-{:03}.html", at + 1)
}

pub(super) fn pair_pages(runs: &[Run<'_>], lang: Lang, options: &Options) -> Vec<Page> {
    let pairs = latest(runs, lang);
    let names: BTreeSet<&String> = pairs.keys().map(|(pair, _)| pair).collect();
    names
        .into_iter()
        .map(|pair| {
            let of: Vec<(&String, &Latest<'_>)> = pairs
                .iter()
                .filter(|((name, _), _)| name == pair)
                .map(|((_, linkage), latest)| (linkage, latest))
                .collect();
            let tables = vec![
                pair_linkages(&of, runs, lang, options),
                pair_findings(&of, runs, lang),
            ];
            let path = pair_file(&pairs, pair);
            let mut made = page(path.trim_end_matches(".html"), tables, runs, lang);
            made.title = words::fill(lang, "site.pair_title", &[("pair", pair)]);
            made
        })
        .collect()
}

fn pair_linkages(
    of: &[(&String, &Latest<'_>)],
    runs: &[Run<'_>],
    lang: Lang,
    options: &Options,
) -> Table {
    let rows = of.iter().map(|(linkage, latest)| {
        let share = |required: bool| {
            let cases = || latest.cases.iter().filter(|c| c.required == required);
            let passed = cases().filter(|c| c.verdict == Verdict::Pass).count();
            format!("{passed}/{}", cases().count())
        };
        let count = |verdict: Verdict| Cell::number(latest.count(verdict));
        let doc = latest.doc;
        let page = format!("../{}", page_of(runs, latest));
        let cells = vec![
            linkage.as_str().into(),
            verdict_cell(latest.verdict(), page, (*linkage).clone(), lang),
            share(true).into(),
            share(false).into(),
            count(Verdict::Fail),
            count(Verdict::Review),
            count(Verdict::Inconclusive),
            count(Verdict::NotRun),
            moment::minute(&doc.run.started_at, options).into(),
        ];
        Row {
            id: row_id(linkage),
            ..Row::of(cells)
        }
    });
    let columns = [
        "linkage",
        "verdict",
        "required",
        "optional",
        "failed",
        "review",
        "inconclusive",
        "not_run",
        "last_run",
    ];
    Table {
        id: "linkages",
        title: words::get(lang, "site.linkages"),
        columns: heads(&columns, lang),
        rows: rows.collect(),
        ..Table::default()
    }
}

fn pair_findings(of: &[(&String, &Latest<'_>)], runs: &[Run<'_>], lang: Lang) -> Table {
    let mut rows = Vec::new();
    for (_, latest) in of {
        let Some(run) = runs.get(latest.at) else {
            continue;
        };
        let doc = latest.doc;
        let own = |f: &&&Finding| latest.cases.iter().any(|case| case.id == f.case);
        for finding in view::ordered(doc).iter().filter(own) {
            let page = format!(
                "../{}#{}",
                case_path(run, &finding.case),
                anchor(&finding.id)
            );
            rows.push(Row::of(vec![
                Cell::link(page, format!("{} {}", finding.case, finding.id)),
                finding.rule.as_str().into(),
                finding.message.get(lang).into(),
                Cell::number(finding.count),
                view::side(doc, finding, lang).into(),
                view::place_in_brief(&finding.location, lang)
                    .join("  ")
                    .into(),
            ]));
        }
    }
    Table {
        id: "findings",
        title: words::get(lang, "site.findings"),
        columns: heads(
            &["finding", "rule", "fact", "places", "side", "place"],
            lang,
        ),
        rows,
        ..Table::default()
    }
}
