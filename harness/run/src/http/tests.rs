//! Peers that do everything wrong, over real sockets: each ends in the right kind of fault, in bounded time and memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper::Method;
use rcgen::{CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use renkei_core::record::FaultKind;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::*;
use crate::clock::Clock;

/// What a peer does after it has read the request.
#[derive(Clone)]
enum Then {
    /// Writes bytes, then closes.
    Close(Vec<u8>),
    /// Writes bytes, then stays silent.
    Hang(Vec<u8>),
    /// Writes the head, then this many megabytes.
    Flood(Vec<u8>, usize),
    /// Writes the piece again and again.
    Drip(Vec<u8>, Duration),
    /// Does not read, and closes: the system resets the connection.
    Reset,
}

struct Peer {
    port: u16,
    met: Arc<AtomicUsize>,
}

async fn peer(then: Then) -> Peer {
    let (listener, port) = listen().await;
    let met = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&met);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(act(stream, then.clone()));
        }
    });
    Peer { port, met }
}

async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap_or_else(|e| panic!("{e}"));
    let port = listener.local_addr().map_or(0, |a| a.port());
    (listener, port)
}

async fn act(mut stream: TcpStream, then: Then) {
    if matches!(then, Then::Reset) {
        sleep(Duration::from_millis(100)).await;
        return;
    }
    let mut request = vec![0; 4096];
    let _ = stream.read(&mut request).await;
    match then {
        Then::Close(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Then::Hang(bytes) => {
            let _ = stream.write_all(&bytes).await;
            sleep(Duration::from_secs(60)).await;
        }
        Then::Flood(head, megabytes) => {
            let _ = stream.write_all(&head).await;
            let block = vec![b'x'; 1024 * 1024];
            for _ in 0..megabytes {
                if stream.write_all(&block).await.is_err() {
                    return;
                }
            }
        }
        Then::Drip(piece, pause) => {
            while stream.write_all(&piece).await.is_ok() {
                sleep(pause).await;
            }
        }
        Then::Reset => {}
    }
}

fn limits() -> Limits {
    Limits {
        connect: Duration::from_millis(800),
        whole: Duration::from_millis(1500),
        ..Limits::default()
    }
}

async fn get(url: &str, trust: &Trust) -> Answer {
    let url = Url::parse(url).unwrap_or_else(|e| panic!("{e}"));
    let mut allowed = Allowed::default();
    allowed.add(&url);
    let outgoing = Outgoing {
        method: Method::GET,
        url,
        headers: Vec::new(),
        body: Vec::new(),
    };
    let started = Instant::now();
    let answer = send(&allowed, trust, &limits(), &Clock::system(), &outgoing).await;
    assert!(started.elapsed() < Duration::from_secs(3));
    answer
}

fn any_trust() -> Trust {
    Trust::new(None, false).unwrap_or_else(|e| panic!("{}", e.en))
}

async fn fault_of(then: Then) -> (Option<FaultKind>, String) {
    let peer = peer(then).await;
    let answer = get(&format!("http://127.0.0.1:{}/", peer.port), &any_trust()).await;
    answer
        .fault
        .map_or((None, String::new()), |f| (Some(f.kind), f.detail))
}

#[tokio::test]
async fn each_broken_peer_has_its_kind() {
    let ok = |rest: &str| format!("HTTP/1.1 200 OK\r\n{rest}").into_bytes();
    for (what, then, kind) in [
        ("reset", Then::Reset, FaultKind::ConnectionReset),
        ("silent", Then::Hang(vec![]), FaultKind::TimedOut),
        (
            "silent after the head",
            Then::Hang(ok("Content-Length: 5\r\n\r\n")),
            FaultKind::TimedOut,
        ),
        (
            "silent within the head",
            Then::Hang(ok("Content-Le")),
            FaultKind::TimedOut,
        ),
        (
            "closes at once",
            Then::Close(vec![]),
            FaultKind::ClosedMidMessage,
        ),
        (
            "closes in the head",
            Then::Close(ok("Content-Le")),
            FaultKind::ClosedMidMessage,
        ),
        (
            "closes in the body",
            Then::Close(ok("Content-Length: 9\r\n\r\nabc")),
            FaultKind::ClosedMidMessage,
        ),
        (
            "closes in a chunk",
            Then::Close(ok("Transfer-Encoding: chunked\r\n\r\n9\r\nabc")),
            FaultKind::ClosedMidMessage,
        ),
        (
            "chunk size is no number",
            Then::Close(ok("Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n")),
            FaultKind::InvalidMessage,
        ),
        (
            "two lengths",
            Then::Close(ok("Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc")),
            FaultKind::InvalidMessage,
        ),
        (
            "length is no number",
            Then::Close(ok("Content-Length: x\r\n\r\nabc")),
            FaultKind::InvalidMessage,
        ),
        (
            "not HTTP",
            Then::Close(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
            FaultKind::InvalidMessage,
        ),
        (
            "endless head",
            Then::Drip(
                b"x-flood: 0123456789abcdef0123456789abcdef\r\n".repeat(2000),
                Duration::ZERO,
            ),
            FaultKind::InvalidMessage,
        ),
        (
            "drop by drop",
            Then::Drip(b"H".to_vec(), Duration::from_millis(100)),
            FaultKind::TimedOut,
        ),
    ] {
        let (seen, detail) = fault_of(then).await;
        assert_eq!(seen, Some(kind), "{what}: {detail}");
    }
}

#[tokio::test]
async fn a_slow_drip_is_cut_off_by_the_whole_limit() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".to_vec();
    let (listener, port) = listen().await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(&head).await;
            while stream.write_all(b"x").await.is_ok() {
                sleep(Duration::from_millis(50)).await;
            }
        }
    });
    let answer = get(&format!("http://127.0.0.1:{port}/"), &any_trust()).await;
    assert_eq!(answer.fault.map(|f| f.kind), Some(FaultKind::TimedOut));
    assert!(answer.reply.is_some_and(|r| !r.body.is_empty()));
}

