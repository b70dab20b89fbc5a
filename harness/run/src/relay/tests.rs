//! The relay between raw sockets: what one side sends is what the other receives, whatever it is, and the record says what
//! went by.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use renkei_core::record::{Broke, Event, Exchange, FaultKind, HttpTransfer, Tool, Transfer};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

use super::*;
use crate::clock::Clock;
use crate::store::Bundle;

type Outcome = (Tape, Totals, Result<(), RunError>);

struct Running {
    dir: TempDir,
    address: SocketAddr,
    stop: Stop,
    task: JoinHandle<Outcome>,
}

impl Running {
    async fn start(to: SocketAddr, change: impl FnOnce(&mut RelaySettings)) -> Self {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let url = Url::parse(&format!("http://{to}/base")).expect("a URL");
        let mut settings = RelaySettings::new("127.0.0.1:0", url);
        settings.idle = Duration::from_secs(5);
        settings.grace = Duration::from_millis(300);
        change(&mut settings);
        let tape = Tape::create(dir.path(), Tool::this(), &Clock::system()).expect("a bundle");
        let relay = Relay::bind(settings).await.expect("a port");
        let address = relay.address;
        let stop = Stop::new();
        let told = stop.clone();
        let task = tokio::spawn(async move { relay.run(tape, Box::new(|_| {}), &told).await });
        Self {
            dir,
            address,
            stop,
            task,
        }
    }

    /// Stops it and gives what it recorded.
    async fn end(self) -> (Bundle, Vec<Exchange>, Totals, TempDir) {
        self.stop.stop();
        let (mut tape, totals, result) = self.task.await.expect("the relay does not panic");
        result.expect("the relay could record");
        tape.finish().expect("the bundle can be finished");
        let bundle = Bundle::open(tape.folder()).expect("a bundle");
        let verified = bundle.verify().expect("it can be verified");
        assert!(
            verified.differences.is_empty(),
            "{:?}",
            verified.differences
        );
        let events = bundle.events().expect("events").events;
        let exchanges = events.into_iter().filter_map(|e| match e.event {
            Event::Exchanged(exchange) => Some(*exchange),
            _ => None,
        });
        let exchanges = exchanges.collect();
        (bundle, exchanges, totals, self.dir)
    }
}

fn http(exchange: &Exchange) -> &HttpTransfer {
    match &exchange.transfer {
        Transfer::Http(http) => http,
        Transfer::File(_) => panic!("a relay moves no files"),
    }
}

fn broke(exchange: &Exchange) -> Option<Broke> {
    http(exchange).wire.as_ref().and_then(|w| w.broke)
}

/// A small generator of the same numbers each time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below.max(1)
    }

    fn bytes(&mut self, most: u64) -> Vec<u8> {
        let length = self.roll(most);
        (0..length).map(|_| self.roll(256) as u8).collect()
    }
}

