//! FIL-011 file-not-in-agreement: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::{Bilingual, Location};

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-011",
    name: "file-not-in-agreement",
    source: include_str!("file_not_in_agreement.md"),
};

/// `file` is neither a data file of a layout nor the companion of one.
pub(crate) fn check(file: &str, expected: &str, what: &Bilingual, out: &mut Sink) {
    out.push(
        Hit::new(&RULE, Location::file(file))
            .expected(expected)
            .observed(file)
            .what(what)
            .key(file),
    );
}
