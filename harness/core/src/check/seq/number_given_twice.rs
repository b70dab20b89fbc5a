use std::collections::BTreeMap;

use super::Told;
use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};

/// SEQ-001
pub(super) const RULE: Rule = Rule {
    code: "SEQ-001",
    name: "number-given-twice",
    source: include_str!("number_given_twice.md"),
};

/// A value that stands in the answers to two requests.
pub(super) fn check(told: &[Told], out: &mut Sink) {
    let mut known: BTreeMap<&str, &Told> = BTreeMap::new();
    for answer in told {
        for value in &answer.values {
            match known.get(value.as_str()) {
                Some(first) if first.log() != answer.log() => out.push(
                    Hit::new(&RULE, answer.place())
                        .expected("another value in each answer")
                        .observed("the same value")
                        .arg("first", first.log().to_owned())
                        .arg("again", answer.log().to_owned())
                        .arg("calls", told.len().to_string()),
                ),
                Some(_) => {}
                None => {
                    known.insert(value, answer);
                }
            }
        }
    }
}
