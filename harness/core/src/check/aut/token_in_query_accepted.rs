use super::misused;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Misuse;

/// AUT-017
pub(super) const RULE: Rule = Rule {
    code: "AUT-017",
    name: "token-in-query-accepted",
    source: include_str!("token_in_query_accepted.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    misused(view, Misuse::TokenInQuery, &RULE, out);
}
