//! An API call: a token, then the call with at most one defect.

use std::time::Duration;

use hyper::Method;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use renkei_core::model::{Bilingual, NotRunReason};
use renkei_core::plan::{ApiCase, Linkage, Variation};
use renkei_core::record::Event;
use url::Url;

use super::{Ended, Progress};
use crate::error::RunError;
use crate::http::{BodyKind, Limits, Outgoing};
use crate::openapi::Operation;
use crate::scene::Place;
use crate::session::{Broke, Session, Step, TokenCall};
use crate::token::{Token, bearer};
use crate::vary;

/// After its lifetime a token is given this long to be over on the provider's clock too, in seconds.
const EXPIRY_SKEW_S: i64 = 1;

pub(super) async fn perform(
    session: &mut Session<'_>,
    case: &str,
    linkage: &Linkage,
    api: &ApiCase,
) -> Result<Ended, Broke> {
    let scene = session.scene;
    let (Some(at), Some(document)) = (scene.api_endpoint(linkage), scene.apis.get(&api.api)) else {
        return Err(unusable(api).into());
    };
    let operation = document
        .operation(&api.operation)
        .ok_or_else(|| unusable(api))?;
    let path = scene.path(&api.body, "body")?;
    let input = std::fs::read(&path).map_err(|e| RunError::Input {
        place: path.display().to_string(),
        message: Bilingual::new(
            format!("読めません（{e}）"),
            format!("cannot be read ({e})"),
        ),
        help: Bilingual::new("計画の body を確かめてください", "check body in the plan"),
    })?;
    let body = vary::body(document, api, &input).map_err(|refusal| RunError::Input {
        place: api.body.clone(),
        message: refusal.0,
        help: refusal.1,
    })?;
    let token = match obtain(session, case, linkage, api).await? {
        Obtained::None => None,
        Obtained::Token(token) => Some(token),
        Obtained::Ended(ended) => return Ok(ended),
    };
    call(
        session,
        case,
        linkage,
        api,
        at,
        operation,
        token.as_ref(),
        body,
    )
    .await?;
    Ok(None)
}

/// What came of the step before the call.
enum Obtained {
    /// The call goes without.
    None,
    Token(Token),
    /// There is no call: the token step itself is the fact, or time does not suffice.
    Ended(Ended),
}

async fn obtain(
    session: &mut Session<'_>,
    case: &str,
    linkage: &Linkage,
    api: &ApiCase,
) -> Result<Obtained, Broke> {
    if api.variation == Variation::NoToken {
        return Ok(Obtained::None);
    }
    let scene = session.scene;
    let at = scene.token_endpoint(linkage).ok_or_else(|| unusable(api))?;
    let call = TokenCall {
        case,
        party: &linkage.to,
        client: &api.client,
        at,
        scope: scene.scope(api),
    };
    // Calls that hang on the token's own properties show the token's issue in their own record.
    let token = match api.variation {
        Variation::ExpiredToken | Variation::WrongScope => session.token(call).await?.token,
        _ => session.good_token(call).await?,
    };
    let Some(token) = token else {
        return Ok(Obtained::Ended(None));
    };
    if api.variation == Variation::ExpiredToken
        && let Some(reason) = outlive(session, case, &linkage.from, &token, api.wait_s).await?
    {
        return Ok(Obtained::Ended(Some(reason)));
    }
    Ok(Obtained::Token(token))
}

/// Waits until the token is over; gives the reason when that would take longer than the case may wait.
async fn outlive(
    session: &mut Session<'_>,
    case: &str,
    party: &str,
    token: &Token,
    wait_s: u64,
) -> Result<Option<NotRunReason>, Broke> {
    let Some(expires) = token.expires else {
        // One text for readers of both languages: names of settings and numbers.
        let why = "expires_in = ?".to_owned();
        return Ok(Some(NotRunReason::OutOfTime(why)));
    };
    let over = expires
        .checked_add(SignedDuration::from_secs(EXPIRY_SKEW_S))
        .unwrap_or(Timestamp::MAX);
    let left = |now: Timestamp| Duration::try_from(over.duration_since(now)).unwrap_or_default();
    let wait = left(session.tape.clock().now());
    if wait > Duration::from_secs(wait_s) {
        let why = format!("expires_in {} s > wait_s {wait_s} s", wait.as_secs());
        return Ok(Some(NotRunReason::OutOfTime(why)));
    }
    let what = Bilingual::new(
        "トークンの有効期限が切れるのを待っています",
        "waiting for the token to expire",
    );
    session.tape.event(Event::Waiting {
        case: case.to_owned(),
        party: party.to_owned(),
        what: what.clone(),
    })?;
    loop {
        let rest = left(session.tape.clock().now());
        if rest.is_zero() {
            return Ok(None);
        }
        session.tell(&Progress::Waiting {
            case: case.to_owned(),
            party: party.to_owned(),
            what: what.clone(),
            left_s: rest.as_secs() + 1,
        });
        tokio::select! {
            () = tokio::time::sleep(rest.min(Duration::from_secs(1))) => {}
            () = session.stop.stopped() => return Err(Broke::Stopped),
        }
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "a call is all of these; a struct for one use would only rename them"
)]
async fn call(
    session: &mut Session<'_>,
    case: &str,
    linkage: &Linkage,
    api: &ApiCase,
    at: Place<'_>,
    operation: Operation<'_>,
    token: Option<&Token>,
    body: Vec<u8>,
) -> Result<(), Broke> {
    let end = session.end(at).ok_or_else(|| unusable(api))?;
    let mut headers = vec![
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (ACCEPT, HeaderValue::from_static("application/json")),
    ];
    if let Some(token) = token {
        let value = bearer(token).ok_or_else(|| unsendable(api))?;
        headers.push((AUTHORIZATION, value));
    }
    let outgoing = Outgoing {
        method: Method::from_bytes(operation.method.as_bytes()).unwrap_or(Method::POST),
        url: join(&end.url, operation.path).ok_or_else(|| unusable(api))?,
        headers,
        body,
    };
    let limits = Limits {
        whole: Duration::from_secs(api.wait_s),
        ..session.settings.limits
    };
    let step = Step {
        case,
        name: "call",
        from: &linkage.to,
        to: &linkage.from,
    };
    let log = session.tape.next_log();
    let answer = session.send(at, &outgoing, &limits).await?;
    session.keep(step, &log, BodyKind::Data, &outgoing, &answer, None)?;
    session.go_on()
}

/// The operation's path below the endpoint's own.
fn join(base: &Url, path: &str) -> Option<Url> {
    let whole = format!(
        "{}/{}",
        base.as_str().trim_end_matches('/'),
        path.trim_start_matches('/')
    );
    Url::parse(&whole)
        .ok()
        .filter(|url| url.host() == base.host())
}

fn unusable(api: &ApiCase) -> RunError {
    RunError::Input {
        place: format!("{} {}", api.api, api.operation),
        message: Bilingual::new(
            "APIか接続先がありません",
            "the API or its endpoint is not there",
        ),
        help: Bilingual::new("事前確認の結果を見てください", "see the preflight checks"),
    }
}

fn unsendable(api: &ApiCase) -> RunError {
    RunError::Input {
        place: format!("{} {}", api.api, api.operation),
        message: Bilingual::new(
            "発行されたトークンにヘッダに書けない文字があります",
            "the issued token has characters that no header can carry",
        ),
        help: Bilingual::new(
            "認証認可基盤が発行したトークンを確かめてください（RFC 6750 2.1）",
            "look at the token the platform issued (RFC 6750 2.1)",
        ),
    }
}
