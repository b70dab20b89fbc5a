//! API calls: a token, then each call of the case with at most one defect.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use renkei_core::model::{Bilingual, NotRunReason};
use renkei_core::plan::{ApiCase, Linkage, Variation};
use renkei_core::record::{Event, Intent, Origin};
use renkei_core::spec::Operation;

use super::outgoing::{Ready, request, unusable};
use super::together::{at_once, pages};
use super::{Ended, Progress, misuse, wanted};
use crate::http::{Answer, BodyKind, Limits, Outgoing};
use crate::scene::{Place, Scene};
use crate::session::{Broke, Session, Step, TokenCall};
use crate::token::Token;

/// After its lifetime a token is given this long to be over on the provider's clock too, in seconds.
const EXPIRY_SKEW_S: i64 = 1;

pub(super) async fn perform(
    session: &mut Session<'_>,
    case: &str,
    linkage: &Linkage,
    api: &ApiCase,
) -> Result<Ended, Broke> {
    let caller = Caller::new(session, case, "", linkage, api)?;
    let calls = wanted::calls(&session.scene, api)?;
    if let (Some(parallel), Some(first)) = (&api.parallel, calls.first()) {
        return at_once(session, &caller, parallel, first).await;
    }
    if let (Some(paged), Some(first)) = (&api.pages, calls.first()) {
        return pages(session, &caller, paged, first).await;
    }
    if let (Variation::Misuse(misuse), Some(first)) = (api.variation, calls.first()) {
        return misuse::perform(session, &caller, first, misuse).await;
    }
    let often = api.repeat.as_ref().map_or(1, |r| r.calls);
    for ready in &calls {
        for n in 0..often {
            let mut ready = ready.clone();
            if n > 0 {
                ready.made.origin = Origin::Repeat;
                ready.made.note = format!("repeat {}", n + 1);
            }
            if let Called::Ended(ended) = caller.call(session, &ready).await? {
                return Ok(ended);
            }
        }
    }
    Ok(None)
}

/// Who calls what for which case.
pub(super) struct Caller<'a> {
    pub(super) case: &'a str,
    /// Step of a scenario; empty outside scenarios.
    pub(super) step: &'a str,
    pub(super) linkage: &'a Linkage,
    pub(super) api: &'a ApiCase,
    pub(super) at: Place<'a>,
    pub(super) operation: &'a Operation,
}

/// What came of a call.
pub(super) enum Called {
    Answered(Box<Answer>),
    /// There was no call: the token step itself is the fact, or time does not suffice.
    Ended(Ended),
}

impl<'a> Caller<'a> {
    pub(super) fn new<'s: 'a>(
        session: &Session<'s>,
        case: &'a str,
        step: &'a str,
        linkage: &'a Linkage,
        api: &'a ApiCase,
    ) -> Result<Self, Broke> {
        let scene: Scene<'a> = session.scene;
        let described = scene.apis.get(&api.api).copied();
        let operation = described.and_then(|d| d.operations.get(&api.operation));
        match (scene.api_endpoint(linkage), operation) {
            (Some(at), Some(operation)) => Ok(Self {
                case,
                step,
                linkage,
                api,
                at,
                operation,
            }),
            _ => Err(unusable(api).into()),
        }
    }

    /// Obtains a token, sends, keeps.
    pub(super) async fn call(
        &self,
        session: &mut Session<'_>,
        ready: &Ready,
    ) -> Result<Called, Broke> {
        let token = match obtain(session, self).await? {
            Obtained::None => None,
            Obtained::Token(token) => Some(token),
            Obtained::Ended(ended) => return Ok(Called::Ended(ended)),
        };
        let outgoing = self.outgoing(session, ready, token.as_ref())?;
        let shown = session.identity(&self.linkage.to, &self.api.client)?;
        let log = self.announce(session, ready)?;
        let answer = session
            .send_as(self.at, shown.as_ref(), &outgoing, &self.limits(session))
            .await?;
        self.keep(session, &log, &outgoing, &answer)?;
        session.go_on()?;
        Ok(Called::Answered(Box::new(answer)))
    }

    pub(super) fn outgoing(
        &self,
        session: &Session<'_>,
        ready: &Ready,
        token: Option<&Token>,
    ) -> Result<Outgoing, Broke> {
        let end = session.end(self.at).ok_or_else(|| unusable(self.api))?;
        Ok(request(&end.url, self.operation, self.api, ready, token)?)
    }

    pub(super) fn limits(&self, session: &Session<'_>) -> Limits {
        Limits {
            whole: Duration::from_secs(self.api.wait_s),
            ..session.settings.limits
        }
    }

    /// Takes the next log number, and writes down what is meant where that is more than the plan says.
    pub(super) fn announce(
        &self,
        session: &mut Session<'_>,
        ready: &Ready,
    ) -> Result<String, Broke> {
        let log = session.tape.next_log();
        let made = &ready.made;
        if made.origin != Origin::Plan || !self.step.is_empty() || !made.note.is_empty() {
            session.tape.event(Event::Intended(Intent {
                log: log.clone(),
                variation: made.variation.as_str().to_owned(),
                target: made.target.clone(),
                origin: made.origin,
                note: made.note.clone(),
                step: self.step.to_owned(),
            }))?;
        }
        Ok(log)
    }

    pub(super) fn keep(
        &self,
        session: &mut Session<'_>,
        log: &str,
        outgoing: &Outgoing,
        answer: &Answer,
    ) -> Result<(), Broke> {
        let step = Step {
            case: self.case,
            name: "call",
            from: &self.linkage.to,
            to: &self.linkage.from,
        };
        Ok(session.keep(step, log, BodyKind::Data, outgoing, answer, None)?)
    }
}

/// What came of the step before the call.
pub(super) enum Obtained {
    /// The call goes without.
    None,
    Token(Token),
    /// There is no call: the token step itself is the fact, or time does not suffice.
    Ended(Ended),
}

pub(super) async fn obtain(
    session: &mut Session<'_>,
    caller: &Caller<'_>,
) -> Result<Obtained, Broke> {
    let Caller {
        case, linkage, api, ..
    } = *caller;
    let scene = session.scene;
    if api.variation == Variation::NoToken || !scene.needs_token(linkage, api) {
        return Ok(Obtained::None);
    }
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
pub(super) async fn outlive(
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
