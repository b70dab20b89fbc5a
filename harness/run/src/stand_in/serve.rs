use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use sha2::{Digest, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::stop::Stop;

/// A peer that does not finish its handshake or its request head is dropped after this.
const PATIENCE: Duration = Duration::from_secs(10);

/// `x5t#S256` (RFC 8705 3.1) of the certificate that the peer showed, as an extension of each request.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown(pub(super) Option<String>);

/// Serves a router over TLS until stopped. One task a connection; a failing connection harms no other.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    router: Router,
    stop: Stop,
) {
    let acceptor = TlsAcceptor::from(tls);
    loop {
        let tcp = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.stopped() => return,
        };
        match tcp {
            Ok((tcp, _)) => {
                tokio::spawn(connection(tcp, acceptor.clone(), router.clone()));
            }
            // Out of descriptors or the like: wait rather than spin.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn connection(tcp: TcpStream, acceptor: TlsAcceptor, router: Router) {
    let _ = tcp.set_nodelay(true);
    let Ok(Ok(tls)) = timeout(PATIENCE, acceptor.accept(tcp)).await else {
        return;
    };
    let certificate = tls.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let shown = certificate.map(|c| BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(c)));
    let router = router.layer(axum::Extension(Shown(shown)));
    // What goes wrong with one connection is the peer's to notice.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(tls), TowerToHyperService::new(router))
        .await;
}
