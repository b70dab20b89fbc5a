use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;

/// AUT-010
pub(super) const RULE: Rule = Rule {
    code: "AUT-010",
    name: "client-secret-too-short",
    source: include_str!("client_secret_too_short.md"),
};

/// Only the length is known here, never the secret.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let least = view.rules.client_secret_min;
    let Some(length) = view.secret_chars.filter(|length| *length < least) else {
        return;
    };
    let hit = hit(view, &RULE).expected(format!("{least}"));
    out.push(hit.observed(length.to_string()));
}
