//! The numbered log of exchanges for people: one line, a curl command, message heads. Bodies are not shown here; addresses
//! and header fields pass the mask first, so that nothing below sees a value.

use super::shell;
use crate::mask::{Mask, wire};
use crate::record::{Exchange, Fault, FileTransfer, HttpTransfer, LogLine, Transfer};

/// The log line of an exchange, as people may see it.
pub fn log_line(exchange: &Exchange, mask: Mask) -> LogLine {
    let transfer = match &exchange.transfer {
        Transfer::Http(http) if !mask.reveals() => Transfer::Http(Box::new(wire::transfer(http))),
        other => other.clone(),
    };
    let mut powershell = String::new();
    let mut timing = None;
    let (summary, sha256, curl, detail) = match &transfer {
        Transfer::File(file) => (
            file_summary(file),
            file_digest(file),
            String::new(),
            String::new(),
        ),
        // A connection that ended before it said anything: there is nothing to repeat.
        Transfer::Http(http) if http.request.method.is_empty() => (
            http_summary(http),
            String::new(),
            String::new(),
            heads(http),
        ),
        Transfer::Http(http) => {
            powershell = shell::powershell(&http.request);
            timing = http.timing;
            (
                http_summary(http),
                http.request
                    .body
                    .as_ref()
                    .map(|b| b.sha256.clone())
                    .unwrap_or_default(),
                shell::posix(&http.request),
                heads(http),
            )
        }
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
        powershell,
        detail,
        timing,
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
