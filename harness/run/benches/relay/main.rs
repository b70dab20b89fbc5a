//! What a relay costs: requests a second and latency through it beside a direct connection, in the same run and in turns.
//!
//! `cargo bench -p renkei-run --bench relay [-- SECONDS]`
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and cannot go on when its own peers fail"
)]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use renkei_core::record::Tool;
use renkei_run::relay::{Identity, Relay, RelaySettings, make_ca};
use renkei_run::store::Tape;
use renkei_run::{Clock, Stop};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CONNECTIONS: usize = 32;
const ROUNDS: usize = 3;

/// A request and an answer of the size of a numbering call.
fn request() -> Vec<u8> {
    let body = vec![b'x'; 1_200];
    let head = format!(
        "POST /app/fuban HTTP/1.1\r\nHost: api.example\r\nContent-Type: application/json\r\nAuthorization: Bearer 0123456789abcdef\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}

fn answer() -> Vec<u8> {
    let body = vec![b'y'; 600];
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}

/// Answers every request after `work`: `spin` of it busy, the rest waiting (for a database, for example).
///
/// Every body is another one, so that the relay has to keep each, as with real traffic.
async fn provider(wait: Duration, spin: Duration) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            let _ = tcp.set_nodelay(true);
            tokio::spawn(async move {
                let (length, mut answer) = (request().len(), answer());
                let mut buffer = vec![0; length];
                while tcp.read_exact(&mut buffer).await.is_ok() {
                    if !wait.is_zero() {
                        tokio::time::sleep(wait).await;
                    }
                    let begun = Instant::now();
                    while begun.elapsed() < spin {
                        std::hint::spin_loop();
                    }
                    number(&mut answer);
                    if tcp.write_all(&answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

/// Writes the next number of all into the end of a message.
fn number(message: &mut [u8]) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let text = format!("{:016}", NEXT.fetch_add(1, Ordering::Relaxed));
    let end = message.len().saturating_sub(text.len());
    if let Some(place) = message.get_mut(end..) {
        place.copy_from_slice(text.as_bytes());
    }
}

struct Figures {
    rate: f64,
    p50: Duration,
    p99: Duration,
}

async fn load(
    to: SocketAddr,
    tls: Option<&tokio_rustls::TlsConnector>,
    lasting: Duration,
) -> Figures {
    let mut tasks = Vec::new();
    let begun = Instant::now();
    for _ in 0..CONNECTIONS {
        let tls = tls.cloned();
        tasks.push(tokio::spawn(async move {
            let tcp = TcpStream::connect(to).await.expect("a connection");
            let _ = tcp.set_nodelay(true);
            match tls {
                None => calls(tcp, begun + lasting).await,
                Some(connector) => {
                    let name =
                        rustls::pki_types::ServerName::try_from("localhost").expect("a name");
                    calls(
                        connector.connect(name, tcp).await.expect("TLS"),
                        begun + lasting,
                    )
                    .await
                }
            }
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("no panic"));
    }
    let took = begun.elapsed().as_secs_f64();
    all.sort_unstable();
    let at = |share: f64| {
        all.get((all.len() as f64 * share) as usize)
            .copied()
            .unwrap_or_default()
    };
    Figures {
        rate: all.len() as f64 / took,
        p50: at(0.5),
        p99: at(0.99),
    }
}

async fn calls<L: AsyncRead + AsyncWrite + Unpin>(mut line: L, until: Instant) -> Vec<Duration> {
    let (mut request, length) = (request(), answer().len());
    let mut buffer = vec![0; length];
    let mut took = Vec::new();
    while Instant::now() < until {
        number(&mut request);
        let begun = Instant::now();
        line.write_all(&request)
            .await
            .expect("the request goes out");
        line.flush().await.expect("the request goes out");
        line.read_exact(&mut buffer)
            .await
            .expect("the answer comes");
        took.push(begun.elapsed());
    }
    took
}

fn middle(mut figures: Vec<Figures>) -> Figures {
    figures.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    figures.swap_remove(figures.len() / 2)
}

async fn compare(name: &str, wait: Duration, spin: Duration, secure: bool, lasting: Duration) {
    let upstream = provider(wait, spin).await;
    let dir = tempfile::tempdir().expect("a scratch folder");
    let mut settings = RelaySettings::new(
        "127.0.0.1:0",
        format!("http://{upstream}").parse().expect("a URL"),
    );
    let mut connector = None;
    if secure {
        make_ca(dir.path(), &["localhost".to_owned()]).expect("certificates");
        settings.identity = Some(Identity {
            certificate: dir.path().join("server.pem"),
            key: dir.path().join("server.key"),
        });
        use rustls::pki_types::{CertificateDer, pem::PemObject};
        let mut roots = rustls::RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_file(dir.path().join("ca.pem")).expect("a CA"))
            .expect("a CA");
        let config = rustls::ClientConfig::builder_with_provider(
            rustls::crypto::aws_lc_rs::default_provider().into(),
        )
        .with_safe_default_protocol_versions()
        .expect("TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
        connector = Some(tokio_rustls::TlsConnector::from(std::sync::Arc::new(
            config,
        )));
    }
    let tape = Tape::create(dir.path(), Tool::this(), &Clock::system()).expect("a bundle");
    let relay = Relay::bind(settings).await.expect("a relay");
    let (through, stop) = (relay.address, Stop::new());
    let told = stop.clone();
    let running = tokio::spawn(async move { relay.run(tape, Box::new(|_| {}), &told).await });
    let (mut direct, mut relayed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        direct.push(load(upstream, None, lasting).await);
        relayed.push(load(through, connector.as_ref(), lasting).await);
    }
    stop.stop();
    let (_, totals, result) = running.await.expect("no panic");
    result.expect("everything was recorded");
    let (direct, relayed) = (middle(direct), middle(relayed));
    let ms = |d: Duration| d.as_secs_f64() * 1000.0;
    println!(
        "{name:<34} direct {:>7.0}/s p50 {:>6.2} p99 {:>6.2} ms | relay {:>7.0}/s p50 {:>6.2} p99 {:>6.2} ms | {:>4.0} % | {} recorded",
        direct.rate,
        ms(direct.p50),
        ms(direct.p99),
        relayed.rate,
        ms(relayed.p50),
        ms(relayed.p99),
        relayed.rate / direct.rate * 100.0,
        totals.exchanges
    );
}

fn main() {
    let seconds: u64 = std::env::args()
        .skip(1)
        .find_map(|a| a.parse().ok())
        .unwrap_or(3);
    let lasting = Duration::from_secs(seconds);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    println!(
        "{CONNECTIONS} connections, {} + {} bytes, middle of {ROUNDS} rounds of {seconds} s; peers, load and relay share this machine",
        request().len(),
        answer().len()
    );
    runtime.block_on(async {
        let ms = Duration::from_millis;
        compare(
            "waits 20 ms (database)",
            ms(20),
            Duration::ZERO,
            false,
            lasting,
        )
        .await;
        compare("waits 5 ms", ms(5), Duration::ZERO, false, lasting).await;
        compare(
            "waits 5 ms, relay over TLS",
            ms(5),
            Duration::ZERO,
            true,
            lasting,
        )
        .await;
        compare(
            "busy 0.5 ms",
            Duration::ZERO,
            Duration::from_micros(500),
            false,
            lasting,
        )
        .await;
        compare(
            "answers at once (nothing to do)",
            Duration::ZERO,
            Duration::ZERO,
            false,
            lasting,
        )
        .await;
    });
}
