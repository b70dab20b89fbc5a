use super::place;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, ResponseView};

/// API-053
pub(super) const RULE: Rule = Rule {
    code: "API-053",
    name: "server-error-answered",
    source: include_str!("server_error_answered.md"),
};

/// A documented server error to a request that is as documented: permitted, but a person must know why it happened.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) {
    let status = response.http.status;
    if status < 500 || response.documented.is_none() {
        return;
    }
    out.push(
        place::answer(view, &RULE, view.place())
            .expected("2XX | 4XX")
            .observed(status.to_string())
            .key(status.to_string()),
    );
}
