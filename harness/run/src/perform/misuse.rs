//! Calls and token requests that are wrong on purpose. Nothing is guessed: where a token or a client cannot be misused in
//! the way a case asks for, the case is not run, with the reason.

use hyper::header::{CONTENT_TYPE, HeaderValue};
use renkei_core::agreement::ClientAuth;
use renkei_core::model::NotRunReason;
use renkei_core::plan::{Misuse, MisuseOf};
use serde_json::Value;

use super::Ended;
use super::api_case::{Caller, outlive};
use super::outgoing::{Ready, unusable};
use super::platform_case;
use crate::error::RunError;
use crate::http::{Identity, Outgoing};
use crate::jwt::{Jwt, altered, other_key};
use crate::scene::Scene;
use crate::secret::Secret;
use crate::session::{Broke, Session, TokenCall};
use crate::token::{Token, Twist};

/// Beyond the agreed tolerance of clocks, a time is wrong by this many seconds more.
const BEYOND_S: i64 = 60;
/// Without an agreed tolerance an assertion is over for this long: more than any agreement allows (A05: 0 to 120 s).
const SURELY_OVER_S: i64 = 600;

/// The step of a token request that is wrong on purpose.
pub(super) const MISUSED: &str = "token-misuse";

pub(super) async fn perform(
    session: &mut Session<'_>,
    caller: &Caller<'_>,
    ready: &Ready,
    misuse: Misuse,
) -> Result<Ended, Broke> {
    match misuse.seen_in() {
        MisuseOf::Call => call(session, caller, ready, misuse).await,
        MisuseOf::TokenRequest => request(session, caller, misuse).await,
        MisuseOf::Platform if misuse == Misuse::Discovery => {
            platform_case::discovery(session, caller).await
        }
        MisuseOf::Platform => platform_case::introspection(session, caller).await,
    }
}

/// Why a case cannot be done, in words of settings.
pub(super) fn impossible(why: impl Into<String>) -> Result<Ended, Broke> {
    Ok(Some(NotRunReason::BlockedBy(why.into())))
}

/// The token call of the case as it should be.
pub(super) fn token_call<'c>(
    scene: Scene<'c>,
    caller: &'c Caller<'_>,
    scope: &'c str,
) -> Result<TokenCall<'c>, Broke> {
    let at = scene.token_endpoint(caller.linkage);
    Ok(TokenCall {
        case: caller.case,
        party: &caller.linkage.to,
        client: &caller.api.client,
        at: at.ok_or_else(|| unusable(caller.api))?,
        scope,
    })
}

