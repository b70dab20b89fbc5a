//! From what a library says to what kind of fault it is. The kind decides whose side a failure is on, so each case is
//! told apart by the error's type, not by its words.

use std::error::Error;
use std::io;

use renkei_core::record::{Fault, FaultKind};

pub(crate) fn fault(kind: FaultKind, detail: impl Into<String>) -> Fault {
    Fault {
        kind,
        detail: detail.into(),
    }
}

/// A fault while the connection was made.
pub(crate) fn connecting(error: &io::Error) -> Fault {
    use io::ErrorKind as K;
    let kind = match error.kind() {
        K::ConnectionRefused => FaultKind::ConnectionRefused,
        K::ConnectionReset | K::ConnectionAborted => FaultKind::ConnectionReset,
        K::TimedOut => FaultKind::TimedOut,
        _ => FaultKind::Other,
    };
    fault(kind, format!("connecting: {error}"))
}

/// A fault during the TLS handshake.
pub(crate) fn handshaking(error: &io::Error) -> Fault {
    if let Some(tls) = find::<rustls::Error>(error) {
        return fault(FaultKind::Tls, tls_words(tls));
    }
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => fault(
            FaultKind::ConnectionReset,
            format!("during the TLS handshake: {error}"),
        ),
        io::ErrorKind::UnexpectedEof => fault(
            FaultKind::Tls,
            "the peer closed the connection during the TLS handshake",
        ),
        _ => fault(FaultKind::Tls, format!("TLS handshake: {error}")),
    }
}

/// A fault while the message went out or came in.
pub(crate) fn exchanging(error: &(dyn Error + 'static), phase: &str) -> Fault {
    if let Some(tls) = find::<rustls::Error>(error) {
        return fault(FaultKind::Tls, tls_words(tls));
    }
    let words = format!("{phase}: {}", chain(error));
    if let Some(io) = find::<io::Error>(error) {
        use io::ErrorKind as K;
        let kind = match io.kind() {
            K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe => FaultKind::ConnectionReset,
            K::UnexpectedEof => FaultKind::ClosedMidMessage,
            K::InvalidData | K::InvalidInput => FaultKind::InvalidMessage,
            K::TimedOut => FaultKind::TimedOut,
            _ => FaultKind::Other,
        };
        return fault(kind, words);
    }
    let kind = match find::<hyper::Error>(error) {
        Some(e) if e.is_parse() => FaultKind::InvalidMessage,
        Some(e) if e.is_incomplete_message() || e.is_closed() || e.is_canceled() => {
            FaultKind::ClosedMidMessage
        }
        _ => FaultKind::Other,
    };
    fault(kind, words)
}

/// The first error of a type in the chain of sources; looks into the custom errors of `io::Error` too.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    None
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let more = error.to_string();
        if !words.contains(&more) {
            words.push_str(": ");
            words.push_str(&more);
        }
        next = error.source();
    }
    words
}

/// The library's words, with the cause in front where they need an explanation.
fn tls_words(error: &rustls::Error) -> String {
    use rustls::{AlertDescription as A, CertificateError as C};
    let plain = match error {
        rustls::Error::InvalidCertificate(C::NotValidForNameContext { presented, .. })
            if presented.is_empty() =>
        {
            "the certificate names its host only in the common name (CN); a subjectAltName is required"
        }
        rustls::Error::InvalidCertificate(
            C::NotValidForName | C::NotValidForNameContext { .. },
        ) => "the certificate is for another host",
        rustls::Error::InvalidCertificate(C::UnknownIssuer) => {
            "the certificate is not issued by a known CA"
        }
        rustls::Error::InvalidCertificate(C::BadSignature) => {
            "the certificate is not signed by the given CA (another CA of the same name?)"
        }
        rustls::Error::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => {
            "the certificate has expired"
        }
        rustls::Error::AlertReceived(A::CertificateRequired) => {
            "the peer requires a client certificate (mutual TLS)"
        }
        rustls::Error::AlertReceived(A::NoApplicationProtocol) => {
            "no common protocol: this client speaks HTTP/1.1"
        }
        rustls::Error::AlertReceived(A::ProtocolVersion | A::HandshakeFailure) => {
            "no common TLS version or cipher suite (TLS 1.2 or later is required)"
        }
        rustls::Error::InvalidMessage(_) => "the peer does not speak TLS on this port",
        rustls::Error::PeerIncompatible(_) => {
            "no common TLS version or cipher suite (TLS 1.2 or later is required)"
        }
        _ => return error.to_string(),
    };
    format!("{plain} ({error})")
}
