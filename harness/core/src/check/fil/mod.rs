//! FIL: file name, set, companion files, header and trailer totals.

use super::rule::Rule;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[];
