use super::issued_although;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::plan::Misuse;

/// AUT-022
pub(super) const RULE: Rule = Rule {
    code: "AUT-022",
    name: "expired-assertion-accepted",
    source: include_str!("expired_assertion_accepted.md"),
};

pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    issued_although(view, Misuse::ExpiredAssertion, &RULE, out);
}
