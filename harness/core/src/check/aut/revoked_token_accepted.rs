use super::misused;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Misuse;

/// AUT-012
pub(super) const RULE: Rule = Rule {
    code: "AUT-012",
    name: "revoked-token-accepted",
    source: include_str!("revoked_token_accepted.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    misused(view, Misuse::RevokedToken, &RULE, out);
}
