//! Whether a call may be made: the token stands in the Authorization header, once, and the platform vouches for it.

use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use renkei_core::spec::Operation;
use serde_json::Value;
use url::form_urlencoded;

use super::{Grant, Provider, Switch, access_token, token};
use crate::stand_in::serve::Shown;

const NONE: &str = "Bearer";
const INVALID: &str = "Bearer error=\"invalid_token\"";
const REQUEST: &str = "Bearer error=\"invalid_request\"";
const SCOPE: &str = "Bearer error=\"insufficient_scope\"";

/// RFC 6750: refusals are the value of `WWW-Authenticate`.
pub(super) fn authorize(
    provider: &Provider,
    op: &Operation,
    head: &Parts,
    body: &[u8],
) -> Result<(), &'static str> {
    let token = found(provider, head, body)?;
    let Some(token) = token else {
        return provider
            .on(Switch::TokenNotChecked)
            .then_some(())
            .ok_or(NONE);
    };
    let needed = provider.api.scope(&op.id).unwrap_or_default();
    let shown = head.extensions.get::<Shown>().and_then(|s| s.0.as_deref());
    let grant = provider.state().grants.get(&token::key(&token)).cloned();
    match grant {
        Some(grant) => granted(provider, &grant, needed, shown),
        None => unknown(provider, &token, needed),
    }
}

/// The token, wherever this provider looks for one.
fn found(provider: &Provider, head: &Parts, body: &[u8]) -> Result<Option<String>, &'static str> {
    let query = head.uri.query().unwrap_or_default();
    let in_query = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "access_token")
        .map(|(_, value)| value.into_owned());
    let in_header = in_header(&head.headers);
    if in_header.is_some() && in_query.is_some() && !provider.on(Switch::TwoMethodsAccepted) {
        return Err(REQUEST);
    }
    let in_query = in_query.filter(|_| provider.on(Switch::TokenInQueryAccepted));
    let in_body = || {
        let json: Option<Value> = serde_json::from_slice(body).ok();
        let told = json.and_then(|j| Some(j.get("access_token")?.as_str()?.to_owned()));
        told.filter(|_| provider.on(Switch::TokenInBodyAccepted))
    };
    Ok(in_header.or(in_query).or_else(in_body))
}

fn in_header(headers: &HeaderMap) -> Option<String> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let (Some(one), None) = (given.next(), given.next()) else {
        return None;
    };
    let (scheme, token) = one.to_str().ok()?.split_once(' ')?;
    let bearer = scheme.eq_ignore_ascii_case("bearer");
    bearer.then(|| token.trim().to_owned())
}

fn granted(
    provider: &Provider,
    grant: &Grant,
    needed: &str,
    shown: Option<&str>,
) -> Result<(), &'static str> {
    if grant.expires <= provider.clock.now() && !provider.on(Switch::ExpiryIgnored) {
        return Err(INVALID);
    }
    // A provider that does not ask the platform never hears of revocations.
    if grant.revoked && !provider.on(Switch::IntrospectionSkipped) {
        return Err(INVALID);
    }
    let bound = grant.certificate.as_deref();
    if bound.is_some() && bound != shown && !provider.on(Switch::CertificateNotChecked) {
        return Err(INVALID);
    }
    scope(provider, &grant.scope, needed)
}

fn unknown(provider: &Provider, token: &str, needed: &str) -> Result<(), &'static str> {
    if provider.on(Switch::TokenNotChecked) || provider.on(Switch::ForeignTokenAccepted) {
        return Ok(());
    }
    let claims = access_token::believed(provider, token).ok_or(INVALID)?;
    if claims.exp <= provider.clock.now().as_second() {
        return Err(INVALID);
    }
    scope(provider, &claims.scope, needed)
}

fn scope(provider: &Provider, granted: &str, needed: &str) -> Result<(), &'static str> {
    let business = |scope: &str| scope.split(':').next().unwrap_or_default().to_owned();
    let held = granted.split_ascii_whitespace().any(|s| s == needed);
    let foreign = business(granted) != business(needed);
    if held
        || provider.on(Switch::ScopeIgnored)
        || (foreign && provider.on(Switch::ForeignTokenAccepted))
    {
        return Ok(());
    }
    Err(SCOPE)
}
