//! What the steps of a run share: the tape, the endpoints made ready, the secrets met, the operator's wish to stop.

use std::collections::BTreeMap;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::JwkSet;
use renkei_core::agreement::{HttpVersion, TlsVerification};
use renkei_core::model::Bilingual;
use renkei_core::record::{Event, Exchange, Fault, FaultKind, HttpTransfer, TokenFacts, Transfer};
use url::Url;

use crate::error::RunError;
use crate::http::{
    Allowed, Answer, BodyKind, Identity, Limits, Outgoing, Trust, capture, incoming, send,
};
use crate::perform::{Progress, Settings};
use crate::scene::{Place, Scene};
use crate::secret::Vault;
use crate::stop::Stop;
use crate::store::Tape;
use crate::token::{Token, Twist};

/// Why a step ended the case early.
pub(crate) enum Broke {
    /// The operator stopped it.
    Stopped,
    /// The harness itself could not work.
    Failed(Box<RunError>),
}

impl From<RunError> for Broke {
    fn from(error: RunError) -> Self {
        Self::Failed(Box::new(error))
    }
}

/// An endpoint that can be talked to.
pub(crate) struct End {
    pub(crate) url: Url,
    pub(crate) trust: Trust,
    /// `aud` of assertions for it.
    pub(crate) audience: String,
}

/// Which exchange of which case, between whom.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) case: &'a str,
    pub(crate) name: &'a str,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
}

/// Who asks whom for a token, and for what.
#[derive(Clone, Copy)]
pub(crate) struct TokenCall<'a> {
    pub(crate) case: &'a str,
    pub(crate) party: &'a str,
    pub(crate) client: &'a str,
    pub(crate) at: Place<'a>,
    pub(crate) scope: &'a str,
}

pub(crate) struct Session<'a> {
    pub(crate) scene: Scene<'a>,
    pub(crate) settings: &'a Settings,
    pub(crate) tape: &'a mut Tape,
    pub(crate) listener: &'a mut dyn FnMut(&Progress),
    pub(crate) stop: Stop,
    /// The platforms' public keys by party; none where they could not be fetched.
    pub(crate) keys: BTreeMap<String, Option<JwkSet>>,
    vault: Vault,
    allowed: Allowed,
    ends: BTreeMap<(String, &'static str), End>,
    tokens: BTreeMap<[String; 4], Token>,
}

type Refusal = (Bilingual, Bilingual);

impl<'a> Session<'a> {
    pub(crate) fn new(
        scene: Scene<'a>,
        settings: &'a Settings,
        tape: &'a mut Tape,
        listener: &'a mut dyn FnMut(&Progress),
        stop: &Stop,
    ) -> Self {
        Self {
            scene,
            settings,
            tape,
            listener,
            stop: stop.clone(),
            keys: BTreeMap::new(),
            vault: Vault::new(),
            allowed: Allowed::default(),
            ends: BTreeMap::new(),
            tokens: BTreeMap::new(),
        }
    }

    pub(crate) fn tell(&mut self, progress: &Progress) {
        (self.listener)(progress);
    }

    /// Makes an endpoint ready, once. Its host is one of those the plan names from then on.
    ///
    /// # Errors
    /// What is wrong with its declaration, and how to fix it.
    pub(crate) fn ready(&mut self, place: Place<'_>) -> Result<(), Box<Refusal>> {
        let key = (place.party.to_owned(), place.key);
        if self.ends.contains_key(&key) {
            return Ok(());
        }
        let end = self.open(place)?;
        self.allowed.add(&end.url);
        self.ends.insert(key, end);
        Ok(())
    }

