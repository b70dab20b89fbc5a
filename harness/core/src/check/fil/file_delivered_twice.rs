//! FIL-008 file-delivered-twice: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::{Bilingual, Location};

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-008",
    name: "file-delivered-twice",
    source: include_str!("file_delivered_twice.md"),
};

/// `file` has the same number, or the same name, as `first`. `what` says which in both languages.
pub(crate) fn check(file: &str, first: &str, what: &Bilingual, out: &mut Sink) {
    out.push(
        Hit::new(&RULE, Location::file(file))
            .expected(first)
            .observed(file)
            .what(what)
            .key(file),
    );
}
