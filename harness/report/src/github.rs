//! `github.txt`: workflow commands that a GitHub Actions runner turns into annotations, one a line. Readers show only the
//! first of many, so the most severe come first and the rest is only counted.

use std::fmt::Write as _;

use renkei_core::model::{Finding, InBaseline, Lang, Level, Verdict};
use renkei_core::record::ResultDocument;

use crate::{view, visible, words};

/// Annotations that one request of the service takes.
const MOST: usize = 50;

/// The findings as annotations; known ones of a baseline are notices.
pub(crate) fn render(doc: &ResultDocument, lang: Lang) -> Vec<u8> {
    let findings = view::ordered(doc);
    let mut out = String::new();
    let most = if doc.run.revealed.is_empty() {
        MOST
    } else {
        let told = view::data_class(doc, lang);
        let _ = writeln!(out, "::notice title=renkei::{}", data(&told));
        MOST - 1
    };
    let room = if findings.len() > most {
        most - 1
    } else {
        most
    };
    for finding in findings.iter().take(room) {
        annotation(&mut out, doc, finding, lang);
    }
    let rest = findings.len().saturating_sub(room);
    if rest > 0 {
        let remark = words::fill(lang, "ci.more", &[("n", &view::number(rest as u64))]);
        let _ = writeln!(out, "::notice title=renkei::{}", data(&remark));
    }
    out.into_bytes()
}

fn annotation(out: &mut String, doc: &ResultDocument, finding: &Finding, lang: Lang) {
    let kind = match (finding.baseline, finding.level, finding.effect) {
        (Some(InBaseline::Known), ..) | (_, Level::Notice | Level::Off, _) => "notice",
        (_, Level::Error, Verdict::Fail) => "error",
        _ => "warning",
    };
    let at = &finding.location;
    let mut properties = Vec::new();
    if let Some(file) = &at.file {
        properties.push(format!("file={}", property(file)));
        if let Some(line) = at.line.or(at.record).filter(|line| *line > 0) {
            properties.push(format!("line={line}"));
        }
    }
    let title = [finding.rule.as_str(), &finding.case].join(" ");
    properties.push(format!("title={}", property(title.trim())));
    let text = [
        visible::line(finding.message.get(lang)),
        view::place(at, lang).join("  "),
        view::side(doc, finding, lang),
        visible::line(finding.fix.get(lang)),
    ]
    .join("\n");
    let _ = writeln!(out, "::{kind} {}::{}", properties.join(","), data(&text));
}

/// Text of a command's message: percent signs and line ends escaped, so that no text of a peer becomes a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Value of a property: as [`data`], and the two signs that separate properties.
fn property(text: &str) -> String {
    data(&visible::line(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}