async fn call(
    session: &mut Session<'_>,
    caller: &Caller<'_>,
    ready: &Ready,
    misuse: Misuse,
) -> Result<Ended, Broke> {
    let scene = session.scene;
    let scope = scene.scope(caller.api);
    let mut asking = token_call(scene, caller, scope)?;
    if misuse == Misuse::ForeignToken {
        if caller.api.issuer.is_empty() && scope == scene.own_scope(caller.api) {
            return impossible("issuer = \"\", scope = \"\"");
        }
        if !caller.api.issuer.is_empty() {
            let at = scene.issuer_endpoint(caller.api);
            asking.at = at.ok_or_else(|| unusable(caller.api))?;
        }
    }
    let Some(token) = session.token(asking).await?.token else {
        return Ok(None); // the token step is the fact
    };
    let own = session.identity(&caller.linkage.to, &caller.api.client)?;
    let text = token.value.expose().to_owned();
    let jwt = Jwt::read(&text);
    let forged: Vec<Secret> = match (misuse, &jwt) {
        (Misuse::RevokedToken, _) => {
            let answer = session
                .about(asking, "revocation", "revoke", &token.value, false)
                .await?;
            let status = answer.reply.map_or(0, |r| r.status.as_u16());
            if status != 200 {
                return impossible(format!("revocation: status {status}"));
            }
            pause(session, caller.api.cache_s).await?;
            vec![token.value.clone()]
        }
        (Misuse::AlgNone, Some(jwt)) => vec![jwt.unsigned()],
        (Misuse::KeyConfusion, Some(jwt)) => {
            let forged = match session.key_set(asking).await? {
                Some(keys) => jwt.confused(&keys),
                None => Vec::new(),
            };
            if forged.is_empty() {
                return impossible("jwks: no RSA or P-256 key of the token's kid");
            }
            forged
        }
        (Misuse::AlgNone | Misuse::KeyConfusion, None) => {
            return impossible("access_token: opaque (no JWT)");
        }
        (Misuse::TamperedToken, Some(jwt)) => vec![jwt.tampered()],
        (Misuse::TamperedToken, None) => vec![altered(&text)],
        (Misuse::WithoutCertificate, jwt) => {
            let bound = jwt.as_ref().and_then(|j| j.facts(None).certificate);
            if own.is_none() {
                return impossible(format!("clients.{}: cert = \"\"", caller.api.client));
            }
            if bound.is_none() {
                return impossible("access_token: no cnf x5t#S256");
            }
            vec![token.value.clone()]
        }
        _ => vec![token.value.clone()],
    };
    let shown = own.filter(|_| misuse != Misuse::WithoutCertificate);
    for (n, value) in forged.into_iter().enumerate() {
        session.vault().learn(&value);
        let token = Token {
            value,
            expires: token.expires,
        };
        let mut ready = ready.clone();
        if n > 0 {
            ready.made.note = format!("form {}", n + 1);
        }
        one(session, caller, &ready, &token, misuse, shown.as_ref()).await?;
    }
    Ok(None)
}

/// One call with a misused token.
async fn one(
    session: &mut Session<'_>,
    caller: &Caller<'_>,
    ready: &Ready,
    token: &Token,
    misuse: Misuse,
    shown: Option<&Identity>,
) -> Result<(), Broke> {
    let elsewhere = matches!(misuse, Misuse::TokenInQuery | Misuse::TokenInBody);
    let in_header = (!elsewhere).then_some(token);
    let mut outgoing = caller.outgoing(session, ready, in_header)?;
    if matches!(misuse, Misuse::TokenInQuery | Misuse::TwoMethods) {
        let mut query = outgoing.url.query_pairs_mut();
        query.append_pair("access_token", token.value.expose());
    }
    if misuse == Misuse::TokenInBody {
        into_body(&mut outgoing, token.value.expose());
    }
    let log = caller.announce(session, ready)?;
    let limits = caller.limits(session);
    let answer = session
        .send_as(caller.at, shown, &outgoing, &limits)
        .await?;
    caller.keep(session, &log, &outgoing, &answer)?;
    session.go_on()
}

