//! FIL: file name, set, companion files, header and trailer totals.

use super::rule::Rule;
use super::sink::Sink;
use crate::record::FileTransfer;

pub mod archive_beyond_limits;
pub mod archive_broken;
pub mod companion_file_missing;
pub mod companion_not_as_agreed;
pub mod digest_file_mismatch;
pub mod empty_file;
pub mod extents_mixed;
pub mod file_delivered_twice;
pub mod file_missing;
pub mod file_name_not_as_agreed;
pub mod file_not_accessible;
pub mod file_not_in_agreement;
pub mod sequence_gap;
pub mod split_file_incomplete;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[
    &file_name_not_as_agreed::RULE,
    &empty_file::RULE,
    &companion_file_missing::RULE,
    &digest_file_mismatch::RULE,
    &sequence_gap::RULE,
    &file_missing::RULE,
    &file_not_accessible::RULE,
    &file_delivered_twice::RULE,
    &split_file_incomplete::RULE,
    &extents_mixed::RULE,
    &file_not_in_agreement::RULE,
    &archive_broken::RULE,
    &archive_beyond_limits::RULE,
    &companion_not_as_agreed::RULE,
];

/// Judges whether a file could be handed over at all; what is in it is the file engine's business.
pub fn examine(transfer: &FileTransfer, out: &mut Sink) {
    file_missing::check(transfer, out);
    file_not_accessible::check(transfer, out);
}
