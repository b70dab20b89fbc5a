//! Rules by how often they were broken, over vendors and runs; findings that the specification causes.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::check::rule;
use renkei_core::model::{CauseKind, Finding, Lang};

use super::super::Run;
use super::super::layout::{Cell, Row, Table};
use super::heads;
use crate::pairs::pair_name;
use crate::{view, words};

pub(super) fn rules(runs: &[Run<'_>], lang: Lang) -> Table {
    let mut codes: BTreeMap<&str, Vec<(&Run<'_>, &Finding)>> = BTreeMap::new();
    for run in runs {
        for finding in view::ordered(run.doc) {
            codes.entry(&finding.rule).or_default().push((run, finding));
        }
    }
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
                code.into(),
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

pub(super) fn ambiguities(runs: &[Run<'_>], lang: Lang) -> Table {
    let mut rows = Vec::new();
    for run in runs {
        for finding in view::ordered(run.doc) {
            if finding.cause.kind != CauseKind::Spec {
                continue;
            }
            let case = view::case_of(run.doc, finding);
            let pair = case.map(|c| pair_name(run.doc, &c.from, &c.to, lang));
            rows.push(Row::of(vec![
                run.doc.run.id.as_str().into(),
                finding.rule.as_str().into(),
                finding.message.get(lang).into(),
                pair.unwrap_or_default().into(),
                finding.requirements.join(" ").into(),
                finding.cause.proof.get(lang).into(),
            ]));
        }
    }
    Table {
        id: "register",
        title: words::get(lang, "site.register"),
        note: words::get(lang, "site.ambiguities_note"),
        columns: heads(
            &["run", "rule", "fact", "pair", "requirement", "proof"],
            lang,
        ),
        rows,
        ..Table::default()
    }
}
