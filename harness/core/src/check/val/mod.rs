//! VAL: field values.

use super::rule::Rule;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[];
