use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use renkei_core::record::{Fault, FaultKind, TlsFacts};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Host, Url};

use super::allowed::Allowed;
use super::fault::{connecting, fault, handshaking};
use super::tls::Trust;

/// A connection, encrypted or not.
pub(super) enum Line {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(line) => Pin::new(line).poll_read(cx, buf),
            Self::Tls(line) => Pin::new(line.as_mut()).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(line) => Pin::new(line).poll_write(cx, buf),
            Self::Tls(line) => Pin::new(line.as_mut()).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(line) => Pin::new(line).poll_flush(cx),
            Self::Tls(line) => Pin::new(line.as_mut()).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(line) => Pin::new(line).poll_shutdown(cx),
            Self::Tls(line) => Pin::new(line.as_mut()).poll_shutdown(cx),
        }
    }
}

/// Connects and, for `https`, shakes hands; then hangs up. Shows whether an endpoint can be reached at all.
///
/// # Errors
/// The fault that kept it from being reached.
pub async fn probe(
    allowed: &Allowed,
    trust: &Trust,
    url: &Url,
    limit: Duration,
) -> Result<Option<TlsFacts>, Fault> {
    match connect(allowed, trust, url, limit).await {
        Ok((_, facts)) => Ok(facts),
        // Somebody took the connection before it was reset (a port where nobody listens refuses), so the endpoint can be
        // reached; the cases tell what happens there.
        Err(reset) if reset.kind == FaultKind::ConnectionReset && url.scheme() == "http" => {
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}

pub(super) async fn connect(
    allowed: &Allowed,
    trust: &Trust,
    url: &Url,
    limit: Duration,
) -> Result<(Line, Option<TlsFacts>), Fault> {
    if !allowed.contains(url) {
        return Err(fault(
            FaultKind::HostNotAllowed,
            format!("{} is not an endpoint of the plan", url.authority()),
        ));
    }
    let late = |phase: &str| {
        fault(
            FaultKind::TimedOut,
            format!("{phase}: no answer within {} ms", limit.as_millis()),
        )
    };
    let tcp = timeout(limit, open(url, limit))
        .await
        .map_err(|_| late("connecting"))??;
    // Small requests must not wait for each other's acknowledgement; a failure here changes nothing but speed.
    let _ = tcp.set_nodelay(true);
    match url.scheme() {
        "http" => Ok((Line::Plain(tcp), None)),
        "https" => {
            let name = server_name(url)?;
            let connector = TlsConnector::from(trust.config());
            let tls = timeout(limit, connector.connect(name, tcp))
                .await
                .map_err(|_| late("TLS handshake"))?
                .map_err(|e| handshaking(&e))?;
            let facts = trust.facts(tls.get_ref().1);
            if trust.http2() && tls.get_ref().1.alpn_protocol() != Some(b"h2") {
                return Err(fault(
                    FaultKind::Tls,
                    "no common protocol: the profile says HTTP/2, the peer did not agree to it (ALPN)",
                ));
            }
            Ok((Line::Tls(Box::new(tls)), Some(facts)))
        }
        other => Err(fault(
            FaultKind::Other,
            format!("scheme {other} is neither https nor http"),
        )),
    }
}

/// Tries every address of the host in turn, each for its share of the time, so that one that leads nowhere does not hide
/// the others; the last failure is the one told, or a reset at once: there somebody listens.
async fn open(url: &Url, limit: Duration) -> Result<TcpStream, Fault> {
    let mut last = fault(FaultKind::NameNotFound, "the host name has no address");
    let addresses = addresses(url).await?;
    let share = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => return Ok(tcp),
            Ok(Err(e)) => {
                last = connecting(&e);
                if last.kind == FaultKind::ConnectionReset {
                    break;
                }
            }
            Err(_) => {
                let ms = share.as_millis();
                last = fault(
                    FaultKind::TimedOut,
                    format!("connecting to {address}: no answer within {ms} ms"),
                );
            }
        }
    }
    Err(last)
}

async fn addresses(url: &Url) -> Result<Vec<SocketAddr>, Fault> {
    let port = url.port_or_known_default().unwrap_or(443);
    match url.host() {
        Some(Host::Ipv4(ip)) => Ok(vec![SocketAddr::from((ip, port))]),
        Some(Host::Ipv6(ip)) => Ok(vec![SocketAddr::from((ip, port))]),
        Some(Host::Domain(name)) => tokio::net::lookup_host((name, port))
            .await
            .map(Iterator::collect)
            .map_err(|e| fault(FaultKind::NameNotFound, format!("{name}: {e}"))),
        None => Err(fault(FaultKind::NameNotFound, "the URL names no host")),
    }
}

fn server_name(url: &Url) -> Result<ServerName<'static>, Fault> {
    match url.host() {
        Some(Host::Ipv4(ip)) => Ok(ServerName::IpAddress(std::net::IpAddr::V4(ip).into())),
        Some(Host::Ipv6(ip)) => Ok(ServerName::IpAddress(std::net::IpAddr::V6(ip).into())),
        Some(Host::Domain(name)) => ServerName::try_from(name.to_owned())
            .map_err(|e| fault(FaultKind::Tls, format!("{name}: {e}"))),
        None => Err(fault(FaultKind::NameNotFound, "the URL names no host")),
    }
}