    fn open(&self, place: Place<'_>) -> Result<End, Box<Refusal>> {
        let at = format!("endpoints.{} ({})", place.key, place.party);
        let expand = |text: &str| {
            self.scene
                .expand(text, &at)
                .map_err(|e| Box::new((e.message(), e.help())))
        };
        let text = expand(&place.endpoint.url)?;
        let url = Url::parse(&text)
            .ok()
            .filter(|u| matches!(u.scheme(), "https" | "http") && u.has_host());
        let Some(url) = url else {
            return Err(Box::new((
                Bilingual::new(
                    format!("{at} の url \"{text}\" がURLではありません"),
                    format!("url \"{text}\" of {at} is not a URL"),
                ),
                Bilingual::new(
                    "https:// から始まるURLを書いてください",
                    "write a URL that begins with https://",
                ),
            )));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Box::new((
                Bilingual::new(
                    format!("{at} の url に利用者名かパスワードが書かれています"),
                    format!("url of {at} holds a user name or password"),
                ),
                Bilingual::new(
                    "記録に残るため書けません。[clients] の secret に移してください",
                    "it would be recorded: move it to the secret of a client",
                ),
            )));
        }
        let audience = match expand(&place.endpoint.audience)? {
            empty if empty.is_empty() => text,
            given => given,
        };
        let ca = match expand(&place.endpoint.ca)? {
            none if none.is_empty() => None,
            file => {
                let path = self.scene.profile_folder(place.party).join(file);
                let bytes = std::fs::read(&path).map_err(|e| {
                    let error = RunError::reading(&path, e);
                    Box::new((error.message(), error.help()))
                })?;
                Some(bytes)
            }
        };
        let verify = place.endpoint.tls == TlsVerification::Verify;
        let trust = Trust::new(ca.as_deref(), verify).map_err(|words| {
            Box::new((
                words,
                Bilingual::new(
                    format!("{at} の ca を確かめてください"),
                    format!("check ca of {at}"),
                ),
            ))
        })?;
        let trust = match place.endpoint.http {
            HttpVersion::One => trust,
            HttpVersion::Two => trust.over_http2(),
        };
        Ok(End {
            url,
            trust,
            audience,
        })
    }

    pub(crate) fn end(&self, place: Place<'_>) -> Option<&End> {
        self.ends.get(&(place.party.to_owned(), place.key))
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// Sends a request to an endpoint that is ready. When the operator stops it, that is the answer's fault: the request may
    /// have had its effect, so it belongs into the record.
    pub(crate) async fn send(
        &self,
        place: Place<'_>,
        outgoing: &Outgoing,
        limits: &Limits,
    ) -> Result<Answer, RunError> {
        self.send_as(place, None, outgoing, limits).await
    }

    /// The same, showing a certificate (mutual TLS).
    pub(crate) async fn send_as(
        &self,
        place: Place<'_>,
        shown: Option<&Identity>,
        outgoing: &Outgoing,
        limits: &Limits,
    ) -> Result<Answer, RunError> {
        let end = self.end(place).ok_or_else(|| not_ready(place))?;
        let trust = match shown {
            Some(identity) => end.trust.showing(identity),
            None => end.trust.clone(),
        };
        let clock = self.tape.clock();
        let at = clock.text();
        let since = Instant::now();
        tokio::select! {
            answer = send(&self.allowed, &trust, limits, clock, outgoing) => Ok(answer),
            () = self.stop.stopped() => Ok(Answer {
                at,
                duration_ms: u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX),
                reply: None,
                fault: Some(stopped_fault()),
                tls: None,
            }),
        }
    }

    /// Ends the case when the operator has stopped the run.
    pub(crate) fn go_on(&self) -> Result<(), Broke> {
        if self.stop.is_stopped() {
            return Err(Broke::Stopped);
        }
        Ok(())
    }

    /// Keeps a request and its answer without their secrets, and writes them down.
    pub(crate) fn keep(
        &mut self,
        step: Step<'_>,
        log: &str,
        kind: BodyKind,
        outgoing: &Outgoing,
        answer: &Answer,
        token: Option<TokenFacts>,
    ) -> Result<(), RunError> {
        let mut http = capture(self.tape.blobs(), &self.vault, kind, outgoing, answer)?;
        http.token = token;
        let transfer = Transfer::Http(Box::new(http));
        self.write(step, log, &answer.at, answer.duration_ms, transfer)
    }

    /// Asks for a new token and writes the call down. The answer is given back for those who must say why there is none.
    pub(crate) async fn token(&mut self, call: TokenCall<'_>) -> Result<Asked, Broke> {
        let prepared = self.prepared(call, &Twist::default())?;
        self.asked(call, "token", &prepared).await
    }

    /// A token that is still good for a while, from this run or new.
    pub(crate) async fn good_token(&mut self, call: TokenCall<'_>) -> Result<Option<Token>, Broke> {
        let key = [call.party, call.client, call.at.party, call.scope].map(str::to_owned);
        let soon = self
            .tape
            .clock()
            .now()
            .checked_add(SignedDuration::from_secs(REUSE_MARGIN_S))
            .unwrap_or(Timestamp::MAX);
        let kept = self.tokens.get(&key);
        if let Some(token) = kept.filter(|t| t.expires.is_some_and(|e| e > soon)) {
            return Ok(Some(token.clone()));
        }
        let token = self.token(call).await?.token;
        if let Some(token) = &token {
            self.tokens.insert(key, token.clone());
        }
        Ok(token)
    }

    /// Keeps a call that came in, without its secrets.
    pub(crate) fn incoming(
        &self,
        method: &str,
        url: &str,
        headers: &hyper::HeaderMap,
        body: &[u8],
        status: u16,
    ) -> Result<HttpTransfer, RunError> {
        let at = (method, url);
        incoming(self.tape.blobs(), &self.vault, at, headers, body, status)
    }

    /// Writes an exchange down.
    pub(crate) fn write(
        &mut self,
        step: Step<'_>,
        log: &str,
        at: &str,
        duration_ms: u64,
        transfer: Transfer,
    ) -> Result<(), RunError> {
        self.tape.event(Event::Exchanged(Box::new(Exchange {
            log: log.to_owned(),
            case: step.case.to_owned(),
            step: step.name.to_owned(),
            from: step.from.to_owned(),
            to: step.to.to_owned(),
            at: at.to_owned(),
            duration_ms,
            transfer,
        })))
    }
}

