use super::issued_although;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::plan::Misuse;

/// AUT-025
pub(super) const RULE: Rule = Rule {
    code: "AUT-025",
    name: "wrong-secret-accepted",
    source: include_str!("wrong_secret_accepted.md"),
};

pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    issued_although(view, Misuse::WrongSecret, &RULE, out);
}
