//! The numbered log of exchanges for people: one line, a curl command, message heads. Bodies are not shown here.

use crate::record::{
    Exchange, Fault, FileTransfer, Header, HttpRequest, HttpTransfer, LogLine, Transfer,
};

/// The log line of an exchange.
pub fn log_line(exchange: &Exchange) -> LogLine {
    let (summary, sha256, curl, detail) = match &exchange.transfer {
        Transfer::File(file) => (
            file_summary(file),
            file_digest(file),
            String::new(),
            String::new(),
        ),
        Transfer::Http(http) => (
            http_summary(http),
            http.request
                .body
                .as_ref()
                .map(|b| b.sha256.clone())
                .unwrap_or_default(),
            curl(&http.request),
            heads(http),
        ),
    };
    LogLine {
        id: exchange.log.clone(),
        case: exchange.case.clone(),
        step: exchange.step.clone(),
        from: exchange.from.clone(),
        to: exchange.to.clone(),
        at: exchange.at.clone(),
        duration_ms: exchange.duration_ms,
        summary,
        sha256,
        curl,
        detail,
    }
}

fn file_digest(file: &FileTransfer) -> String {
    file.content
        .as_ref()
        .map(|b| b.sha256.clone())
        .unwrap_or_default()
}

fn file_summary(file: &FileTransfer) -> String {
    match (&file.content, &file.fault) {
        (_, Some(fault)) => format!("{} {}", file.name, fault_words(fault)),
        (Some(content), None) => format!("{} {} bytes", file.name, content.bytes),
        (None, None) => file.name.clone(),
    }
}

fn http_summary(http: &HttpTransfer) -> String {
    let outcome = match (&http.response, &http.fault) {
        (Some(response), None) => response.status.to_string(),
        (Some(response), Some(fault)) => format!("{} {}", response.status, fault_words(fault)),
        (None, Some(fault)) => fault_words(fault),
        (None, None) => String::new(),
    };
    format!("{} {} {outcome}", http.request.method, http.request.url)
}

fn fault_words(fault: &Fault) -> String {
    format!("{:?}: {}", fault.kind, fault.detail)
}

/// The request as a curl command for a POSIX shell. Secrets were replaced when the request was captured, so that the
/// reader must put a token in; the body is named by its digest, the file is under `blobs/`.
fn curl(request: &HttpRequest) -> String {
    let mut parts = vec![
        format!("curl -i -X {}", request.method),
        quote(&request.url),
    ];
    for Header { name, value } in &request.headers {
        let value = if name == "authorization" {
            "Bearer $TOKEN"
        } else {
            value
        };
        if !matches!(name.as_str(), "host" | "content-length" | "accept-encoding") {
            parts.push(format!("-H {}", quote_open(&format!("{name}: {value}"))));
        }
    }
    if let Some(body) = &request.body {
        parts.push(format!("--data-binary @blobs/{}", body.sha256));
    }
    parts.join(" \\\n  ")
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Double quotes where a shell variable stands in the text, single quotes elsewhere.
fn quote_open(text: &str) -> String {
    if text.contains("$TOKEN") {
        format!("\"{text}\"")
    } else {
        quote(text)
    }
}

fn heads(http: &HttpTransfer) -> String {
    let mut lines = vec![format!("> {} {}", http.request.method, http.request.url)];
    lines.extend(
        http.request
            .headers
            .iter()
            .map(|h| format!("> {}: {}", h.name, h.value)),
    );
    if let Some(body) = &http.request.body {
        lines.push(format!("> ({} bytes, sha256 {})", body.bytes, body.sha256));
    }
    if let Some(response) = &http.response {
        lines.push(format!("< {} {}", response.version, response.status));
        lines.extend(
            response
                .headers
                .iter()
                .map(|h| format!("< {}: {}", h.name, h.value)),
        );
        if let Some(body) = &response.body {
            let cut = if response.truncated { ", cut" } else { "" };
            lines.push(format!(
                "< ({} bytes, sha256 {}{cut})",
                body.bytes, body.sha256
            ));
        }
    }
    if let Some(fault) = &http.fault {
        lines.push(format!("! {}", fault_words(fault)));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Blob;

    #[test]
    fn a_curl_command_holds_no_secret_and_quotes_what_it_is_given() {
        let request = HttpRequest {
            method: "POST".into(),
            url: "https://h/a?b='c'".into(),
            headers: vec![
                Header {
                    name: "authorization".into(),
                    value: "Bearer sha256:0123456789ab".into(),
                },
                Header {
                    name: "content-type".into(),
                    value: "application/json".into(),
                },
                Header {
                    name: "host".into(),
                    value: "h".into(),
                },
            ],
            body: Some(Blob {
                sha256: "ab".into(),
                bytes: 2,
            }),
        };
        insta::assert_snapshot!(curl(&request));
    }
}
