//! AUT: tokens, scopes, client authentication.

mod client_id_form;
mod client_secret_too_short;
mod expired_token_accepted;
mod granted_scope_differs;
mod refresh_token_issued;
mod request_without_token_accepted;
mod token_lifetime_beyond_guide;
mod token_lifetime_too_long;
mod token_not_issued;
mod token_type_wrong;
mod wrong_scope_accepted;

use super::rule::Rule;
use super::sink::{Hit, Sink};
use crate::observe::{CallView, TokenView};
use crate::plan::Variation;

/// Rules of the area, in the order of codes.
pub(super) const RULES: &[&Rule] = &[
    &token_not_issued::RULE,
    &token_lifetime_too_long::RULE,
    &refresh_token_issued::RULE,
    &request_without_token_accepted::RULE,
    &expired_token_accepted::RULE,
    &wrong_scope_accepted::RULE,
    &granted_scope_differs::RULE,
    &token_type_wrong::RULE,
    &client_id_form::RULE,
    &client_secret_too_short::RULE,
    &token_lifetime_beyond_guide::RULE,
];

/// Judges whether a call whose token is not good enough was refused.
pub fn examine_call(view: &CallView<'_>, out: &mut Sink) {
    request_without_token_accepted::check(view, out);
    expired_token_accepted::check(view, out);
    wrong_scope_accepted::check(view, out);
}

/// Judges what a token endpoint answered. A scope that was to be refused and was refused is right.
pub fn examine_token(view: &TokenView<'_>, out: &mut Sink) {
    client_id_form::check(view, out);
    client_secret_too_short::check(view, out);
    if view.http.response.is_none() {
        return; // NET or API-009 says why nothing came
    }
    if view.variation == Variation::WrongScope && view.scope_refused() {
        return;
    }
    token_not_issued::check(view, out);
    if !view.issued() {
        return;
    }
    token_lifetime_too_long::check(view, out);
    token_lifetime_beyond_guide::check(view, out);
    refresh_token_issued::check(view, out);
    token_type_wrong::check(view, out);
    granted_scope_differs::check(view, out);
}

/// A hit about a token exchange.
fn hit(view: &TokenView<'_>, rule: &'static Rule) -> Hit {
    let status = view.status().map(|s| s.to_string()).unwrap_or_default();
    Hit::new(rule, view.place()).arg("status", status)
}

/// A hit about a call that succeeded although its token was not good enough.
fn accepted(view: &CallView<'_>, rule: &'static Rule, expected: &[u16], out: &mut Sink) {
    let Some(response) = view.response.as_ref().filter(|r| r.succeeded()) else {
        return;
    };
    let words: Vec<String> = expected.iter().map(u16::to_string).collect();
    out.push(
        Hit::new(rule, view.place())
            .expected(words.join(" | "))
            .observed(response.http.status.to_string())
            .arg("operation", view.operation.id.clone()),
    );
}
