//! `client_secret_jwt` and `private_key_jwt` (RFC 7523): the claims are read by hand so that each refusal has its own reason.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use renkei_core::agreement::ClientAuth;
use serde::Deserialize;
use serde_json::Value;

use super::{Provider, Switch};
use crate::jwt::signing_key;
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
    nbf: Option<i64>,
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
    let claims = match provider.on(Switch::SecretNotChecked) {
        true => jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(token)
            .map_err(|_| "the assertion is not a JWT")?,
        false => verified(client, token)?,
    };
    let id = Some(client.client_id.as_str());
    if claims.iss.as_deref() != id || claims.sub.as_deref() != id {
        return Err("iss and sub must be the client_id");
    }
    let audiences = match &claims.aud {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => return Err("aud is missing"),
    };
    let for_us = |aud: &&str| provider.audiences.iter().any(|own| own == aud);
    if !audiences.iter().any(for_us) && !provider.on(Switch::AudienceIgnored) {
        return Err("aud is not this token endpoint");
    }
    in_time(provider, &claims)?;
    let jti = claims
        .jti
        .filter(|j| !j.is_empty())
        .ok_or("jti is missing")?;
    let (now, exp) = (
        provider.clock.now().as_second(),
        claims.exp.unwrap_or_default(),
    );
    let used = &mut provider.state().used;
    used.retain(|_, until| until.saturating_add(SKEW_S) > now);
    if used
        .insert(format!("{} {jti}", client.client_id), exp)
        .is_some()
        && !provider.on(Switch::AssertionReplayAccepted)
    {
        return Err("jti was used before");
    }
    Ok(())
}

fn in_time(provider: &Provider, claims: &Claims) -> Result<(), &'static str> {
    let skew = match provider.on(Switch::ClockSkewRefused) {
        true => 0,
        false => SKEW_S,
    };
    let now = provider.clock.now().as_second();
    let exp = claims.exp.ok_or("exp is missing")?;
    if exp.saturating_add(skew) <= now && !provider.on(Switch::AssertionExpiryIgnored) {
        return Err("the assertion has expired");
    }
    if provider.on(Switch::ClockSkewUnlimited) {
        return Ok(());
    }
    if exp > now.saturating_add(LONGEST_LIFETIME_S + skew) {
        return Err("exp is too far in the future");
    }
    let ahead = |time: Option<i64>| time.is_some_and(|t| t > now.saturating_add(skew));
    if ahead(claims.iat) || ahead(claims.nbf) {
        return Err("iat or nbf is in the future");
    }
    Ok(())
}

fn verified(client: &ClientConfig, token: &str) -> Result<Claims, &'static str> {
    let (alg, key) = key(client)?;
    let mut rules = Validation::new(alg);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    jsonwebtoken::decode::<Claims>(token, &key, &rules)
        .map(|data| data.claims)
        .map_err(|_| "the assertion is not signed with this client's secret or key")
}

/// HS256 with the secret, or the public half of the client's key.
fn key(client: &ClientConfig) -> Result<(Algorithm, DecodingKey), &'static str> {
    if client.auth != ClientAuth::PrivateKeyJwt {
        let key = DecodingKey::from_secret(client.secret.expose().as_bytes());
        return Ok((Algorithm::HS256, key));
    }
    let unusable = "the key of this client cannot be used";
    let (alg, key) = signing_key(client.secret.expose()).map_err(|_| unusable)?;
    let public = Jwk::from_encoding_key(&key, alg).map_err(|_| unusable)?;
    let key = DecodingKey::from_jwk(&public).map_err(|_| unusable)?;
    Ok((alg, key))
}
