//! The authorization platform beside its token endpoint: metadata (RFC 8414, OpenID Connect Discovery), key set (RFC 7517),
//! introspection (RFC 7662), revocation (RFC 7009). Everything stands beside the token endpoint's own path.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::token::{BODY_LIMIT, Form, Refused, authenticate, invalid_request, key, respond};
use super::{Provider, Switch};

/// What a path of the platform stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Metadata,
    Keys,
    Introspection,
    Revocation,
}

/// Paths of the platform, from the path of its token endpoint.
pub(super) fn part(token_path: &str, path: &str) -> Option<Part> {
    if matches!(
        path,
        "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server"
    ) {
        return Some(Part::Metadata);
    }
    match path.strip_prefix(folder(token_path))? {
        "/jwks" => Some(Part::Keys),
        "/introspect" => Some(Part::Introspection),
        "/revoke" => Some(Part::Revocation),
        _ => None,
    }
}

fn folder(token_path: &str) -> &str {
    token_path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) async fn answer(
    provider: Arc<Provider>,
    part: Part,
    request: Request<Body>,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let wanted = match part {
        Part::Metadata | Part::Keys => Method::GET,
        Part::Introspection | Part::Revocation => Method::POST,
    };
    if head.method != wanted {
        return respond(StatusCode::METHOD_NOT_ALLOWED, &Value::Null, &[]);
    }
    let outcome = match (part, to_bytes(body, BODY_LIMIT).await) {
        (Part::Metadata, _) => Ok(metadata(&provider)),
        (Part::Keys, _) => Ok(match provider.on(Switch::KeysOutOfDate) {
            true => provider.old_signer.published(),
            false => provider.signer.published(),
        }),
        (_, Err(_)) => Err(invalid_request("the body is too long or was cut off")),
        (Part::Introspection, Ok(bytes)) => introspect(&provider, &head, &bytes),
        (Part::Revocation, Ok(bytes)) => revoke(&provider, &head, &bytes),
    };
    match outcome {
        Ok(body) => respond(StatusCode::OK, &body, &[]),
        Err(Refused(status, error, why)) => respond(
            status,
            &json!({"error": error, "error_description": why}),
            &[],
        ),
    }
}

fn metadata(provider: &Provider) -> Value {
    let (url, token_path) = (&provider.url, &provider.token_path);
    let folder = folder(token_path);
    let token = match provider.on(Switch::MetadataWrong) {
        true => format!("{url}{folder}/old-token"),
        false => format!("{url}{token_path}"),
    };
    json!({
        "issuer": url,
        "token_endpoint": token,
        "jwks_uri": format!("{url}{folder}/jwks"),
        "introspection_endpoint": format!("{url}{folder}/introspect"),
        "revocation_endpoint": format!("{url}{folder}/revoke"),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported":
            ["client_secret_jwt", "client_secret_basic", "private_key_jwt", "tls_client_auth"],
        "token_endpoint_auth_signing_alg_values_supported": ["HS256", "RS256", "ES256"],
        "tls_client_certificate_bound_access_tokens": true,
    })
}

/// A token that is not good is `active: false` and nothing more (RFC 7662 2.2).
fn introspect(provider: &Provider, head: &Parts, body: &[u8]) -> Result<Value, Refused> {
    let form = Form::parse(&head.headers, body)?;
    if !provider.on(Switch::IntrospectionOpen) {
        authenticate(provider, head, &form)?;
    }
    let token = form
        .get("token")
        .ok_or(invalid_request("token is missing"))?;
    if provider.on(Switch::IntrospectionInactive) {
        return Ok(json!({"active": false}));
    }
    let grant = provider.state().grants.get(&key(token)).cloned();
    let now = provider.clock.now();
    let good = grant.filter(|g| !g.revoked && g.expires > now);
    let mut told = match (&good, provider.on(Switch::IntrospectionAlwaysActive)) {
        (Some(grant), _) => json!({
            "active": true,
            "scope": grant.scope,
            "client_id": grant.client_id,
            "exp": grant.expires.as_second(),
            "iss": provider.url,
            "token_type": "Bearer",
        }),
        (None, true) => json!({"active": true}),
        (None, false) => json!({"active": false}),
    };
    if let Some(bound) = good.and_then(|g| g.certificate) {
        told["cnf"] = json!({"x5t#S256": bound});
    }
    Ok(told)
}

/// An unknown token is no error (RFC 7009 2.2); that of another client is not revoked (2.1).
fn revoke(provider: &Provider, head: &Parts, body: &[u8]) -> Result<Value, Refused> {
    let form = Form::parse(&head.headers, body)?;
    let client = authenticate(provider, head, &form)?;
    let token = form
        .get("token")
        .ok_or(invalid_request("token is missing"))?;
    if !provider.on(Switch::RevocationIgnored)
        && let Some(grant) = provider.state().grants.get_mut(&key(token))
        && grant.client_id == client.client_id
    {
        grant.revoked = true;
    }
    Ok(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stand_beside_the_token_endpoint() {
        let of = |path| part("/oauth/v1/token", path);
        assert_eq!(of("/oauth/v1/introspect"), Some(Part::Introspection));
        assert_eq!(of("/oauth/v1/token"), None);
        assert_eq!(
            of("/.well-known/openid-configuration"),
            Some(Part::Metadata)
        );
        assert_eq!(part("/token", "/jwks"), Some(Part::Keys));
        assert_eq!(part("/token", "/oauth/jwks"), None);
    }
}
