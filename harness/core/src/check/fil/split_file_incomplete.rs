//! FIL-009 split-file-incomplete: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::{Bilingual, Location};

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-009",
    name: "split-file-incomplete",
    source: include_str!("split_file_incomplete.md"),
};

/// The parts of the split file that `file` belongs to are not all there, or do not agree. `what` says how.
pub(crate) fn check(
    file: &str,
    (expected, observed): (&str, &str),
    what: &Bilingual,
    out: &mut Sink,
) {
    out.push(
        Hit::new(&RULE, Location::file(file))
            .expected(expected)
            .observed(observed)
            .what(what)
            .key(format!("{file}|{expected}|{}", what.en)),
    );
}
