//! The log of exchanges, grouped by case.

use renkei_core::model::{Finding, Lang};
use renkei_core::record::{LogLine, ResultDocument};
use serde::Serialize;

use super::parts::{Link, anchor, direction, seconds};
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
    shown: &[&Finding],
    lang: Lang,
    options: &Options,
) -> Vec<LogGroup> {
    let known = |case: &str| doc.cases.iter().any(|c| c.id == case);
    let strays: Vec<&LogLine> = doc.log.iter().filter(|line| !known(&line.case)).collect();
    let mut groups = Vec::new();
    if !strays.is_empty() {
        groups.push(group(
            doc,
            "",
            words::get(lang, "html.log_preflight"),
            &strays,
            shown,
            lang,
            options,
        ));
    }
    for case in &doc.cases {
        let lines: Vec<&LogLine> = doc.log.iter().filter(|line| line.case == case.id).collect();
        if !lines.is_empty() {
            let title = format!("{} {}", case.id, case.title.get(lang));
            groups.push(group(doc, &case.id, title, &lines, shown, lang, options));
        }
    }
    groups
}

fn group(
    doc: &ResultDocument,
    case: &str,
    title: String,
    lines: &[&LogLine],
    shown: &[&Finding],
    lang: Lang,
    options: &Options,
) -> LogGroup {
    let id = log_anchor(case);
    let drawn = lines.len() > 1 && !case.is_empty();
    let sequence = drawn.then(|| sequence::svg(doc, &id, &title, lines, shown, lang));
    let lines = lines
        .iter()
        .map(|line| self::line(doc, line, shown, lang, options))
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
    shown: &[&Finding],
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
        findings: links(of_line(doc, line, shown).take(LINKED)),
        sha256: line.sha256.clone(),
        detail: line.detail.clone(),
        curl: line.curl.clone(),
        seconds: seconds(line.duration_ms),
    }
}

/// Findings that an exchange links to; its case lists them all.
const LINKED: usize = 40;

/// Findings that this exchange shows.
pub(super) fn of_line<'a>(
    doc: &ResultDocument,
    line: &LogLine,
    shown: &[&'a Finding],
) -> impl Iterator<Item = &'a Finding> {
    shown
        .iter()
        .copied()
        .filter(|finding| view::exchange_of(doc, finding).is_some_and(|of| of.id == line.id))
}
