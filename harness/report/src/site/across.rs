//! What several runs say together: runs, pair × linkage, pairs, vendors, rules, ambiguities, trends, period.

mod ambiguities;
mod matrix;
mod pairs_page;
mod period;
mod rules;
mod trends;
mod vendors;

use std::collections::BTreeSet;

use renkei_core::model::{Lang, Level, Verdict};

use super::issues::{self, Issues};
use super::layout::{Cell, Page, Row, Table};
use super::{Run, crumbs};
use crate::pairs::{self, Latest, Pairs};
use crate::{Options, html, moment, view, words};

/// All of them.
pub(super) fn pages(
    runs: &[Run<'_>],
    issues: &Issues<'_>,
    lang: Lang,
    options: &Options,
) -> Vec<Page> {
    let mut pages = vec![
        page("index", vec![index(runs, lang, options)], runs, lang),
        page("matrix", vec![matrix::matrix(runs, lang)], runs, lang),
        page(
            "vendors",
            vec![vendors::vendors(runs, issues, lang, options)],
            runs,
            lang,
        ),
        page("rules", vec![rules::rules(runs, lang)], runs, lang),
        page(
            "ambiguities",
            vec![
                ambiguities::entries(runs, lang),
                ambiguities::findings(runs, lang),
            ],
            runs,
            lang,
        ),
        page(
            "trends",
            vec![trends::trends(runs, lang, options), issues::by_week(issues)],
            runs,
            lang,
        ),
        page("period", period::period(runs, lang), runs, lang),
    ];
    pages.extend(pairs_page::pair_pages(runs, issues, lang, options));
    pages.extend(vendors::vendor_pages(runs, issues, lang, options));
    pages.extend(rules::rule_pages(runs, issues, lang));
    pages
}

fn page(name: &str, tables: Vec<Table>, runs: &[Run<'_>], lang: Lang) -> Page {
    Page {
        path: format!("{name}.html"),
        title: words::of(lang, "site", name),
        data_class: data_classes(runs, lang),
        crumbs: crumbs(name.matches('/').count(), lang),
        tables,
        ..Page::default()
    }
}

/// Data classes of all runs in words, each once.
pub(super) fn data_classes(runs: &[Run<'_>], lang: Lang) -> String {
    let classes: BTreeSet<String> = runs
        .iter()
        .map(|run| view::data_class(run.doc, lang))
        .collect();
    classes.into_iter().collect::<Vec<_>>().join(" ")
}

fn heads(keys: &[&str], lang: Lang) -> Vec<String> {
    keys.iter()
        .map(|key| words::of(lang, "site", key))
        .collect()
}

fn verdict_cell(verdict: Verdict, href: String, label: String, lang: Lang) -> Cell {
    Cell {
        chip: Some(html::chip(verdict, lang)),
        label: format!("{label} {}", words::of(lang, "verdict", verdict.as_str())),
        href,
        ..Cell::default()
    }
}

fn index(runs: &[Run<'_>], lang: Lang, options: &Options) -> Table {
    let rows = runs.iter().rev().map(|run| {
        let doc = run.doc;
        Row::of(vec![
            Cell::link(format!("runs/{}/index.html", run.slug), doc.run.id.clone()),
            moment::minute(&doc.run.started_at, options).into(),
            doc.run.title.get(lang).into(),
            verdict_cell(doc.verdict, String::new(), String::new(), lang),
            Cell::number(view::count(doc, Verdict::Pass)),
            Cell::number(view::count(doc, Verdict::Fail)),
            Cell::number(doc.cases.len() as u64),
            Cell::number(
                doc.findings
                    .iter()
                    .filter(|f| f.level != Level::Off)
                    .count() as u64,
            ),
        ])
    });
    Table {
        id: "runs",
        title: words::get(lang, "site.runs"),
        columns: heads(
            &[
                "run", "started", "title", "verdict", "passed", "failed", "cases", "findings",
            ],
            lang,
        ),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// The latest state of every pair and linkage.
fn latest<'a>(runs: &[Run<'a>], lang: Lang) -> Pairs<'a> {
    pairs::latest(runs.iter().map(|run| run.doc), lang)
}

/// The page of the run that decides.
fn page_of(runs: &[Run<'_>], latest: &Latest<'_>) -> String {
    let slug = runs.get(latest.at).map_or("", |run| run.slug.as_str());
    format!("runs/{slug}/index.html")
}
