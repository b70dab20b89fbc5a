//! One connection as it is watched: its bytes become requests and answers, paired in their order. Nothing here touches the
//! bytes on their way; this reads copies of them, later.

use std::collections::VecDeque;
use std::time::Instant;

use renkei_core::record::{Broke, Fault, FaultKind, TlsFacts};
use sha2::{Digest, Sha256};

use super::framer::{Framer, Piece};
use super::head::{Framing, Head};
use super::keep::Keep;
use crate::error::RunError;
use crate::http::fault::fault;
use crate::store::Blobs;

/// More requests than this without an answer are no longer pipelining but a flood.
const MOST_OPEN: usize = 1024;

/// Whose bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Consumer,
    Provider,
}

/// A message while it comes.
#[derive(Default)]
pub(crate) struct Part {
    pub(crate) head: Option<Head>,
    /// Bytes of a head that did not come whole.
    pub(crate) partial: Vec<u8>,
    pub(crate) hash: Sha256,
    pub(crate) bytes: u64,
    pub(crate) framing: Option<Framing>,
    pub(crate) trailers: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) body: Keep,
    pub(crate) complete: bool,
}

impl Part {
    /// Its Content-Encoding.
    pub(crate) fn coding(&self) -> Option<String> {
        let head = self.head.as_ref()?;
        let values = head.values("content-encoding").map(String::from_utf8_lossy);
        Some(values.collect::<Vec<_>>().join(",")).filter(|c| !c.is_empty())
    }
}

/// An exchange while it goes on.
pub(crate) struct Open {
    pub(crate) log: String,
    pub(crate) nth: u64,
    pub(crate) at: String,
    pub(crate) start: Instant,
    pub(crate) sent: Option<Instant>,
    pub(crate) first: Option<Instant>,
    pub(crate) last: Instant,
    pub(crate) method: String,
    pub(crate) target: Vec<u8>,
    pub(crate) status: u16,
    pub(crate) version: String,
    pub(crate) request: Part,
    pub(crate) response: Part,
    pub(crate) fault: Option<(Broke, Fault)>,
}

/// What is known of a connection.
#[derive(Clone, Default)]
pub(crate) struct Facts {
    pub(crate) connection: u64,
    pub(crate) consumer_tls: Option<TlsFacts>,
    pub(crate) provider_tls: Option<TlsFacts>,
    pub(crate) connect_us: Option<u64>,
    pub(crate) tls_us: Option<u64>,
}

/// What watching needs from outside.
pub(crate) struct Desk<'a> {
    pub(crate) blobs: &'a Blobs,
    /// Longest body that is kept, in bytes.
    pub(crate) limit: u64,
    /// Log number and time of day for an exchange that began at an instant.
    pub(crate) begin: &'a mut dyn FnMut(Instant) -> (String, String),
}

/// One connection as it is watched.
pub(crate) struct Watch {
    pub(crate) facts: Facts,
    requests: Framer,
    responses: Framer,
    open: VecDeque<Open>,
    count: u64,
    consumer_gone: bool,
    /// Why the connection must be ended: one side sends what would never end.
    pub(crate) must_end: bool,
}

impl Watch {
    pub(crate) fn new(facts: Facts) -> Self {
        Self {
            facts,
            requests: Framer::default(),
            responses: Framer::default(),
            open: VecDeque::new(),
            count: 0,
            consumer_gone: false,
            must_end: false,
        }
    }

    /// Takes bytes of one side; gives the exchanges that they complete.
    pub(crate) fn bytes(
        &mut self,
        side: Side,
        at: Instant,
        bytes: &[u8],
        desk: &mut Desk<'_>,
    ) -> Result<Vec<Open>, RunError> {
        match side {
            Side::Consumer => self.request(at, bytes, desk)?,
            Side::Provider => self.response(at, bytes, desk)?,
        }
        Ok(self.take_complete())
    }

    fn begin(&mut self, at: Instant, desk: &mut Desk<'_>) {
        self.count += 1;
        let (log, text) = (desk.begin)(at);
        self.open.push_back(Open {
            log,
            nth: self.count,
            at: text,
            start: at,
            sent: None,
            first: None,
            last: at,
            method: String::new(),
            target: Vec::new(),
            status: 0,
            version: String::new(),
            request: Part::default(),
            response: Part::default(),
            fault: None,
        });
        self.must_end |= self.open.len() > MOST_OPEN;
    }

