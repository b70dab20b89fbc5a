//! FIL: file name, set, companion files, header and trailer totals.

use super::rule::Rule;
use super::sink::Sink;
use crate::record::FileTransfer;

pub mod empty_file;
pub mod file_missing;
pub mod file_name_not_as_agreed;
pub mod file_not_accessible;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[
    &file_name_not_as_agreed::RULE,
    &empty_file::RULE,
    &file_missing::RULE,
    &file_not_accessible::RULE,
];

/// Judges whether a file could be handed over at all; what is in it is the file engine's business.
pub fn examine(transfer: &FileTransfer, out: &mut Sink) {
    file_missing::check(transfer, out);
    file_not_accessible::check(transfer, out);
}
