//! `client_secret_jwt` (RFC 7523): the claims are read by hand so that each refusal has its own reason.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;

use super::Provider;
use crate::stand_in::config::ClientConfig;

/// Clocks of two systems may differ by this many seconds (agreement item A05).
const SKEW_S: i64 = 30;
/// An assertion valid for longer than this invites replay.
const LONGEST_LIFETIME_S: i64 = 600;

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Value>,
    exp: Option<i64>,
    iat: Option<i64>,
    jti: Option<String>,
}

/// The client an assertion claims to be, before anything is checked.
pub(super) fn claimed_client(token: &str) -> Option<String> {
    jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(token)
        .ok()?
        .sub
}

/// Checks signature and claims, and remembers the `jti`.
pub(super) fn check(
    provider: &Provider,
    client: &ClientConfig,
    token: &str,
) -> Result<(), &'static str> {
    let claims = verified(client, token)?;
    let id = Some(client.client_id.as_str());
    if claims.iss.as_deref() != id || claims.sub.as_deref() != id {
        return Err("iss and sub must be the client_id");
    }
    let audiences = match &claims.aud {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => return Err("aud is missing"),
    };
    if !audiences
        .iter()
        .any(|aud| provider.audiences.iter().any(|own| own == aud))
    {
        return Err("aud is not this token endpoint");
    }
    let now = provider.clock.now().as_second();
    let exp = claims.exp.ok_or("exp is missing")?;
    if exp.saturating_add(SKEW_S) <= now {
        return Err("the assertion has expired");
    }
    if exp > now.saturating_add(LONGEST_LIFETIME_S + SKEW_S) {
        return Err("exp is too far in the future");
    }
    if claims
        .iat
        .is_some_and(|iat| iat > now.saturating_add(SKEW_S))
    {
        return Err("iat is in the future");
    }
    let jti = claims
        .jti
        .filter(|j| !j.is_empty())
        .ok_or("jti is missing")?;
    let used = &mut provider.state().used;
    used.retain(|_, until| until.saturating_add(SKEW_S) > now);
    if used
        .insert(format!("{} {jti}", client.client_id), exp)
        .is_some()
    {
        return Err("jti was used before");
    }
    Ok(())
}

fn verified(client: &ClientConfig, token: &str) -> Result<Claims, &'static str> {
    let mut rules = Validation::new(Algorithm::HS256);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    let key = DecodingKey::from_secret(client.secret.expose().as_bytes());
    jsonwebtoken::decode::<Claims>(token, &key, &rules)
        .map(|data| data.claims)
        .map_err(|_| "the assertion is not signed with HS256 and this client's secret")
}