    fn request(&mut self, at: Instant, bytes: &[u8], desk: &mut Desk<'_>) -> Result<(), RunError> {
        if let Some(open) = self.open.front_mut().filter(|o| o.is_tunnel()) {
            open.request.count(bytes);
            return Ok(());
        }
        let mut rest = bytes;
        loop {
            let begun = self.open.back().is_some_and(|open| !open.request.complete);
            if !rest.is_empty() && !begun {
                // Empty lines between requests belong to none yet; the first byte of a line begins one.
                self.begin(at, desk);
            }
            let (taken, piece) = self.requests.next(rest);
            let (eaten, after) = rest.split_at(taken.min(rest.len()));
            rest = after;
            let Some(open) = self.open.back_mut() else {
                return Ok(());
            };
            open.last = at;
            open.request.count(eaten);
            match piece {
                None if taken == 0 => return Ok(()),
                None => {}
                Some(Piece::Head(head)) => {
                    let read = head.request_line().map(|(m, t)| (m.to_owned(), t.to_vec()));
                    let framing = head.request_framing();
                    match (read, framing) {
                        (Ok((method, target)), Ok(framing)) => {
                            open.method = method;
                            open.target = target;
                            open.request.framing = Some(framing);
                            self.requests.frame(framing);
                        }
                        (Err(why), _) | (_, Err(why)) => {
                            if let Ok((method, target)) = head.request_line() {
                                open.method = method.to_owned();
                                open.target = target.to_vec();
                            }
                            self.requests.give_up();
                            open.broken(Broke::ConsumerMidRequest, why);
                        }
                    }
                    open.request.head = Some(head);
                }
                Some(Piece::Body(part)) => open.request.body.push(part, desk.limit, desk.blobs)?,
                Some(Piece::Trailers(lines)) => {
                    open.request.trailers = super::head::trailers(&lines)
                }
                Some(Piece::End) => {
                    open.request.complete = true;
                    open.sent = Some(at);
                    if rest.is_empty() {
                        return Ok(());
                    }
                }
                Some(Piece::Broken(why)) => {
                    open.broken(Broke::ConsumerMidRequest, why);
                    if open.request.head.is_none() {
                        open.request.partial = bytes
                            .get(..bytes.len().min(256))
                            .unwrap_or_default()
                            .to_vec();
                    }
                    // A head without end would go on for ever; anything else is the provider's to refuse.
                    self.must_end |= why.contains("longer than");
                }
            }
        }
    }

    fn response(&mut self, at: Instant, bytes: &[u8], desk: &mut Desk<'_>) -> Result<(), RunError> {
        let mut rest = bytes;
        loop {
            let Some(open) = self.open.iter_mut().find(|open| !open.response.complete) else {
                return Ok(()); // bytes that answer nothing, such as a farewell on an idle connection (408)
            };
            let (taken, piece) = self.responses.next(rest);
            let (eaten, after) = rest.split_at(taken.min(rest.len()));
            rest = after;
            if !eaten.is_empty() {
                open.first.get_or_insert(at);
                open.last = at;
            }
            open.response.count(eaten);
            match piece {
                None if taken == 0 => return Ok(()),
                None => {}
                Some(Piece::Head(head)) => {
                    let read = head.status_line().map(|(s, v)| (s, v.to_owned()));
                    let framed = read.and_then(|(status, version)| {
                        Ok((
                            status,
                            version,
                            head.response_framing(status, &open.method)?,
                        ))
                    });
                    match framed {
                        Ok((status, _, framing)) if status < 200 && status != 101 => {
                            self.responses.frame(framing); // 100 Continue, 103: the answer is still to come
                        }
                        Ok((status, version, framing)) => {
                            open.status = status;
                            open.version = version;
                            open.response.framing = Some(framing);
                            open.response.head = Some(head);
                            self.responses.frame(framing);
                            if framing == Framing::Tunnel {
                                self.requests.give_up();
                                open.request.complete = true;
                                open.sent.get_or_insert(at);
                            }
                        }
                        Err(why) => {
                            self.responses.give_up();
                            open.broken(Broke::Provider, why);
                        }
                    }
                }
                Some(Piece::Body(part)) => open.response.body.push(part, desk.limit, desk.blobs)?,
                Some(Piece::Trailers(lines)) => {
                    open.response.trailers = super::head::trailers(&lines)
                }
                Some(Piece::End) => {
                    // The end of an interim answer is not the end of the answer.
                    if open.response.head.is_some() {
                        open.response.complete = true;
                    }
                    if rest.is_empty() {
                        return Ok(());
                    }
                }
                Some(Piece::Broken(why)) => {
                    open.broken(Broke::Provider, why);
                    if open.response.head.is_none() {
                        open.response.partial = bytes
                            .get(..bytes.len().min(256))
                            .unwrap_or_default()
                            .to_vec();
                    }
                    self.must_end |= why.contains("longer than");
                }
            }
        }
    }

