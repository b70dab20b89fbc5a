use super::misused;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Misuse;

/// AUT-014
pub(super) const RULE: Rule = Rule {
    code: "AUT-014",
    name: "unsigned-token-accepted",
    source: include_str!("unsigned_token_accepted.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    misused(view, Misuse::AlgNone, &RULE, out);
}
