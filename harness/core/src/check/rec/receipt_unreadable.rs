use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::mask::wire;
use crate::model::Location;
use crate::observe::{Receipt, ReceiptMistake, SentFile};

/// REC-005
pub(super) const RULE: Rule = Rule {
    code: "REC-005",
    name: "receipt-unreadable",
    source: include_str!("receipt_unreadable.md"),
};

/// One finding with every mistake as a place.
pub(super) fn check(sent: &SentFile<'_>, mistakes: &[ReceiptMistake], out: &mut Sink) {
    let place = |mistake: &ReceiptMistake| Location {
        pointer: Some(wire::pointer(&mistake.pointer, |_| false)),
        byte_offset: Some(mistake.byte_offset),
        ..Location::file(receipt_of(sent))
    };
    let Some((first, rest)) = mistakes.split_first() else {
        return;
    };
    let more: Vec<Location> = rest.iter().map(place).collect();
    let hit = Hit::new(&RULE, place(first))
        .expected(first.expected.clone())
        .observed(first.observed.clone());
    out.push_many(hit, mistakes.len() as u64, &more);
}

/// A receipt about another file, or with records that do not exist; true when there is no sense in reading on.
pub(super) fn contradicts(sent: &SentFile<'_>, receipt: &Receipt, out: &mut Sink) -> bool {
    let hit = |pointer: String| {
        let at = Location {
            pointer: Some(pointer),
            ..Location::file(receipt_of(sent))
        };
        Hit::new(&RULE, at)
    };
    if receipt.file != sent.name {
        let hit = hit("/file".to_owned())
            .expected(sent.name)
            .observed("another name");
        out.push(hit);
        return true;
    }
    let exists = |record: u64| (1..=receipt.records).contains(&record);
    let stray = receipt.rejected.iter().position(|r| !exists(r.record));
    let Some((index, record)) = stray.and_then(|i| Some((i, receipt.rejected.get(i)?.record)))
    else {
        return false;
    };
    out.push(
        hit(format!("/rejected/{index}/record"))
            .expected(format!("1..{}", receipt.records))
            .observed(record.to_string()),
    );
    true
}

fn receipt_of(sent: &SentFile<'_>) -> String {
    format!("{} (receipt)", sent.name)
}
