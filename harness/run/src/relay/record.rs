//! The writing desk: takes copies of what went by, makes exchanges of them and writes them into the bundle. It runs in a
//! thread of its own; when it falls behind, the queue in front of it slows the traffic down rather than losing any of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use renkei_core::record::{
    Broke, Event, Exchange, Fault, Header, HttpRequest, HttpResponse, HttpTransfer, Timing,
    TlsFacts, Transfer, Wire, WireMessage,
};
use renkei_core::spec::hex;
use sha2::Digest;
use tokio::sync::{Notify, mpsc};

use super::head::Framing;
use super::secrets::Secrets;
use super::watch::{Desk, Facts, Open, Part, Side, Watch};
use crate::clock::Clock;
use crate::error::RunError;
use crate::store::{Blobs, Later, Tape};

/// What the tunnel saw, in its order for each connection.
pub(crate) enum Seen {
    /// A connection that was accepted. The notification ends it.
    Opened {
        connection: u64,
        consumer_tls: Option<TlsFacts>,
        end: Arc<Notify>,
    },
    /// The provider took the connection.
    Connected {
        connection: u64,
        connect_us: u64,
        tls_us: Option<u64>,
        tls: Option<TlsFacts>,
    },
    /// Bytes that were forwarded.
    Bytes {
        connection: u64,
        side: Side,
        at: Instant,
        bytes: Vec<u8>,
    },
    /// A side sends no more.
    Ended {
        connection: u64,
        side: Side,
        at: Instant,
        how: Option<Fault>,
    },
    /// The connection is over. `why`: what ended it when neither side did.
    Closed {
        connection: u64,
        at: Instant,
        why: Why,
    },
    /// A consumer that got no further than the handshake.
    Refused {
        connection: u64,
        fault: Fault,
        took_ms: u64,
    },
}

/// What ended a connection.
pub(crate) enum Why {
    /// Its sides.
    Sides,
    /// Nothing moved for too long; whoever was due is at fault.
    Idle(Fault),
    /// The provider could not be reached, or the relay was stopped.
    Told(Broke, Fault),
}

/// How the exchanges are told apart and to whom they belong.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// Scheme and authority of the provider, `https://host:443`.
    pub(crate) upstream: String,
    /// Where consumers connect.
    pub(crate) listen: String,
    /// Party ids.
    pub(crate) consumer: String,
    pub(crate) provider: String,
    /// Longest body that is kept, in bytes.
    pub(crate) limit: u64,
}

/// What went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Connections accepted.
    pub connections: u64,
    /// Exchanges recorded.
    pub exchanges: u64,
    /// Bytes of consumers.
    pub sent: u64,
    /// Bytes of the provider.
    pub received: u64,
}

/// Failed handshakes are recorded one by one up to this many; a scanner would fill the disk otherwise.
const MOST_REFUSED: u64 = 200;

/// So much is taken from the queue at a time.
const BATCH: usize = 256;
/// Up to so much at a time is little.
const CALM: usize = 4;
/// So many bodies become files in a quiet moment.
const SETTLED: usize = 64;
/// After a batch that emptied the queue. At most so old is what a sudden end of the process loses of the list of events.
const PAUSE: Duration = Duration::from_millis(2);

pub(crate) struct Recorder<'l> {
    tape: Tape,
    blobs: Blobs,
    later: Later,
    clock: Clock,
    names: Names,
    secrets: Secrets,
    watches: HashMap<u64, (Watch, Arc<Notify>)>,
    listener: Box<dyn FnMut(&Exchange) + Send + 'l>,
    totals: Totals,
    refused: u64,
}

impl<'l> Recorder<'l> {
    pub(crate) fn new(
        tape: Tape,
        names: Names,
        listener: Box<dyn FnMut(&Exchange) + Send + 'l>,
    ) -> Self {
        Self {
            blobs: tape.blobs().clone(),
            later: Later::new(tape.blobs()),
            clock: tape.clock().clone(),
            tape,
            names,
            secrets: Secrets::default(),
            watches: HashMap::new(),
            listener,
            totals: Totals::default(),
            refused: 0,
        }
    }

    /// Works until every sender is gone. Gives the tape back, whatever happened.
    pub(crate) fn run(
        mut self,
        queue: &mut mpsc::Receiver<Seen>,
    ) -> (Tape, Totals, Result<(), RunError>) {
        let mut outcome = Ok(());
        let mut batch = Vec::with_capacity(BATCH);
        while queue.blocking_recv_many(&mut batch, BATCH) > 0 {
            let (caught_up, calm) = (batch.len() < BATCH, batch.len() <= CALM);
            outcome = self.take_all(&mut batch, calm);
            if outcome.is_err() {
                queue.close();
                break;
            }
            if caught_up {
                // Waking this thread for every piece would cost the traffic more than the recording does.
                std::thread::sleep(PAUSE);
            }
        }
        for (_, (_, end)) in self.watches.drain() {
            end.notify_one();
        }
        let outcome = self.later.finish().and(outcome);
        (self.tape, self.totals, outcome)
    }

