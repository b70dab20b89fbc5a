//! Takes calls of other systems for a scenario: keeps what comes, answers with the status that the plan says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use renkei_core::model::Bilingual;
use renkei_core::plan::ListenStep;
use renkei_core::record::TlsFacts;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;

use crate::error::RunError;
use crate::http::fault::handshaking;
use crate::tls;

/// Longest body that is taken, in bytes.
const BODY: usize = 16 * 1024 * 1024;
/// Connections at the same time.
const CONNECTIONS: usize = 64;
/// How long a connection may take in all.
const WHOLE: Duration = Duration::from_secs(60);
/// How many calls are kept for steps that have not begun.
const KEPT: usize = 256;

/// A call that came in.
pub(super) struct Came {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: hyper::HeaderMap,
    pub(super) body: Vec<u8>,
    /// Status it was answered with.
    pub(super) status: u16,
    /// What the handshake showed.
    pub(super) tls: Option<TlsFacts>,
}

/// A place where calls are taken.
pub(super) struct Listener {
    pub(super) url: String,
    calls: mpsc::Receiver<Came>,
    waiting: VecDeque<Came>,
    trouble: Arc<Mutex<String>>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Listener {
    /// Begins to listen. `steps` are those that will wait, with the status each answers with.
    pub(super) async fn open(
        address: &str,
        tls: Option<Arc<ServerConfig>>,
        steps: Vec<ListenStep>,
    ) -> Result<Self, RunError> {
        let trouble = |e: std::io::Error| RunError::Input {
            place: format!("listen = \"{address}\""),
            message: Bilingual::new(
                format!("このアドレスで待ち受けられません（{e}）"),
                format!("cannot listen there ({e})"),
            ),
            help: Bilingual::new(
                "この機械のアドレスと空いているポートを \"127.0.0.1:0\" のように書いてください",
                "write an address of this machine and a free port, as \"127.0.0.1:0\"",
            ),
        };
        let listener = TcpListener::bind(address).await.map_err(trouble)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().map_err(trouble)?);
        let (tell, calls) = mpsc::channel(KEPT);
        let trouble = Arc::default();
        let waiters = Waiters {
            steps: Arc::new(steps),
            tell,
            trouble: Arc::clone(&trouble),
        };
        let serving = tokio::spawn(serve(listener, tls, waiters));
        Ok(Self {
            url,
            calls,
            waiting: VecDeque::new(),
            trouble,
            serving,
        })
    }

    /// The next call that a step waits for; calls for other steps are kept for them.
    pub(super) async fn next(&mut self, step: &ListenStep) -> Option<Came> {
        if let Some(at) = self
            .waiting
            .iter()
            .position(|came| fits(step, &came.method, &came.target))
        {
            return self.waiting.remove(at);
        }
        loop {
            let came = self.calls.recv().await?;
            if fits(step, &came.method, &came.target) {
                return Some(came);
            }
            self.waiting.push_back(came);
            self.waiting.truncate(KEPT);
        }
    }
}

impl Listener {
    /// The last handshake that failed, for the case that nothing came.
    pub(super) fn trouble(&self) -> String {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.clone()
    }
}

fn fits(step: &ListenStep, method: &str, target: &str) -> bool {
    let path = target.split('?').next().unwrap_or_default();
    path == step.path && (step.method.is_empty() || step.method.eq_ignore_ascii_case(method))
}

/// Who waits for calls.
#[derive(Clone)]
struct Waiters {
    steps: Arc<Vec<ListenStep>>,
    tell: mpsc::Sender<Came>,
    trouble: Arc<Mutex<String>>,
}

async fn serve(listener: TcpListener, tls: Option<Arc<ServerConfig>>, waiters: Waiters) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(permit) = Arc::clone(&room).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (tls, waiters) = (tls.clone(), waiters.clone());
        tokio::spawn(async move {
            // A caller that breaks off is no matter of ours: its call did not come.
            let _ = tokio::time::timeout(WHOLE, take(stream, tls, waiters)).await;
            drop(permit);
        });
    }
}

async fn take(stream: TcpStream, tls: Option<Arc<ServerConfig>>, waiters: Waiters) {
    match tls {
        None => converse(stream, None, waiters).await,
        Some(config) => match TlsAcceptor::from(config).accept(stream).await {
            Ok(line) => {
                let facts = tls::facts(line.get_ref().1);
                converse(line, Some(facts), waiters).await;
            }
            Err(error) => {
                let mut trouble = waiters
                    .trouble
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                *trouble = handshaking(&error).detail;
            }
        },
    }
}

async fn converse<L>(line: L, facts: Option<TlsFacts>, waiters: Waiters)
where
    L: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| answer(request, facts.clone(), waiters.clone()));
    let mut server = hyper::server::conn::http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(10));
    let _ = server.serve_connection(TokioIo::new(line), service).await;
}

async fn answer(
    request: Request<Incoming>,
    tls: Option<TlsFacts>,
    waiters: Waiters,
) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let (head, body) = request.into_parts();
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |t| t.as_str())
        .to_owned();
    let step = waiters
        .steps
        .iter()
        .find(|s| fits(s, head.method.as_str(), &target));
    let body = Limited::new(body, BODY).collect().await;
    let status = match (step, &body) {
        (None, _) => 404,
        (Some(_), Err(_)) => 413,
        (Some(step), Ok(_)) => step.status,
    };
    if let (Some(_), Ok(body)) = (step, body) {
        let came = Came {
            method: head.method.to_string(),
            target,
            headers: head.headers,
            body: body.to_bytes().to_vec(),
            status,
            tls,
        };
        // When nobody waits any more the scenario is over.
        let _ = waiters.tell.try_send(came);
    }
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    Ok(response)
}
