//! Secrets that a relay carries under a content coding: none may be read out of what it keeps.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

use crate::harness::{Bench, files};
use crate::relay::{Relay, curl};

/// An authorization server that answers one token request in gzip.
fn platform() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().expect("a client");
        let mut asked = Vec::new();
        let mut piece = [0; 4096];
        while !asked.windows(10).any(|w| w == b"grant_type") {
            let read = tcp.read(&mut piece).expect("a request");
            asked.extend_from_slice(&piece[..read]);
        }
        let token =
            br#"{"access_token":"CANARY-0123456789abcdef","token_type":"Bearer","expires_in":600}"#;
        let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        coder.write_all(token).expect("in memory");
        let body = coder.finish().expect("in memory");
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nCache-Control: no-store\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        tcp.write_all(&[head.as_bytes(), &body].concat())
            .expect("the client reads");
    });
    port
}

/// The bytes of every file below a folder, and what is inside of those in gzip.
fn kept(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for path in files(folder) {
        let bytes = std::fs::read(&path).expect("a file");
        let mut inside = Vec::new();
        if flate2::read::GzDecoder::new(&bytes[..])
            .read_to_end(&mut inside)
            .is_ok()
        {
            found.push((format!("{} unpacked", path.display()), inside));
        }
        found.push((path.display().to_string(), bytes));
    }
    found
}

#[test]
fn a_token_in_a_coded_answer_is_known_and_not_kept() {
    let bench = Bench::new();
    let relay = Relay::start(&bench, &format!("http://127.0.0.1:{}", platform()), &[]);
    let got = curl(&[
        "--compressed",
        "-d",
        "grant_type=client_credentials&client_id=a",
        &format!("{}/token", relay.url),
    ]);
    assert!(
        got.contains("CANARY-0123456789abcdef"),
        "the client has it: {got}"
    );
    let (_, document) = relay.stop();
    assert!(!document.to_string().contains("CANARY"));
    let told = document["findings"].as_array().cloned().unwrap_or_default();
    let false_alarm = |f: &&serde_json::Value| f["rule"].as_str() == Some("AUT-001");
    assert_eq!(told.iter().find(false_alarm), None, "a token was issued");
    let found = kept(&bench.path().join("runs"));
    let has = |bytes: &[u8], words: &[u8]| memchr::memmem::find(bytes, words).is_some();
    assert!(
        found
            .iter()
            .any(|(name, bytes)| name.ends_with("unpacked") && has(bytes, b"\"expires_in\":600")),
        "the answer is kept in its coding"
    );
    for (name, bytes) in found {
        assert!(!has(&bytes, b"CANARY"), "{name}");
    }
}
