//! The register of ambiguities: what the standard leaves open, who reads it how, and the findings that show it.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::model::{CauseKind, Finding, Lang};
use renkei_core::record::AmbiguityEntry;

use super::super::layout::{Cell, Row, Table};
use super::super::{Run, case_path};
use super::heads;
use crate::html::anchor;
use crate::pairs::pair_name;
use crate::{view, words};

/// One row for each reading of each entry, over all runs; the latest run that has an entry says what it is.
pub(super) fn entries(runs: &[Run<'_>], lang: Lang) -> Table {
    let mut found: BTreeMap<&str, Vec<(&Run<'_>, &AmbiguityEntry)>> = BTreeMap::new();
    for run in runs {
        for entry in &run.doc.ambiguities {
            found.entry(&entry.id).or_default().push((run, entry));
        }
    }
    let mut rows = Vec::new();
    for (id, of) in found {
        let Some((run, latest)) = of.last() else {
            continue;
        };
        let linkages: BTreeSet<&str> = of
            .iter()
            .flat_map(|(_, e)| e.linkages.iter().map(String::as_str))
            .collect();
        let linkages: Vec<&str> = linkages.into_iter().collect();
        let mut readings: BTreeMap<&str, (&str, BTreeSet<String>)> = BTreeMap::new();
        for (run, entry) in &of {
            for reading in &entry.readings {
                let users = reading.used_by.iter();
                let known = readings
                    .entry(&reading.value)
                    .or_insert_with(|| (reading.text.get(lang), BTreeSet::new()));
                known
                    .1
                    .extend(users.map(|user| view::reader(run.doc, user, lang)));
            }
        }
        let name = format!("{id} {}", latest.title.get(lang));
        let name = shown_by(run, latest).map_or_else(
            || Cell::from(name.clone()),
            |page| Cell::link(page, name.clone()),
        );
        for (value, (text, users)) in readings {
            let text = if text.is_empty() { value } else { text };
            let users: Vec<String> = users.into_iter().collect();
            rows.push(Row::of(vec![
                name.clone(),
                format!("{} {}", latest.silent.get(lang), latest.source).into(),
                text.into(),
                if users.is_empty() {
                    words::get(lang, "site.not_known").into()
                } else {
                    users.join(" / ").into()
                },
                linkages.join(" ").into(),
                latest.proposal.get(lang).into(),
            ]));
        }
    }
    Table {
        id: "entries",
        title: words::get(lang, "site.ambiguity_entries"),
        note: words::get(lang, "site.ambiguity_entries_note"),
        columns: heads(
            &[
                "ambiguity",
                "silent",
                "reading",
                "read_by",
                "linkage",
                "proposal",
            ],
            lang,
        ),
        rows,
        ..Table::default()
    }
}

/// The first finding that shows an entry.
fn shown_by(run: &Run<'_>, entry: &AmbiguityEntry) -> Option<String> {
    let finding = entry
        .findings
        .iter()
        .find_map(|id| run.doc.findings.iter().find(|f| f.id == *id))?;
    Some(finding_page(run, finding))
}

/// Where a finding stands, below the site's folder.
fn finding_page(run: &Run<'_>, finding: &Finding) -> String {
    match view::case_of(run.doc, finding) {
        Some(case) => format!("{}#{}", case_path(run, &case.id), anchor(&finding.id)),
        None => format!("runs/{}/report.html", run.slug),
    }
}

/// Findings that the specification causes.
pub(super) fn findings(runs: &[Run<'_>], lang: Lang) -> Table {
    let mut rows = Vec::new();
    for run in runs {
        for finding in view::ordered(run.doc) {
            if finding.cause.kind != CauseKind::Spec {
                continue;
            }
            let case = view::case_of(run.doc, finding);
            let pair = case.map(|c| pair_name(run.doc, &c.from, &c.to, lang));
            let page = finding_page(run, finding);
            rows.push(Row::of(vec![
                Cell::link(page, format!("{} {}", run.doc.run.id, finding.id)),
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
            &["finding", "rule", "fact", "pair", "requirement", "proof"],
            lang,
        ),
        rows,
        ..Table::default()
    }
}
