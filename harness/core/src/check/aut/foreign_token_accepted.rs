use super::misused;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Misuse;

/// AUT-013
pub(super) const RULE: Rule = Rule {
    code: "AUT-013",
    name: "foreign-token-accepted",
    source: include_str!("foreign_token_accepted.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    misused(view, Misuse::ForeignToken, &RULE, out);
}
