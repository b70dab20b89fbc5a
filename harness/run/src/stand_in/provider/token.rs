//! The token endpoint: client credentials (RFC 6749 4.4), errors as in RFC 6749 5.2.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, PRAGMA, WWW_AUTHENTICATE,
};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use jiff::SignedDuration;
use renkei_core::agreement::ClientAuth;
use renkei_core::spec::hex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::access_token::Claims;
use super::assertion;
use super::{Grant, Provider, Switch};
use crate::stand_in::config::ClientConfig;
use crate::stand_in::serve::Shown;

pub(super) const BODY_LIMIT: usize = 64 * 1024;
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An error of RFC 6749 5.2.
pub(super) struct Refused(
    pub(super) StatusCode,
    pub(super) &'static str,
    pub(super) &'static str,
);

pub(super) fn invalid_request(why: &'static str) -> Refused {
    Refused(StatusCode::BAD_REQUEST, "invalid_request", why)
}

pub(super) fn invalid_client(why: &'static str) -> Refused {
    Refused(StatusCode::UNAUTHORIZED, "invalid_client", why)
}

pub(super) async fn answer(provider: Arc<Provider>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    if head.method != Method::POST {
        return respond(
            StatusCode::METHOD_NOT_ALLOWED,
            &Value::Null,
            &[(ALLOW, "POST")],
        );
    }
    let basic = head.headers.contains_key(AUTHORIZATION);
    let outcome = match to_bytes(body, BODY_LIMIT).await {
        Ok(bytes) => issue(&provider, &head, &bytes),
        Err(_) => Err(invalid_request("the body is too long or was cut off")),
    };
    match outcome {
        Ok(granted) => respond(StatusCode::OK, &granted, &[]),
        Err(Refused(status, error, why)) => {
            let body = json!({"error": error, "error_description": why});
            if provider.on(Switch::TokenErrorAs500) {
                respond(StatusCode::INTERNAL_SERVER_ERROR, &Value::Null, &[])
            } else if status == StatusCode::UNAUTHORIZED && basic {
                respond(
                    status,
                    &body,
                    &[(WWW_AUTHENTICATE, "Basic realm=\"token\"")],
                )
            } else {
                respond(status, &body, &[])
            }
        }
    }
}

pub(super) fn respond(
    status: StatusCode,
    body: &Value,
    headers: &[(hyper::header::HeaderName, &'static str)],
) -> Response<Body> {
    let mut response = Response::new(match body {
        Value::Null => Body::empty(),
        body => Body::from(body.to_string()),
    });
    *response.status_mut() = status;
    let fixed = [
        (CONTENT_TYPE, "application/json;charset=UTF-8"),
        (CACHE_CONTROL, "no-store"),
        (PRAGMA, "no-cache"),
    ];
    for (name, value) in fixed.iter().chain(headers) {
        let value = hyper::header::HeaderValue::from_static(value);
        response.headers_mut().insert(name.clone(), value);
    }
    response
}

/// The parameters of a token request; each may appear once (RFC 6749 3.2).
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refused> {
        let media = headers
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        if !media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(invalid_request(
                "Content-Type must be application/x-www-form-urlencoded",
            ));
        }
        let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let repeated = pairs
            .iter()
            .enumerate()
            .any(|(i, (name, _))| pairs.iter().skip(i + 1).any(|(other, _)| other == name));
        if repeated {
            return Err(invalid_request("a parameter is given twice"));
        }
        Ok(Self(pairs))
    }

    /// A parameter without a value counts as left out (RFC 6749 3.2).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }
}

fn issue(provider: &Provider, head: &Parts, body: &[u8]) -> Result<Value, Refused> {
    let form = Form::parse(&head.headers, body)?;
    let client = authenticate(provider, head, &form)?;
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(Refused(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "only client_credentials",
            ));
        }
        None => return Err(invalid_request("grant_type is missing")),
    }
    let asked = form.get("scope").unwrap_or_default();
    let one = is_scope(asked)
        || (provider.on(Switch::TwoProvidersGranted) && asked.split(' ').all(is_scope))
        || provider.on(Switch::ScopeFormNotChecked);
    if !one {
        return Err(Refused(
            StatusCode::BAD_REQUEST,
            "invalid_scope",
            "one scope of the form business:call:operation is required",
        ));
    }
    let shown = head.extensions.get::<Shown>().and_then(|s| s.0.clone());
    Ok(grant(provider, client, asked, shown))
}

/// 業務ID:APIコール名:操作種類 (共通機能標準仕様書 2.1, 2.2.5).
fn is_scope(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_graphic()))
}

