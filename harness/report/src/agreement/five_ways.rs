//! 協議事項照合表: standard, both declarations, agreement and observation of every item, one row each.

use renkei_core::model::{Finding, Lang};
use renkei_core::record::{AgreementRow, AgreementState, ResultDocument};

use super::columns::FIVE_WAYS;
use super::sheet::cell_word;
use super::{codes, state, text};
use crate::ReportError;
use crate::workbook::{Table, Value, write};

/// The table of a run.
///
/// # Errors
/// It cannot be written.
pub fn workbook(doc: &ResultDocument) -> Result<Vec<u8>, ReportError> {
    let rows = doc.agreement.iter().map(|row| cells(doc, row)).collect();
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
    write("協議事項照合表", vec![table], codes)
}

fn cells(doc: &ResultDocument, row: &AgreementRow) -> Vec<Value> {
    let findings: Vec<&Finding> = doc
        .findings
        .iter()
        .filter(|f| is_about(doc, f, row))
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

/// True for a finding of an exchange of the row's linkage that names the row's item.
fn is_about(doc: &ResultDocument, finding: &Finding, row: &AgreementRow) -> bool {
    let case = doc.cases.iter().find(|c| c.id == finding.case);
    let here = match case {
        Some(case) if row.exchange.is_empty() => case.linkage == row.linkage,
        Some(case) => case.id == row.exchange,
        None => false,
    };
    let requirement = format!("agreement#{}", row.id);
    let names = finding.location.item.as_deref() == Some(row.id.as_str())
        || finding.requirements.contains(&requirement);
    here && names
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
