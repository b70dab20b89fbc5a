use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::Location;

/// SEQ-007
pub(super) const RULE: Rule = Rule {
    code: "SEQ-007",
    name: "awaited-call-missing",
    source: include_str!("awaited_call_missing.md"),
};

/// A call of the other side that a step waited for and that did not come. `path` and `wait_s` are the plan's; `why` is what
/// kept callers away, a failed handshake, or nothing where none tried.
pub fn check(step: &str, path: &str, wait_s: u64, why: &str, out: &mut Sink) {
    let mut observed = format!("none after {wait_s} s");
    if !why.is_empty() {
        observed.push_str("; ");
        observed.push_str(why);
    }
    out.push(
        Hit::new(&RULE, Location::default())
            .expected(path.to_owned())
            .observed(observed)
            .arg("step", step.to_owned())
            .arg("waited", wait_s.to_string())
            .key(step.to_owned()),
    );
}
