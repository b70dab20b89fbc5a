//! Sends a recording again, in its order, to another endpoint. What may be changed is declared; what was a secret must be
//! given anew, or the step is not sent.

mod bind;
mod rules;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use hyper::Method;
use renkei_core::judge::ReplayStep;
use renkei_core::model::{Bilingual, NotRunReason};
use renkei_core::record::{Blob, Event, Exchange, HttpTransfer, Transfer};
use url::Url;

pub use rules::{Capture, Compare, ReplayRules, Set, TokenSource, Within};

use crate::error::RunError;
use crate::http::{Allowed, Answer, BodyKind, Limits, Outgoing, Trust, capture, send};
use crate::secret::{Secret, Vault};
use crate::stop::Stop;
use crate::store::Tape;
use crate::token::{self, Asking};
use bind::{Draft, Rebound, captured};

/// Longest body that is sent again, in bytes.
const MAX_BODY: u64 = 64 * 1024 * 1024;

/// Where a replay goes.
pub struct ReplaySettings<'a> {
    /// The endpoint; its path takes the place of `base_path`.
    pub to: Url,
    /// Path in front of the API's own in the recording.
    pub base_path: String,
    /// Which certificates are accepted there.
    pub trust: Trust,
    /// Limits of requests.
    pub limits: Limits,
    /// What may change.
    pub rules: &'a ReplayRules,
    /// Folder that the files of secrets are relative to.
    pub folder: &'a Path,
}

/// Reads a recorded body, at most so many bytes of it.
pub type Bodies<'b> = &'b dyn Fn(&Blob, u64) -> Result<Vec<u8>, RunError>;

/// Sends the steps again. Bodies of the recording are given by `body`.
///
/// # Errors
/// The bundle cannot be written, or the rules name a secret or URL that cannot be used.
pub async fn replay(
    settings: &ReplaySettings<'_>,
    steps: &[ReplayStep],
    body: Bodies<'_>,
    tape: &mut Tape,
    told: &mut dyn FnMut(&ReplayStep, Option<&NotRunReason>),
    stop: &Stop,
) -> Result<(), RunError> {
    let mut session = Session {
        settings,
        vault: Vault::new(),
        allowed: Allowed::default(),
        token: None,
        rebound: Rebound::new(),
        stop,
    };
    session.allowed.add(&settings.to);
    for step in steps {
        tape.event(Event::CaseStarted {
            case: step.id.clone(),
        })?;
        let not_run = if stop.is_stopped() {
            Some(NotRunReason::Cancelled)
        } else {
            session.step(step, body, tape).await?
        };
        if not_run.is_some() {
            session.note_missing(step, body)?;
        }
        tape.event(Event::CaseEnded {
            case: step.id.clone(),
            not_run: not_run.clone(),
            tool_error: None,
        })?;
        told(step, not_run.as_ref());
    }
    tape.event(Event::RunEnded {
        interrupted: stop.is_stopped(),
    })
}

struct Session<'a> {
    settings: &'a ReplaySettings<'a>,
    vault: Vault,
    allowed: Allowed,
    /// The token, and when it was issued and for how many seconds.
    token: Option<(Secret, Instant, u64)>,
    rebound: Rebound,
    stop: &'a Stop,
}

/// A token is used again up to so many seconds before its end.
const MARGIN_S: u64 = 30;

