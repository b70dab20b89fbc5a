//! AGR: 協議事項・設定事項 — declared by two sides, decided by the standard, observed.

use super::rule::Rule;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[];
