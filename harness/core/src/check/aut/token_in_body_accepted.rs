use super::misused;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Misuse;

/// AUT-018
pub(super) const RULE: Rule = Rule {
    code: "AUT-018",
    name: "token-in-body-accepted",
    source: include_str!("token_in_body_accepted.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    misused(view, Misuse::TokenInBody, &RULE, out);
}
