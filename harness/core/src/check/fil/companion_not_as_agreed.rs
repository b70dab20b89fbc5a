//! FIL-014 companion-not-as-agreed: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::Location;

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-014",
    name: "companion-not-as-agreed",
    source: include_str!("companion_not_as_agreed.md"),
};

/// The companion `file` has `bytes` bytes where none were agreed.
pub(crate) fn check(file: &str, bytes: u64, out: &mut Sink) {
    out.push(
        Hit::new(&RULE, Location::file(file))
            .expected("0")
            .observed(bytes.to_string())
            .key(file),
    );
}
