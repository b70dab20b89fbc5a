//! Rows of the page's tables.

use std::collections::BTreeMap;

use renkei_core::model::{Finding, Lang, Level};
use renkei_core::record::{AgreementRow, AgreementState, CaseResult, ResultDocument};
use serde::Serialize;

use super::card::pair;
use super::parts::{self, Chip, Link, anchor, case_anchor, direction, seconds};
use super::related::Related;
use crate::{view, words};

#[derive(Debug, Serialize)]
pub(super) struct CaseRow {
    anchor: String,
    chip: Chip,
    id: String,
    title: String,
    reason: String,
    linkage: String,
    method: String,
    direction: String,
    required: String,
    findings: Vec<Link>,
    checks: String,
    seconds: String,
    log: Option<Link>,
}

/// All cases, in the order of the plan.
pub(super) fn cases(doc: &ResultDocument, shown: &[&Finding], lang: Lang) -> Vec<CaseRow> {
    doc.cases
        .iter()
        .map(|case| case_row(doc, case, shown, lang))
        .collect()
}

fn case_row(doc: &ResultDocument, case: &CaseResult, shown: &[&Finding], lang: Lang) -> CaseRow {
    let required = if case.required {
        "html.is_required"
    } else {
        "html.is_optional"
    };
    let exchanged = doc.log.iter().any(|line| line.case == case.id);
    CaseRow {
        anchor: case_anchor(&case.id),
        chip: parts::verdict(case.verdict, lang),
        id: case.id.clone(),
        title: case.title.get(lang).to_owned(),
        reason: view::reason(case, lang),
        linkage: case.linkage.clone(),
        method: words::of(lang, "method", &case.method),
        direction: direction(
            &view::party_name(doc, &case.from, lang),
            &view::party_name(doc, &case.to, lang),
        ),
        required: words::get(lang, required),
        findings: links(shown.iter().filter(|f| f.case == case.id).copied()),
        checks: view::number(case.checks),
        seconds: seconds(case.duration_ms),
        log: exchanged.then(|| Link {
            target: log_anchor(&case.id),
            text: words::get(lang, "html.to_log"),
        }),
    }
}

/// Id of a case's part of the log.
pub(super) fn log_anchor(case: &str) -> String {
    format!("log-{}", anchor(case))
}

/// Links to findings, the most telling text being their rule.
pub(super) fn links<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<Link> {
    findings
        .map(|finding| Link {
            target: anchor(&finding.id),
            text: finding.rule.clone(),
        })
        .collect()
}

#[derive(Debug, Serialize)]
pub(super) struct AgreementTable {
    title: String,
    a: String,
    b: String,
    rows: Vec<AgreementLine>,
    /// Items that neither side answered, where nothing else is known of them: `T04 …`, and how many.
    silent: Vec<String>,
    silent_title: String,
}

#[derive(Debug, Serialize)]
struct AgreementLine {
    id: String,
    title: String,
    /// Why nothing was observed; empty when something was.
    not_observed: String,
    /// Standard, a, b, agreed, observed.
    values: [String; 5],
    state: String,
    tone: &'static str,
    findings: Vec<Link>,
    basis: String,
    sources: Vec<String>,
    attention: usize,
}

/// One table per linkage and pair; rows that need somebody come first, items that neither side answered last.
pub(super) fn agreements<'a>(
    doc: &'a ResultDocument,
    related: &Related<'a>,
    lang: Lang,
) -> Vec<AgreementTable> {
    let mut tables: Vec<(&str, &str, AgreementTable)> = Vec::new();
    for row in &doc.agreement {
        let known = tables
            .iter()
            .position(|(linkage, pair, _)| *linkage == row.linkage && *pair == row.pair);
        let at = known.unwrap_or_else(|| {
            tables.push((&row.linkage, &row.pair, empty_table(doc, row, lang)));
            tables.len() - 1
        });
        let Some((.., table)) = tables.get_mut(at) else {
            continue;
        };
        let line = agreement_line(row, related, lang);
        if row.state == AgreementState::Silent
            && row.observed.is_empty()
            && line.findings.is_empty()
        {
            table
                .silent
                .push(format!("{} {}", row.id, row.title.get(lang)));
        } else {
            table.rows.push(line);
        }
    }
    let finish = |(_, _, mut table): (&str, &str, AgreementTable)| {
        table.rows.sort_by_key(|row| row.attention);
        let n = view::number(table.silent.len() as u64);
        table.silent_title = words::fill(lang, "html.unanswered", &[("n", &n)]);
        table
    };
    tables.into_iter().map(finish).collect()
}

