//! The way of the bytes: read here, written there, as they are; a copy goes to the writing desk. Ends of stream go on too,
//! so that a side that has finished sending can still receive.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use renkei_core::record::{Broke, Fault, FaultKind, TlsFacts};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::host::HostRewriter;
use super::record::{Seen, Why};
use super::tls;
use super::watch::Side;
use crate::http::fault::{connecting, exchanging, fault, handshaking};
use crate::stop::Stop;

/// So many bytes are read at a time.
const PIECE: usize = 32 * 1024;

/// What every connection needs.
pub(crate) struct Way {
    /// TLS towards consumers; none: plain.
    pub(crate) listening: Option<Arc<ServerConfig>>,
    /// TLS towards the provider; none: plain.
    pub(crate) calling: Option<(Arc<ClientConfig>, ServerName<'static>)>,
    /// The one provider: host name or address, and port.
    pub(crate) upstream: (String, u16),
    /// What the Host field is rewritten to, when that was declared.
    pub(crate) rewrite_host: Option<String>,
    pub(crate) connect_limit: Duration,
    /// Nothing moves for so long: the connection is ended.
    pub(crate) idle: Duration,
    pub(crate) desk: mpsc::Sender<Seen>,
    pub(crate) stop: Stop,
    /// When a stop was given, exchanges under way may take so long to end.
    pub(crate) grace: Duration,
}

/// One connection of a consumer, from its beginning to its end.
pub(crate) async fn connection(way: Arc<Way>, tcp: TcpStream, number: u64) {
    let _ = tcp.set_nodelay(true);
    match &way.listening {
        None => carry(&way, tcp, number, None).await,
        Some(config) => {
            let started = Instant::now();
            let shaken = timeout(
                way.connect_limit,
                TlsAcceptor::from(Arc::clone(config)).accept(tcp),
            )
            .await;
            let told = match shaken {
                Ok(Ok(line)) => {
                    let facts = tls::facts(line.get_ref().1);
                    return carry(&way, line, number, Some(facts)).await;
                }
                Ok(Err(error)) => {
                    let told = handshaking(&error);
                    // Whatever ended it, it was the handshake that did not come about.
                    fault(FaultKind::Tls, told.detail)
                }
                Err(_) => fault(
                    FaultKind::Tls,
                    format!(
                        "the TLS handshake was not complete within {} ms",
                        way.connect_limit.as_millis()
                    ),
                ),
            };
            let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            let _ = way
                .desk
                .send(Seen::Refused {
                    connection: number,
                    fault: told,
                    took_ms,
                })
                .await;
        }
    }
}

/// Waits for the first byte of the consumer before the provider is called: a connection that says nothing reaches nobody.
async fn carry<C: AsyncRead + AsyncWrite + Unpin>(
    way: &Way,
    mut consumer: C,
    number: u64,
    consumer_tls: Option<TlsFacts>,
) {
    let end = Arc::new(Notify::new());
    let opened = Seen::Opened {
        connection: number,
        consumer_tls,
        end: Arc::clone(&end),
    };
    if way.desk.send(opened).await.is_err() {
        return;
    }
    let mut first = vec![0; PIECE];
    let read = tokio::select! {
        read = timeout(way.idle, consumer.read(&mut first)) => read,
        () = way.stop.stopped() => Ok(Ok(0)),
    };
    let why = match read {
        Ok(Ok(n)) if n > 0 => {
            first.truncate(n);
            forward(way, consumer, number, first, end).await
        }
        _ => Why::Sides,
    };
    let closed = Seen::Closed {
        connection: number,
        at: Instant::now(),
        why,
    };
    let _ = way.desk.send(closed).await;
}

async fn forward<C: AsyncRead + AsyncWrite + Unpin>(
    way: &Way,
    consumer: C,
    number: u64,
    first: Vec<u8>,
    end: Arc<Notify>,
) -> Why {
    let begun = Instant::now();
    let tcp = match timeout(
        way.connect_limit,
        TcpStream::connect((way.upstream.0.as_str(), way.upstream.1)),
    )
    .await
    {
        Ok(Ok(tcp)) => tcp,
        failed => {
            let told = match failed {
                Ok(Err(error)) => unreachable_fault(way, &error),
                _ => fault(
                    FaultKind::TimedOut,
                    format!(
                        "connecting: no answer within {} ms",
                        way.connect_limit.as_millis()
                    ),
                ),
            };
            return hear_out(way, consumer, number, first, told).await;
        }
    };
    let _ = tcp.set_nodelay(true);
    let connect_us = micros(begun);
    let connected = |tls_us, tls| Seen::Connected {
        connection: number,
        connect_us,
        tls_us,
        tls,
    };
    match &way.calling {
        None => {
            let _ = way.desk.send(connected(None, None)).await;
            both(way, consumer, tcp, number, first, end).await
        }
        Some((config, name)) => {
            let begun = Instant::now();
            let connector = TlsConnector::from(Arc::clone(config));
            match timeout(way.connect_limit, connector.connect(name.clone(), tcp)).await {
                Ok(Ok(line)) => {
                    let facts = tls::facts(line.get_ref().1);
                    let _ = way
                        .desk
                        .send(connected(Some(micros(begun)), Some(facts)))
                        .await;
                    both(way, consumer, line, number, first, end).await
                }
                Ok(Err(error)) => hear_out(way, consumer, number, first, handshaking(&error)).await,
                Err(_) => {
                    let told = fault(
                        FaultKind::TimedOut,
                        format!(
                            "TLS handshake: no answer within {} ms",
                            way.connect_limit.as_millis()
                        ),
                    );
                    hear_out(way, consumer, number, first, told).await
                }
            }
        }
    }
}

/// The provider cannot be had. The request is read for the record as far as it comes at once; then the consumer is hung up
/// on, as a provider that is not there would do: the relay never answers in its place.
async fn hear_out<C: AsyncRead + Unpin>(
    way: &Way,
    mut consumer: C,
    number: u64,
    first: Vec<u8>,
    told: Fault,
) -> Why {
    const ENOUGH: usize = 1024 * 1024;
    let mut taken = 0;
    let mut piece = first;
    while !piece.is_empty() && taken < ENOUGH {
        taken += piece.len();
        let seen = Seen::Bytes {
            connection: number,
            side: Side::Consumer,
            at: Instant::now(),
            bytes: piece,
        };
        if way.desk.send(seen).await.is_err() {
            break;
        }
        piece = vec![0; PIECE];
        let read = timeout(Duration::from_millis(50), consumer.read(&mut piece)).await;
        piece.truncate(read.ok().and_then(Result::ok).unwrap_or(0));
    }
    Why::Told(Broke::Provider, told)
}

fn unreachable_fault(way: &Way, error: &io::Error) -> Fault {
    let told = connecting(error);
    let lookup = error.raw_os_error().is_none() && told.kind == FaultKind::Other;
    if lookup {
        return fault(
            FaultKind::NameNotFound,
            format!("{}: {error}", way.upstream.0),
        );
    }
    told
}

/// How one direction ended.
enum Over {
    /// Its source sends no more.
    Finished,
    /// Its source broke.
    Source,
    /// Its sink takes no more.
    Sink,
    /// The writing desk is gone.
    Desk,
}

async fn both<C, P>(
    way: &Way,
    consumer: C,
    provider: P,
    number: u64,
    first: Vec<u8>,
    end: Arc<Notify>,
) -> Why
where
    C: AsyncRead + AsyncWrite + Unpin,
    P: AsyncRead + AsyncWrite + Unpin,
{
    let (from_consumer, to_consumer) = tokio::io::split(consumer);
    let (from_provider, to_provider) = tokio::io::split(provider);
    let clock = Movement::new();
    let mut rewriter = way.rewrite_host.as_deref().map(HostRewriter::new);
    let up = pump(
        way,
        number,
        Side::Consumer,
        from_consumer,
        to_provider,
        first,
        &mut rewriter,
        &clock,
    );
    let mut none = None;
    let down = pump(
        way,
        number,
        Side::Provider,
        from_provider,
        to_consumer,
        Vec::new(),
        &mut none,
        &clock,
    );
    tokio::pin!(up, down);
    let (mut up_over, mut down_over) = (false, false);
    loop {
        tokio::select! {
            over = &mut up, if !up_over => {
                up_over = true;
                // With a broken consumer nobody takes the answer; a provider that takes no more may still have answered.
                if matches!(over, Over::Source | Over::Desk) { return Why::Sides; }
            }
            over = &mut down, if !down_over => {
                down_over = true;
                if !matches!(over, Over::Finished) { return Why::Sides; }
            }
            () = clock.still(way.idle) => {
                let words = format!("nothing moved for {} s", way.idle.as_secs());
                return Why::Idle(fault(FaultKind::TimedOut, words));
            }
            () = end.notified() => return Why::Sides,
            () = winding_down(way, &clock) => {
                return Why::Told(Broke::Relay, fault(FaultKind::Other, "stopped by the operator"));
            }
        }
        if up_over && down_over {
            return Why::Sides;
        }
        if down_over && !up_over {
            // The provider has hung up: what the consumer still sends reaches nobody. Let it notice.
            let _ = timeout(Duration::from_millis(500), &mut up).await;
            return Why::Sides;
        }
    }
}

/// After a stop: a moment of quiet, or the end of the grace.
async fn winding_down(way: &Way, clock: &Movement) {
    way.stop.stopped().await;
    let quiet = Duration::from_millis(300).min(way.grace);
    let _ = timeout(way.grace, clock.still(quiet)).await;
}

#[expect(clippy::too_many_arguments, reason = "one direction is all of these")]
async fn pump<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    way: &Way,
    number: u64,
    side: Side,
    mut from: R,
    mut to: W,
    first: Vec<u8>,
    rewriter: &mut Option<HostRewriter>,
    clock: &Movement,
) -> Over {
    let mut buffer = first;
    let mut filled = buffer.len();
    buffer.resize(PIECE.max(filled), 0);
    loop {
        if filled == 0 {
            match from.read(&mut buffer).await {
                Ok(0) => return finish(way, number, side, to, rewriter).await,
                Ok(n) => filled = n,
                // A peer that ends TLS without saying so (RFC 8446 6.1) is common; what is missing shows in the message.
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                    return finish(way, number, side, to, rewriter).await;
                }
                Err(e) => {
                    let how = Some(exchanging(&e, reading(side)));
                    ended(way, number, side, how).await;
                    // The other side must notice that the message will not be completed.
                    let _ = timeout(Duration::from_millis(200), to.shutdown()).await;
                    return Over::Source;
                }
            }
        }
        let at = Instant::now();
        clock.moved();
        let read = buffer.get(..filled).unwrap_or_default();
        filled = 0;
        let piece = match rewriter {
            Some(rewriter) => Cow::Owned(rewriter.push(read)),
            None => Cow::Borrowed(read),
        };
        if piece.is_empty() {
            continue;
        }
        // Before it goes on: once the other side has it, its answer may be here first, and order is what pairs messages.
        let seen = Seen::Bytes {
            connection: number,
            side,
            at,
            bytes: piece.to_vec(),
        };
        if way.desk.send(seen).await.is_err() {
            return Over::Desk;
        }
        let written = async {
            to.write_all(&piece).await?;
            to.flush().await
        };
        if let Err(e) = written.await {
            let (other, words) = match side {
                Side::Consumer => (Side::Provider, "sending the request"),
                Side::Provider => (Side::Consumer, "sending the answer"),
            };
            if other == Side::Consumer {
                ended(way, number, other, Some(exchanging(&e, words))).await;
            }
            return Over::Sink;
        }
        clock.moved();
    }
}

