//! The log of exchanges, grouped by case.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::model::Lang;
use renkei_core::record::{LogLine, ResultDocument};
use serde::Serialize;

use super::parts::{Link, anchor, direction, seconds};
use super::related::Related;
use super::sequence;
use super::tables::{links, log_anchor};
use crate::{Options, moment, view, words};

#[derive(Debug, Serialize)]
pub(super) struct LogGroup {
    anchor: String,
    title: String,
    /// SVG of the sequence; nothing for a single exchange, where the table says it all.
    sequence: Option<minijinja::Value>,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    anchor: String,
    id: String,
    time: String,
    step: String,
    direction: String,
    summary: String,
    findings: Vec<Link>,
    sha256: String,
    detail: String,
    curl: String,
    seconds: String,
}

/// Preflight first, then the cases in the order of the document.
pub(super) fn groups(
    doc: &ResultDocument,
    related: &Related<'_>,
    lang: Lang,
    options: &Options,
) -> Vec<LogGroup> {
    let known: BTreeSet<&str> = doc.cases.iter().map(|case| &*case.id).collect();
    let mut by_case: BTreeMap<&str, Vec<&LogLine>> = BTreeMap::new();
    let mut strays = Vec::new();
    for line in &doc.log {
        match known.get(&*line.case) {
            Some(case) => by_case.entry(case).or_default().push(line),
            None => strays.push(line),
        }
    }
    let mut groups = Vec::new();
    if !strays.is_empty() {
        groups.push(group(
            doc,
            "",
            words::get(lang, "html.log_preflight"),
            &strays,
            related,
            lang,
            options,
        ));
    }
    for case in &doc.cases {
        if let Some(lines) = by_case.get(&*case.id) {
            let title = format!("{} {}", case.id, case.title.get(lang));
            groups.push(group(doc, &case.id, title, lines, related, lang, options));
        }
    }
    groups
}

fn group(
    doc: &ResultDocument,
    case: &str,
    title: String,
    lines: &[&LogLine],
    related: &Related<'_>,
    lang: Lang,
    options: &Options,
) -> LogGroup {
    let id = log_anchor(case);
    let drawn = lines.len() > 1 && !case.is_empty();
    let sequence = drawn.then(|| sequence::svg(doc, &id, &title, lines, related, lang));
    let lines = lines
        .iter()
        .map(|line| self::line(doc, line, related, lang, options))
        .collect();
    LogGroup {
        anchor: id,
        title,
        sequence,
        lines,
    }
}

fn line(
    doc: &ResultDocument,
    line: &LogLine,
    related: &Related<'_>,
    lang: Lang,
    options: &Options,
) -> Line {
    let name = |id: &str| view::party_name(doc, id, lang);
    Line {
        anchor: anchor(&line.id),
        id: line.id.clone(),
        time: moment::clock(&line.at, options),
        step: words::of(lang, "step", &line.step),
        direction: direction(&name(&line.from), &name(&line.to)),
        summary: line.summary.clone(),
        findings: links(related.of_line(line).iter().copied().take(LINKED)),
        sha256: line.sha256.clone(),
        detail: line.detail.clone(),
        curl: line.curl.clone(),
        seconds: seconds(line.duration_ms),
    }
}

/// Findings that an exchange links to; its case lists them all.
const LINKED: usize = 40;
