//! FIL-004 digest-file-mismatch: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::{Bilingual, Location};

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-004",
    name: "digest-file-mismatch",
    source: include_str!("digest_file_mismatch.md"),
};

/// The digest in `side_file` is not that of the data file. `what` says in both languages what is wrong.
pub(crate) fn check(
    side_file: &str,
    (expected, observed): (&str, &str),
    what: &Bilingual,
    out: &mut Sink,
) {
    out.push(
        Hit::new(&RULE, Location::file(side_file))
            .expected(expected)
            .observed(observed)
            .what(what)
            .key(side_file),
    );
}
