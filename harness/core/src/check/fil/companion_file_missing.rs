//! FIL-003 companion-file-missing: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::Location;

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-003",
    name: "companion-file-missing",
    source: include_str!("companion_file_missing.md"),
};

/// `file` goes without the companion `expected`.
pub(crate) fn check(file: &str, expected: &str, out: &mut Sink) {
    out.push(
        Hit::new(&RULE, Location::file(file))
            .expected(expected)
            .observed(file)
            .key(expected),
    );
}
