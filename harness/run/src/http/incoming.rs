//! A call that came in, as it is kept: secrets are taken out as on the way out.

use hyper::HeaderMap;
use renkei_core::record::{Header, HttpRequest, HttpResponse, HttpTransfer};

use super::redact;
use crate::error::RunError;
use crate::secret::Vault;
use crate::store::Blobs;

/// Keeps a request that came in and the status that it was answered with.
///
/// # Errors
/// The bundle cannot be written.
pub(crate) fn incoming(
    blobs: &Blobs,
    vault: &Vault,
    (method, url): (&str, &str),
    headers: &HeaderMap,
    body: &[u8],
    status: u16,
) -> Result<HttpTransfer, RunError> {
    let kept = headers.iter().map(|(name, value)| Header {
        name: name.as_str().to_owned(),
        value: vault.scrub_text(&redact::header(name, value.as_bytes())),
    });
    Ok(HttpTransfer {
        request: HttpRequest {
            method: method.to_owned(),
            url: vault.scrub_text(url),
            headers: kept.collect(),
            body: match body {
                [] => None,
                bytes => Some(blobs.put(&vault.scrub(bytes))?),
            },
        },
        response: Some(HttpResponse {
            status,
            version: "HTTP/1.1".to_owned(),
            headers: Vec::new(),
            body: None,
            truncated: false,
        }),
        fault: None,
        tls: None,
        token: None,
        wire: None,
        timing: None,
    })
}