    /// Takes a batch; the exchanges that it completes are written in one piece.
    /// While little comes, bodies become files at once; when much comes, they wait for the next quiet moment.
    fn take_all(&mut self, batch: &mut Vec<Seen>, calm: bool) -> Result<(), RunError> {
        self.later.at_once = calm;
        let taken = batch.drain(..).try_for_each(|seen| self.take(seen));
        let kept = match calm {
            true => self.later.settle(SETTLED),
            false => self.later.write(),
        };
        // A body is there before the event that names it.
        let written = kept.and_then(|()| self.tape.write_waiting());
        written.and(taken)
    }

    fn take(&mut self, seen: Seen) -> Result<(), RunError> {
        match seen {
            Seen::Opened {
                connection,
                consumer_tls,
                end,
            } => {
                self.totals.connections += 1;
                let facts = Facts {
                    connection,
                    consumer_tls,
                    ..Facts::default()
                };
                self.watches.insert(connection, (Watch::new(facts), end));
                Ok(())
            }
            Seen::Connected {
                connection,
                connect_us,
                tls_us,
                tls,
            } => {
                if let Some((watch, _)) = self.watches.get_mut(&connection) {
                    watch.facts.connect_us = Some(connect_us);
                    watch.facts.tls_us = tls_us;
                    watch.facts.provider_tls = tls;
                }
                Ok(())
            }
            Seen::Bytes {
                connection,
                side,
                at,
                bytes,
            } => {
                match side {
                    Side::Consumer => self.totals.sent += bytes.len() as u64,
                    Side::Provider => self.totals.received += bytes.len() as u64,
                }
                self.with(connection, |watch, desk| {
                    watch.bytes(side, at, &bytes, desk)
                })
            }
            Seen::Ended {
                connection,
                side,
                at,
                how,
            } => self.with(connection, |watch, _| Ok(watch.ended(side, at, how))),
            Seen::Closed {
                connection,
                at,
                why,
            } => {
                self.with(connection, |watch, _| {
                    let why = match why {
                        Why::Sides => None,
                        Why::Idle(fault) => watch.waits_for().map(|broke| (broke, fault)),
                        Why::Told(broke, fault) => Some((broke, fault)),
                    };
                    Ok(watch.closed(at, why))
                })?;
                self.watches.remove(&connection);
                Ok(())
            }
            Seen::Refused {
                connection,
                fault,
                took_ms,
            } => self.refused(connection, fault, took_ms),
        }
    }

