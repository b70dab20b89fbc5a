use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::Location;
use crate::observe::SentFile;

/// REC-004
pub(super) const RULE: Rule = Rule {
    code: "REC-004",
    name: "receipt-missing",
    source: include_str!("receipt_missing.md"),
};

pub(super) fn check(sent: &SentFile<'_>, waited_s: u64, out: &mut Sink) {
    out.push(
        Hit::new(&RULE, Location::file(sent.name))
            .expected("receipt")
            .observed(format!("none after {waited_s} s"))
            .arg("waited", waited_s.to_string()),
    );
}
