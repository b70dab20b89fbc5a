use super::issued_although;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::plan::Misuse;

/// AUT-021
pub(super) const RULE: Rule = Rule {
    code: "AUT-021",
    name: "assertion-replay-accepted",
    source: include_str!("assertion_replay_accepted.md"),
};

pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    issued_although(view, Misuse::AssertionReplay, &RULE, out);
}
