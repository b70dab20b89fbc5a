use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::Location;
use crate::observe::{Receipt, SentFile};

/// REC-002
pub(super) const RULE: Rule = Rule {
    code: "REC-002",
    name: "record-count-differs",
    source: include_str!("record_count_differs.md"),
};

/// The count against ours, then the receiver's own numbers against its count.
pub(super) fn check(sent: &SentFile<'_>, receipt: &Receipt, out: &mut Sink) {
    let hit = || Hit::new(&RULE, Location::file(sent.name));
    if receipt.records != sent.records {
        let hit = hit().expected(sent.records.to_string()).key("records");
        out.push(hit.observed(receipt.records.to_string()));
        return;
    }
    let rejected = receipt.rejected.len() as u64;
    if receipt.accepted.checked_add(rejected) != Some(receipt.records) {
        let hit = hit().expected(receipt.records.to_string()).key("sum");
        out.push(hit.observed(format!("{} + {rejected}", receipt.accepted)));
    }
}
