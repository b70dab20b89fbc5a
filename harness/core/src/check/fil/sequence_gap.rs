//! FIL-005 sequence-gap: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::Location;

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-005",
    name: "sequence-gap",
    source: include_str!("sequence_gap.md"),
};

/// `expected` (one number or a range) is missing before the number `observed` of `file`.
pub(crate) fn check(file: &str, expected: &str, observed: &str, out: &mut Sink) {
    out.push(
        Hit::new(&RULE, Location::file(file))
            .expected(expected)
            .observed(observed)
            .key(format!("{file}|{expected}")),
    );
}
