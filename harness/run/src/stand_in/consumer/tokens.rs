//! The consumer's tokens: one is kept as long as it lasts.

use jiff::Timestamp;
use renkei_core::agreement::ClientAuth;
use renkei_core::model::Bilingual;
use serde_json::Value;
use url::Url;

use super::{ConsumerConfig, Told, trouble};
use crate::clock::Clock;
use crate::error::RunError;
use crate::http::Outgoing;
use crate::secret::{Secret, Vault};
use crate::stand_in::misbehaviour::{Switch, Switches};
use crate::token::{self, Asking};

/// A token that ends within so many seconds is asked for anew.
const MARGIN_S: i64 = 5;

pub(super) struct Tokens<'a> {
    config: &'a ConsumerConfig,
    switches: &'a Switches,
    clock: &'a Clock,
    kept: Option<(Secret, Timestamp)>,
    /// The request that is sent again by a client that makes its assertion once.
    request: Option<Outgoing>,
    refreshed: bool,
}

type Tell<'t> = &'t mut dyn FnMut(&Told) -> Result<(), RunError>;

impl<'a> Tokens<'a> {
    pub(super) fn new(
        config: &'a ConsumerConfig,
        switches: &'a Switches,
        clock: &'a Clock,
    ) -> Self {
        Self {
            config,
            switches,
            clock,
            kept: None,
            request: None,
            refreshed: false,
        }
    }

    /// The token for the next call; none where the consumer has none or got none.
    pub(super) async fn ready(
        &mut self,
        client: &reqwest::Client,
        call: u32,
        tell: Tell<'_>,
    ) -> Result<Option<Secret>, RunError> {
        if self.config.token_url.is_empty() || self.switches.on(Switch::CallsWithoutToken) {
            return Ok(None);
        }
        let now = self.clock.now();
        let margin = jiff::SignedDuration::from_secs(MARGIN_S);
        let soon = now.checked_add(margin).unwrap_or(Timestamp::MAX);
        let kept = self.kept.as_ref();
        let still = kept.filter(|(_, ends)| {
            self.switches.on(Switch::KeepsExpiredToken)
                || (*ends > soon && !self.switches.on(Switch::AsksTokenEveryCall))
        });
        if let Some((token, _)) = still {
            return Ok(Some(token.clone()));
        }
        self.ask(client, call, tell).await
    }

    async fn ask(
        &mut self,
        client: &reqwest::Client,
        call: u32,
        tell: Tell<'_>,
    ) -> Result<Option<Secret>, RunError> {
        if self.request.is_none() || !self.switches.on(Switch::ReusesAssertion) {
            self.request = Some(self.made()?);
        }
        let Some(request) = &self.request else {
            return Ok(None);
        };
        let (told, body) = sent(client, request, "token", call).await;
        tell(&told)?;
        let token = body.get("access_token").and_then(Value::as_str);
        let Some(token) = token.filter(|_| told.status == 200).map(Secret::new) else {
            return Ok(None);
        };
        let lasts = body.get("expires_in").and_then(Value::as_i64).unwrap_or(0);
        let lasts = jiff::SignedDuration::from_secs(lasts);
        let ends = self.clock.now().checked_add(lasts);
        self.kept = Some((token.clone(), ends.unwrap_or(Timestamp::MAX)));
        if self.switches.on(Switch::TriesRefresh) && !self.refreshed {
            self.refreshed = true;
            let mut again = self.made()?;
            // The assertion stays valid; only the grant is the one that the standard forbids.
            let form = String::from_utf8_lossy(&again.body)
                .replace("grant_type=client_credentials", "grant_type=refresh_token");
            again.body = format!("{form}&refresh_token=none").into_bytes();
            let (told, _) = sent(client, &again, "refresh", call).await;
            tell(&told)?;
        }
        Ok(Some(token))
    }

    fn made(&self) -> Result<Outgoing, RunError> {
        let config = self.config;
        let wrong = |words: String| {
            trouble(
                config,
                Bilingual::new(
                    format!("トークン要求を作れません（{words}）"),
                    format!("the token request cannot be made ({words})"),
                ),
                Bilingual::new(
                    "token_url、auth、client_id、secret を確かめてください",
                    "check token_url, auth, client_id and secret",
                ),
            )
        };
        if config.auth == ClientAuth::TlsClientAuth {
            return Err(wrong("auth = tls_client_auth".to_owned()));
        }
        let url = Url::parse(&config.token_url).map_err(|e| wrong(e.to_string()))?;
        let audience = match config.audience.as_str() {
            "" => config.token_url.as_str(),
            given => given,
        };
        let asking = Asking {
            url: &url,
            audience,
            auth: config.auth,
            client_id: &config.client_id,
            secret: &config.secret,
            scope: &config.scope,
        };
        token::request(&asking, self.clock, &Vault::new()).map_err(wrong)
    }
}

async fn sent(
    client: &reqwest::Client,
    outgoing: &Outgoing,
    step: &str,
    call: u32,
) -> (Told, Value) {
    let mut told = Told {
        step: step.to_owned(),
        call,
        ..Told::default()
    };
    let mut request = client.post(outgoing.url.clone());
    for (name, value) in &outgoing.headers {
        request = request.header(name, value);
    }
    let answer = request.body(outgoing.body.clone()).send().await;
    let body = match answer {
        Ok(response) => {
            told.status = response.status().as_u16();
            response.bytes().await
        }
        Err(e) => Err(e),
    };
    match body {
        Ok(bytes) => (told, serde_json::from_slice(&bytes).unwrap_or_default()),
        Err(e) => {
            told.fault = e.without_url().to_string();
            (told, Value::Null)
        }
    }
}
