//! What follows for the findings of a file from what was agreed for it, and a file that is held to an agreement by itself.

use super::Judged;
use super::agreement::{compare, note};
use super::seen::{self, Seen};
use crate::agreement::{Settled, Terms};
use crate::model::Finding;
use crate::record::{AgreementRow, Input};
use crate::scan::FileFacts;
use crate::spec::layout::{FileSettings, Form, Layout};

/// What follows from records that have another length than the layout's.
const BY_LENGTH: &[&str] = &["LAY-001", "LAY-007", "LAY-008", "LAY-014"];

/// Takes out findings that say nothing under what was agreed.
pub(super) fn as_agreed(
    terms: Terms<'_>,
    layout: &Layout,
    facts: &FileFacts,
    findings: &mut Vec<Finding>,
) {
    if terms.agreed("form.padding") == Some("other") {
        // Agreed to be filled in another way than the layout's: how, only people know.
        findings.retain(|f| f.rule != "LAY-013");
    }
    let fixed = matches!(layout.form, Form::Fixed { .. });
    if fixed && !facts.looks_like.is_empty() {
        // In another encoding characters have other lengths: records of bytes cannot have theirs.
        findings.retain(|f| !BY_LENGTH.contains(&f.rule.as_str()));
    }
}

/// Compressed bytes read as text break every other rule; the one fact is that they are compressed.
pub(super) fn compressed(observed: &[Seen], packed: &[u8], findings: &mut Vec<Finding>) {
    let deviates = |s: &Seen| s.setting == "transfer.compression" && s.deviates;
    if observed.iter().any(deviates) && seen::compression_of(packed) != "none" {
        findings.clear();
    }
}

/// Where another delimiter cuts the file than was agreed, its first row is one field: whether it is a heading nobody sees.
pub(super) fn cut_otherwise(observed: &[Seen], findings: &mut Vec<Finding>) {
    if observed
        .iter()
        .any(|s| s.setting == "delimiter" && s.deviates)
    {
        findings.retain(|f| f.rule != "LAY-009");
    }
}

/// A file that was checked by itself, and what it is held to.
#[derive(Clone, Copy, Debug)]
pub struct HeldFile<'a> {
    /// What was agreed.
    pub terms: Terms<'a>,
    /// Name as findings give it: in a set with its folder and archive.
    pub file: &'a str,
    /// Name without folder.
    pub name: &'a str,
    /// First bytes of what was handed over, [`HEAD`] of them: of the archive, where it came in one.
    pub packed: &'a [u8],
    /// Its first bytes, [`HEAD`] of them.
    pub head: &'a [u8],
    /// Its layout as the pack has it.
    pub declared: &'a Layout,
    /// Its layout with the forms that were agreed.
    pub layout: &'a Layout,
    /// The settings it was checked with.
    pub settings: &'a FileSettings,
    /// What the check measured.
    pub facts: &'a FileFacts,
}

/// First bytes of a file that are looked at for its agreement.
pub const HEAD: u64 = seen::BOUND;

/// The rows of an agreement before anything was seen.
pub fn rows_of(terms: Terms<'_>) -> Vec<AgreementRow> {
    terms.0.iter().map(Settled::row).collect()
}

/// Says of each row that stayed empty why nothing was seen.
pub fn say_why(terms: Terms<'_>, rows: &mut [AgreementRow]) {
    for (row, settled) in rows.iter_mut().zip(terms.0) {
        if row.observed.is_empty() {
            row.not_observed = seen::reason(&settled.item, settled.item.method != "api");
        }
    }
}

/// Holds a file to its agreement by the same means as a run: findings that tell a deviation name the item, deviations that no
/// rule tells become findings, and the rows take up what was seen.
pub fn hold_to(
    file: HeldFile<'_>,
    findings: Vec<Finding>,
    rows: &mut [AgreementRow],
) -> Vec<Finding> {
    let mut judged = Judged {
        findings,
        inputs: vec![Input {
            name: file.file.to_owned(),
            sha256: String::new(),
            bytes: file.facts.bytes,
            records: Some(file.facts.records),
            case: String::new(),
        }],
        ..Judged::default()
    };
    as_agreed(file.terms, file.layout, file.facts, &mut judged.findings);
    judged.observed = seen::of_file(
        file.terms,
        seen::Arrived {
            name: file.name,
            packed: file.packed,
            head: file.head,
            layout: file.layout,
            declared: file.declared,
            settings: file.settings,
            facts: file.facts,
            findings: &judged.findings,
            receipt: None,
            beside: None,
            changed: None,
        },
    );
    if file.packed == file.head {
        compressed(&judged.observed, file.packed, &mut judged.findings);
    }
    cut_otherwise(&judged.observed, &mut judged.findings);
    let differing = compare(file.terms, &mut judged, &mut |settled, value| {
        if let Some(row) = rows.iter_mut().find(|r| r.id == settled.item.id) {
            note(row, value);
        }
    });
    judged.findings.extend(differing);
    judged.findings
}
