//! Calls that somebody else wrote down, put into a bundle as a recording; and a bundle's exchanges as HAR 1.2, for other
//! programs. HAR is an export only: it cannot hold what a bundle holds (raw bytes, framing, who broke off).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use renkei_core::mask::wire;
use renkei_core::record::{
    Blob, Event, Exchange, ForeignCall, Header, HttpRequest, HttpResponse, HttpTransfer, Transfer,
};
use serde_json::{Value, json};

use crate::error::RunError;
use crate::relay::{Head, Secrets};
use crate::store::{Bundle, Tape};

/// Writes a call into a bundle, its secrets replaced by digests.
///
/// # Errors
/// The bundle cannot be written.
pub fn keep_foreign(
    tape: &mut Tape,
    secrets: &mut Secrets,
    call: ForeignCall,
) -> Result<(), RunError> {
    let fields = |list: &[(String, String)]| {
        list.iter()
            .map(|(n, v)| (n.clone().into_bytes(), v.clone().into_bytes()))
            .collect()
    };
    secrets.learn_head(&Head {
        fields: fields(&call.request_headers),
        ..Head::default()
    });
    secrets.learn_head(&Head {
        fields: fields(&call.response_headers),
        ..Head::default()
    });
    let has = |needle: &[u8]| memchr::memmem::find(&call.request_body, needle).is_some();
    let token = has(b"grant_type=");
    let facts =
        // HAR files hold bodies without their content codings.
        (token && call.status > 0)
            .then(|| secrets.learn_token(call.status, None, &call.response_body));
    let headers = |list: &[(String, String)]| -> Vec<Header> {
        list.iter()
            .map(|(name, value)| Header {
                name: name.to_ascii_lowercase(),
                value: secrets.field(name.as_bytes(), value.as_bytes()),
            })
            .collect()
    };
    let body = |bytes: &[u8]| -> Result<Option<Blob>, RunError> {
        (!bytes.is_empty())
            .then(|| tape.put(&secrets.body(token, None, bytes)))
            .transpose()
    };
    let response = match call.status {
        0 => None,
        status => Some(HttpResponse {
            status,
            version: "HTTP/1.1".to_owned(),
            headers: headers(&call.response_headers),
            body: body(&call.response_body)?,
            truncated: false,
        }),
    };
    let http = HttpTransfer {
        request: HttpRequest {
            method: call.method,
            url: secrets.target(call.url.as_bytes()),
            headers: headers(&call.request_headers),
            body: body(&call.request_body)?,
        },
        response,
        fault: None,
        tls: None,
        token: facts,
        wire: None,
        timing: None,
    };
    let at = if call.at.is_empty() {
        tape.clock().text()
    } else {
        call.at
    };
    let exchange = Exchange {
        log: tape.next_log(),
        case: String::new(),
        step: if token { "token" } else { "call" }.to_owned(),
        from: "consumer".to_owned(),
        to: "provider".to_owned(),
        at,
        duration_ms: call.duration_ms,
        transfer: Transfer::Http(Box::new(http)),
    };
    tape.event(Event::Exchanged(Box::new(exchange)))
}

/// Longest body that is put into a HAR file, in bytes.
const MAX_BODY: u64 = 16 * 1024 * 1024;

/// One entry of a HAR file. `bodies`: with the bodies themselves, which may be personal data; else sizes and digests.
///
/// # Errors
/// A body cannot be read.
pub fn har_entry(
    bundle: &Bundle,
    exchange: &Exchange,
    bodies: bool,
) -> Result<Option<Value>, RunError> {
    let Transfer::Http(whole) = &exchange.transfer else {
        return Ok(None);
    };
    // Without bodies nothing of a person goes out: addresses and header fields are masked as in reports.
    let seen;
    let http = if bodies {
        whole
    } else {
        seen = wire::transfer(whole);
        &seen
    };
    if http.request.method.is_empty() {
        return Ok(None);
    }
    let headers = |list: &[Header]| -> Vec<Value> {
        list.iter()
            .map(|h| json!({ "name": h.name, "value": h.value }))
            .collect()
    };
    let mime = |list: &[Header]| {
        list.iter()
            .find(|h| h.name == "content-type")
            .map_or(String::new(), |h| h.value.clone())
    };
    let query = http.request.url.split_once('?').map_or("", |(_, q)| q);
    let query: Vec<Value> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let mut request = json!({
        "method": http.request.method,
        "url": http.request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&http.request.headers),
        "queryString": query,
        "headersSize": -1,
        "bodySize": http.request.body.as_ref().map_or(0, |b| b.bytes),
    });
    if let Some(blob) = &http.request.body {
        let (text, encoding) = shown(bundle, blob, bodies)?;
        let mut data = json!({ "mimeType": mime(&http.request.headers), "text": text, "comment": comment(blob) });
        if let (Some(encoding), Some(data)) = (encoding, data.as_object_mut()) {
            // HAR 1.2 has no word for binary requests; names with an underscore are anybody's own.
            data.insert("_encoding".to_owned(), encoding.into());
        }
        request["postData"] = data;
    }
    let response = match &http.response {
        Some(response) => {
            let mut content = json!({ "size": response.body.as_ref().map_or(0, |b| b.bytes), "mimeType": mime(&response.headers) });
            if let Some(blob) = &response.body {
                let (text, encoding) = shown(bundle, blob, bodies)?;
                content["text"] = text.into();
                content["comment"] = comment(blob).into();
                if let Some(encoding) = encoding {
                    content["encoding"] = encoding.into();
                }
            }
            json!({
                "status": response.status,
                "statusText": "",
                "httpVersion": response.version,
                "cookies": [],
                "headers": headers(&response.headers),
                "content": content,
                "redirectURL": "",
                "headersSize": -1,
                "bodySize": response.body.as_ref().map_or(0, |b| b.bytes),
            })
        }
        None => json!({
            "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
            "content": { "size": 0, "mimeType": "" }, "redirectURL": "", "headersSize": -1, "bodySize": -1,
            "_error": http.fault.as_ref().map(|f| f.detail.clone()),
        }),
    };
    let timing = http.timing.unwrap_or_default();
    let ms = |us: Option<u64>| us.map_or(-1.0, |us| us as f64 / 1000.0);
    let between = |from: Option<u64>, to: Option<u64>| match (from, to) {
        (Some(from), Some(to)) => to.saturating_sub(from) as f64 / 1000.0,
        _ => 0.0,
    };
    Ok(Some(json!({
        "startedDateTime": exchange.at,
        "time": timing.done_us.map_or(exchange.duration_ms as f64, |us| us as f64 / 1000.0),
        "request": request,
        "response": response,
        "cache": {},
        "timings": {
            "connect": ms(timing.connect_us),
            "ssl": ms(timing.tls_us),
            "send": ms(timing.sent_us).max(0.0),
            "wait": between(timing.sent_us, timing.first_byte_us),
            "receive": between(timing.first_byte_us, timing.done_us),
        },
        "comment": exchange.log,
    })))
}

fn comment(blob: &Blob) -> String {
    format!("sha256 {}", blob.sha256)
}

fn shown(
    bundle: &Bundle,
    blob: &Blob,
    bodies: bool,
) -> Result<(String, Option<&'static str>), RunError> {
    if !bodies {
        return Ok((String::new(), None));
    }
    let bytes = bundle.bytes(blob, MAX_BODY)?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => (BASE64_STANDARD.encode(error.as_bytes()), Some("base64")),
    })
}