impl Session<'_> {
    async fn step(
        &mut self,
        step: &ReplayStep,
        body: Bodies<'_>,
        tape: &mut Tape,
    ) -> Result<Option<NotRunReason>, RunError> {
        let blocked = |why: String| Ok(Some(NotRunReason::BlockedBy(why)));
        let Transfer::Http(recorded) = &step.recorded.transfer else {
            return blocked("file".to_owned());
        };
        if let Some(why) = unrepeatable(&step.recorded, recorded) {
            return blocked(why.to_owned());
        }
        let mut draft = match &recorded.request.body {
            Some(blob) => draft(recorded, body(blob, MAX_BODY)?),
            None => draft(recorded, Vec::new()),
        };
        for set in &self.settings.rules.set {
            if set.log.is_empty() || set.log.contains(&step.recorded.log) {
                let value = self.value(set, tape)?;
                draft.set(set, &value);
            }
        }
        if let Some(name) = draft.rebind(&self.rebound) {
            return blocked(format!("capture {name}"));
        }
        if self.settings.rules.token.is_some()
            && draft.unbound().as_deref() == Some("header:authorization")
        {
            match self.token(step, tape).await? {
                Some(token) => draft.bearer(&token),
                None => return blocked("token".to_owned()),
            }
        }
        if let Some(place) = draft.unbound() {
            return blocked(format!("secret at {place}"));
        }
        let (Some(url), Some(headers)) = (self.url(&draft), draft.wire_headers()) else {
            return blocked("request".to_owned());
        };
        let Ok(method) = Method::from_bytes(recorded.request.method.as_bytes()) else {
            return blocked("method".to_owned());
        };
        let outgoing = Outgoing {
            method,
            url,
            headers,
            body: draft.body,
        };
        let answer = self.send(&outgoing, tape).await;
        let log = tape.next_log();
        let http = capture(
            tape.blobs(),
            &self.vault,
            BodyKind::Data,
            &outgoing,
            &answer,
        )?;
        self.write(step, log, "replay", &answer, http, tape)?;
        self.take(step, recorded, &answer, body)?;
        Ok(self.stop.is_stopped().then_some(NotRunReason::Cancelled))
    }

    async fn send(&self, outgoing: &Outgoing, tape: &Tape) -> Answer {
        let settings = self.settings;
        let at = tape.clock().text();
        tokio::select! {
            answer = send(&self.allowed, &settings.trust, &settings.limits, tape.clock(), outgoing) => answer,
            () = self.stop.stopped() => Answer {
                at,
                duration_ms: 0,
                reply: None,
                fault: Some(crate::session::stopped_fault()),
                tls: None,
            },
        }
    }

    fn write(
        &self,
        step: &ReplayStep,
        log: String,
        name: &str,
        answer: &Answer,
        http: HttpTransfer,
        tape: &mut Tape,
    ) -> Result<(), RunError> {
        tape.event(Event::Exchanged(Box::new(Exchange {
            log,
            case: step.id.clone(),
            step: name.to_owned(),
            from: step.recorded.from.clone(),
            to: step.recorded.to.clone(),
            at: answer.at.clone(),
            duration_ms: answer.duration_ms,
            transfer: Transfer::Http(Box::new(http)),
        })))
    }

    fn value(&self, set: &Set, tape: &Tape) -> Result<String, RunError> {
        if let Some(value) = &set.value {
            return Ok(value.clone());
        }
        if let Some(source) = &set.secret {
            let secret = Secret::read(source, self.settings.folder)?;
            self.vault.learn(&secret);
            return Ok(secret.expose().to_owned());
        }
        match &set.now {
            Some(pattern) => tape.clock().format(pattern).ok_or_else(|| RunError::Input {
                place: format!("now = \"{pattern}\""),
                message: Bilingual::new("日時の書式ではありません", "not a pattern for times"),
                help: Bilingual::new(
                    "%Y-%m-%d や %H:%M:%S のように書いてください",
                    "write it like %Y-%m-%d or %H:%M:%S",
                ),
            }),
            None => Ok(uuid::Uuid::new_v4().to_string()),
        }
    }

    /// A token that is still good for a while, or a new one; none when none was issued, which the record shows.
    async fn token(
        &mut self,
        step: &ReplayStep,
        tape: &mut Tape,
    ) -> Result<Option<Secret>, RunError> {
        if let Some((token, issued, lifetime)) = &self.token
            && issued.elapsed().as_secs() + MARGIN_S < *lifetime
        {
            return Ok(Some(token.clone()));
        }
        let Some(source) = &self.settings.rules.token else {
            return Ok(None);
        };
        let url = Url::parse(&source.url).map_err(|e| RunError::Input {
            place: "token.url".to_owned(),
            message: Bilingual::new(
                format!("URLではありません（{e}）"),
                format!("not a URL ({e})"),
            ),
            help: Bilingual::new(
                "https:// から始まるURLを書いてください",
                "write a URL that begins with https://",
            ),
        })?;
        // The rules name it, so it may be contacted.
        self.allowed.add(&url);
        let secret = Secret::read(&source.secret, self.settings.folder)?;
        let asking = Asking {
            url: &url,
            audience: if source.audience.is_empty() {
                &source.url
            } else {
                &source.audience
            },
            auth: source.auth,
            client_id: &source.client_id,
            secret: &secret,
            scope: &source.scope,
        };
        let outgoing =
            token::request(&asking, tape.clock(), &self.vault).map_err(|e| RunError::Input {
                place: "token".to_owned(),
                message: Bilingual::new(
                    format!("トークン要求を作れません（{e}）"),
                    format!("the token request cannot be made ({e})"),
                ),
                help: Bilingual::new(
                    "client_id と secret を確かめてください",
                    "check client_id and secret",
                ),
            })?;
        let answer = self.send(&outgoing, tape).await;
        let (token, facts) = token::read(&answer, tape.clock(), &self.vault);
        let log = tape.next_log();
        let mut http = capture(
            tape.blobs(),
            &self.vault,
            BodyKind::Token,
            &outgoing,
            &answer,
        )?;
        let lifetime = facts
            .as_ref()
            .and_then(|f| f.expires_in)
            .and_then(|s| u64::try_from(s).ok());
        http.token = facts;
        self.write(step, log, "token", &answer, http, tape)?;
        self.token = token.map(|t| (t.value, Instant::now(), lifetime.unwrap_or(0)));
        Ok(self.token.as_ref().map(|(token, ..)| token.clone()))
    }

    fn url(&self, draft: &Draft) -> Option<Url> {
        let to = &self.settings.to;
        let below = draft
            .path
            .strip_prefix(&self.settings.base_path)
            .unwrap_or(&draft.path);
        let base = to.as_str().trim_end_matches('/');
        let query = draft
            .query
            .as_ref()
            .map(|q| format!("?{q}"))
            .unwrap_or_default();
        let whole = format!("{base}/{}{query}", below.trim_start_matches('/'));
        Url::parse(&whole)
            .ok()
            .filter(|url| url.host() == to.host() && url.port() == to.port())
    }

    /// Notes what the recorded answer gave and the new one gives in its place.
    fn take(
        &mut self,
        step: &ReplayStep,
        recorded: &HttpTransfer,
        answer: &Answer,
        body: Bodies<'_>,
    ) -> Result<(), RunError> {
        let (headers, bytes) = match &answer.reply {
            Some(reply) => {
                let headers = reply.headers.iter().map(|(n, v)| {
                    (
                        n.as_str().to_owned(),
                        String::from_utf8_lossy(v.as_bytes()).into_owned(),
                    )
                });
                (headers.collect(), reply.body.as_slice())
            }
            None => (Vec::new(), &[][..]),
        };
        self.note(step, recorded, body, &|capture| {
            captured(capture, &headers, bytes)
        })
    }

    /// A step that is not sent gives nothing: what depends on it cannot be sent either.
    fn note_missing(&mut self, step: &ReplayStep, body: Bodies<'_>) -> Result<(), RunError> {
        match &step.recorded.transfer {
            Transfer::Http(recorded) => self.note(step, recorded, body, &|_| None),
            Transfer::File(_) => Ok(()),
        }
    }

    fn note(
        &mut self,
        step: &ReplayStep,
        recorded: &HttpTransfer,
        body: Bodies<'_>,
        now: &dyn Fn(&Capture) -> Option<String>,
    ) -> Result<(), RunError> {
        let wanted: Vec<&Capture> = self
            .settings
            .rules
            .capture
            .iter()
            .filter(|c| c.log.is_empty() || c.log.contains(&step.recorded.log))
            .collect();
        let Some(response) = recorded.response.as_ref().filter(|_| !wanted.is_empty()) else {
            return Ok(());
        };
        let old_body = match &response.body {
            Some(blob) => body(blob, MAX_BODY)?,
            None => Vec::new(),
        };
        let headers: Vec<(String, String)> = response
            .headers
            .iter()
            .map(|h| (h.name.clone(), h.value.clone()))
            .collect();
        for capture in wanted {
            if let Some(old) = captured(capture, &headers, &old_body) {
                self.rebound
                    .insert(old, (capture.name.clone(), now(capture)));
            }
        }
        Ok(())
    }
}

