use renkei_core::record::{Header, HttpRequest, HttpResponse, HttpTransfer};

use super::redact;
use super::send::{Answer, Outgoing, wire_headers};
use crate::error::RunError;
use crate::secret::Vault;
use crate::store::Blobs;

/// What the bodies of an exchange are: it decides what is taken out of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// A token request and its response.
    Token,
    /// Anything else: kept byte for byte, unless it repeats a secret of the run.
    Data,
}

/// Keeps a request and what came of it, without secrets.
///
/// # Errors
/// The bundle cannot be written.
pub fn capture(
    blobs: &Blobs,
    vault: &Vault,
    kind: BodyKind,
    outgoing: &Outgoing,
    answer: &Answer,
) -> Result<HttpTransfer, RunError> {
    let body = |bytes: &[u8]| {
        let shown = match kind {
            BodyKind::Token => &redact::token_body(bytes),
            BodyKind::Data => bytes,
        };
        blobs.put(&vault.scrub(shown))
    };
    let headers = |list: Vec<(&hyper::header::HeaderName, &hyper::header::HeaderValue)>| {
        list.into_iter()
            .map(|(name, value)| Header {
                name: name.as_str().to_owned(),
                value: vault.scrub_text(&redact::header(name, value.as_bytes())),
            })
            .collect()
    };
    let sent = wire_headers(outgoing).unwrap_or_else(|_| outgoing.headers.clone());
    let request = HttpRequest {
        method: outgoing.method.to_string(),
        url: vault.scrub_text(outgoing.url.as_str()),
        headers: headers(sent.iter().map(|(n, v)| (n, v)).collect()),
        body: match outgoing.body.as_slice() {
            [] => None,
            bytes => Some(body(bytes)?),
        },
    };
    let response = match &answer.reply {
        None => None,
        Some(reply) => Some(HttpResponse {
            status: reply.status.as_u16(),
            version: format!("{:?}", reply.version),
            headers: headers(reply.headers.iter().collect()),
            body: Some(body(&reply.body)?),
            truncated: reply.truncated,
        }),
    };
    Ok(HttpTransfer {
        request,
        response,
        fault: answer.fault.clone().map(|mut fault| {
            fault.detail = vault.scrub_text(&fault.detail);
            fault
        }),
        tls: answer.tls.clone(),
        token: None,
        wire: None,
        timing: None,
    })
}
