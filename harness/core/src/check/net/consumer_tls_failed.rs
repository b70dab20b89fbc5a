use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::record::{Broke, Exchange, FaultKind, HttpTransfer};

/// NET-050
pub(super) const RULE: Rule = Rule {
    code: "NET-050",
    name: "consumer-tls-failed",
    source: include_str!("consumer_tls_failed.md"),
};

/// A consumer that could not shake hands with the relay; true when there is nothing else to judge.
pub(in crate::check) fn check(exchange: &Exchange, http: &HttpTransfer, out: &mut Sink) -> bool {
    let by_consumer = http
        .wire
        .as_ref()
        .is_some_and(|w| w.broke == Some(Broke::ConsumerMidRequest));
    let Some(fault) = http
        .fault
        .as_ref()
        .filter(|f| by_consumer && f.kind == FaultKind::Tls)
    else {
        return false;
    };
    let words = fault.detail.to_ascii_lowercase();
    let any = |needles: &[&str]| needles.iter().any(|n| words.contains(n));
    let observed = if any(&[
        "nocertificatespresented",
        "no certificate",
        "peer sent no certificates",
    ]) {
        "client-certificate-missing"
    } else if any(&[
        "unknownca",
        "unknown ca",
        "badcertificate",
        "bad certificate",
        "certificateunknown",
    ]) {
        "consumer-does-not-trust-the-relay"
    } else if any(&["unknownissuer", "invalid peer certificate"]) {
        "client-certificate-not-accepted"
    } else if any(&[
        "corrupt",
        "invalidcontenttype",
        "does not speak tls",
        "invalid message",
    ]) {
        "not-tls"
    } else {
        "handshake-failed"
    };
    out.push(
        hit(exchange, &RULE, &http.request.url)
            .expected("TLS 1.2 or later")
            .observed(observed)
            .key(observed),
    );
    true
}
