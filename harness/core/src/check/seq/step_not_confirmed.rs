use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::Location;

/// SEQ-008
pub(super) const RULE: Rule = Rule {
    code: "SEQ-008",
    name: "step-not-confirmed",
    source: include_str!("step_not_confirmed.md"),
};

/// A step that a person did not confirm. The comment is the person's own.
pub fn check(step: &str, comment: &str, out: &mut Sink) {
    out.push(
        Hit::new(&RULE, Location::default())
            .expected("confirmed")
            .observed("not confirmed")
            .arg("step", step.to_owned())
            .arg("comment", comment.to_owned())
            .key(step.to_owned()),
    );
}
