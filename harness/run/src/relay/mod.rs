//! The recording relay between two real systems. Bytes go through as they are; beside the way a reader makes exchanges of
//! them. Only the one declared provider is ever contacted, and the relay never speaks in anybody's place.

mod ca;
mod framer;
pub(crate) mod head;
mod host;
mod keep;
mod record;
mod secrets;
mod tunnel;
mod watch;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use renkei_core::model::Bilingual;
use renkei_core::record::Exchange;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};
use url::{Host, Url};

pub use crate::tls::Identity;
pub use ca::make_ca;
pub(crate) use head::Head;
pub use record::Totals;
pub use secrets::Secrets;
pub(crate) use secrets::is_secret;

use crate::error::RunError;
use crate::stop::Stop;
use crate::store::Tape;
use crate::tls;
use record::{Names, Recorder};
use tunnel::Way;

/// Pieces of at most 32 KiB that may wait for the writing desk; then the traffic waits.
const QUEUE: usize = 1024;

/// What an operator declares for a relay.
#[derive(Clone, Debug)]
pub struct RelaySettings {
    /// Where consumers connect, `127.0.0.1:8443`; port 0: the system picks one.
    pub listen: String,
    /// The provider: scheme, host and port count.
    pub to: Url,
    /// Certificate of the listening side; none: plain HTTP.
    pub identity: Option<Identity>,
    /// CA of client certificates that consumers must present; none: none is asked for.
    pub client_ca: Option<PathBuf>,
    /// CA that alone is trusted for the provider; none: the system's roots.
    pub ca: Option<PathBuf>,
    /// Certificate that the relay presents to the provider.
    pub client_identity: Option<Identity>,
    /// Rewrite the Host field to name the provider.
    pub rewrite_host: bool,
    /// Party ids of consumer and provider.
    pub parties: (String, String),
    /// Connections at a time; more wait.
    pub most_connections: usize,
    /// Nothing moves for so long: a connection is ended.
    pub idle: Duration,
    /// For connecting to the provider, and again for each TLS handshake.
    pub connect: Duration,
    /// After a stop, exchanges under way may take so long to end.
    pub grace: Duration,
    /// Longest body that is kept, in bytes. All of it goes through.
    pub keep: u64,
}

impl RelaySettings {
    /// Settings with everything but the two ends at its default.
    pub fn new(listen: impl Into<String>, to: Url) -> Self {
        Self {
            listen: listen.into(),
            to,
            identity: None,
            client_ca: None,
            ca: None,
            client_identity: None,
            rewrite_host: false,
            parties: ("consumer".to_owned(), "provider".to_owned()),
            most_connections: 1024,
            idle: Duration::from_secs(120),
            connect: Duration::from_secs(10),
            grace: Duration::from_secs(5),
            keep: 64 * 1024 * 1024,
        }
    }
}

/// A relay that listens already.
pub struct Relay {
    listener: TcpListener,
    way: WayPlan,
    names: Names,
    most: usize,
    /// Where it listens.
    pub address: SocketAddr,
}

struct WayPlan {
    settings: RelaySettings,
    listening: Option<Arc<rustls::ServerConfig>>,
    calling: Option<(
        Arc<rustls::ClientConfig>,
        rustls::pki_types::ServerName<'static>,
    )>,
    upstream: (String, u16),
}

