use super::misused;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Misuse;

/// AUT-016
pub(super) const RULE: Rule = Rule {
    code: "AUT-016",
    name: "tampered-token-accepted",
    source: include_str!("tampered_token_accepted.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    misused(view, Misuse::TamperedToken, &RULE, out);
}
