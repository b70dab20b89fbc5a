//! AUT: tokens, scopes, client authentication.

mod assertion_replay_accepted;
mod bound_token_accepted_without_certificate;
mod client_id_form;
mod client_secret_too_short;
mod clock_skew_beyond_tolerance_accepted;
mod clock_skew_not_tolerated;
mod expired_assertion_accepted;
mod expired_token_accepted;
mod foreign_token_accepted;
mod granted_scope_differs;
mod introspection_bad_token_active;
mod introspection_good_token_inactive;
mod introspection_without_authentication;
mod key_confusion_accepted;
mod malformed_scope_granted;
mod metadata_differ_from_profile;
mod platform_answer_unreadable;
mod refresh_token_issued;
mod request_without_token_accepted;
mod revoked_token_accepted;
mod tampered_token_accepted;
mod token_error_form_wrong;
mod token_for_two_providers_issued;
mod token_in_body_accepted;
mod token_in_query_accepted;
mod token_lifetime_beyond_guide;
mod token_lifetime_too_long;
mod token_not_bound_to_certificate;
mod token_not_issued;
mod token_signature_invalid;
mod token_type_wrong;
mod two_token_methods_accepted;
mod unknown_client_accepted;
mod unsigned_token_accepted;
mod wrong_audience_accepted;
mod wrong_scope_accepted;
mod wrong_secret_accepted;

use super::expectation;
use super::rule::Rule;
use super::sink::{Hit, Sink};
use crate::observe::{CallView, PlatformView, TokenView};
use crate::plan::{Misuse, Variation};

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
    &revoked_token_accepted::RULE,
    &foreign_token_accepted::RULE,
    &unsigned_token_accepted::RULE,
    &key_confusion_accepted::RULE,
    &tampered_token_accepted::RULE,
    &token_in_query_accepted::RULE,
    &token_in_body_accepted::RULE,
    &two_token_methods_accepted::RULE,
    &bound_token_accepted_without_certificate::RULE,
    &assertion_replay_accepted::RULE,
    &expired_assertion_accepted::RULE,
    &wrong_audience_accepted::RULE,
    &unknown_client_accepted::RULE,
    &wrong_secret_accepted::RULE,
    &clock_skew_not_tolerated::RULE,
    &clock_skew_beyond_tolerance_accepted::RULE,
    &malformed_scope_granted::RULE,
    &token_for_two_providers_issued::RULE,
    &introspection_good_token_inactive::RULE,
    &introspection_bad_token_active::RULE,
    &introspection_without_authentication::RULE,
    &platform_answer_unreadable::RULE,
    &metadata_differ_from_profile::RULE,
    &token_signature_invalid::RULE,
    &token_not_bound_to_certificate::RULE,
    &token_error_form_wrong::RULE,
];

/// Judges whether a call whose token is not good enough was refused.
pub fn examine_call(view: &CallView<'_>, out: &mut Sink) {
    request_without_token_accepted::check(view, out);
    expired_token_accepted::check(view, out);
    wrong_scope_accepted::check(view, out);
    revoked_token_accepted::check(view, out);
    foreign_token_accepted::check(view, out);
    unsigned_token_accepted::check(view, out);
    key_confusion_accepted::check(view, out);
    tampered_token_accepted::check(view, out);
    token_in_query_accepted::check(view, out);
    token_in_body_accepted::check(view, out);
    two_token_methods_accepted::check(view, out);
    bound_token_accepted_without_certificate::check(view, out);
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
    token_signature_invalid::check(view, out);
    token_not_bound_to_certificate::check(view, out);
}

/// Judges a token request that was wrong on purpose: it must be refused, and as RFC 6749 says.
pub fn examine_misuse(view: &TokenView<'_>, out: &mut Sink) {
    if view.http.response.is_none() {
        return; // NET or API-009 says why nothing came
    }
    assertion_replay_accepted::check(view, out);
    expired_assertion_accepted::check(view, out);
    wrong_audience_accepted::check(view, out);
    unknown_client_accepted::check(view, out);
    wrong_secret_accepted::check(view, out);
    clock_skew_not_tolerated::check(view, out);
    clock_skew_beyond_tolerance_accepted::check(view, out);
    malformed_scope_granted::check(view, out);
    token_for_two_providers_issued::check(view, out);
    let due = view.variation == Variation::Misuse(Misuse::ClockSkewInside);
    if !due {
        token_error_form_wrong::check(view, out);
    }
}

/// Judges what the platform said about tokens and about itself.
pub fn examine_platform(view: &PlatformView<'_>, out: &mut Sink) {
    if view.http.response.is_none() {
        return; // NET or API-009 says why nothing came
    }
    introspection_good_token_inactive::check(view, out);
    introspection_bad_token_active::check(view, out);
    introspection_without_authentication::check(view, out);
    platform_answer_unreadable::check(view, out);
    metadata_differ_from_profile::check(view, out);
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

/// A call with a misused token that succeeded. Where the token stands is checked on what was sent.
fn misused(view: &CallView<'_>, misuse: Misuse, rule: &'static Rule, out: &mut Sink) {
    let headers = &view.http.request.headers;
    let in_header = headers
        .iter()
        .any(|h| h.name.eq_ignore_ascii_case("authorization"));
    let meant = in_header != matches!(misuse, Misuse::TokenInQuery | Misuse::TokenInBody);
    if view.case.variation != Variation::Misuse(misuse) || !meant {
        return;
    }
    let Some(response) = view.response.as_ref().filter(|r| r.succeeded()) else {
        return;
    };
    out.push(
        Hit::new(rule, view.place())
            .expected(expectation::of(view).words())
            .observed(response.http.status.to_string())
            .arg("operation", view.operation.id.clone()),
    );
}

/// A token that was issued although the request was wrong.
fn issued_although(view: &TokenView<'_>, misuse: Misuse, rule: &'static Rule, out: &mut Sink) {
    if view.variation == Variation::Misuse(misuse) && view.issued() {
        out.push(
            hit(view, rule)
                .expected("400 | 401")
                .observed(answered(view)),
        );
    }
}

/// Status and error code, as far as they came.
fn answered(view: &TokenView<'_>) -> String {
    let status = view.status().unwrap_or_default();
    let error = view.facts().and_then(|f| f.error.as_deref());
    match error.filter(|e| e.len() <= 40 && e.bytes().all(|b| b.is_ascii_graphic())) {
        Some(error) => format!("{status} {error}"),
        None => status.to_string(),
    }
}

/// A hit about an exchange with the platform.
fn platform_hit(view: &PlatformView<'_>, rule: &'static Rule) -> Hit {
    Hit::new(rule, view.place()).arg("step", view.step.as_str())
}
