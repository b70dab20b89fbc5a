//! Tokens by client credentials (RFC 6749 4.4), with the client authenticated by a signed assertion (RFC 7523) or by
//! HTTP Basic (RFC 6749 2.3.1).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::Method;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use renkei_core::agreement::ClientAuth;
use renkei_core::observe::plain;
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
    /// The client's secret, or its private key in PEM.
    pub secret: &'a Secret,
    /// Scope; empty for none.
    pub scope: &'a str,
}

/// What of a token request is wrong on purpose; the default: nothing.
#[derive(Clone, Copy, Default)]
pub struct Twist<'a> {
    /// Another `client_id`.
    pub client_id: Option<&'a str>,
    /// Another secret or key.
    pub secret: Option<&'a Secret>,
    /// Another `aud`.
    pub audience: Option<&'a str>,
    /// The assertion's clock is ahead by so many seconds; `nbf` (RFC 7519 4.1.5) is then given too.
    pub ahead_s: i64,
    /// The assertion ended so many seconds ago.
    pub ended_s: i64,
    /// `kid` of the assertion; empty for none.
    pub kid: &'a str,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    jti: String,
}

/// Makes the token request. Every secret in it is known to the vault before it is sent.
///
/// # Errors
/// The words of the library when signing fails.
pub fn request(asking: &Asking<'_>, clock: &Clock, vault: &Vault) -> Result<Outgoing, String> {
    twisted(asking, &Twist::default(), clock, vault)
}

/// Makes a token request that is wrong in one respect, or in none.
///
/// # Errors
/// The words of the library when signing fails.
pub fn twisted(
    asking: &Asking<'_>,
    twist: &Twist<'_>,
    clock: &Clock,
    vault: &Vault,
) -> Result<Outgoing, String> {
    vault.learn(asking.secret);
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    if !asking.scope.is_empty() {
        form.append_pair("scope", asking.scope);
    }
    posted(asking, twist, form, clock, vault)
}

/// A question about a token (RFC 7662 2.1), or the wish to revoke it (RFC 7009 2.1); both carry the same parameters.
///
/// # Errors
/// The words of the library when signing fails.
pub fn about(
    asking: &Asking<'_>,
    token: &Secret,
    kid: &str,
    clock: &Clock,
    vault: &Vault,
) -> Result<Outgoing, String> {
    vault.learn(asking.secret);
    vault.learn(token);
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token.expose());
    form.append_pair("token_type_hint", "access_token");
    let twist = Twist {
        kid,
        ..Twist::default()
    };
    posted(asking, &twist, form, clock, vault)
}

/// The same question by nobody: without client authentication.
pub fn about_by_nobody(url: &Url, token: &Secret, vault: &Vault) -> Outgoing {
    vault.learn(token);
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token.expose());
    Outgoing {
        method: Method::POST,
        url: url.clone(),
        headers: form_headers(),
        body: form.finish().into_bytes(),
    }
}

fn form_headers() -> Vec<(hyper::header::HeaderName, HeaderValue)> {
    vec![
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        ),
        (ACCEPT, HeaderValue::from_static("application/json")),
    ]
}

/// Adds who the client is, in the way that it authenticates.
fn posted(
    asking: &Asking<'_>,
    twist: &Twist<'_>,
    mut form: form_urlencoded::Serializer<'_, String>,
    clock: &Clock,
    vault: &Vault,
) -> Result<Outgoing, String> {
    let secret = twist.secret.unwrap_or(asking.secret);
    let client_id = twist.client_id.unwrap_or(asking.client_id);
    vault.learn(secret);
    let mut headers = form_headers();
    match asking.auth {
        ClientAuth::TlsClientAuth => {
            form.append_pair("client_id", client_id);
        }
        ClientAuth::ClientSecretJwt | ClientAuth::PrivateKeyJwt => {
            let assertion = assertion(asking, twist, clock)?;
            vault.learn(&assertion);
            form.append_pair(
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            );
            form.append_pair("client_assertion", assertion.expose());
        }
        ClientAuth::ClientSecretBasic => {
            let pair = basic(client_id, secret.expose());
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

fn assertion(asking: &Asking<'_>, twist: &Twist<'_>, clock: &Clock) -> Result<Secret, String> {
    let now = clock.now().as_second().saturating_add(twist.ahead_s);
    let client_id = twist.client_id.unwrap_or(asking.client_id);
    let secret = twist.secret.unwrap_or(asking.secret).expose();
    let begun = match twist.ended_s {
        0 => now,
        ended => now.saturating_sub(ended + ASSERTION_LIFETIME_S),
    };
    let claims = Claims {
        iss: client_id,
        sub: client_id,
        aud: twist.audience.unwrap_or(asking.audience),
        iat: begun,
        exp: begun + ASSERTION_LIFETIME_S,
        nbf: (twist.ahead_s != 0).then_some(begun),
        jti: uuid::Uuid::new_v4().to_string(),
    };
    let (alg, key) = match asking.auth {
        ClientAuth::PrivateKeyJwt => crate::jwt::signing_key(secret)?,
        _ => (
            Algorithm::HS256,
            EncodingKey::from_secret(secret.as_bytes()),
        ),
    };
    let mut header = Header::new(alg);
    header.kid = (!twist.kid.is_empty()).then(|| twist.kid.to_owned());
    jsonwebtoken::encode(&header, &claims, &key)
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
    let coding = reply.headers.get(hyper::header::CONTENT_ENCODING);
    let bytes = plain(coding.and_then(|c| c.to_str().ok()), &reply.body).unwrap_or_default();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
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
        assertion_alg: None,
        certificate: None,
        jwt: None,
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