/// Messages that upset readers, and noise.
fn stream(dice: &mut Dice, requests: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..=dice.roll(5) {
        let body = dice.bytes(40_000);
        let start = if requests {
            "POST /a?\u{3042} HTTP/1.1\r\nHost: h"
        } else {
            "HTTP/1.1 200 OK"
        };
        match dice.roll(9) {
            0 => out.extend(format!("{start}\r\nContent-Length: {}\r\n\r\n", body.len()).bytes()),
            1 => {
                out.extend(format!("{start}\r\nTransfer-Encoding: chunked\r\n\r\n").bytes());
                for part in body.chunks(1 + dice.roll(5000) as usize) {
                    out.extend(format!("{:X};ext=\"\\\"\"\r\n", part.len()).bytes());
                    out.extend_from_slice(part);
                    out.extend(b"\r\n");
                }
                out.extend(b"0\r\nX-Trailer: \x83\x5C\r\n\r\n");
                continue;
            }
            2 => out.extend(format!("{start}\r\nX-SJIS: \u{8868}\r\ncontent-encoding:gzip\r\nContent-Length:{}\r\n\r\n", body.len()).bytes()),
            3 => out.extend(format!("{start}\nbare: lf\n\n").bytes()),
            4 => out.extend(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"),
            5 => out.extend(format!("{start}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n").bytes()),
            6 => out.extend(b"\r\n\r\n\x16\x03\x01\x00\xFF\xFE\x00"),
            7 => out.extend(format!("{start}\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n").bytes()),
            _ => {}
        }
        out.extend(body);
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_sent_arrives_byte_for_byte_in_both_directions() {
    const ROUNDS: u64 = 60;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let upstream = listener.local_addr().expect("an address");
    let received: Arc<Mutex<Vec<[u8; 32]>>> = Arc::default();
    let taken = Arc::clone(&received);
    tokio::spawn(async move {
        for round in 0..ROUNDS {
            let (tcp, _) = listener.accept().await.expect("a connection");
            let (mut from, mut to) = tcp.into_split();
            let answer = stream(&mut Dice(round * 7 + 3), false);
            let sending = tokio::spawn(async move {
                for part in answer.chunks(1 + (round as usize * 977) % 9000) {
                    to.write_all(part)
                        .await
                        .expect("the relay takes the answer");
                }
                to
            });
            let mut hash = Sha256::new();
            let mut buffer = [0; 8192];
            loop {
                let read = from.read(&mut buffer).await.expect("no reset");
                if read == 0 {
                    break;
                }
                hash.update(&buffer[..read]);
            }
            taken
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(hash.finalize().into());
            drop(sending.await.expect("sent"));
        }
    });
    let relay = Running::start(upstream, |_| {}).await;
    let mut sent = 0;
    for round in 0..ROUNDS {
        let request = [&b"G"[..], &stream(&mut Dice(round + 1), true)].concat();
        let expected = stream(&mut Dice(round * 7 + 3), false);
        sent += request.len() as u64;
        let (mut from, mut to) = TcpStream::connect(relay.address)
            .await
            .expect("the relay listens")
            .into_split();
        let own = request.clone();
        let writing = tokio::spawn(async move {
            for part in own.chunks(1 + (round as usize * 1499) % 20_000) {
                to.write_all(part)
                    .await
                    .expect("the relay takes the request");
            }
            to.shutdown().await.expect("a half-close");
            to
        });
        let mut got = Vec::new();
        from.read_to_end(&mut got)
            .await
            .expect("the answer comes whole");
        drop(writing.await.expect("written"));
        assert!(
            got == expected,
            "round {round}: {} bytes of {}",
            got.len(),
            expected.len()
        );
        let known = received.lock().unwrap_or_else(PoisonError::into_inner);
        let last: [u8; 32] = Sha256::digest(&request).into();
        assert_eq!(known.last(), Some(&last), "round {round}");
    }
    let (_, _, totals, _dir) = relay.end().await;
    assert_eq!((totals.connections, totals.sent), (ROUNDS, sent));
}

/// A provider that answers each connection with `answer` once `after` bytes came, then closes.
async fn provider(answer: &'static [u8], after: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut buffer = vec![0; 65536];
                let mut seen = 0;
                while seen < after {
                    match tcp.read(&mut buffer).await {
                        Ok(0) | Err(_) => return,
                        Ok(n) => seen += n,
                    }
                }
                let _ = tcp.write_all(answer).await;
                let _ = tcp.shutdown().await;
                // Closing with unread bytes would reset the connection.
                while matches!(tcp.read(&mut buffer).await, Ok(n) if n > 0) {}
            });
        }
    });
    address
}

async fn talk(relay: &Running, request: &[u8]) -> Vec<u8> {
    let mut tcp = TcpStream::connect(relay.address)
        .await
        .expect("the relay listens");
    tcp.write_all(request).await.expect("it takes the request");
    let mut got = Vec::new();
    let _ = tcp.read_to_end(&mut got).await;
    got
}

