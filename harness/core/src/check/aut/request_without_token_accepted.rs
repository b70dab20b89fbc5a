use super::accepted;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Variation;

/// AUT-004
pub(super) const RULE: Rule = Rule {
    code: "AUT-004",
    name: "request-without-token-accepted",
    source: include_str!("request_without_token_accepted.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    let headers = &view.http.request.headers;
    let sent = headers
        .iter()
        .any(|h| h.name.eq_ignore_ascii_case("authorization"));
    if view.case.variation == Variation::NoToken && !sent {
        accepted(view, &RULE, &view.api.rules.refusal.no_token, out);
    }
}