/// A member of the JSON body, or, where there is none, the form parameter of RFC 6750 2.2.
fn into_body(outgoing: &mut Outgoing, token: &str) {
    if let Ok(Value::Object(mut members)) = serde_json::from_slice(&outgoing.body) {
        members.insert("access_token".to_owned(), Value::from(token));
        outgoing.body = Value::Object(members).to_string().into_bytes();
        return;
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("access_token", token);
    outgoing.body = form.finish().into_bytes();
    outgoing.headers.retain(|(name, _)| *name != CONTENT_TYPE);
    let value = HeaderValue::from_static("application/x-www-form-urlencoded");
    outgoing.headers.push((CONTENT_TYPE, value));
}

/// Waits as long as the provider may still go by what it knew (協議事項 A08).
async fn pause(session: &Session<'_>, seconds: u64) -> Result<(), Broke> {
    if seconds == 0 {
        return Ok(());
    }
    let wait = std::time::Duration::from_secs(seconds + 1);
    tokio::select! {
        () = tokio::time::sleep(wait) => Ok(()),
        () = session.stop.stopped() => Err(Broke::Stopped),
    }
}

async fn request(
    session: &mut Session<'_>,
    caller: &Caller<'_>,
    misuse: Misuse,
) -> Result<Ended, Broke> {
    let scene = session.scene;
    let case = caller.api;
    let scope = match misuse {
        Misuse::TwoProviders if case.scope.is_empty() => return impossible("scope = \"\""),
        _ => case.asked_scope(scene.own_scope(case)),
    };
    let call = token_call(scene, caller, &scope)?;
    let auth = scene.client(call.party, call.client).map(|c| c.auth);
    let signs = matches!(
        auth,
        Some(ClientAuth::ClientSecretJwt | ClientAuth::PrivateKeyJwt)
    );
    if of_assertion(misuse) && !signs {
        let word = auth.map_or("?", ClientAuth::as_str);
        return impossible(format!("clients.{}: auth = {word}", call.client));
    }
    let tolerance = case
        .skew_s
        .map(|s| i64::try_from(s).unwrap_or(i64::MAX / 4));
    let other = other_secret(session, call, misuse)?;
    let stranger = uuid::Uuid::new_v4().simple().to_string();
    let mut twist = Twist::default();
    match (misuse, tolerance) {
        (Misuse::ExpiredAssertion, agreed) => {
            twist.ended_s = agreed.unwrap_or(SURELY_OVER_S) + BEYOND_S;
        }
        (Misuse::WrongAudience, _) => twist.audience = Some("https://other.invalid/oauth/v1/token"),
        (Misuse::UnknownClient, _) => twist.client_id = Some(&stranger),
        (Misuse::WrongSecret, _) => twist.secret = other.as_ref(),
        (Misuse::ClockSkewInside, Some(agreed)) if agreed > 1 => twist.ahead_s = agreed / 2,
        (Misuse::ClockSkewOutside, Some(agreed)) => twist.ahead_s = agreed + BEYOND_S,
        (Misuse::ClockSkewInside | Misuse::ClockSkewOutside, _) => {
            return impossible("skew_s = ?");
        }
        _ => {}
    }
    let mut prepared = session.prepared(call, &twist)?;
    if misuse == Misuse::WrongSecret && auth == Some(ClientAuth::TlsClientAuth) {
        prepared.shown = None;
    }
    if misuse == Misuse::AssertionReplay {
        let first = session.asked(call, "token", &prepared).await?;
        if first.token.is_none() {
            return Ok(None); // nothing was used up
        }
    }
    session.asked(call, MISUSED, &prepared).await?;
    Ok(None)
}

fn of_assertion(misuse: Misuse) -> bool {
    matches!(
        misuse,
        Misuse::AssertionReplay
            | Misuse::ExpiredAssertion
            | Misuse::WrongAudience
            | Misuse::ClockSkewInside
            | Misuse::ClockSkewOutside
    )
}

/// Another secret of the same length, or another key of the same kind.
fn other_secret(
    session: &Session<'_>,
    call: TokenCall<'_>,
    misuse: Misuse,
) -> Result<Option<Secret>, Broke> {
    if misuse != Misuse::WrongSecret {
        return Ok(None);
    }
    let Some(own) = session.credentials(call.party, call.client)? else {
        return Ok(None);
    };
    match own.client.auth {
        ClientAuth::TlsClientAuth => Ok(None),
        ClientAuth::PrivateKeyJwt => {
            let key = other_key(own.secret.expose());
            let key = key.map_err(|e| RunError::from_key(call.client, &e))?;
            Ok(Some(key))
        }
        _ => {
            let length = own.secret.expose().len().max(32);
            let fresh = std::iter::repeat_with(|| uuid::Uuid::new_v4().simple().to_string());
            let text: String = fresh.take(length / 32 + 1).collect();
            Ok(Some(Secret::new(text.get(..length).unwrap_or(&text))))
        }
    }
}

/// Waits until a token is over, if that is within what the case may wait.
pub(super) async fn over(
    session: &mut Session<'_>,
    caller: &Caller<'_>,
    token: &Token,
) -> Result<bool, Broke> {
    let (case, party) = (caller.case, caller.linkage.from.as_str());
    let reason = outlive(session, case, party, token, caller.api.wait_s).await?;
    Ok(reason.is_none())
}