#[tokio::test]
async fn pipelined_chunked_and_interim_messages_are_told_apart() {
    let answer = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-SJIS: \x95\x5C\r\n\r\n3\r\n\x83\x5C!\r\n0\r\nDigest: x\r\n\r\n\
HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\nuntil the end";
    let request = b"POST /base/a?access_token=CANARY HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nAuthorization: Bearer CANARY-TOKEN-1\r\nContent-Length: 2\r\n\r\n{}\
HEAD /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\nHost: h\r\n\r\nGET /d HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    let relay = Running::start(provider(answer, request.len()).await, |_| {}).await;
    assert_eq!(talk(&relay, request).await, answer);
    let (bundle, exchanges, _, dir) = relay.end().await;
    let shown: Vec<String> = exchanges
        .iter()
        .map(|e| {
            let http = http(e);
            let wire = http.wire.as_ref().expect("a relay's exchange");
            let response = http.response.as_ref().expect("an answer");
            let body = response
                .body
                .as_ref()
                .map(|b| bundle.bytes(b, 99).expect("a blob"));
            format!(
                "{} {} {} {:?} {:?}",
                e.log,
                http.request.method,
                response.status,
                wire.response.as_ref().map(|r| r.framing.as_str()),
                body.map(|b| b.escape_ascii().to_string())
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            r#"LOG-0001 POST 200 Some("chunked") Some("\\x83\\\\!")"#,
            r#"LOG-0002 HEAD 200 Some("none") None"#,
            r#"LOG-0003 GET 204 Some("none") None"#,
            r#"LOG-0004 GET 200 Some("until-close") Some("until the end")"#,
        ]
    );
    let first = http(&exchanges[0]);
    let wire = first.wire.as_ref().expect("a relay's exchange");
    let head_end = request
        .windows(2)
        .position(|w| w == b"{}")
        .expect("the body")
        + 2;
    assert_eq!(
        wire.request.sha256,
        renkei_core::spec::hex(&Sha256::digest(&request[..head_end]))
    );
    assert!(
        wire.request.redacted
            && wire
                .response
                .as_ref()
                .is_some_and(|r| r.trailers.len() == 1)
    );
    assert!(exchanges.iter().all(|e| http(e).fault.is_none() && http(e).timing.is_some_and(|t| t.done_us.is_some())));
    let all = std::process::Command::new("grep")
        .args(["-r", "-l", "CANARY"])
        .arg(dir.path())
        .output();
    assert!(
        all.is_ok_and(|o| o.stdout.is_empty()),
        "a secret was written down"
    );
}

#[tokio::test]
async fn bad_peers_are_recorded_with_the_side_that_broke_off() {
    let ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let garbage = provider(b"\x00\x01 not http at all", 1).await;
    let short = provider(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", 1).await;
    let silent = provider(b"", 1).await;
    let good = provider(ok, 1_000_000).await;
    let get = b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address")
    };
    for (upstream, request, kind, side) in [
        (
            garbage,
            &get[..],
            FaultKind::InvalidMessage,
            Broke::Provider,
        ),
        (short, get, FaultKind::ClosedMidMessage, Broke::Provider),
        (silent, get, FaultKind::ClosedMidMessage, Broke::Provider),
        (nobody, get, FaultKind::ConnectionRefused, Broke::Provider),
        (
            good,
            b"\x16\x03\x01 hello",
            FaultKind::InvalidMessage,
            Broke::ConsumerMidRequest,
        ),
        (
            good,
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            FaultKind::InvalidMessage,
            Broke::ConsumerMidRequest,
        ),
    ] {
        let relay = Running::start(upstream, |s| s.idle = Duration::from_secs(1)).await;
        talk(&relay, request).await;
        let (_, exchanges, _, _dir) = relay.end().await;
        assert_eq!(exchanges.len(), 1, "{}", request.escape_ascii());
        let told = http(&exchanges[0]).fault.as_ref().map(|f| f.kind);
        assert_eq!(
            (told, broke(&exchanges[0])),
            (Some(kind), Some(side)),
            "{}",
            request.escape_ascii()
        );
    }
}

#[tokio::test]
async fn those_who_stall_or_leave_are_told_apart() {
    let never = provider(b"", 1_000_000).await;
    let partial = b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc";
    let whole = b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
    for (request, kind, side) in [
        (&partial[..], FaultKind::TimedOut, Broke::ConsumerMidRequest),
        (whole, FaultKind::TimedOut, Broke::Provider),
    ] {
        let relay = Running::start(never, |s| s.idle = Duration::from_millis(400)).await;
        talk(&relay, request).await;
        let (_, exchanges, _, _dir) = relay.end().await;
        let told = exchanges
            .first()
            .and_then(|e| http(e).fault.as_ref())
            .map(|f| f.kind);
        assert_eq!((exchanges.len(), told), (1, Some(kind)));
        assert_eq!(broke(&exchanges[0]), Some(side));
    }
    // Gone in the middle of the request, and gone before the answer.
    for (request, side) in [
        (&partial[..], Broke::ConsumerMidRequest),
        (whole, Broke::ConsumerBeforeAnswer),
    ] {
        let relay = Running::start(never, |_| {}).await;
        let mut tcp = TcpStream::connect(relay.address)
            .await
            .expect("the relay listens");
        tcp.write_all(request).await.expect("it takes the request");
        tokio::time::sleep(Duration::from_millis(150)).await;
        drop(tcp);
        tokio::time::sleep(Duration::from_millis(150)).await;
        let (_, exchanges, _, _dir) = relay.end().await;
        assert_eq!(exchanges.first().and_then(broke), Some(side));
    }
}

#[tokio::test]
async fn a_head_without_end_is_ended() {
    let never = provider(b"", usize::MAX).await;
    let relay = Running::start(never, |_| {}).await;
    let mut tcp = TcpStream::connect(relay.address)
        .await
        .expect("the relay listens");
    let line = b"X-Flood: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(500);
    let _ = tcp.write_all(b"GET / HTTP/1.1\r\n").await;
    let flooding = async {
        for _ in 0..10_000 {
            if tcp.write_all(&line).await.is_err() {
                return true;
            }
        }
        false
    };
    let ended = tokio::time::timeout(Duration::from_secs(20), flooding).await;
    assert_eq!(ended.ok(), Some(true), "the flood must not go on for ever");
    let (_, exchanges, totals, _dir) = relay.end().await;
    assert_eq!(
        exchanges.first().and_then(broke),
        Some(Broke::ConsumerMidRequest)
    );
    assert!(totals.sent < 80_000_000, "{}", totals.sent);
}

#[tokio::test]
async fn an_upgraded_connection_is_a_tunnel_and_large_bodies_are_kept_in_part() {
    let answer =
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x81\x05GET / HTTP/1.1\r\n\r\n";
    let relay = Running::start(provider(answer, 1).await, |_| {}).await;
    let request = b"GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
    assert_eq!(talk(&relay, request).await, answer);
    let (_, exchanges, _, _dir) = relay.end().await;
    let shown: Vec<_> = exchanges
        .iter()
        .map(|e| {
            (
                http(e).response.as_ref().map(|r| r.status),
                http(e).fault.is_some(),
            )
        })
        .collect();
    assert_eq!(shown, [(Some(101), false)]);

    let body: &'static [u8] = Box::leak(
        [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'z'; 3_000_000]]
            .concat()
            .into_boxed_slice(),
    );
    let relay = Running::start(provider(body, 1).await, |s| s.keep = 1_000_000).await;
    assert_eq!(
        talk(&relay, b"GET / HTTP/1.1\r\n\r\n").await.len(),
        body.len()
    );
    let (_, exchanges, _, _dir) = relay.end().await;
    let response = http(&exchanges[0]).response.as_ref().expect("an answer");
    assert_eq!(
        (response.truncated, response.body.as_ref().map(|b| b.bytes)),
        (true, Some(1_000_000))
    );
}
