//! Tokens by client credentials (RFC 6749 4.4), with the client authenticated by a signed assertion (RFC 7523) or by
//! HTTP Basic (RFC 6749 2.3.1).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::Method;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use renkei_core::agreement::ClientAuth;
use renkei_core::record::TokenFacts;
use serde::Serialize;
use serde_json::Value;
use url::Url;
use url::form_urlencoded;

use crate::clock::Clock;
use crate::http::{Answer, Outgoing};
use crate::secret::{Secret, Vault};

/// How long an assertion is valid, in seconds: long enough for a slow platform, short enough to be worthless later.
const ASSERTION_LIFETIME_S: i64 = 60;

/// What is asked for, and as whom.
pub struct Asking<'a> {
    /// Token endpoint.
    pub url: &'a Url,
    /// `aud` of the assertion.
    pub audience: &'a str,
    /// Method of client authentication.
    pub auth: ClientAuth,
    /// `client_id`.
    pub client_id: &'a str,
    /// The client's secret.
    pub secret: &'a Secret,
    /// Scope; empty for none.
    pub scope: &'a str,
}

/// A token that was issued.
#[derive(Clone)]
pub struct Token {
    /// The token itself.
    pub value: Secret,
    /// When it ends, by the issuer's `expires_in`; none when it did not say.
    pub expires: Option<Timestamp>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

/// Makes the token request. Every secret in it is known to the vault before it is sent.
///
/// # Errors
/// The words of the library when signing fails.
pub fn request(asking: &Asking<'_>, clock: &Clock, vault: &Vault) -> Result<Outgoing, String> {
    vault.learn(asking.secret);
    let mut headers = vec![
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        ),
        (ACCEPT, HeaderValue::from_static("application/json")),
    ];
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    if !asking.scope.is_empty() {
        form.append_pair("scope", asking.scope);
    }
    match asking.auth {
        ClientAuth::ClientSecretJwt => {
            let assertion = assertion(asking, clock)?;
            vault.learn(&assertion);
            form.append_pair(
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            );
            form.append_pair("client_assertion", assertion.expose());
        }
        ClientAuth::ClientSecretBasic => {
            let pair = basic(asking.client_id, asking.secret.expose());
            vault.learn(&pair);
            let mut value = HeaderValue::from_str(&format!("Basic {}", pair.expose()))
                .map_err(|e| e.to_string())?;
            value.set_sensitive(true);
            headers.push((AUTHORIZATION, value));
        }
    }
    Ok(Outgoing {
        method: Method::POST,
        url: asking.url.clone(),
        headers,
        body: form.finish().into_bytes(),
    })
}

fn assertion(asking: &Asking<'_>, clock: &Clock) -> Result<Secret, String> {
    let now = clock.now().as_second();
    let claims = Claims {
        iss: asking.client_id,
        sub: asking.client_id,
        aud: asking.audience,
        iat: now,
        exp: now + ASSERTION_LIFETIME_S,
        jti: uuid::Uuid::new_v4().to_string(),
    };
    let key = EncodingKey::from_secret(asking.secret.expose().as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
        .map(Secret::new)
        .map_err(|e| e.to_string())
}

/// Both halves are form-encoded before they are joined (RFC 6749 2.3.1).
fn basic(client_id: &str, secret: &str) -> Secret {
    let half = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let joined = zeroize::Zeroizing::new(format!("{}:{}", half(client_id), half(secret)));
    Secret::new(BASE64_STANDARD.encode(joined.as_bytes()))
}

/// Reads what the token endpoint answered. `None` for the token when none was issued; the facts say what was.
pub fn read(answer: &Answer, clock: &Clock, vault: &Vault) -> (Option<Token>, Option<TokenFacts>) {
    let Some(reply) = &answer.reply else {
        return (None, None);
    };
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let secret = |name: &str| {
        let value = Secret::new(text(name).filter(|v| !v.is_empty())?);
        vault.learn(&value);
        Some(value)
    };
    let refresh = secret("refresh_token");
    let value = secret("access_token").filter(|_| reply.status.is_success());
    let expires_in = body.get("expires_in").and_then(seconds);
    let facts = TokenFacts {
        token_type: text("token_type").map(str::to_owned),
        expires_in,
        scope: text("scope").map(str::to_owned),
        refresh_token: refresh.is_some() || body.get("refresh_token").is_some_and(|v| !v.is_null()),
        token_digest: value.as_ref().map(Secret::digest),
        error: text("error").map(str::to_owned),
        secret_chars: None,
    };
    let expires =
        expires_in.and_then(|s| clock.now().checked_add(SignedDuration::from_secs(s)).ok());
    (value.map(|value| Token { value, expires }), Some(facts))
}

/// RFC 6749 wants a number; some platforms write it as a string, and its value is known all the same.
fn seconds(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// The header that carries a token (RFC 6750 2.1).
pub fn bearer(token: &Token) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.value.expose())).ok()?;
    value.set_sensitive(true);
    Some(value)
}