    fn with(
        &mut self,
        connection: u64,
        act: impl FnOnce(&mut Watch, &mut Desk<'_>) -> Result<Vec<Open>, RunError>,
    ) -> Result<(), RunError> {
        let Some((watch, end)) = self.watches.get_mut(&connection) else {
            return Ok(());
        };
        let (tape, clock) = (&mut self.tape, &self.clock);
        let mut begin = |at: Instant| (tape.next_log(), clock.text_before(at.elapsed()));
        let mut desk = Desk {
            blobs: &self.blobs,
            limit: self.names.limit,
            begin: &mut begin,
        };
        let done = act(watch, &mut desk)?;
        if watch.must_end {
            end.notify_one();
        }
        let facts = (!done.is_empty()).then(|| watch.facts.clone());
        for open in done {
            if let Some(facts) = &facts {
                self.write(open, facts)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, open: Open, facts: &Facts) -> Result<(), RunError> {
        let exchange = self.exchange(open, facts)?;
        self.totals.exchanges += 1;
        (self.listener)(&exchange);
        self.tape.event_later(Event::Exchanged(Box::new(exchange)))
    }

    fn exchange(&mut self, open: Open, facts: &Facts) -> Result<Exchange, RunError> {
        for head in [&open.request.head, &open.response.head]
            .into_iter()
            .flatten()
        {
            self.secrets.learn_head(head);
        }
        let token = is_token_call(&open);
        let token_facts = (token && open.response.head.is_some()).then(|| {
            let coding = open.response.coding();
            let body = open.response.body.in_memory();
            self.secrets
                .learn_token(open.status, coding.as_deref(), body)
        });
        let timing = timing(&open, facts);
        let duration_ms = open.last.saturating_duration_since(open.start).as_millis();
        let url = format!(
            "{}{}",
            self.names.upstream,
            self.secrets.target(path_and_query(&open.target))
        );
        let (broke, fault) = match open.fault {
            Some((broke, mut fault)) => {
                fault.detail = self.secrets.target(fault.detail.as_bytes());
                (Some(broke), Some(fault))
            }
            None => (None, None),
        };
        let responded = open.response.bytes > 0;
        let request_headers = self.fields(&open.request);
        let response_headers = self.fields(&open.response);
        let answered = open.response.head.is_some();
        let truncated = open.response.body.cut;
        let (request, request_body) = self.message(open.request, token)?;
        let (response, response_body) = self.message(open.response, token)?;
        let http = HttpTransfer {
            request: HttpRequest {
                method: open.method,
                url,
                headers: request_headers,
                body: request_body,
            },
            response: answered.then_some(HttpResponse {
                status: open.status,
                version: open.version,
                headers: response_headers,
                body: response_body,
                truncated,
            }),
            fault,
            tls: facts.provider_tls.clone(),
            token: token_facts,
            wire: Some(Box::new(Wire {
                connection: facts.connection,
                nth: open.nth,
                request,
                response: responded.then_some(response),
                broke,
                consumer_tls: facts.consumer_tls.clone(),
            })),
            timing: Some(timing),
        };
        Ok(Exchange {
            log: open.log,
            case: String::new(),
            step: if token { "token" } else { "call" }.to_owned(),
            from: self.names.consumer.clone(),
            to: self.names.provider.clone(),
            at: open.at,
            duration_ms: u64::try_from(duration_ms).unwrap_or(u64::MAX),
            transfer: Transfer::Http(Box::new(http)),
        })
    }

    fn fields(&self, part: &Part) -> Vec<Header> {
        let fields = part.head.iter().flat_map(|head| &head.fields);
        fields
            .map(|(name, value)| self.header(name, value))
            .collect()
    }

    fn header(&self, name: &[u8], value: &[u8]) -> Header {
        Header {
            name: String::from_utf8_lossy(name).to_ascii_lowercase(),
            value: self.secrets.field(name, value),
        }
    }

    fn message(
        &mut self,
        part: Part,
        token: bool,
    ) -> Result<(WireMessage, Option<renkei_core::record::Blob>), RunError> {
        let bytes = part
            .head
            .as_ref()
            .map_or(part.partial.as_slice(), |h| &h.bytes);
        let (head, in_head) = self.secrets.head(bytes);
        let trailers = part
            .trailers
            .iter()
            .map(|(n, v)| self.header(n, v))
            .collect();
        let cut = part.body.cut;
        let coding = part.coding();
        let kind = (token, coding.as_deref());
        let kept = part.body.finish(kind, &self.secrets, &mut self.later)?;
        let message = WireMessage {
            bytes: part.bytes,
            sha256: hex(&part.hash.finalize()),
            head,
            framing: part.framing.unwrap_or(Framing::None).word().to_owned(),
            trailers,
            cut,
            redacted: in_head || kept.redacted,
        };
        Ok((message, kept.blob))
    }

    fn refused(&mut self, connection: u64, fault: Fault, took_ms: u64) -> Result<(), RunError> {
        self.totals.connections += 1;
        self.refused += 1;
        if self.refused > MOST_REFUSED {
            return Ok(());
        }
        let http = HttpTransfer {
            request: HttpRequest {
                method: String::new(),
                url: self.names.listen.clone(),
                headers: Vec::new(),
                body: None,
            },
            response: None,
            fault: Some(fault),
            tls: None,
            token: None,
            wire: Some(Box::new(Wire {
                connection,
                nth: 1,
                request: WireMessage {
                    framing: "none".to_owned(),
                    ..WireMessage::default()
                },
                response: None,
                broke: Some(Broke::ConsumerMidRequest),
                consumer_tls: None,
            })),
            timing: None,
        };
        let exchange = Exchange {
            log: self.tape.next_log(),
            case: String::new(),
            step: "connection".to_owned(),
            from: self.names.consumer.clone(),
            to: self.names.provider.clone(),
            at: self.tape.clock().text(),
            duration_ms: took_ms,
            transfer: Transfer::Http(Box::new(http)),
        };
        self.totals.exchanges += 1;
        (self.listener)(&exchange);
        self.tape.event_later(Event::Exchanged(Box::new(exchange)))
    }
}

fn timing(open: &Open, facts: &Facts) -> Timing {
    let since = |at: Option<Instant>| {
        let passed = at?.saturating_duration_since(open.start).as_micros();
        Some(u64::try_from(passed).unwrap_or(u64::MAX))
    };
    let first_on_line = open.nth == 1;
    Timing {
        connect_us: facts.connect_us.filter(|_| first_on_line),
        tls_us: facts.tls_us.filter(|_| first_on_line),
        sent_us: since(open.sent),
        first_byte_us: since(open.first),
        done_us: since(Some(open.last).filter(|_| open.response.complete)),
    }
}

/// A request to a token endpoint shows by its form: grant_type is required there (RFC 6749 4.4.2).
fn is_token_call(open: &Open) -> bool {
    let Some(head) = &open.request.head else {
        return false;
    };
    let form = head.values("content-type").any(|v| {
        v.to_ascii_lowercase()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    let body = open.request.body.in_memory();
    form && body
        .split(|b| *b == b'&')
        .any(|pair| pair.starts_with(b"grant_type="))
}

/// A target in absolute form names the host again; only what follows it is of interest (RFC 9112 3.2.2).
fn path_and_query(target: &[u8]) -> &[u8] {
    let absolute = [&b"http://"[..], b"https://"]
        .iter()
        .find_map(|scheme| target.strip_prefix(*scheme));
    match absolute {
        Some(rest) => {
            let path = rest.iter().position(|b| *b == b'/').unwrap_or(rest.len());
            rest.get(path..).unwrap_or_default()
        }
        None => target,
    }
}
