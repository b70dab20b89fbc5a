use super::Told;
use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};

/// SEQ-002
pub(super) const RULE: Rule = Rule {
    code: "SEQ-002",
    name: "repeated-request-answered-differently",
    source: include_str!("repeated_request_answered_differently.md"),
};

/// Answers to one request that differ from the first in what the plan says must stay.
pub(super) fn check(told: &[Told], out: &mut Sink) {
    let Some((first, others)) = told.split_first() else {
        return;
    };
    for other in others.iter().filter(|o| o.values != first.values) {
        out.push(
            Hit::new(&RULE, other.place())
                .expected("the same value")
                .observed("another value")
                .arg("first", first.log().to_owned())
                .arg("again", other.log().to_owned()),
        );
    }
}
