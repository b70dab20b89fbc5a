//! Call-backs over TLS: another vendor's service calls the scenario's listener, with its own TLS and its own trust.

use std::process::Command;

use serde_json::Value;

use crate::client::{run, world};
use crate::foreign::Service;

/// A world whose scenario listens over TLS with certificates made by `relay ca`; the service trusts `trusted`.
fn notified(trusted: &str) -> Value {
    let dir = world(0);
    let made = Command::new(env!("CARGO_BIN_EXE_renkei"))
        .args(["relay", "ca", "--name", "127.0.0.1", "--out"])
        .arg(dir.path().join("ca"))
        .output()
        .expect("renkei runs");
    assert!(made.status.success(), "{made:?}");
    let ca = dir.path().join(trusted);
    let service = Service::start("vendor_service.py", &["--trust", &ca.to_string_lossy()]);
    for (file, from, to) in [
        ("a.toml", ":0\"".to_owned(), format!(":{}\"", service.port)),
        (
            "plan.toml",
            "listen = \"127.0.0.1:0\"\n".to_owned(),
            "listen = \"127.0.0.1:0\"\nlisten_tls = { cert = \"ca/server.pem\", key = \"ca/server.key\" }\n".to_owned(),
        ),
    ] {
        let path = dir.path().join(file);
        let text = std::fs::read_to_string(&path).expect("a file of the world");
        std::fs::write(&path, text.replace(&from, &to)).expect("a file of the world");
    }
    run(dir.path(), &["scenario"])
}

#[test]
fn a_notification_comes_over_tls() {
    let result = notified("ca/ca.pem");
    assert_eq!(result["verdict"], "pass", "{:#}", result["findings"]);
    let log = result["log"].as_array().expect("a log");
    let came = log.iter().find(|line| line["step"] == "listen");
    let came = came.unwrap_or_else(|| panic!("{log:#?}"));
    let summary = came["summary"].as_str().expect("text");
    assert!(summary.starts_with("POST https://"), "{summary}");
}

/// The listener was there and the other side turned away at the handshake: the finding says so.
#[test]
fn a_notification_that_fails_in_the_handshake_says_why() {
    let result = notified("nobody.pem");
    let findings = result["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0]["rule"], "SEQ-007");
    let observed = findings[0]["observed"].as_str().expect("text");
    assert!(observed.contains("; "), "{observed}");
    assert!(observed.to_lowercase().contains("ca"), "{observed}");
}
