//! The register of ambiguities, as a table below the agreement.

use renkei_core::model::{Finding, Lang};
use renkei_core::record::{AmbiguityEntry, ResultDocument};
use serde::Serialize;

use super::parts::Link;
use super::tables::links;
use crate::view;

/// One entry.
#[derive(Debug, Serialize)]
pub(super) struct Ambiguity {
    id: String,
    title: String,
    silent: String,
    source: String,
    readings: Vec<Reading>,
    linkages: String,
    findings: Vec<Link>,
    proposal: String,
}

#[derive(Debug, Serialize)]
struct Reading {
    text: String,
    by: String,
}

pub(super) fn rows(doc: &ResultDocument, shown: &[&Finding], lang: Lang) -> Vec<Ambiguity> {
    let row = |entry: &AmbiguityEntry| Ambiguity {
        id: entry.id.clone(),
        title: entry.title.get(lang).to_owned(),
        silent: entry.silent.get(lang).to_owned(),
        source: entry.source.clone(),
        readings: entry
            .readings
            .iter()
            .map(|r| Reading {
                text: r.text.get(lang).to_owned(),
                by: r
                    .used_by
                    .iter()
                    .map(|user| view::reader(doc, user, lang))
                    .collect::<Vec<_>>()
                    .join(" / "),
            })
            .collect(),
        linkages: entry.linkages.join(" "),
        findings: links(
            shown
                .iter()
                .copied()
                .filter(|f| entry.findings.contains(&f.id)),
        ),
        proposal: entry.proposal.get(lang).to_owned(),
    };
    doc.ambiguities.iter().map(row).collect()
}
