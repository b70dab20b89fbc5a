//! The report of each pair: its linkages and what was found.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::model::{Finding, Lang, Verdict};
use renkei_core::record::{AgreementRow, AgreementState};

use super::super::issues::Issues;
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

/// The page of each pair, by its name.
pub(super) fn pair_files<'p>(pairs: &'p Pairs<'_>) -> BTreeMap<&'p str, String> {
    let names: BTreeSet<&str> = pairs.keys().map(|(pair, _)| pair.as_str()).collect();
    let numbered = names.into_iter().zip(1..);
    numbered
        .map(|(name, n)| (name, format!("pairs/pair-{n:03}.html")))
        .collect()
}

pub(super) fn pair_pages(
    runs: &[Run<'_>],
    issues: &Issues<'_>,
    lang: Lang,
    options: &Options,
) -> Vec<Page> {
    let pairs = latest(runs, lang);
    pair_files(&pairs)
        .into_iter()
        .map(|(pair, path)| {
            let of: Vec<(&String, &Latest<'_>)> = pairs
                .iter()
                .filter(|((name, _), _)| name == pair)
                .map(|((_, linkage), latest)| (linkage, latest))
                .collect();
            let tables = vec![
                pair_linkages(&of, runs, lang, options),
                pair_findings(&of, runs, issues, lang),
                differences(&of, lang),
            ];
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

fn pair_findings(
    of: &[(&String, &Latest<'_>)],
    runs: &[Run<'_>],
    issues: &Issues<'_>,
    lang: Lang,
) -> Table {
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
                issues
                    .of_finding(&doc.run.id, &finding.id)
                    .map_or_else(Cell::default, |(page, id)| {
                        Cell::link(format!("../{page}"), id)
                    }),
            ]));
        }
    }
    Table {
        id: "findings",
        title: words::get(lang, "site.findings"),
        columns: heads(
            &[
                "finding", "rule", "fact", "places", "side", "place", "issue",
            ],
            lang,
        ),
        rows,
        ..Table::default()
    }
}

/// Items of the agreement that are not simply as agreed.
fn differences(of: &[(&String, &Latest<'_>)], lang: Lang) -> Table {
    let mut rows = Vec::new();
    for (linkage, latest) in of {
        let between = |row: &&AgreementRow| {
            latest.cases.iter().any(|case| {
                let pair = [(&case.from, &case.to), (&case.to, &case.from)];
                pair.iter().any(|(a, b)| row.pair == format!("{a}..{b}"))
            })
        };
        let differs = |row: &&AgreementRow| {
            use AgreementState as S;
            let settled = matches!(row.state, S::Agreed | S::Standard | S::Silent);
            row.linkage == **linkage && !settled
        };
        for row in latest.doc.agreement.iter().filter(between).filter(differs) {
            rows.push(Row::of(vec![
                format!("{} {}", row.id, row.title.get(lang)).into(),
                linkage.as_str().into(),
                row.standard.as_str().into(),
                row.a.as_str().into(),
                row.b.as_str().into(),
                row.agreed.as_str().into(),
                row.observed.as_str().into(),
                words::of(lang, "state", row.state.as_str()).into(),
            ]));
        }
    }
    Table {
        id: "differences",
        title: words::get(lang, "site.differences"),
        columns: heads(
            &[
                "item",
                "linkage",
                "standard",
                "declared_a",
                "declared_b",
                "agreed",
                "observed",
                "state",
            ],
            lang,
        ),
        rows,
        ..Table::default()
    }
}
