//! A consumer: calls a provider as a vendor's client would, with an ordinary HTTP client, and tells what came back. It is
//! met over sockets only, by a real provider or by the relay.

mod calling;
mod tokens;

use std::io::Write;

use renkei_core::agreement::ClientAuth;
use renkei_core::model::Bilingual;
use renkei_core::plan::StandInRole;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::misbehaviour::Switches;
use crate::clock::Clock;
use crate::error::RunError;
use crate::secret::Secret;
use crate::stop::Stop;

/// What a consumer is started with. Arrives on stdin, so that no secret is ever seen in a list of processes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsumerConfig {
    /// Id, for messages.
    #[serde(default = "consumer_id")]
    pub id: String,
    /// Full URL of the operation.
    pub url: String,
    /// Method; POST where it is not said.
    #[serde(default = "post")]
    pub method: String,
    /// Body of each call.
    #[serde(default)]
    pub body: Value,
    /// Member of the body that `leaves-out-required` leaves out.
    #[serde(default)]
    pub required: String,
    /// PEM file of the CA of both servers; empty: the system's roots.
    #[serde(default)]
    pub ca: String,
    /// Token endpoint; empty: it calls without a token.
    #[serde(default)]
    pub token_url: String,
    /// `aud` of assertions; empty: the token endpoint.
    #[serde(default)]
    pub audience: String,
    /// Method of client authentication.
    #[serde(default = "by_assertion")]
    pub auth: ClientAuth,
    /// `client_id`.
    #[serde(default)]
    pub client_id: String,
    /// Secret, or private key in PEM.
    #[serde(default = "nothing", deserialize_with = "secret")]
    pub secret: Secret,
    /// Scope that it asks for.
    #[serde(default)]
    pub scope: String,
    /// How many calls it makes, one after the other.
    #[serde(default = "one")]
    pub calls: u32,
    /// Pause between calls, in milliseconds.
    #[serde(default)]
    pub pause_ms: u64,
    /// Named misbehaviours.
    #[serde(default)]
    pub misbehave: Vec<String>,
}

fn consumer_id() -> String {
    "consumer".to_owned()
}

fn post() -> String {
    "POST".to_owned()
}

fn one() -> u32 {
    1
}

fn by_assertion() -> ClientAuth {
    ClientAuth::ClientSecretJwt
}

fn nothing() -> Secret {
    Secret::new("")
}

fn secret<'de, D: Deserializer<'de>>(source: D) -> Result<Secret, D::Error> {
    String::deserialize(source).map(Secret::new)
}

/// What came of one request, one line of JSON on stdout.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// `token`, `refresh` or `call`.
    pub step: String,
    /// 1-based number of the call.
    pub call: u32,
    /// Status; 0 when no answer came.
    pub status: u16,
    /// What kept it from being sent or answered.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fault: String,
}

/// Makes the calls and tells each.
///
/// # Errors
/// The configuration cannot be used. What a server answers, or that it does not, is no error.
pub async fn consume(
    config: &ConsumerConfig,
    clock: &Clock,
    stop: &Stop,
    tell: &mut dyn FnMut(&Told) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let switches = Switches::new(&config.id, StandInRole::Consumer, &config.misbehave)?;
    let client = client(config)?;
    let mut tokens = tokens::Tokens::new(config, &switches, clock);
    for call in 1..=config.calls {
        let asked = tokens.ready(&client, call, tell);
        let token = tokio::select! {
            token = asked => token?,
            () = stop.stopped() => return Ok(()),
        };
        let told = tokio::select! {
            told = calling::call(config, &switches, &client, token.as_ref(), call) => told?,
            () = stop.stopped() => return Ok(()),
        };
        tell(&told)?;
        if call < config.calls {
            let pause = std::time::Duration::from_millis(config.pause_ms);
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.stopped() => return Ok(()),
            }
        }
    }
    Ok(())
}

/// An ordinary client: HTTP/1.1 or 2 as the server likes, no redirects, no proxy.
fn client(config: &ConsumerConfig) -> Result<reqwest::Client, RunError> {
    let unusable = |e: &dyn std::fmt::Display| {
        trouble(
            config,
            Bilingual::same(e.to_string()),
            Bilingual::new(
                "ca のファイルとURLを確かめてください",
                "check the file of ca and the URLs",
            ),
        )
    };
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent("vendor-client/1.0")
        .timeout(std::time::Duration::from_secs(30));
    if !config.ca.is_empty() {
        let path = std::path::Path::new(&config.ca);
        let pem = std::fs::read(path).map_err(|e| RunError::reading(path, e))?;
        let roots = reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| unusable(&e))?;
        builder = builder.tls_certs_only(roots);
    }
    builder.build().map_err(|e| unusable(&e))
}

fn trouble(config: &ConsumerConfig, message: Bilingual, help: Bilingual) -> RunError {
    RunError::StandIn {
        id: config.id.clone(),
        message,
        help,
    }
}

/// Writes what was told as one line to stdout.
pub(super) fn print(told: &Told) -> Result<(), RunError> {
    let wrong = |e: std::io::Error| RunError::writing("stdout".as_ref(), e);
    let mut line = serde_json::to_vec(told).map_err(|e| wrong(e.into()))?;
    line.push(b'\n');
    let mut out = std::io::stdout().lock();
    out.write_all(&line)
        .and_then(|()| out.flush())
        .map_err(wrong)
}

#[cfg(test)]
mod tests;
