//! FIL: file name, set, companion files, header and trailer totals.

use super::rule::Rule;

pub mod companion_file_missing;
pub mod digest_file_mismatch;
pub mod empty_file;
pub mod file_missing;
pub mod file_name_not_as_agreed;
pub mod sequence_gap;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[
    &file_name_not_as_agreed::RULE,
    &empty_file::RULE,
    &companion_file_missing::RULE,
    &digest_file_mismatch::RULE,
    &sequence_gap::RULE,
    &file_missing::RULE,
];
