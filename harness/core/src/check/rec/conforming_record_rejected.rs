use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::Location;
use crate::observe::{Receipt, SentFile};

/// REC-003
pub(super) const RULE: Rule = Rule {
    code: "REC-003",
    name: "conforming-record-rejected",
    source: include_str!("conforming_record_rejected.md"),
};

/// Refused records in which the harness found nothing.
pub(super) fn check(sent: &SentFile<'_>, receipt: &Receipt, out: &mut Sink) {
    let mut wrongly: Vec<u64> = receipt
        .rejected
        .iter()
        .map(|r| r.record)
        .filter(|record| !sent.nonconforming_records.contains(record))
        .collect();
    wrongly.sort_unstable();
    wrongly.dedup();
    let place = |record: u64| Location {
        record: Some(record),
        ..Location::file(sent.name)
    };
    let Some((first, rest)) = wrongly.split_first() else {
        return;
    };
    let more: Vec<Location> = rest.iter().map(|r| place(*r)).collect();
    let hit = Hit::new(&RULE, place(*first))
        .expected("accepted")
        .observed("rejected")
        .arg("rejected", receipt.rejected.len().to_string())
        .arg("wrongly", wrongly.len().to_string());
    out.push_many(hit, wrongly.len() as u64, &more);
}
