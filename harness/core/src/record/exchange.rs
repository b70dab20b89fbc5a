use serde::{Deserialize, Serialize};

use super::wire::{Timing, Wire};

/// Bytes kept by digest: lower-case hex SHA-256 of the content and its length.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blob {
    /// SHA-256 in lower-case hex; also the file name under `blobs/`.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// One transfer of bytes, as the harness saw it. A fact without judgement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// `LOG-0042`, numbered within the run in the order of starting.
    pub log: String,
    /// Case it belongs to; empty for preflight.
    pub case: String,
    /// What it is in its case: `fetch`, `deliver`, `receipt`, `token`, `call`.
    pub step: String,
    /// Party that sends.
    pub from: String,
    /// Party that receives.
    pub to: String,
    /// When it started, RFC 3339.
    pub at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What was transferred.
    pub transfer: Transfer,
}

/// The kinds of transfer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transfer {
    /// A file taken from or put into a place.
    File(FileTransfer),
    /// An HTTP request and its response.
    Http(Box<HttpTransfer>),
}

/// A file taken from or put into a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileTransfer {
    /// File name without folder.
    pub name: String,
    /// Where it was, as the plan names it.
    pub place: String,
    /// Its content; absent when it could not be read.
    pub content: Option<Blob>,
    /// What went wrong, if anything.
    pub fault: Option<Fault>,
    /// When its place says that it was last changed, RFC 3339; absent where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<String>,
    /// Files beside it that begin with its name, or with its name without the last extension: marks that it is complete,
    /// digests. Absent where nobody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Vec<BesideFile>>,
}

/// A file that lies beside a data file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BesideFile {
    /// File name without folder.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Its content; absent for what is too large to be a mark or a digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Blob>,
}

/// An HTTP request with its response or its fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpTransfer {
    /// What was sent. Secrets in headers are shown as digests.
    pub request: HttpRequest,
    /// What came back; absent when nothing complete enough came.
    pub response: Option<HttpResponse>,
    /// What went wrong on the way, if anything.
    pub fault: Option<Fault>,
    /// What the TLS handshake showed.
    pub tls: Option<TlsFacts>,
    /// For token calls: what the token response said, without the token.
    pub token: Option<TokenFacts>,
    /// What a relay between both systems saw; absent when the harness itself was one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<Box<Wire>>,
    /// When its parts happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
}

/// A header as sent or received: name as written, value (secrets replaced by their digest).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Name, lower case.
    pub name: String,
    /// Value; bytes that are not UTF-8 are written as `\xHH`.
    pub value: String,
}

/// An HTTP request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpRequest {
    /// Method, `POST`.
    pub method: String,
    /// Full URL.
    pub url: String,
    /// Headers in order.
    pub headers: Vec<Header>,
    /// Body; for token calls the form with its secrets replaced by digests.
    pub body: Option<Blob>,
}

/// An HTTP response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpResponse {
    /// Status code.
    pub status: u16,
    /// `HTTP/1.1`, `HTTP/2.0`.
    pub version: String,
    /// Headers in order.
    pub headers: Vec<Header>,
    /// Body as received, after transfer decoding and before content decoding.
    pub body: Option<Blob>,
    /// True when the body was longer than the limit and was cut.
    pub truncated: bool,
}

/// What the TLS handshake showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFacts {
    /// `TLSv1.3`; empty when the client does not tell.
    pub version: String,
    /// SHA-256 of the peer's certificate (DER), lower-case hex; empty when unknown.
    pub certificate_sha256: String,
    /// False when the plan switched verification off.
    pub verified: bool,
}

/// What a token response said. The token itself is never kept, only its digest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenFacts {
    /// `token_type`.
    pub token_type: Option<String>,
    /// `expires_in` in seconds.
    pub expires_in: Option<i64>,
    /// `scope`.
    pub scope: Option<String>,
    /// A refresh token was issued.
    pub refresh_token: bool,
    /// First 12 hex digits of the SHA-256 of the access token.
    pub token_digest: Option<String>,
    /// `error` of an error response.
    pub error: Option<String>,
    /// Number of characters of the client secret; the secret itself is never kept.
    pub secret_chars: Option<u64>,
    /// `alg` of the assertion that the client identified itself with; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertion_alg: Option<String>,
    /// `x5t#S256` (RFC 8705 3.1) of the certificate that the client showed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// What the access token itself says, when it is a JWT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwt: Option<JwtFacts>,
}

/// What an access token that is a JWT says of itself. Its claims about persons are never kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JwtFacts {
    /// `alg` of its header.
    pub alg: String,
    /// `cnf` `x5t#S256`: the certificate it is bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Whether the published key of its `kid` confirms its signature; absent: no key set was at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// What a published key says of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// It confirms it.
    Valid,
    /// It does not.
    Wrong,
    /// There is no key with its `kid` and algorithm.
    NoKey,
}

/// Something that kept a transfer from completing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// The library's or system's words, without secrets.
    pub detail: String,
}

/// Kinds of fault; they decide the cause (environment, provider …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The host's name has no address.
    NameNotFound,
    /// Nothing listens there.
    ConnectionRefused,
    /// The connection was reset.
    ConnectionReset,
    /// The TLS handshake failed.
    Tls,
    /// No answer in time.
    TimedOut,
    /// The peer closed before the message was complete.
    ClosedMidMessage,
    /// The message was not HTTP.
    InvalidMessage,
    /// The file is not there.
    FileMissing,
    /// The file or folder could not be read or written.
    FileAccess,
    /// The host is not named by the plan; nothing was sent.
    HostNotAllowed,
    /// Anything else.
    Other,
}
