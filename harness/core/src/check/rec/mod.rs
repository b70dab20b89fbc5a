//! REC: what was sent against what was received.

use super::rule::Rule;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[];
