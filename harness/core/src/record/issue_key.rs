//! What a finding of a run is known by from run to run, and between whom it stands.

use std::collections::BTreeSet;

use super::{CaseResult, ResultDocument};
use crate::model::Finding;

/// Fingerprint of the finding and the pair: what an issue is known by.
pub fn issue_key(doc: &ResultDocument, finding: &Finding) -> String {
    let (sender, receiver) = pair(doc, finding);
    format!("{}@{sender}..{receiver}", finding.fingerprint)
}

/// The case that a finding is of.
pub(crate) fn case_of<'a>(doc: &'a ResultDocument, finding: &Finding) -> Option<&'a CaseResult> {
    doc.cases.iter().find(|case| case.id == finding.case)
}

/// Sender and receiver of the case; for findings about declarations the pair of the only agreement row with their item.
pub(crate) fn pair(doc: &ResultDocument, finding: &Finding) -> (String, String) {
    if let Some(case) = case_of(doc, finding) {
        return (case.from.clone(), case.to.clone());
    }
    let rows = doc
        .agreement
        .iter()
        .filter(|row| finding.location.item.as_ref() == Some(&row.id));
    let pairs: BTreeSet<&str> = rows.map(|row| row.pair.as_str()).collect();
    let only = (pairs.len() == 1).then(|| pairs.first()).flatten();
    only.and_then(|pair| pair.split_once(".."))
        .map_or_else(Default::default, |(a, b)| (a.to_owned(), b.to_owned()))
}