#[tokio::test]
async fn what_is_complete_is_no_fault_and_nothing_is_decoded() {
    let gzip = b"\x1f\x8b\x08not really";
    let mut bytes =
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n".to_vec();
    bytes.extend_from_slice(gzip);
    let peer = peer(Then::Close(bytes)).await;
    let answer = get(&format!("http://127.0.0.1:{}/", peer.port), &any_trust()).await;
    assert_eq!(answer.fault, None);
    assert_eq!(answer.reply.map(|r| r.body).as_deref(), Some(&gzip[..]));
}

#[tokio::test]
async fn a_body_of_100_mb_is_cut_at_the_limit() {
    for head in ["Content-Length: 104857600", "Connection: close"] {
        let head = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").into_bytes();
        let peer = peer(Then::Flood(head, 100)).await;
        let answer = get(&format!("http://127.0.0.1:{}/", peer.port), &any_trust()).await;
        assert_eq!(answer.fault, None);
        let reply = answer.reply.unwrap_or_else(|| panic!("no reply"));
        assert_eq!(
            (reply.truncated, reply.body.len()),
            (true, 16 * 1024 * 1024)
        );
        assert!(reply.body.capacity() <= 33 * 1024 * 1024);
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_host_the_plan_does_not_name() {
    let peer = peer(Then::Close(vec![])).await;
    let url = format!("http://127.0.0.1:{}/", peer.port);
    let mut allowed = Allowed::default();
    for other in ["http://127.0.0.1:1/", "http://localhost/"] {
        allowed.add(&Url::parse(other).unwrap_or_else(|e| panic!("{e}")));
    }
    let outgoing = Outgoing {
        method: Method::GET,
        url: Url::parse(&url).unwrap_or_else(|e| panic!("{e}")),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let answer = send(
        &allowed,
        &any_trust(),
        &limits(),
        &Clock::system(),
        &outgoing,
    )
    .await;
    assert_eq!(
        answer.fault.map(|f| f.kind),
        Some(FaultKind::HostNotAllowed)
    );
    assert_eq!(peer.met.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_apart() {
    let (listener, port) = listen().await;
    drop(listener);
    let answer = get(&format!("http://127.0.0.1:{port}/"), &any_trust()).await;
    assert_eq!(
        answer.fault.map(|f| f.kind),
        Some(FaultKind::ConnectionRefused)
    );
    let answer = get("https://no-such-host.invalid/", &any_trust()).await;
    assert_eq!(answer.fault.map(|f| f.kind), Some(FaultKind::NameNotFound));
}

struct Names<'a> {
    san: &'a [&'a str],
    expired: bool,
}

/// A TLS server with a certificate of its own CA; gives back the port and the CA.
async fn tls_peer(names: Names<'_>) -> (u16, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(DnType::CommonName, uuid::Uuid::new_v4().to_string());
    let issuer = KeyPair::generate()
        .and_then(|key| CertifiedIssuer::self_signed(params, key))
        .unwrap_or_else(|e| panic!("{e}"));
    let san: Vec<String> = names.san.iter().map(|n| (*n).to_owned()).collect();
    let mut params = CertificateParams::new(san).unwrap_or_else(|e| panic!("{e}"));
    params
        .distinguished_name
        .push(DnType::CommonName, "127.0.0.1");
    if names.expired {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate().unwrap_or_else(|e| panic!("{e}"));
    let cert = params
        .signed_by(&key, &issuer)
        .unwrap_or_else(|e| panic!("{e}"));
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|b| {
            b.with_no_client_auth()
                .with_single_cert(vec![cert.der().clone()], key)
        })
        .unwrap_or_else(|e| panic!("{e}"));
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (listener, port) = listen().await;
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            if let Ok(mut tls) = acceptor.accept(tcp).await {
                let _ = tls.read(&mut [0; 1024]).await;
                let _ = tls.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
                let _ = tls.shutdown().await;
            }
        }
    });
    (port, issuer.pem())
}

