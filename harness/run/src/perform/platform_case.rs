//! Looks at the authorization platform itself: introspection of tokens in every state, and its metadata.

use renkei_core::record::{Event, Intent};
use url::Url;

use super::Ended;
use super::api_case::Caller;
use super::misuse::{over, token_call};
use crate::jwt::altered;
use crate::scene::Place;
use crate::session::{Broke, Session, TokenCall};

/// Asks about a good token, with and without authentication, about one that was never issued, one that is over, and one
/// that was revoked. The expired one only where its lifetime fits `wait_s`, the revoked one only where the profile declares
/// a revocation endpoint.
pub(super) async fn introspection(
    session: &mut Session<'_>,
    caller: &Caller<'_>,
) -> Result<Ended, Broke> {
    let scope = session.scene.scope(caller.api);
    let call = token_call(session.scene, caller, scope)?;
    let Some(token) = session.token(call).await?.token else {
        return Ok(None); // the token step is the fact
    };
    let key = "introspection";
    let value = &token.value;
    session
        .about(call, key, "introspect-good", value, false)
        .await?;
    session
        .about(call, key, "introspect-open", value, true)
        .await?;
    let invented = altered(value.expose());
    session
        .about(call, key, "introspect-invented", &invented, false)
        .await?;
    revoked(session, call).await?;
    if over(session, caller, &token).await? {
        session
            .about(call, key, "introspect-expired", value, false)
            .await?;
    }
    Ok(None)
}

async fn revoked(session: &mut Session<'_>, call: TokenCall<'_>) -> Result<(), Broke> {
    let declared = session.scene.beside(call.at, "revocation");
    if declared.is_none_or(|at| session.end(at).is_none()) {
        return Ok(());
    }
    let Some(token) = session.token(call).await?.token else {
        return Ok(());
    };
    let answer = session
        .about(call, "revocation", "revoke", &token.value, false)
        .await?;
    if answer.reply.is_some_and(|r| r.status.as_u16() == 200) {
        session
            .about(
                call,
                "introspection",
                "introspect-revoked",
                &token.value,
                false,
            )
            .await?;
    }
    Ok(())
}

/// Fetches the metadata, by the rule of OpenID Connect Discovery first and by that of RFC 8414 where there are none. What
/// the profile declares is written down beside them.
pub(super) async fn discovery(
    session: &mut Session<'_>,
    caller: &Caller<'_>,
) -> Result<Ended, Broke> {
    let scope = session.scene.scope(caller.api);
    let call = token_call(session.scene, caller, scope)?;
    let Some(at) = session.scene.beside(call.at, "issuer") else {
        return Ok(None);
    };
    let Some(issuer) = session.end(at).map(|end| end.url.clone()) else {
        return Ok(None);
    };
    let declared = declared(session, call, at);
    let places = places(&issuer);
    for (n, url) in places.iter().enumerate() {
        let log = session.tape.next_log();
        let answer = session.fetched(at, url).await?;
        let missing = answer
            .reply
            .as_ref()
            .is_some_and(|r| r.status.as_u16() == 404);
        if missing && n + 1 < places.len() {
            session.public(call, "discovery-try", &log, url.clone(), &answer)?;
            continue;
        }
        session.tape.event(Event::Intended(Intent {
            log: log.clone(),
            variation: "discovery".to_owned(),
            note: declared.clone(),
            ..Intent::default()
        }))?;
        session.public(call, "discovery", &log, url.clone(), &answer)?;
        break;
    }
    Ok(None)
}

/// OpenID Connect Discovery 4.1 puts the well-known part behind the issuer's path, RFC 8414 3.1 in front of it.
fn places(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let behind = format!("{path}/.well-known/openid-configuration");
    let before = format!("/.well-known/oauth-authorization-server{path}");
    let at = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url
    };
    vec![at(behind), at(before)]
}

/// The endpoints that the profile declares, in the words of RFC 8414 2.
fn declared(session: &Session<'_>, call: TokenCall<'_>, issuer: Place<'_>) -> String {
    let scene = session.scene;
    let beside = |key: &'static str| scene.beside(call.at, key);
    let wanted = [
        ("issuer", Some(issuer)),
        ("token_endpoint", Some(call.at)),
        ("introspection_endpoint", beside("introspection")),
        ("revocation_endpoint", beside("revocation")),
        ("jwks_uri", beside("jwks")),
    ];
    let pair = |(member, place): (&str, Option<Place<'_>>)| {
        let place = place?;
        // As the profile writes it: a URL library would add a slash to an issuer that has none.
        let url = scene.expand(&place.endpoint.url, member).ok()?;
        Some(format!("{member}={url}"))
    };
    let pairs: Vec<String> = wanted.into_iter().filter_map(pair).collect();
    pairs.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_stand_where_each_rule_puts_them() {
        let of = |issuer: &str| {
            let url = Url::parse(issuer).unwrap_or_else(|e| panic!("{e}"));
            places(&url)
                .iter()
                .map(|u| u.path().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            of("https://a.example"),
            [
                "/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server"
            ]
        );
        assert_eq!(
            of("https://a.example/tenant/"),
            [
                "/tenant/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/tenant"
            ]
        );
    }
}