impl Relay {
    /// Opens the listening port and loads certificates; no byte moves yet.
    ///
    /// # Errors
    /// An address, URL or certificate cannot be used.
    pub async fn bind(settings: RelaySettings) -> Result<Self, RunError> {
        let host = upstream_host(&settings.to)?;
        let port = settings.to.port_or_known_default().unwrap_or(443);
        let listening = match &settings.identity {
            Some(identity) => Some(tls::listening(identity, settings.client_ca.as_deref())?),
            None => None,
        };
        let calling = match settings.to.scheme() {
            "https" => Some((
                tls::calling(settings.ca.as_deref(), settings.client_identity.as_ref())?,
                tls::server_name(&host)?,
            )),
            _ => None,
        };
        let listener = TcpListener::bind(&settings.listen)
            .await
            .map_err(|e| no_listen(&settings.listen, &e))?;
        let address = listener
            .local_addr()
            .map_err(|e| no_listen(&settings.listen, &e))?;
        let scheme = if listening.is_some() { "https" } else { "http" };
        let names = Names {
            upstream: format!("{}://{}", settings.to.scheme(), authority(&settings.to)),
            listen: format!("{scheme}://{address}"),
            consumer: settings.parties.0.clone(),
            provider: settings.parties.1.clone(),
            limit: settings.keep,
        };
        let bare = match &host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        };
        let most = settings.most_connections.max(1);
        Ok(Self {
            listener,
            way: WayPlan {
                settings,
                listening,
                calling,
                upstream: (bare, port),
            },
            names,
            most,
            address,
        })
    }

    /// The URL that consumers use in place of the provider's.
    pub fn url(&self) -> &str {
        &self.names.listen
    }

    /// Relays until it is stopped. `listener` is told of every exchange as it is written. The tape comes back when all
    /// connections have ended and everything is written.
    pub async fn run(
        self,
        tape: Tape,
        listener: Box<dyn FnMut(&Exchange) + Send>,
        stop: &Stop,
    ) -> (Tape, Totals, Result<(), RunError>) {
        let (desk, mut queue) = mpsc::channel(QUEUE);
        let recorder = Recorder::new(tape, self.names.clone(), listener);
        let gone = stop.clone();
        let writing = tokio::task::spawn_blocking(move || {
            let result = recorder.run(&mut queue);
            gone.stop(); // without a record there is no relaying
            result
        });
        let plan = self.way;
        let way = Arc::new(Way {
            listening: plan.listening,
            calling: plan.calling,
            upstream: plan.upstream,
            rewrite_host: plan
                .settings
                .rewrite_host
                .then(|| authority(&plan.settings.to)),
            connect_limit: plan.settings.connect,
            idle: plan.settings.idle,
            desk,
            stop: stop.clone(),
            grace: plan.settings.grace,
        });
        accept(self.listener, &way, self.most, stop).await;
        drop(way);
        match writing.await {
            Ok(done) => done,
            // A panic in the writing desk is a defect of the harness; there is no tape any more to give back.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

async fn accept(listener: TcpListener, way: &Arc<Way>, most: usize, stop: &Stop) {
    let room = Arc::new(Semaphore::new(most));
    let mut number = 0;
    loop {
        let permit = tokio::select! {
            permit = Arc::clone(&room).acquire_owned() => permit,
            () = stop.stopped() => return,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.stopped() => return,
        };
        match accepted {
            Ok((tcp, _)) => {
                number += 1;
                let way = Arc::clone(way);
                tokio::spawn(async move {
                    tunnel::connection(way, tcp, number).await;
                    drop(permit);
                });
            }
            // Out of descriptors or the like: wait rather than spin.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

fn upstream_host(to: &Url) -> Result<Host<String>, RunError> {
    let host = to.host().map(|h| h.to_owned());
    let known = matches!(to.scheme(), "http" | "https");
    let plain = to.username().is_empty()
        && to.password().is_none()
        && to.query().is_none()
        && to.fragment().is_none();
    match host {
        Some(host) if known && plain => Ok(host),
        _ => Err(RunError::Input {
            place: format!("--to {}", to.origin().ascii_serialization()),
            message: Bilingual::new(
                "提供側のURLとして使えません",
                "cannot be used as the provider's URL",
            ),
            help: Bilingual::new(
                "https://ホスト:ポート/基底パス の形で書いてください（利用者名、クエリは書けません）",
                "write https://host:port/base-path, without user name or query",
            ),
        }),
    }
}

/// Host and port as a URL writes them; a default port is left out.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn no_listen(listen: &str, error: &io::Error) -> RunError {
    RunError::Input {
        place: format!("--listen {listen}"),
        message: Bilingual::new(
            format!("ここでは待ち受けられません（{error}）"),
            format!("cannot listen here ({error})"),
        ),
        help: Bilingual::new(
            "この機械のアドレスと空いているポートを指定してください。1024より小さいポートには権限が要ります",
            "name an address of this machine and a free port; ports below 1024 need a privilege",
        ),
    }
}

#[cfg(test)]
mod tests;