fn empty_table(doc: &ResultDocument, row: &AgreementRow, lang: Lang) -> AgreementTable {
    let (a, b) = pair(doc, row, lang);
    let declared = |name: &str| words::fill(lang, "html.declared_by", &[("name", name)]);
    AgreementTable {
        title: words::fill(
            lang,
            "html.agreement_table",
            &[("linkage", &row.linkage), ("a", &a), ("b", &b)],
        ),
        a: declared(&a),
        b: declared(&b),
        rows: Vec::new(),
        silent: Vec::new(),
        silent_title: String::new(),
    }
}

fn agreement_line<'a>(row: &'a AgreementRow, related: &Related<'a>, lang: Lang) -> AgreementLine {
    AgreementLine {
        id: row.id.clone(),
        title: row.title.get(lang).to_owned(),
        values: [&row.standard, &row.a, &row.b, &row.agreed, &row.observed].map(Clone::clone),
        state: words::of(lang, "state", row.state.as_str()),
        tone: tone(row.state),
        findings: links(related.of_row(row).iter().copied()),
        not_observed: row.not_observed.get(lang).to_owned(),
        basis: row.basis.get(lang).to_owned(),
        sources: row.sources.clone(),
        attention: attention(row.state),
    }
}

/// Order of the rows: what stops an exchange first.
fn attention(state: AgreementState) -> usize {
    match state {
        AgreementState::Conflict => 0,
        AgreementState::Outside | AgreementState::Contradiction => 1,
        AgreementState::OneSide => 2,
        AgreementState::Open => 3,
        AgreementState::Agreed | AgreementState::Standard => 4,
        AgreementState::Silent => 5,
    }
}

fn tone(state: AgreementState) -> &'static str {
    match state {
        AgreementState::Standard | AgreementState::Agreed => "pass",
        AgreementState::Conflict | AgreementState::Outside | AgreementState::Contradiction => {
            "fail"
        }
        AgreementState::Open => "review",
        AgreementState::OneSide => "warning",
        AgreementState::Silent => "not_run",
    }
}

#[derive(Debug, Serialize)]
pub(super) struct CheckRow {
    chip: Chip,
    id: String,
    title: String,
    party: String,
    seen: String,
    fix: String,
    log: Option<Link>,
}

/// Preflight checks; what is not in order comes first.
pub(super) fn preflight(doc: &ResultDocument, lang: Lang) -> Vec<CheckRow> {
    let mut rows: Vec<_> = doc.preflight.iter().collect();
    rows.sort_by_key(|row| row.verdict == renkei_core::model::Verdict::Pass);
    rows.into_iter()
        .map(|row| CheckRow {
            chip: parts::verdict(row.verdict, lang),
            id: row.id.clone(),
            title: row.title.get(lang).to_owned(),
            party: view::party_name(doc, &row.party, lang),
            seen: row.seen.get(lang).to_owned(),
            fix: row.fix.get(lang).to_owned(),
            log: view::log_line(doc, &row.log).map(|line| Link::to(&line.id)),
        })
        .collect()
}

#[derive(Debug, Serialize)]
pub(super) struct RuleRow {
    code: String,
    target: String,
    chip: Chip,
    message: String,
    sides: String,
    kinds: String,
    places: String,
    cases: String,
}

/// Every rule that has findings, in code order, over all findings of the document.
pub(super) fn rules(doc: &ResultDocument, shown: &[&Finding], lang: Lang) -> Vec<RuleRow> {
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in doc.findings.iter().filter(|f| f.level != Level::Off) {
        by_rule.entry(&finding.rule).or_default().push(finding);
    }
    by_rule
        .into_iter()
        .filter_map(|(code, findings)| rule(doc, code, &findings, shown, lang))
        .collect()
}

fn rule(
    doc: &ResultDocument,
    code: &str,
    findings: &[&Finding],
    shown: &[&Finding],
    lang: Lang,
) -> Option<RuleRow> {
    let worst = findings.iter().min_by_key(|finding| view::rank(finding))?;
    let mut sides: Vec<String> = findings.iter().map(|f| view::side(doc, f, lang)).collect();
    sides.sort();
    sides.dedup();
    let mut cases: Vec<&str> = findings
        .iter()
        .map(|f| f.case.as_str())
        .filter(|case| !case.is_empty())
        .collect();
    cases.sort_unstable();
    cases.dedup();
    let target = shown
        .iter()
        .find(|f| f.rule == code)
        .map(|f| anchor(&f.id))
        .unwrap_or_default();
    Some(RuleRow {
        code: code.to_owned(),
        target,
        chip: parts::finding(worst, lang),
        message: worst.message.get(lang).to_owned(),
        sides: sides.join(" / "),
        kinds: view::number(findings.len() as u64),
        places: view::number(
            findings
                .iter()
                .fold(0, |sum: u64, f| sum.saturating_add(f.count)),
        ),
        cases: cases.join(" "),
    })
}
