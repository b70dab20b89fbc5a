//! REC: what was sent against what the receiver says.

mod conforming_record_rejected;
mod receipt_missing;
mod receipt_unreadable;
mod received_bytes_differ;
mod record_count_differs;

use super::rule::Rule;
use super::sink::Sink;
use crate::observe::{Receipt, ReceiptFault, SentFile};

/// Rules of the area, in the order of codes.
pub(super) const RULES: &[&Rule] = &[
    &received_bytes_differ::RULE,
    &record_count_differs::RULE,
    &conforming_record_rejected::RULE,
    &receipt_missing::RULE,
    &receipt_unreadable::RULE,
];

/// Compares a delivered file with the receiver's receipt. When the receiver had other bytes, its counts and refusals say
/// nothing about ours; a receipt that contradicts itself or is about another file is not read further.
pub fn examine(sent: &SentFile<'_>, receipt: Result<&Receipt, &ReceiptFault>, out: &mut Sink) {
    let receipt = match receipt {
        Ok(receipt) => receipt,
        Err(ReceiptFault::Missing { waited_s }) => {
            return receipt_missing::check(sent, *waited_s, out);
        }
        Err(ReceiptFault::Unreadable(mistakes)) => {
            return receipt_unreadable::check(sent, mistakes, out);
        }
    };
    if receipt_unreadable::contradicts(sent, receipt, out) {
        return;
    }
    if received_bytes_differ::check(sent, receipt, out) {
        return;
    }
    record_count_differs::check(sent, receipt, out);
    conforming_record_rejected::check(sent, receipt, out);
}
