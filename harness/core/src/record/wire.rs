use serde::{Deserialize, Serialize};

use super::exchange::{Header, TlsFacts};

/// What only somebody between two systems can see of an exchange: which bytes went through, framed how, and who broke off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wire {
    /// Connection of the consumer, 1-based within the run.
    pub connection: u64,
    /// Exchange on that connection, 1-based.
    pub nth: u64,
    /// What the consumer sent.
    pub request: WireMessage,
    /// What the provider sent; absent when not one byte came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<WireMessage>,
    /// Who broke the exchange off, when one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broke: Option<Broke>,
    /// What the TLS handshake with the consumer showed; the certificate is the consumer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer_tls: Option<TlsFacts>,
}

/// One message as it went through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireMessage {
    /// Bytes forwarded, head and framing included.
    pub bytes: u64,
    /// SHA-256 of exactly those bytes, lower-case hex.
    pub sha256: String,
    /// The head as it stood, line ends included, as far as it came; secrets are replaced by their digests, a backslash is
    /// written twice, bytes that are not UTF-8 as `\\xHH`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub head: String,
    /// How the end of the body is found (RFC 9112 6.3): `none`, `content-length`, `chunked`, `until-close`, `tunnel`.
    pub framing: String,
    /// Trailer fields after a chunked body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<Header>,
    /// The body was longer than what is kept, and only its beginning was kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// Secrets stood in head or body and were replaced, so that the kept bytes are not those of `sha256`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
}

/// Who broke an exchange off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Broke {
    /// The consumer, before its request was complete.
    ConsumerMidRequest,
    /// The consumer, after its request and before the answer was complete.
    ConsumerBeforeAnswer,
    /// The provider, or the way to it.
    Provider,
    /// The relay itself, because it was stopped.
    Relay,
}

/// When the parts of an exchange happened, in microseconds from its start; absent parts did not happen or were not seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// How long connecting took; absent on a connection that was open already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_us: Option<u64>,
    /// How long the TLS handshake took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_us: Option<u64>,
    /// When the request was sent whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_us: Option<u64>,
    /// When the first byte of the answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte_us: Option<u64>,
    /// When the last byte of the answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_us: Option<u64>,
}