#[tokio::test]
async fn certificates_that_do_not_hold_are_tls_faults_with_their_reason() {
    for (names, own_ca, words) in [
        (
            Names {
                san: &["127.0.0.1"],
                expired: false,
            },
            false,
            "not issued by a known CA",
        ),
        (
            Names {
                san: &[],
                expired: false,
            },
            true,
            "only in the common name",
        ),
        (
            Names {
                san: &["other.example"],
                expired: false,
            },
            true,
            "for another host",
        ),
        (
            Names {
                san: &["127.0.0.1"],
                expired: true,
            },
            true,
            "has expired",
        ),
    ] {
        let (port, ca) = tls_peer(names).await;
        let (_, other_ca) = tls_peer(Names {
            san: &[],
            expired: false,
        })
        .await;
        let pem = if own_ca { ca } else { other_ca };
        let trust = Trust::new(Some(pem.as_bytes()), true).unwrap_or_else(|e| panic!("{}", e.en));
        let url = format!("https://127.0.0.1:{port}/");
        let answer = get(&url, &trust).await;
        let fault = answer.fault.unwrap_or_else(|| panic!("accepted: {words}"));
        assert_eq!(fault.kind, FaultKind::Tls);
        assert!(fault.detail.contains(words), "{}", fault.detail);
        let answer = get(&url, &any_trust()).await;
        assert_eq!(answer.fault, None, "verification is off");
        assert!(answer.tls.is_some_and(|t| !t.verified));
    }
}