/// Why a recorded exchange cannot be sent again as it was.
fn unrepeatable(exchange: &Exchange, http: &HttpTransfer) -> Option<&'static str> {
    let wire = http.wire.as_ref();
    if http.request.method.is_empty()
        || wire.is_some_and(|w| w.broke == Some(renkei_core::record::Broke::ConsumerMidRequest))
    {
        return Some("request incomplete in the recording");
    }
    if exchange.step == "token" {
        return Some("token call: new tokens come from [token] of the rules");
    }
    if wire.is_some_and(|w| w.request.cut) {
        return Some("request body longer than what was kept");
    }
    if http.response.as_ref().is_some_and(|r| r.status == 101) || http.request.method == "CONNECT" {
        return Some("another protocol from here on");
    }
    None
}

fn draft(http: &HttpTransfer, body: Vec<u8>) -> Draft {
    let rest = http
        .request
        .url
        .split_once("://")
        .map_or("", |(_, rest)| rest);
    let target = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let headers = http
        .request
        .headers
        .iter()
        .map(|h| (h.name.clone(), h.value.clone()));
    Draft {
        path: path.to_owned(),
        query,
        headers: headers.collect(),
        body,
    }
    .without_connection()
}

/// The steps of a recording: its HTTP exchanges in order. `only`: log numbers or case ids; empty: all.
pub fn steps(exchanges: Vec<Exchange>, only: &[String]) -> Vec<ReplayStep> {
    let mut http: Vec<Exchange> = exchanges
        .into_iter()
        .filter(|e| matches!(e.transfer, Transfer::Http(_)))
        .filter(|e| only.is_empty() || only.contains(&e.log) || only.contains(&e.case))
        .collect();
    // The record is in the order of ending; log numbers are in the order of starting.
    http.sort_by(|a, b| (a.log.len(), &a.log).cmp(&(b.log.len(), &b.log)));
    let numbered: BTreeMap<usize, Exchange> = http.into_iter().enumerate().collect();
    numbered
        .into_iter()
        .map(|(n, recorded)| ReplayStep {
            id: format!("S-{:04}", n + 1),
            recorded,
        })
        .collect()
}