    fn take_complete(&mut self) -> Vec<Open> {
        let mut done = Vec::new();
        while self
            .open
            .front()
            .is_some_and(|o| o.request.complete && o.response.complete)
        {
            done.extend(self.open.pop_front());
        }
        done
    }

    /// One side sends no more. `how`: what went wrong; none for an orderly end.
    pub(crate) fn ended(&mut self, side: Side, at: Instant, how: Option<Fault>) -> Vec<Open> {
        match side {
            Side::Consumer => {
                self.consumer_gone = true;
                let mid = !self.requests.between_messages();
                if let Some(open) = self.open.back_mut().filter(|o| !o.request.complete && mid) {
                    let told =
                        how.unwrap_or_else(|| closed("the consumer closed within its request"));
                    open.break_off(Broke::ConsumerMidRequest, told);
                } else if let Some(told) = how {
                    // It cannot take the answers any more.
                    for open in self.open.iter_mut() {
                        open.break_off(Broke::ConsumerBeforeAnswer, told.clone());
                    }
                }
                Vec::new()
            }
            Side::Provider => {
                let until_close = self.responses.ends_with_connection();
                if let Some(open) = self.open.iter_mut().find(|o| !o.response.complete) {
                    open.last = at;
                    let by_end =
                        open.response.head.is_some() && until_close && open.fault.is_none();
                    if by_end && how.is_none() {
                        open.response.complete = true;
                    } else {
                        let words = if open.response.bytes == 0 {
                            "the provider closed without an answer"
                        } else {
                            "the provider closed within its answer"
                        };
                        // A provider that hangs up on a consumer that has gone did nothing odd.
                        let broke = if self.consumer_gone && how.is_none() {
                            Broke::ConsumerBeforeAnswer
                        } else {
                            Broke::Provider
                        };
                        open.break_off(broke, how.unwrap_or_else(|| closed(words)));
                    }
                }
                self.take_complete()
            }
        }
    }

    /// The connection is over; gives what was still open. `why`: what ended it, when neither side did.
    pub(crate) fn closed(&mut self, at: Instant, why: Option<(Broke, Fault)>) -> Vec<Open> {
        let gone = self.consumer_gone;
        let rest: Vec<Open> = self.open.drain(..).collect();
        rest.into_iter()
            // Empty lines that no request followed are nothing.
            .filter(|open| {
                open.request.head.is_some()
                    || open.fault.is_some()
                    || why.is_some()
                    || open.request.bytes > 4
            })
            .map(|mut open| {
                open.last = at.max(open.last);
                if open.request.head.is_none() && open.request.partial.is_empty() {
                    open.request.partial =
                        self.requests.partial().iter().take(256).copied().collect();
                }
                if open.is_tunnel() {
                    // It ends when either side wants it to.
                } else if let Some((broke, fault)) = &why {
                    open.break_off(*broke, fault.clone());
                } else if !open.request.complete {
                    open.break_off(
                        Broke::ConsumerMidRequest,
                        closed("the consumer closed within its request"),
                    );
                } else if gone {
                    open.break_off(
                        Broke::ConsumerBeforeAnswer,
                        closed("the consumer closed before the answer"),
                    );
                } else {
                    open.break_off(
                        Broke::Provider,
                        closed("the provider closed without an answer"),
                    );
                }
                open
            })
            .collect()
    }

    /// Whose turn it is: who keeps the other waiting.
    pub(crate) fn waits_for(&self) -> Option<Broke> {
        let open = self.open.front()?;
        if open.request.complete || open.response.first_byte_came() {
            Some(Broke::Provider)
        } else {
            Some(Broke::ConsumerMidRequest)
        }
    }
}

impl Part {
    fn count(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }

    fn first_byte_came(&self) -> bool {
        self.bytes > 0
    }
}

impl Open {
    fn is_tunnel(&self) -> bool {
        self.response.framing == Some(Framing::Tunnel)
    }

    fn broken(&mut self, broke: Broke, why: &str) {
        self.break_off(broke, fault(FaultKind::InvalidMessage, why));
    }

    /// The first reason counts: what follows is its consequence.
    fn break_off(&mut self, broke: Broke, told: Fault) {
        self.fault.get_or_insert((broke, told));
    }
}

fn closed(words: &str) -> Fault {
    fault(FaultKind::ClosedMidMessage, words)
}
