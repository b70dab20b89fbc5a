use super::accepted;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Variation;

/// AUT-005
pub(super) const RULE: Rule = Rule {
    code: "AUT-005",
    name: "expired-token-accepted",
    source: include_str!("expired_token_accepted.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    if view.case.variation == Variation::ExpiredToken {
        accepted(view, &RULE, &view.api.rules.refusal.expired_token, out);
    }
}
