//! FIL-013 archive-beyond-limits: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::{Bilingual, Location};

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-013",
    name: "archive-beyond-limits",
    source: include_str!("archive_beyond_limits.md"),
};

/// `file` was not unpacked, or not wholly: `expected` is the limit, `observed` what there is.
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
            .key(format!("{file}|{}", what.en)),
    );
}
