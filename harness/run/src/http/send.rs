use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Method, Request, Response, StatusCode, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use renkei_core::record::{Fault, FaultKind, TlsFacts};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::allowed::Allowed;
use super::connect::{Line, connect};
use super::fair::Fair;
use super::fault::{exchanging, fault};
use super::tls::Trust;
use crate::clock::Clock;

/// Limits of one request.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For connecting, and again for the TLS handshake.
    pub connect: Duration,
    /// For the whole exchange, from connecting to the last byte.
    pub whole: Duration,
    /// Longest body that is kept, in bytes; the rest is cut off.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            body_bytes: 16 * 1024 * 1024,
        }
    }
}

/// A request to be sent. `Host` and `Content-Length` are added when it goes out.
pub struct Outgoing {
    /// Method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Headers in order.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Body; empty for none.
    pub body: Vec<u8>,
}

/// What came of a request.
pub struct Answer {
    /// When it started, RFC 3339.
    pub at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The response, as far as it came.
    pub reply: Option<Reply>,
    /// What kept the exchange from completing.
    pub fault: Option<Fault>,
    /// What the TLS handshake showed.
    pub tls: Option<TlsFacts>,
}

/// A response as received.
pub struct Reply {
    /// Status code.
    pub status: StatusCode,
    /// Protocol version.
    pub version: Version,
    /// Headers in order.
    pub headers: HeaderMap,
    /// Body after transfer decoding, before content decoding.
    pub body: Vec<u8>,
    /// The body was longer than the limit.
    pub truncated: bool,
}

/// Sends one request over its own connection and keeps what comes back, bounded in time and memory.
pub async fn send(
    allowed: &Allowed,
    trust: &Trust,
    limits: &Limits,
    clock: &Clock,
    outgoing: &Outgoing,
) -> Answer {
    let started = Instant::now();
    let mut answer = Answer {
        at: clock.text(),
        duration_ms: 0,
        reply: None,
        fault: None,
        tls: None,
    };
    let connect_limit = limits.connect.min(limits.whole);
    match connect(allowed, trust, &outgoing.url, connect_limit).await {
        Ok((line, tls)) => {
            answer.tls = tls;
            let deadline = started + limits.whole;
            answer.fault = exchange(
                line,
                trust.http2(),
                outgoing,
                limits,
                deadline,
                &mut answer.reply,
            )
            .await
            .err();
        }
        Err(fault) => answer.fault = Some(fault),
    }
    answer.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    answer
}

async fn exchange(
    line: Line,
    http2: bool,
    outgoing: &Outgoing,
    limits: &Limits,
    deadline: Instant,
    reply: &mut Option<Reply>,
) -> Result<(), Fault> {
    let late = |phase: &str| {
        let whole = limits.whole.as_millis();
        fault(
            FaultKind::TimedOut,
            format!("{phase}: not within {whole} ms"),
        )
    };
    let request = request(outgoing, http2)?;
    let asking = async {
        if http2 {
            over_http2(line, request).await
        } else {
            over_http1(line, request).await
        }
    };
    // Dropping the driver ends the task and with it the connection, whatever the peer does.
    let (response, _driver) = timeout_at(deadline, asking)
        .await
        .map_err(|_| late("waiting for the response"))??;
    let (head, body) = response.into_parts();
    let reply = reply.insert(Reply {
        status: head.status,
        version: head.version,
        headers: head.headers,
        body: Vec::new(),
        truncated: false,
    });
    timeout_at(deadline, read_body(body, limits.body_bytes, reply))
        .await
        .map_err(|_| late("reading the body"))?
}

type Answered = Result<(Response<Incoming>, Driver), Fault>;

async fn over_http1(line: Line, request: Request<Full<Bytes>>) -> Answered {
    let io = TokioIo::new(Fair::new(line));
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io)
        .await
        .map_err(|e| exchanging(&e, "connecting"))?;
    // Errors of the connection are also given to the request below.
    let driver = Driver(tokio::spawn(async move {
        let _ = connection.await;
    }));
    let response = sender.send_request(request).await;
    let response = response.map_err(|e| exchanging(&e, "waiting for the response"))?;
    Ok((response, driver))
}

async fn over_http2(line: Line, request: Request<Full<Bytes>>) -> Answered {
    let io = TokioIo::new(line);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
        .await
        .map_err(|e| exchanging(&e, "connecting"))?;
    let driver = Driver(tokio::spawn(async move {
        let _ = connection.await;
    }));
    let response = sender.send_request(request).await;
    let response = response.map_err(|e| exchanging(&e, "waiting for the response"))?;
    Ok((response, driver))
}

async fn read_body(mut body: Incoming, limit: usize, reply: &mut Reply) -> Result<(), Fault> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|e| exchanging(&e, "reading the body"))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let room = limit - reply.body.len();
        reply
            .body
            .extend_from_slice(data.get(..room).unwrap_or(&data));
        if data.len() > room {
            reply.truncated = true;
            return Ok(());
        }
    }
    Ok(())
}

struct Driver(tokio::task::JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn request(outgoing: &Outgoing, http2: bool) -> Result<Request<Full<Bytes>>, Fault> {
    let refused = |e: &dyn std::fmt::Display| fault(FaultKind::Other, format!("request: {e}"));
    let url = &outgoing.url;
    let target = match url.query() {
        _ if http2 => url.as_str().to_owned(), // scheme and authority go into fields of their own (RFC 9113 8.3.1)
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let mut request = Request::builder()
        .method(&outgoing.method)
        .uri(target)
        .body(Full::new(Bytes::from(outgoing.body.clone())))
        .map_err(|e| refused(&e))?;
    for (name, value) in wire_headers(outgoing).map_err(|e| refused(&e))? {
        if !(http2 && name == HOST) {
            request.headers_mut().append(name, value);
        }
    }
    Ok(request)
}

/// The headers exactly as they go out.
pub(super) fn wire_headers(
    outgoing: &Outgoing,
) -> Result<Vec<(HeaderName, HeaderValue)>, hyper::http::Error> {
    let url = &outgoing.url;
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    // Firewalls in front of web services often refuse requests that do not say who sends them.
    let mut headers = vec![
        (HOST, HeaderValue::from_str(&host)?),
        (
            USER_AGENT,
            HeaderValue::from_static(concat!("renkei/", env!("CARGO_PKG_VERSION"))),
        ),
    ];
    headers.extend(outgoing.headers.iter().cloned());
    if !outgoing.body.is_empty() || outgoing.method == Method::POST {
        headers.push((
            hyper::header::CONTENT_LENGTH,
            HeaderValue::from(outgoing.body.len()),
        ));
    }
    Ok(headers)
}