fn grant(provider: &Provider, client: &ClientConfig, asked: &str, shown: Option<String>) -> Value {
    let lifetime = if provider.on(Switch::TokenLifetime3600) {
        3600
    } else {
        client.token_lifetime_s
    };
    let scope = if provider.on(Switch::ScopeWidened) {
        format!("{asked}:All")
    } else {
        asked.to_owned()
    };
    let seconds = i64::try_from(lifetime).unwrap_or(i64::MAX);
    let now = provider.clock.now();
    let expires = now
        .checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(jiff::Timestamp::MAX);
    // Tokens are bound to a certificate only if it is the one that is registered (RFC 8705 3).
    let certificate =
        shown.filter(|c| *c == client.certificate && !provider.on(Switch::CertificateNotBound));
    let token = match provider.jwt_tokens {
        true => signed(provider, client, asked, expires, certificate.as_deref()),
        false => None,
    }
    .unwrap_or_else(fresh);
    provider.state().grants.insert(
        key(&token),
        Grant {
            // Tokens are checked against what was asked for, so that the widened scope is seen in the answer alone.
            scope: asked.to_owned(),
            expires,
            client_id: client.client_id.clone(),
            revoked: false,
            certificate,
        },
    );
    let token_type = if provider.on(Switch::TokenTypeWrong) {
        "mac"
    } else {
        "Bearer"
    };
    let mut body = json!({
        "access_token": token,
        "token_type": token_type,
        "expires_in": lifetime,
        "scope": scope,
    });
    if provider.on(Switch::RefreshTokenIssued)
        && let Some(members) = body.as_object_mut()
    {
        members.insert("refresh_token".to_owned(), Value::String(fresh()));
    }
    body
}

fn signed(
    provider: &Provider,
    client: &ClientConfig,
    scope: &str,
    expires: jiff::Timestamp,
    certificate: Option<&str>,
) -> Option<String> {
    provider.signer.sign(&Claims {
        iss: provider.url.clone(),
        aud: json!(scope.split(':').next()),
        client_id: client.client_id.clone(),
        scope: scope.to_owned(),
        exp: expires.as_second(),
        iat: provider.clock.now().as_second(),
        jti: fresh(),
        cnf: certificate.map(|c| json!({"x5t#S256": c})),
    })
}

fn fresh() -> String {
    let half = || uuid::Uuid::new_v4().simple().to_string();
    half() + &half()
}

pub(super) fn key(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

pub(super) fn authenticate<'p>(
    provider: &'p Provider,
    head: &Parts,
    form: &Form,
) -> Result<&'p ClientConfig, Refused> {
    let header = head
        .headers
        .get(AUTHORIZATION)
        .and_then(|v| v.to_str().ok());
    let assertion = form.get("client_assertion");
    if form.get("client_secret").is_some() {
        return Err(invalid_client("client_secret_post is not accepted"));
    }
    match (header, assertion) {
        (Some(_), Some(_)) => Err(invalid_request("two methods of client authentication")),
        (None, None) => by_certificate(provider, head, form),
        (Some(header), None) => {
            let (id, secret) = basic(header).ok_or(invalid_client("not HTTP Basic"))?;
            let client = known(provider, &id, &[ClientAuth::ClientSecretBasic])?;
            let right = client.secret.expose() == secret;
            if right || client.client_id != id || provider.on(Switch::SecretNotChecked) {
                Ok(client)
            } else {
                Err(invalid_client("wrong secret"))
            }
        }
        (None, Some(token)) => {
            if form.get("client_assertion_type") != Some(JWT_BEARER) {
                return Err(invalid_request(
                    "client_assertion_type is missing or unknown",
                ));
            }
            let id = assertion::claimed_client(token)
                .ok_or(invalid_client("the assertion is not a JWT"))?;
            let methods = [ClientAuth::ClientSecretJwt, ClientAuth::PrivateKeyJwt];
            let client = known(provider, &id, &methods)?;
            if !provider.on(Switch::AssertionNotChecked) && client.client_id == id {
                assertion::check(provider, client, token).map_err(invalid_client)?;
            }
            Ok(client)
        }
    }
}

/// The certificate of the connection is the registered one (RFC 8705 2).
fn by_certificate<'p>(
    provider: &'p Provider,
    head: &Parts,
    form: &Form,
) -> Result<&'p ClientConfig, Refused> {
    let id = form
        .get("client_id")
        .ok_or(invalid_client("no client authentication"))?;
    let client = known(provider, id, &[ClientAuth::TlsClientAuth])?;
    let shown = head.extensions.get::<Shown>().and_then(|s| s.0.as_deref());
    if shown == Some(client.certificate.as_str()) || provider.on(Switch::SecretNotChecked) {
        Ok(client)
    } else {
        Err(invalid_client("another certificate, or none"))
    }
}

fn known<'p>(
    provider: &'p Provider,
    id: &str,
    methods: &[ClientAuth],
) -> Result<&'p ClientConfig, Refused> {
    let mut by_method = provider
        .clients
        .iter()
        .filter(|c| methods.contains(&c.auth));
    let found = by_method.clone().find(|c| c.client_id == id);
    found
        .or_else(|| {
            by_method
                .next()
                .filter(|_| provider.on(Switch::UnknownClientAccepted))
        })
        .ok_or(invalid_client("unknown client, or not by this method"))
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, value) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = BASE64_STANDARD.decode(value.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((unescape(id), unescape(secret)))
}

fn unescape(half: &str) -> String {
    form_urlencoded::parse(half.as_bytes())
        .next()
        .map(|(text, _)| text.into_owned())
        .unwrap_or_default()
}
