use super::issued_although;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::plan::Misuse;

/// AUT-023
pub(super) const RULE: Rule = Rule {
    code: "AUT-023",
    name: "wrong-audience-accepted",
    source: include_str!("wrong_audience_accepted.md"),
};

pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    issued_although(view, Misuse::WrongAudience, &RULE, out);
}