/// What came of asking for a token.
pub(crate) struct Asked {
    pub(crate) token: Option<Token>,
    pub(crate) facts: Option<TokenFacts>,
    pub(crate) answer: Answer,
    pub(crate) log: String,
}

/// What is written of a transfer that the operator stopped.
pub(crate) fn stopped_fault() -> Fault {
    Fault {
        kind: FaultKind::Other,
        detail: "stopped by the operator".to_owned(),
    }
}

/// A token that ends within so many seconds is not used again: it could end on the way.
const REUSE_MARGIN_S: i64 = 30;

pub(crate) fn not_ready(place: Place<'_>) -> RunError {
    RunError::Input {
        place: format!("endpoints.{} ({})", place.key, place.party),
        message: Bilingual::new("接続先が使えません", "the endpoint cannot be used"),
        help: Bilingual::new("事前確認の結果を見てください", "see the preflight checks"),
    }
}

pub(crate) fn no_client(call: TokenCall<'_>) -> RunError {
    let TokenCall { party, client, .. } = call;
    RunError::Input {
        place: format!("clients.{client} ({party})"),
        message: Bilingual::new(
            format!("プロファイルにクライアント {client} がありません"),
            format!("the profile has no client {client}"),
        ),
        help: Bilingual::new(
            format!("{party} の profile.toml に [clients.{client}] を書いてください"),
            format!("write [clients.{client}] in profile.toml of {party}"),
        ),
    }
}

pub(crate) fn unsigned(call: TokenCall<'_>, error: &str) -> RunError {
    let TokenCall { party, client, .. } = call;
    RunError::Input {
        place: format!("clients.{client} ({party})"),
        message: Bilingual::new(
            format!("トークン要求を作れません（{error}）"),
            format!("the token request cannot be made ({error})"),
        ),
        help: Bilingual::new(
            "client_id と秘密鍵を確かめてください",
            "check client_id and secret",
        ),
    }
}
