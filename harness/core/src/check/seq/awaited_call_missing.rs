use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::Location;

/// SEQ-007
pub(super) const RULE: Rule = Rule {
    code: "SEQ-007",
    name: "awaited-call-missing",
    source: include_str!("awaited_call_missing.md"),
};

/// A call of the other side that a step waited for and that did not come. `path` and `wait_s` are the plan's.
pub fn check(step: &str, path: &str, wait_s: u64, out: &mut Sink) {
    out.push(
        Hit::new(&RULE, Location::default())
            .expected(path.to_owned())
            .observed(format!("none after {wait_s} s"))
            .arg("step", step.to_owned())
            .arg("waited", wait_s.to_string())
            .key(step.to_owned()),
    );
}
