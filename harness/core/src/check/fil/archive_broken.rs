//! FIL-012 archive-broken: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::{Bilingual, Location};

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-012",
    name: "archive-broken",
    source: include_str!("archive_broken.md"),
};

/// `file` cannot be unpacked; `at` is the offset up to which it was read, where that is known.
pub(crate) fn check(file: &str, at: Option<u64>, what: &Bilingual, out: &mut Sink) {
    let place = Location {
        byte_offset: at,
        ..Location::file(file)
    };
    out.push(
        Hit::new(&RULE, place)
            .what(what)
            .key(format!("{file}|{}", what.en)),
    );
}