#[tokio::test]
async fn a_peer_that_wants_a_client_certificate_or_http_2_is_told() {
    for (mutual, words) in [
        (true, "requires a client certificate"),
        (false, "speaks HTTP/1.1"),
    ] {
        let key = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]);
        let rcgen::CertifiedKey { cert, signing_key } = key.unwrap_or_else(|e| panic!("{e}"));
        let mut roots = rustls::RootCertStore::empty();
        assert!(roots.add(cert.der().clone()).is_ok());
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
            Arc::new(roots),
            Arc::clone(&provider),
        )
        .build()
        .unwrap_or_else(|e| panic!("{e}"));
        let builder = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap_or_else(|e| panic!("{e}"));
        let builder = if mutual {
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = builder.with_single_cert(vec![cert.der().clone()], key);
        let mut config = config.unwrap_or_else(|e| panic!("{e}"));
        if !mutual {
            config.alpn_protocols = vec![b"h2".to_vec()];
        }
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (listener, port) = listen().await;
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let _ = acceptor.accept(tcp).await;
            }
        });
        let answer = get(&format!("https://127.0.0.1:{port}/"), &any_trust()).await;
        let fault = answer.fault.unwrap_or_else(|| panic!("no fault: {words}"));
        assert!(
            fault.kind == FaultKind::Tls && fault.detail.contains(words),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn tls_and_plain_text_mixed_up_are_told() {
    let plain = peer(Then::Close(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())).await;
    let answer = get(&format!("https://127.0.0.1:{}/", plain.port), &any_trust()).await;
    let fault = answer.fault.unwrap_or_else(|| panic!("no fault"));
    assert_eq!(fault.kind, FaultKind::Tls);
    assert!(
        fault.detail.contains("does not speak TLS"),
        "{}",
        fault.detail
    );
    let (port, _) = tls_peer(Names {
        san: &["127.0.0.1"],
        expired: false,
    })
    .await;
    let answer = get(&format!("http://127.0.0.1:{port}/"), &any_trust()).await;
    assert_eq!(
        answer.fault.map(|f| f.kind),
        Some(FaultKind::InvalidMessage)
    );
    let silent = peer(Then::Hang(vec![])).await;
    let answer = get(&format!("https://127.0.0.1:{}/", silent.port), &any_trust()).await;
    assert_eq!(answer.fault.map(|f| f.kind), Some(FaultKind::TimedOut));
}

#[test]
fn a_ca_file_without_certificate_is_told() {
    for pem in [
        "",
        "hello",
        "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
    ] {
        assert!(Trust::new(Some(pem.as_bytes()), true).is_err(), "{pem}");
    }
}

#[tokio::test]
async fn http_2_is_spoken_where_the_profile_says_so() {
    let (listener, port) = listen().await;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = hyper::service::service_fn(
                |request: hyper::Request<hyper::body::Incoming>| async move {
                    let authority = request.uri().authority().map(ToString::to_string);
                    let body = format!("{:?} {}", request.version(), authority.unwrap_or_default());
                    let body = http_body_util::Full::new(hyper::body::Bytes::from(body));
                    Ok::<_, std::convert::Infallible>(hyper::Response::new(body))
                },
            );
            let io = hyper_util::rt::TokioIo::new(stream);
            let server =
                hyper::server::conn::http2::Builder::new(hyper_util::rt::TokioExecutor::new());
            tokio::spawn(async move {
                let _ = server.serve_connection(io, service).await;
            });
        }
    });
    let url = format!("http://127.0.0.1:{port}/a?b=c");
    let answer = get(&url, &any_trust().over_http2()).await;
    let reply = answer.reply.unwrap_or_else(|| panic!("{:?}", answer.fault));
    assert_eq!(reply.version, hyper::Version::HTTP_2);
    assert_eq!(
        String::from_utf8_lossy(&reply.body),
        format!("HTTP/2.0 127.0.0.1:{port}")
    );
    // A peer that only speaks HTTP/1.1 is told as one that does not speak the protocol, in time.
    let old = peer(Then::Close(
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec(),
    ))
    .await;
    let answer = get(
        &format!("http://127.0.0.1:{}/", old.port),
        &any_trust().over_http2(),
    )
    .await;
    assert!(answer.reply.is_none() && answer.fault.is_some());
}
