//! A provider: the token endpoint of an authorization platform and the numbering API of a pack behind it.

mod access_token;
mod answer;
mod api;
mod assertion;
mod authorize;
mod broken_body;
mod limits;
mod numbers;
mod platform;
mod token;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use hyper::Request;
use jiff::Timestamp;
use renkei_core::model::Bilingual;
use renkei_core::plan::StandInRole;
use renkei_core::spec::Api;
use tokio::net::TcpListener;

use super::Bound;
use super::config::{ClientConfig, ProviderConfig, Ready};
use super::misbehaviour::{Switch, Switches};
use super::{certificates, serve};
use crate::clock::Clock;
use crate::error::RunError;
use crate::stop::Stop;

/// What a running provider knows.
struct Provider {
    api: Api,
    clients: Vec<ClientConfig>,
    audiences: Vec<String>,
    /// Its own base URL, which is also its name as issuer.
    url: String,
    token_path: String,
    jwt_tokens: bool,
    signer: access_token::Signer,
    /// Published instead of the signer's key where the keys are out of date.
    old_signer: access_token::Signer,
    switches: Switches,
    clock: Clock,
    state: Mutex<State>,
}

/// What changes while it runs.
#[derive(Default)]
struct State {
    /// Tokens that were issued, by their SHA-256.
    grants: BTreeMap<String, Grant>,
    /// Assertions that were used (`jti`), until they expire.
    used: BTreeMap<String, i64>,
    numbers: numbers::Register,
}

/// A token that was issued.
#[derive(Clone)]
struct Grant {
    scope: String,
    expires: Timestamp,
    client_id: String,
    revoked: bool,
    /// `x5t#S256` of the certificate it is bound to.
    certificate: Option<String>,
}

impl Provider {
    fn on(&self, switch: Switch) -> bool {
        self.switches.on(switch)
    }

    /// A panic in one request must not stop the others.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a provider on 127.0.0.1 over TLS, with a certificate of its own test CA.
///
/// # Errors
/// A misbehaviour is unknown, the port is taken, the CA cannot be written.
pub async fn provide(config: ProviderConfig, clock: &Clock, stop: Stop) -> Result<Bound, RunError> {
    let switches = Switches::new(&config.id, StandInRole::Provider, &config.misbehave)?;
    let api = read_api(&config)?;
    let listener = bind(&config).await?;
    let address = listener
        .local_addr()
        .map_err(|e| port_trouble(&config, &e))?;
    let ca = config.work.join(format!("{}-ca.pem", config.id));
    let tls = certificates::make(&config.id, &ca)?;
    let url = format!("https://{address}");
    let mut audiences = vec![format!("{url}{}", config.token_path)];
    audiences.extend(config.audiences.iter().map(|a| a.replace("{url}", &url)));
    let provider = Arc::new(Provider {
        api,
        clients: config.clients,
        audiences,
        url: url.clone(),
        token_path: config.token_path.clone(),
        jwt_tokens: config.jwt_tokens,
        signer: access_token::Signer::new(&config.id)?,
        old_signer: access_token::Signer::new(&config.id)?,
        switches,
        clock: clock.clone(),
        state: Mutex::default(),
    });
    let router = router(&provider, &config.token_path, &config.api_path);
    let serving = tokio::spawn(async move {
        serve::serve(listener, tls, router, stop).await;
        Ok(())
    });
    let ready = Ready {
        ready: true,
        url,
        ca: ca.display().to_string(),
    };
    Ok(Bound { ready, serving })
}

fn read_api(config: &ProviderConfig) -> Result<Api, RunError> {
    let mut problems = Vec::new();
    let api = Api::of_document(config.openapi.clone(), &config.scopes, &mut problems);
    api.ok_or_else(|| {
        let first = problems.into_iter().next();
        let (message, help) = first.map(|p| (p.message, p.help)).unwrap_or_default();
        RunError::StandIn {
            id: config.id.clone(),
            message,
            help,
        }
    })
}

/// One handler for all paths: those of the profiles are data and may hold anything.
fn router(provider: &Arc<Provider>, token_path: &str, api_path: &str) -> Router {
    let provider = Arc::clone(provider);
    let token_path = token_path.to_owned();
    let api_path = api_path.to_owned();
    Router::new().fallback(move |request: Request<Body>| async move {
        if request.uri().path() == token_path {
            token::answer(provider, request).await
        } else if let Some(part) = platform::part(&token_path, request.uri().path()) {
            platform::answer(provider, part, request).await
        } else {
            api::answer(provider, api_path, request).await
        }
    })
}

async fn bind(config: &ProviderConfig) -> Result<TcpListener, RunError> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, config.port)))
        .await
        .map_err(|e| port_trouble(config, &e))
}

fn port_trouble(config: &ProviderConfig, error: &std::io::Error) -> RunError {
    let port = config.port;
    RunError::StandIn {
        id: config.id.clone(),
        message: Bilingual::new(
            format!("127.0.0.1 のポート {port} を開けません（{error}）"),
            format!("port {port} of 127.0.0.1 cannot be opened ({error})"),
        ),
        help: Bilingual::new(
            "他のプログラムが使っていれば止めるか、ポートを 0（自動）にしてください",
            "stop the program that uses it, or let the system pick one with port 0",
        ),
    }
}