async fn finish<W: AsyncWrite + Unpin>(
    way: &Way,
    number: u64,
    side: Side,
    mut to: W,
    rewriter: &mut Option<HostRewriter>,
) -> Over {
    let held = rewriter
        .as_mut()
        .map(HostRewriter::rest)
        .unwrap_or_default();
    if !held.is_empty() {
        let seen = Seen::Bytes {
            connection: number,
            side,
            at: Instant::now(),
            bytes: held.clone(),
        };
        let _ = way.desk.send(seen).await;
        let _ = to.write_all(&held).await;
    }
    ended(way, number, side, None).await;
    let _ = to.shutdown().await;
    Over::Finished
}

async fn ended(way: &Way, number: u64, side: Side, how: Option<Fault>) {
    let seen = Seen::Ended {
        connection: number,
        side,
        at: Instant::now(),
        how,
    };
    let _ = way.desk.send(seen).await;
}

fn reading(side: Side) -> &'static str {
    match side {
        Side::Consumer => "reading the request",
        Side::Provider => "reading the answer",
    }
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// When something last moved, without a timer for each piece.
struct Movement {
    start: Instant,
    /// Milliseconds after the start.
    last: AtomicU64,
}

impl Movement {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            last: AtomicU64::new(0),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn moved(&self) {
        self.last.store(self.now(), Ordering::Relaxed);
    }

    /// Returns when nothing has moved for `limit`.
    async fn still(&self, limit: Duration) {
        let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        loop {
            let quiet = self.now().saturating_sub(self.last.load(Ordering::Relaxed));
            if quiet >= limit {
                return;
            }
            tokio::time::sleep(Duration::from_millis(limit - quiet)).await;
        }
    }
}
