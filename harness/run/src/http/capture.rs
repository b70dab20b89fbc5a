use std::borrow::Cow;

use renkei_core::record::{Header, HttpRequest, HttpResponse, HttpTransfer};

use super::send::{Answer, Outgoing, wire_headers};
use super::{coded, redact};
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
    let body = |coding: Option<&str>, bytes: &[u8]| {
        let clean = |bytes: &[u8]| match kind {
            BodyKind::Token => vault.scrub(&redact::token_body(bytes)).into_owned(),
            BodyKind::Data => vault.scrub(bytes).into_owned(),
        };
        blobs.put(&coded::cleaned(coding, bytes, clean, |bytes| match kind {
            BodyKind::Token => Cow::Borrowed(&[]),
            BodyKind::Data => vault.scrub(bytes),
        }))
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
            bytes => Some(body(None, bytes)?),
        },
    };
    let response = match &answer.reply {
        None => None,
        Some(reply) => Some(HttpResponse {
            status: reply.status.as_u16(),
            version: format!("{:?}", reply.version),
            headers: headers(reply.headers.iter().collect()),
            body: {
                let coding = reply.headers.get(hyper::header::CONTENT_ENCODING);
                Some(body(coding.and_then(|c| c.to_str().ok()), &reply.body)?)
            },
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
