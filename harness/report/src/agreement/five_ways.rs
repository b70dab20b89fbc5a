//! 協議事項照合表: standard, both declarations, agreement and observation of every item, one row each.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::model::{Finding, Lang};
use renkei_core::record::{AgreementRow, AgreementState, CaseResult, ResultDocument};

use super::columns::FIVE_WAYS;
use super::sheet::cell_word;
use super::{codes, state, text};
use crate::ReportError;
use crate::workbook::{Table, Value, about, write_with};

/// The table of a run.
///
/// # Errors
/// It cannot be written.
pub fn workbook(doc: &ResultDocument) -> Result<Vec<u8>, ReportError> {
    let by_item = by_item(doc);
    let rows = doc
        .agreement
        .iter()
        .map(|row| cells(row, by_item.get(&*row.id).map_or(&[], Vec::as_slice)))
        .collect();
    let mut codes = codes();
    let matches = [
        ("一致", "観測した値は合意のとおり"),
        ("不一致", "観測した値が合意と違う"),
        ("合意なし", "観測したが 比べる合意がない"),
        ("観測なし", "交換からは分からなかった"),
    ];
    codes.extend(matches.map(|(word, meaning)| {
        [
            "合意との一致".to_owned(),
            word.to_owned(),
            meaning.to_owned(),
        ]
    }));
    let table = Table {
        name: "協議事項照合表",
        columns: FIVE_WAYS,
        rows,
    };
    write_with(
        "協議事項照合表",
        &about(doc),
        vec![table],
        codes,
        |_| Ok(()),
    )
}

/// A finding of an exchange, with its case.
type Shown<'a> = (&'a CaseResult, &'a Finding);

/// Findings of exchanges by the items that they name, each once.
fn by_item(doc: &ResultDocument) -> BTreeMap<&str, Vec<Shown<'_>>> {
    let cases: BTreeMap<&str, &CaseResult> = doc.cases.iter().rev().map(|c| (&*c.id, c)).collect();
    let mut found: BTreeMap<&str, Vec<Shown<'_>>> = BTreeMap::new();
    for finding in &doc.findings {
        let Some(case) = cases.get(&*finding.case) else {
            continue;
        };
        let required = finding
            .requirements
            .iter()
            .filter_map(|requirement| requirement.strip_prefix("agreement#"));
        let items: BTreeSet<&str> = required.chain(finding.location.item.as_deref()).collect();
        for item in items {
            found.entry(item).or_default().push((case, finding));
        }
    }
    found
}

fn cells(row: &AgreementRow, named: &[Shown<'_>]) -> Vec<Value> {
    let findings: Vec<&Finding> = named
        .iter()
        .filter(|(case, _)| is_of(case, row))
        .map(|(_, finding)| *finding)
        .collect();
    let first = findings.first();
    vec![
        text(&row.id),
        text(&row.title.ja),
        text(&row.pair),
        text(&row.linkage),
        text(&row.exchange),
        several(&row.standard, '|').into(),
        several(&row.a, '|').into(),
        several(&row.b, '|').into(),
        cell_word(&row.agreed).into(),
        state(row.state).into(),
        several(&row.observed, '|').into(),
        text(row.not_observed.get(Lang::Ja)),
        compared(row, &findings).into(),
        Value::Number(findings.len() as u64),
        text(first.map_or("", |f| &f.id)),
        text(first.map_or("", |f| &f.rule)),
        text(&row.basis.ja),
        text(&row.sources.join(" | ")),
    ]
}

/// Alternatives, each as a cell writes it.
fn several(values: &str, between: char) -> String {
    let words: Vec<String> = values.split(between).map(|v| cell_word(v.trim())).collect();
    words.join(" | ")
}

/// True for a case that the row holds for.
fn is_of(case: &CaseResult, row: &AgreementRow) -> bool {
    if row.exchange.is_empty() {
        case.linkage == row.linkage
    } else {
        case.id == row.exchange
    }
}

fn compared(row: &AgreementRow, findings: &[&Finding]) -> &'static str {
    let held = matches!(row.state, AgreementState::Agreed | AgreementState::Standard);
    match (findings.is_empty(), row.observed.is_empty(), held) {
        (false, ..) => "不一致",
        (_, true, _) => "観測なし",
        (_, false, true) => "一致",
        (_, false, false) => "合意なし",
    }
}
