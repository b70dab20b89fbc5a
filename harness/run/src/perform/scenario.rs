//! A scenario: steps in order, values carried along. Preconditions come first, tidying up last, and neither is judged.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use renkei_core::calls::taken;
use renkei_core::model::{Bilingual, NotRunReason};
use renkei_core::observe::json_of;
use renkei_core::plan::{ApiCase, Do, Linkage, ListenStep, Scenario, ScenarioStep, Variables};
use renkei_core::record::{Captured, Event, Header, Intent, Transfer};
use serde_json::Value;

use super::api_case::{Called, Caller};
use super::listen::{Came, Listener};
use super::together::headers;
use super::{Ended, Progress, human, wanted};
use crate::error::RunError;
use crate::http::Answer;
use crate::scene::Scene;
use crate::session::{Broke, Session, Step};

pub(super) async fn perform(
    session: &mut Session<'_>,
    case: &str,
    linkage: &Linkage,
    scenario: &Scenario,
) -> Result<Ended, Broke> {
    let mut play = Play::open(session, case, linkage, scenario).await?;
    let outcome = play.run(session, scenario).await;
    if !matches!(outcome, Err(Broke::Stopped)) {
        for step in &scenario.teardown {
            // Whatever comes of it is in the record and changes nothing.
            match play.one(session, step).await {
                Err(Broke::Stopped) => return Err(Broke::Stopped),
                Err(Broke::Failed(error)) if matches!(*error, RunError::Storage { .. }) => {
                    return Err(Broke::Failed(error));
                }
                _ => {}
            }
        }
    }
    outcome
}

/// A scenario that is going on.
struct Play<'a> {
    case: &'a str,
    linkage: &'a Linkage,
    variables: Variables,
    listener: Option<Listener>,
}

/// How a step ended.
enum Stepped {
    /// With an answer of success, or without one where none is due.
    Well,
    /// With anything else; for a precondition that is the end.
    Badly,
    /// The scenario cannot go on.
    Ended(Ended),
}

impl<'a> Play<'a> {
    async fn open(
        session: &Session<'_>,
        case: &'a str,
        linkage: &'a Linkage,
        scenario: &Scenario,
    ) -> Result<Self, Broke> {
        let mut variables = session.scene.variables.clone();
        let listener = match scenario.listen.as_str() {
            "" => None,
            address => {
                let steps: Vec<ListenStep> =
                    scenario.all().filter_map(|s| s.listen.clone()).collect();
                Some(Listener::open(address, steps).await?)
            }
        };
        if let Some(listener) = &listener {
            variables
                .0
                .insert("listen.url".to_owned(), listener.url.clone());
        }
        Ok(Self {
            case,
            linkage,
            variables,
            listener,
        })
    }

    async fn run(
        &mut self,
        session: &mut Session<'_>,
        scenario: &Scenario,
    ) -> Result<Ended, Broke> {
        for step in &scenario.setup {
            match self.one(session, step).await? {
                Stepped::Well => {}
                Stepped::Badly => {
                    let why = format!("setup {}", step.id);
                    return Ok(Some(NotRunReason::BlockedBy(why)));
                }
                Stepped::Ended(ended) => return Ok(ended),
            }
        }
        for step in &scenario.step {
            if let Stepped::Ended(ended) = self.one(session, step).await? {
                return Ok(ended);
            }
        }
        Ok(None)
    }

    async fn one(
        &mut self,
        session: &mut Session<'_>,
        step: &ScenarioStep,
    ) -> Result<Stepped, Broke> {
        session.go_on()?;
        match step.what() {
            Some(Do::Call(call)) => self.call(session, step, call).await,
            Some(Do::Listen(listen)) => self.listen(session, step, listen).await,
            Some(Do::Human(asked)) => {
                let ended = human::perform(session, self.case, &step.id, asked).await?;
                Ok(ended.map_or(Stepped::Well, Stepped::Ended))
            }
            Some(Do::Pause(seconds)) => {
                let what = Bilingual::new("時間をおいています", "letting time pass");
                let over = tokio::time::sleep(Duration::from_secs(seconds));
                tokio::pin!(over);
                self.counted(session, "", &what, seconds, over).await?;
                Ok(Stepped::Well)
            }
            None => Ok(Stepped::Well),
        }
    }

    async fn call(
        &mut self,
        session: &mut Session<'_>,
        step: &ScenarioStep,
        call: &ApiCase,
    ) -> Result<Stepped, Broke> {
        let Some(filled) = filled(call, &self.variables) else {
            // A value that an earlier step should have given is not there; the record of that step shows why.
            return Ok(Stepped::Ended(None));
        };
        let calls = {
            let scene = Scene {
                variables: &self.variables,
                ..session.scene
            };
            wanted::calls(&scene, &filled)?
        };
        let Some(ready) = calls.first() else {
            return Ok(Stepped::Well);
        };
        let answer = call_once(session, self, &step.id, &filled, ready).await?;
        let (log, answer) = match answer {
            Some(answered) => answered,
            None => return Ok(Stepped::Ended(None)),
        };
        let Some(reply) = answer.reply.as_ref().filter(|_| answer.fault.is_none()) else {
            return Ok(Stepped::Badly);
        };
        let headers = headers(reply);
        let body = json_of(&headers, &reply.body);
        let status = reply.status.as_u16();
        self.capture(session, step, &log, status, &headers, body.as_ref())?;
        Ok(if reply.status.is_success() {
            Stepped::Well
        } else {
            Stepped::Badly
        })
    }

