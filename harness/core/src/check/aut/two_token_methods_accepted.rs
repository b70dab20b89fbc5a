use super::misused;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Misuse;

/// AUT-019
pub(super) const RULE: Rule = Rule {
    code: "AUT-019",
    name: "two-token-methods-accepted",
    source: include_str!("two_token_methods_accepted.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    misused(view, Misuse::TwoMethods, &RULE, out);
}
