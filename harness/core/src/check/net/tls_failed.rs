use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::{Bilingual, Cause, CauseKind, Confidence};
use crate::record::{Exchange, Fault, FaultKind, HttpTransfer};

/// NET-002
pub(super) const RULE: Rule = Rule {
    code: "NET-002",
    name: "tls-failed",
    source: include_str!("tls_failed.md"),
};

/// Words of the TLS library that give the reason away, in the order of looking; the first that fits counts.
const REASONS: &[(&[&str], Reason)] = &[
    (
        &["is not valid for any names", "presented: []"],
        Reason::NoSubjectAltName,
    ),
    (
        &["not valid for name", "notvalidforname"],
        Reason::OtherName,
    ),
    (&["expired"], Reason::Expired),
    (&["notvalidyet", "not valid yet"], Reason::NotYetValid),
    (
        &["unknownissuer", "unknown issuer", "unknownca"],
        Reason::UnknownIssuer,
    ),
    (
        &[
            "protocolversion",
            "no tls",
            "notls12",
            "versionsincommon",
            "notsupporttls12",
        ],
        Reason::OldVersion,
    ),
    (
        &["certificaterequired", "certificate required"],
        Reason::ClientCertificate,
    ),
    (
        &[
            "ciphersuites",
            "handshakefailure",
            "handshake failure",
            "no common protocol",
        ],
        Reason::NothingInCommon,
    ),
];

#[derive(Clone, Copy)]
enum Reason {
    NoSubjectAltName,
    OtherName,
    Expired,
    NotYetValid,
    UnknownIssuer,
    OldVersion,
    ClientCertificate,
    NothingInCommon,
    Unknown,
}

pub(super) fn check(
    exchange: &Exchange,
    http: &HttpTransfer,
    fault: &Fault,
    out: &mut Sink,
) -> bool {
    if fault.kind != FaultKind::Tls {
        return false;
    }
    let words = fault.detail.to_ascii_lowercase();
    let fits = |(needles, _): &&(&[&str], Reason)| needles.iter().any(|n| words.contains(n));
    let reason = REASONS
        .iter()
        .find(fits)
        .map_or(Reason::Unknown, |(_, r)| *r);
    let (observed, cause) = told(reason);
    out.push(
        hit(exchange, &RULE, &http.request.url)
            .expected("TLS 1.2 or later, certificate verified")
            .observed(observed)
            .cause(cause),
    );
    true
}

fn told(reason: Reason) -> (&'static str, Cause) {
    use CauseKind::{Config, Receiver, Unknown};
    use Confidence::{Possible, Probable};
    let (word, kind, confidence, ja, en) = match reason {
        Reason::NoSubjectAltName => (
            "certificate-without-subject-alt-name",
            Receiver,
            Probable,
            "サーバ証明書にSAN（subjectAltName）がなく、CNだけに名前があります（RFC 6125 6.4.4、RFC 9110 4.3.4）",
            "the server's certificate has no subjectAltName; a name in the CN alone does not count (RFC 6125 6.4.4, RFC 9110 4.3.4)",
        ),
        Reason::OtherName => (
            "certificate-for-another-name",
            Config,
            Probable,
            "サーバ証明書の名前と、設定したURLのホスト名が違います",
            "the names in the server's certificate are not the host of the configured URL",
        ),
        Reason::Expired => (
            "certificate-expired",
            Receiver,
            Probable,
            "サーバ証明書の有効期限が切れています（試験機の時計が正しい場合）",
            "the server's certificate has expired (if the clock of this machine is right)",
        ),
        Reason::NotYetValid => (
            "certificate-not-yet-valid",
            Receiver,
            Possible,
            "サーバ証明書の有効期間が始まっていないか、試験機の時計が遅れています",
            "the server's certificate is not valid yet, or the clock of this machine is slow",
        ),
        Reason::UnknownIssuer => (
            "unknown-issuer",
            Config,
            Probable,
            "サーバ証明書を発行したCAを試験ツールが知りません",
            "the harness does not know the CA that issued the server's certificate",
        ),
        Reason::OldVersion => (
            "no-common-tls-version",
            Receiver,
            Probable,
            "TLS 1.2以上で話せませんでした",
            "no TLS version from 1.2 on in common",
        ),
        Reason::ClientCertificate => (
            "client-certificate-required",
            Config,
            Probable,
            "サーバがクライアント証明書を求めています",
            "the server asks for a client certificate",
        ),
        Reason::NothingInCommon => (
            "no-common-parameters",
            Unknown,
            Possible,
            "暗号スイート等に共通のものがありませんでした",
            "no cipher suite or other parameter in common",
        ),
        Reason::Unknown => (
            "handshake-failed",
            Unknown,
            Possible,
            "TLSの理由を特定できませんでした。証跡の記録を見てください",
            "the reason could not be determined; see the record of the exchange",
        ),
    };
    let proof = Bilingual::new(ja, en);
    (
        word,
        Cause {
            kind,
            confidence,
            proof,
        },
    )
}
