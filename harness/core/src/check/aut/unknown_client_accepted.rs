use super::issued_although;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::plan::Misuse;

/// AUT-024
pub(super) const RULE: Rule = Rule {
    code: "AUT-024",
    name: "unknown-client-accepted",
    source: include_str!("unknown_client_accepted.md"),
};

pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    issued_although(view, Misuse::UnknownClient, &RULE, out);
}
