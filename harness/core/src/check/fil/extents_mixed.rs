//! FIL-010 extents-mixed: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::Location;

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-010",
    name: "extents-mixed",
    source: include_str!("extents_mixed.md"),
};

/// `file` is of the extent `observed`, `first` of another one, `expected`.
pub(crate) fn check(file: &str, first: &str, (expected, observed): (&str, &str), out: &mut Sink) {
    out.push(
        Hit::new(&RULE, Location::file(file))
            .expected(expected)
            .observed(observed)
            .arg("first", first)
            .key(file),
    );
}