    fn capture(
        &mut self,
        session: &mut Session<'_>,
        step: &ScenarioStep,
        log: &str,
        status: u16,
        headers: &[Header],
        body: Option<&Value>,
    ) -> Result<(), Broke> {
        for (name, at) in &step.capture {
            let found = taken(at, status, headers, body);
            session.tape.event(Event::Captured(Captured {
                case: self.case.to_owned(),
                step: step.id.clone(),
                name: name.clone(),
                at: at.clone(),
                log: log.to_owned(),
                found: found.is_some(),
            }))?;
            if let Some(value) = found {
                self.variables.0.insert(name.clone(), value);
            }
        }
        Ok(())
    }

    async fn listen(
        &mut self,
        session: &mut Session<'_>,
        step: &ScenarioStep,
        listen: &ListenStep,
    ) -> Result<Stepped, Broke> {
        let what = Bilingual::new(
            format!("{} への呼出しを待っています", listen.path),
            format!("waiting for a call to {}", listen.path),
        );
        let party = self.linkage.from.clone();
        session.tape.event(Event::Waiting {
            case: self.case.to_owned(),
            party: party.clone(),
            what: what.clone(),
        })?;
        let Some(mut listener) = self.listener.take() else {
            return Ok(Stepped::Badly);
        };
        let (at, since) = (session.tape.clock().text(), Instant::now());
        let came = {
            let next = listener.next(listen);
            tokio::pin!(next);
            self.counted(session, &party, &what, listen.wait_s, next)
                .await
        };
        let url = listener.url.clone();
        self.listener = Some(listener);
        let Some(came) = came?.flatten() else {
            session.tape.event(Event::Captured(Captured {
                case: self.case.to_owned(),
                step: step.id.clone(),
                name: String::new(),
                at: "listen".to_owned(),
                log: String::new(),
                found: false,
            }))?;
            return Ok(Stepped::Badly);
        };
        let ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let log = self.keep(session, step, &url, &came, (&at, ms))?;
        let headers: Vec<Header> = came
            .headers
            .iter()
            .map(|(name, value)| Header {
                name: name.as_str().to_owned(),
                value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
            })
            .collect();
        let body = json_of(&headers, &came.body);
        self.capture(session, step, &log, came.status, &headers, body.as_ref())?;
        Ok(Stepped::Well)
    }

    fn keep(
        &self,
        session: &mut Session<'_>,
        step: &ScenarioStep,
        url: &str,
        came: &Came,
        (at, ms): (&str, u64),
    ) -> Result<String, Broke> {
        let log = session.tape.next_log();
        session.tape.event(Event::Intended(Intent {
            log: log.clone(),
            variation: "none".to_owned(),
            step: step.id.clone(),
            ..Intent::default()
        }))?;
        let url = format!("{url}{}", came.target);
        let http = session.incoming(&came.method, &url, &came.headers, &came.body, came.status)?;
        let place = Step {
            case: self.case,
            name: "listen",
            from: &self.linkage.from,
            to: &self.linkage.to,
        };
        session.write(place, &log, at, ms, Transfer::Http(Box::new(http)))?;
        Ok(log)
    }

    /// Waits for something at most so long, with a countdown for those who watch.
    async fn counted<F: Future>(
        &self,
        session: &mut Session<'_>,
        party: &str,
        what: &Bilingual,
        wait_s: u64,
        mut awaited: std::pin::Pin<&mut F>,
    ) -> Result<Option<F::Output>, Broke> {
        for left_s in (1..=wait_s).rev() {
            session.tell(&Progress::Waiting {
                case: self.case.to_owned(),
                party: party.to_owned(),
                what: what.clone(),
                left_s,
            });
            tokio::select! {
                came = awaited.as_mut() => return Ok(Some(came)),
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                () = session.stop.stopped() => return Err(Broke::Stopped),
            }
        }
        Ok(None)
    }
}

/// Makes the call of a step; none when no token came. The log number is the exchange's.
async fn call_once(
    session: &mut Session<'_>,
    play: &Play<'_>,
    step: &str,
    call: &ApiCase,
    ready: &super::outgoing::Ready,
) -> Result<Option<(String, Box<Answer>)>, Broke> {
    let caller = Caller::new(session, play.case, step, play.linkage, call)?;
    match caller.call(session, ready).await? {
        Called::Answered(answer) => Ok(Some((session.tape.last_log(), answer))),
        Called::Ended(_) => Ok(None),
    }
}

/// The call with every captured value in its place; none when one of them was not captured. The members of `set` are
/// filled when the body is made.
fn filled(call: &ApiCase, variables: &Variables) -> Option<ApiCase> {
    let all = |map: &BTreeMap<String, String>| -> Option<BTreeMap<String, String>> {
        map.iter()
            .map(|(name, text)| Some((name.clone(), variables.expand(text).ok()?)))
            .collect()
    };
    if !call.set.values().all(|text| variables.expand(text).is_ok()) {
        return None;
    }
    Some(ApiCase {
        path: all(&call.path)?,
        query: all(&call.query)?,
        headers: all(&call.headers)?,
        scope: variables.expand(&call.scope).ok()?,
        ..call.clone()
    })
}
