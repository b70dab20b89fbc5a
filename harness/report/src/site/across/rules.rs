//! Rules by how often they were broken, over vendors and runs; a page of its own for each rule.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::check::rule;
use renkei_core::model::{Finding, Lang};

use super::super::issues::Issues;
use super::super::layout::{Cell, Page, Row, Table};
use super::super::{Run, case_path};
use super::{heads, page};
use crate::html::anchor;
use crate::pairs::pair_name;
use crate::{view, words};

type Found<'r> = BTreeMap<&'r str, Vec<(&'r Run<'r>, &'r Finding)>>;

fn by_rule<'r>(runs: &'r [Run<'r>]) -> Found<'r> {
    let mut codes: Found<'r> = BTreeMap::new();
    for run in runs {
        for finding in view::ordered(run.doc) {
            codes.entry(&finding.rule).or_default().push((run, finding));
        }
    }
    codes
}

pub(super) fn rule_file(code: &str) -> String {
    format!("rules/{}.html", anchor(code))
}

pub(super) fn rules(runs: &[Run<'_>], lang: Lang) -> Table {
    let codes = by_rule(runs);
    let mut rows: Vec<(u64, Row)> = codes
        .into_iter()
        .map(|(code, found)| {
            let places = found
                .iter()
                .fold(0u64, |n, (_, f)| n.saturating_add(f.count));
            let pairs: BTreeSet<String> = found
                .iter()
                .filter_map(|(run, f)| view::case_of(run.doc, f).map(|case| (run, case)))
                .map(|(run, case)| pair_name(run.doc, &case.from, &case.to, lang))
                .collect();
            let in_runs: Vec<usize> = runs
                .iter()
                .map(|run| run.doc.findings.iter().filter(|f| f.rule == code).count())
                .collect();
            // Seen, then not seen, then seen again.
            let again = in_runs
                .windows(2)
                .filter(|w| w.first() == Some(&0) && w.last() > Some(&0))
                .count();
            let again = again.saturating_sub(usize::from(in_runs.first() == Some(&0)));
            let trend: Vec<String> = in_runs.iter().map(usize::to_string).collect();
            let title = rule(code).map(|r| r.page().head.title.get(lang).to_owned());
            let row = Row::of(vec![
                Cell::link(rule_file(code), code),
                title.unwrap_or_default().into(),
                Cell::number(pairs.len() as u64),
                Cell::number(places),
                found
                    .first()
                    .map(|(run, _)| run.doc.run.id.clone())
                    .unwrap_or_default()
                    .into(),
                found
                    .last()
                    .map(|(run, _)| run.doc.run.id.clone())
                    .unwrap_or_default()
                    .into(),
                Cell::number(again as u64),
                trend.join(" ").into(),
            ]);
            (places, row)
        })
        .collect();
    rows.sort_by_key(|(places, _)| std::cmp::Reverse(*places));
    Table {
        id: "recurrence",
        title: words::get(lang, "site.recurrence"),
        columns: heads(
            &[
                "rule",
                "fact",
                "pair_count",
                "places",
                "first_run",
                "last_seen",
                "again",
                "trend",
            ],
            lang,
        ),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        ..Table::default()
    }
}

/// A page for each rule that was broken: by vendor, then every finding.
pub(super) fn rule_pages(runs: &[Run<'_>], issues: &Issues<'_>, lang: Lang) -> Vec<Page> {
    let made = by_rule(runs).into_iter().map(|(code, found)| {
        let tables = vec![by_side(&found, lang), all(&found, issues, lang)];
        let path = rule_file(code);
        let mut made = page(path.trim_end_matches(".html"), tables, runs, lang);
        let title = rule(code).map(|r| r.page().head.title.get(lang).to_owned());
        made.title = format!("{code} {}", title.unwrap_or_default());
        made.notes = vec![format!("renkei explain {code}")];
        made
    });
    made.collect()
}

fn by_side(found: &[(&Run<'_>, &Finding)], lang: Lang) -> Table {
    let mut sides: BTreeMap<String, (BTreeSet<String>, BTreeSet<&str>, u64)> = BTreeMap::new();
    for (run, finding) in found {
        let of = sides.entry(view::side(run.doc, finding, lang)).or_default();
        if let Some(case) = view::case_of(run.doc, finding) {
            of.0.insert(pair_name(run.doc, &case.from, &case.to, lang));
        }
        of.1.insert(&run.doc.run.id);
        of.2 = of.2.saturating_add(finding.count);
    }
    let rows = sides.into_iter().map(|(side, (pairs, in_runs, places))| {
        Row::of(vec![
            side.into(),
            Cell::number(pairs.len() as u64),
            Cell::number(in_runs.len() as u64),
            Cell::number(places),
        ])
    });
    Table {
        id: "sides",
        title: words::get(lang, "site.by_side"),
        columns: heads(&["side", "pair_count", "run_count", "places"], lang),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// Findings that a page lists; the rest is counted, and their runs have them all.
const LISTED: usize = 500;

fn all(found: &[(&Run<'_>, &Finding)], issues: &Issues<'_>, lang: Lang) -> Table {
    let rows = found.iter().rev().take(LISTED).map(|(run, finding)| {
        let case = view::case_of(run.doc, finding);
        let file = match case {
            Some(case) => format!("../{}#{}", case_path(run, &case.id), anchor(&finding.id)),
            None => format!("../runs/{}/report.html", run.slug),
        };
        let pair = case.map(|c| pair_name(run.doc, &c.from, &c.to, lang));
        let issue = issues.of_finding(&run.doc.run.id, &finding.id);
        Row::of(vec![
            Cell::link(file, format!("{} {}", run.doc.run.id, finding.id)),
            finding.message.get(lang).into(),
            pair.unwrap_or_default().into(),
            Cell::number(finding.count),
            view::place_in_brief(&finding.location, lang)
                .join("  ")
                .into(),
            issue.map_or_else(Cell::default, |(page, id)| {
                Cell::link(format!("../{page}"), id)
            }),
        ])
    });
    let rest = found.len().saturating_sub(LISTED);
    let shown = LISTED.to_string();
    Table {
        id: "findings",
        title: words::get(lang, "site.findings"),
        note: if rest > 0 {
            let n = crate::view::number(rest as u64);
            words::fill(lang, "site.more_rows", &[("n", &n), ("shown", &shown)])
        } else {
            String::new()
        },
        columns: heads(
            &["finding", "fact", "pair", "places", "place", "issue"],
            lang,
        ),
        rows: rows.collect(),
        ..Table::default()
    }
}
