//! What of a document belongs together: which exchange and which row of the agreement a finding speaks of, and back.
//! Looked up once for a page: asked anew for each row, a page of a few hundred linkages would take hours.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::model::Finding;
use renkei_core::record::{AgreementRow, CaseResult, LogLine, ResultDocument};

/// Item, linkage and pair of a row of the agreement.
type RowKey<'a> = (&'a str, &'a str, &'a str);

/// The findings that a page shows, with what they speak of.
pub(super) struct Related<'a> {
    cases: BTreeMap<&'a str, &'a CaseResult>,
    items: BTreeMap<&'a str, Vec<&'a AgreementRow>>,
    lines: BTreeMap<&'a str, &'a LogLine>,
    /// Digest of a judged file, by case and name.
    digests: BTreeMap<(&'a str, &'a str), &'a str>,
    /// The first exchange that carried a digest, by case.
    carried: BTreeMap<(&'a str, &'a str), &'a LogLine>,
    by_line: BTreeMap<&'a str, Vec<&'a Finding>>,
    by_row: BTreeMap<RowKey<'a>, Vec<&'a Finding>>,
}

impl<'a> Related<'a> {
    /// Of a document and the findings shown.
    pub(super) fn of(doc: &'a ResultDocument, shown: &[&'a Finding]) -> Self {
        let mut items: BTreeMap<&str, Vec<&AgreementRow>> = BTreeMap::new();
        for row in &doc.agreement {
            items.entry(&row.id).or_default().push(row);
        }
        // The first of equals counts: later ones come first here and are written over.
        let lines = || doc.log.iter().rev();
        let mut related = Self {
            cases: doc.cases.iter().rev().map(|c| (&*c.id, c)).collect(),
            items,
            lines: lines().map(|line| (&*line.id, line)).collect(),
            digests: doc
                .inputs
                .iter()
                .rev()
                .map(|input| ((&*input.case, &*input.name), &*input.sha256))
                .collect(),
            carried: lines()
                .map(|line| ((&*line.case, &*line.sha256), line))
                .collect(),
            by_line: BTreeMap::new(),
            by_row: BTreeMap::new(),
        };
        for finding in shown.iter().copied() {
            if let Some(line) = related.exchange_of(finding) {
                related.by_line.entry(&line.id).or_default().push(finding);
            }
            if let Some(row) = related.row_of(finding) {
                let key = (&*row.id, &*row.linkage, &*row.pair);
                related.by_row.entry(key).or_default().push(finding);
            }
        }
        related
    }

    /// The exchange that shows a finding: the one it names, else the first of its case that carried its file.
    pub(super) fn exchange_of(&self, finding: &Finding) -> Option<&'a LogLine> {
        if let Some(id) = &finding.location.log {
            return self.lines.get(id.as_str()).copied();
        }
        let (case, file) = (finding.case.as_str(), finding.location.file.as_deref()?);
        let digest = self.digests.get(&(case, file))?;
        self.carried.get(&(case, *digest)).copied()
    }

    /// The row of the agreement that decides the matter of a finding: by its item, or by the item that a requirement names;
    /// for the linkage of its case, or, without a case, for the declaration that it points at. None where several could.
    pub(super) fn row_of(&self, finding: &Finding) -> Option<&'a AgreementRow> {
        let named: BTreeSet<&str> = finding
            .requirements
            .iter()
            .filter_map(|requirement| requirement.split_once('#').map(|(_, item)| item))
            .chain(finding.location.item.as_deref())
            .collect();
        let case = self.cases.get(finding.case.as_str());
        let declared = match (&finding.location.file, finding.location.line) {
            (Some(file), Some(line)) => Some(format!("{file}:{line}")),
            _ => None,
        };
        let fits = |row: &&&AgreementRow| match (case, &declared) {
            (Some(case), _) => case.linkage == row.linkage,
            (None, Some(place)) => row.sources.iter().any(|source| is_at(source, place)),
            (None, None) => true,
        };
        let mut rows = named
            .iter()
            .filter_map(|item| self.items.get(item))
            .flatten()
            .filter(fits);
        let only = rows.next().copied();
        only.filter(|_| rows.next().is_none())
    }

    /// Findings that an exchange shows.
    pub(super) fn of_line(&self, line: &LogLine) -> &[&'a Finding] {
        self.by_line
            .get(line.id.as_str())
            .map_or(&[], Vec::as_slice)
    }

    /// Findings that speak of exactly this row; an item alone may occur in several linkages.
    pub(super) fn of_row(&self, row: &'a AgreementRow) -> &[&'a Finding] {
        let key = (row.id.as_str(), row.linkage.as_str(), row.pair.as_str());
        self.by_row.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// `vendor-a/profile.toml:17 (…)` is at `vendor-a/profile.toml:17`, not at line 1 or 173.
fn is_at(source: &str, place: &str) -> bool {
    source
        .strip_prefix(place)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}
