//! Two runs side by side, for people and programs.

use std::fmt::Write as _;

use minijinja::context;
use minijinja::value::{Serde, Value};
use renkei_core::baseline::{Change, FindingChange, RunDiff};
use renkei_core::model::{Lang, Verdict};
use serde::Serialize;

use crate::html::{environment, page_style};
use crate::{ReportError, visible, words};

/// As JSON, `renkei.diff/v1`.
///
/// # Errors
/// The writer refuses it.
pub fn json(diff: &RunDiff) -> Result<String, ReportError> {
    serde_json::to_string_pretty(diff)
        .map(|text| text + "\n")
        .map_err(|e| ReportError::Json(e.to_string()))
}

/// As text for a terminal or a mail.
pub fn text(diff: &RunDiff, lang: Lang) -> String {
    let mut out = format!(
        "{}  {} -> {}\n{}\n",
        words::get(lang, "diff.title"),
        visible::line(&diff.before.id),
        visible::line(&diff.after.id),
        counts(diff, lang)
    );
    for remark in &diff.remarks {
        let _ = writeln!(out, "! {}", visible::line(remark.get(lang)));
    }
    for finding in &diff.findings {
        let case = side(finding).map_or("", |side| side.case.as_str());
        let _ = writeln!(
            out,
            "\n[{}] {} {}  {}",
            words::of(lang, "diff", finding.change.as_str()),
            finding.rule,
            visible::line(case),
            visible::line(finding.message.get(lang)),
        );
        for line in details(finding, lang) {
            let _ = writeln!(out, "    {line}");
        }
    }
    let changed: Vec<_> = diff.cases.iter().filter(|case| case.differs()).collect();
    if !changed.is_empty() {
        let _ = writeln!(out, "\n{}", words::get(lang, "diff.verdicts"));
    }
    for case in changed {
        let _ = writeln!(
            out,
            "    {}  {} -> {}  {}",
            visible::line(&case.id),
            word(case.before, lang),
            word(case.after, lang),
            visible::line(case.title.get(lang)),
        );
    }
    out
}

fn side(finding: &FindingChange) -> Option<&renkei_core::baseline::Side> {
    finding.after.as_ref().or(finding.before.as_ref())
}

fn word(verdict: Option<Verdict>, lang: Lang) -> String {
    verdict.map_or_else(
        || words::get(lang, "diff.none"),
        |verdict| words::of(lang, "verdict", verdict.as_str()),
    )
}

fn counts(diff: &RunDiff, lang: Lang) -> String {
    let one = |change: &Change| {
        let number = diff.counts.get(change.as_str()).copied().unwrap_or(0);
        format!("{} {number}", words::of(lang, "diff", change.as_str()))
    };
    Change::ALL.iter().map(one).collect::<Vec<_>>().join("  ")
}

/// What differs, and why nothing is known.
fn details(finding: &FindingChange, lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = finding
        .differs
        .iter()
        .map(|d| {
            let what = words::of(lang, "differs", &d.what);
            let (before, after) = (visible::line(&d.before), visible::line(&d.after));
            format!("{what}: {before} -> {after}")
        })
        .collect();
    let reason = visible::line(finding.reason.get(lang));
    if !reason.is_empty() {
        lines.push(reason);
    }
    lines
}

#[derive(Serialize)]
struct Row {
    key: &'static str,
    change: String,
    rule: String,
    case: String,
    message: String,
    details: Vec<String>,
    ids: String,
}

#[derive(Serialize)]
struct CaseRow {
    id: String,
    title: String,
    before: String,
    after: String,
    reason: String,
    differs: bool,
}

/// As one self-contained page; no script.
///
/// # Errors
/// The template fails.
pub fn html(diff: &RunDiff, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let rows: Vec<Row> = diff
        .findings
        .iter()
        .map(|finding| row(finding, lang))
        .collect();
    let cases: Vec<CaseRow> = diff
        .cases
        .iter()
        .map(|case| CaseRow {
            id: case.id.clone(),
            title: case.title.get(lang).to_owned(),
            before: word(case.before, lang),
            after: word(case.after, lang),
            reason: case.reason.get(lang).to_owned(),
            differs: case.differs(),
        })
        .collect();
    let remarks: Vec<String> = diff
        .remarks
        .iter()
        .map(|remark| remark.get(lang).to_owned())
        .collect();
    let render = || {
        environment(lang)?.get_template("diff.html")?.render(context! {
            lang => lang.to_string(),
            policy => "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
            style => Value::from_safe_string(page_style()),
            before => &diff.before.id, after => &diff.after.id, counts => counts(diff, lang),
            rows => Value::from(Serde(rows)), cases => Value::from(Serde(cases)), remarks => remarks,
        })
    };
    render()
        .map(String::into_bytes)
        .map_err(|e: minijinja::Error| ReportError::Template(e.to_string()))
}

fn row(finding: &FindingChange, lang: Lang) -> Row {
    let id = |side: &Option<renkei_core::baseline::Side>| {
        side.as_ref()
            .map_or_else(|| "-".to_owned(), |s| s.id.clone())
    };
    Row {
        key: finding.change.as_str(),
        change: words::of(lang, "diff", finding.change.as_str()),
        rule: finding.rule.clone(),
        case: side(finding).map(|s| s.case.clone()).unwrap_or_default(),
        message: finding.message.get(lang).to_owned(),
        details: details(finding, lang),
        ids: format!("{} / {}", id(&finding.before), id(&finding.after)),
    }
}
