//! The relay between real clients and a real server, its record, and the record sent again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Bench, expect_schema};

const API: &str = r#"
openapi: 3.0.3
info: { title: items, version: '1' }
paths:
  /items/{id}:
    get:
      operationId: getItem
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: verbose, in: query, schema: { type: boolean } }
      responses:
        '200':
          description: ok
          content: { application/json: { schema: { type: object, required: [id], properties: { id: { type: integer } } } } }
  /items:
    post:
      operationId: addItem
      requestBody:
        required: true
        content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string } } } } }
      responses:
        '201': { description: made, content: { application/json: { schema: { type: object } } } }
        '400': { description: refused }
"#;

/// A provider of our own: `GET /items/N` answers with `first` more than N; 7 with a string, which is a defect.
fn provider(first: u64) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for tcp in listener.incoming().flatten() {
            std::thread::spawn(move || serve(tcp, first));
        }
    });
    port
}

fn serve(tcp: TcpStream, first: u64) {
    let mut lines = BufReader::new(tcp.try_clone().expect("a second handle"));
    let mut out = tcp;
    loop {
        let (mut start, mut length) = (String::new(), 0);
        if lines.read_line(&mut start).unwrap_or(0) == 0 {
            return;
        }
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).unwrap_or(0) <= 2 {
                break;
            }
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if lower.starts_with("expect:") {
                let _ = out.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
            }
        }
        let mut body = vec![0; length];
        let _ = lines.read_exact(&mut body);
        let id = start
            .split(['/', ' ', '?'])
            .nth(3)
            .and_then(|id| id.parse::<u64>().ok());
        let (status, body) = match (start.split(' ').next(), id) {
            (Some("GET" | "HEAD"), Some(7)) => ("200 OK", r#"{"id":"7"}"#.to_owned()),
            (Some("GET" | "HEAD"), Some(id)) => ("200 OK", format!(r#"{{"id":{}}}"#, first + id)),
            (Some("POST"), _) if body.starts_with(b"{\"name\"") => ("201 Created", "{}".to_owned()),
            (Some("POST"), _) => ("400 Bad Request", String::new()),
            _ => ("404 Not Found", String::new()),
        };
        let kind = "Content-Type: application/json\r\n";
        let answer = format!(
            "HTTP/1.1 {status}\r\n{kind}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let shown = if start.starts_with("HEAD") {
            answer.split(&body).next().unwrap_or("")
        } else {
            &answer
        };
        if out.write_all(shown.as_bytes()).is_err() {
            return;
        }
    }
}

/// A relay that runs.
pub(crate) struct Relay {
    child: Child,
    pub(crate) url: String,
}

impl Relay {
    pub(crate) fn start(bench: &Bench, to: &str, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_renkei"))
            .args([
                "--lang",
                "en",
                "relay",
                "--listen",
                "127.0.0.1:0",
                "--to",
                to,
                "--out",
                "runs",
                "--format",
                "json",
            ])
            .args(more)
            .current_dir(bench.path())
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let mut told = String::new();
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe"));
        lines
            .read_line(&mut told)
            .expect("it says where it listens");
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        let url = told
            .split_whitespace()
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        assert!(url.contains("://"), "{told}");
        Self { child, url }
    }

    /// Stops it as Ctrl-C does and gives exit code and document.
    pub(crate) fn stop(self) -> (i32, Value) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-INT", &pid]).status();
        assert!(asked.is_ok_and(|s| s.success()));
        let out = self.child.wait_with_output().expect("it ends");
        let document: Value =
            serde_json::from_slice(&out.stdout).expect("a document on standard output");
        expect_schema(&document);
        (out.status.code().expect("it ends by itself"), document)
    }
}

fn rules(document: &Value) -> Vec<(String, String)> {
    let findings = document["findings"].as_array().cloned().unwrap_or_default();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|f| (text(&f["rule"]), text(&f["cause"]["kind"])))
        .collect()
}

pub(crate) fn curl(args: &[&str]) -> String {
    let out = Command::new("curl")
        .args(["-sS", "--noproxy", "*"])
        .args(args)
        .output()
        .expect("curl is there");
    format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    )
}

#[tokio::test]
async fn real_clients_reach_the_provider_and_both_sides_are_judged() {
    let bench = Bench::new();
    bench.write("api.yaml", API);
    let to = format!("http://127.0.0.1:{}", provider(0));
    let relay = Relay::start(&bench, &to, &["--openapi", "api.yaml"]);
    let url = relay.url.clone();
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    for id in [1, 2, 7] {
        let answer = client
            .get(format!("{url}/items/{id}"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200);
    }
    assert!(curl(&["-I", &format!("{url}/items/1")]).starts_with("HTTP/1.1 200"));
    let post = [
        "-X",
        "POST",
        "-H",
        "Content-Type: application/json",
        "-H",
        "Expect: 100-continue",
        "-d",
    ];
    assert_eq!(
        curl(&[&post[..], &[r#"{"name":"x"}"#, &format!("{url}/items")]].concat()),
        "{}"
    );
    curl(&[&post[..], &[r#"{"nam":"x"}"#, &format!("{url}/items")]].concat());
    curl(&[&format!("{url}/nowhere")]);
    let python = format!(
        "import http.client as h; c=h.HTTPConnection('{}'); c.request('GET','/items/3'); print(c.getresponse().read())",
        url.trim_start_matches("http://")
    );
    let out = Command::new("python3")
        .args(["-c", &python])
        .output()
        .expect("python3 is there");
    assert_eq!(
        String::from_utf8_lossy(&out.stdout).trim(),
        r#"b'{"id":3}'"#
    );
    let (code, document) = relay.stop();
    assert_eq!(code, 1);
    let mut found = rules(&document);
    found.sort();
    let expected = [
        ("API-005", "receiver"),
        ("API-050", "sender"),
        ("API-051", "sender"),
    ];
    assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(document["log"].as_array().map(Vec::len), Some(8));
    assert!(
        document["log"][0]["timing"]["done_us"].is_u64()
            && document["log"][0]["powershell"].is_string()
    );
    let run = format!(
        "runs/{}",
        document["run"]["id"].as_str().unwrap_or_default()
    );
    bench.renkei(&["verify", &run]).expect_code(0);
    bench
        .renkei(&[
            "report",
            &run,
            "--rejudge",
            "--format",
            "json",
            "--out",
            "again",
        ])
        .expect_code(0);
    let again: Value = serde_json::from_slice(
        &std::fs::read(bench.path().join("again/result.json")).expect("a report"),
    )
    .expect("JSON");
    assert_eq!(again, document, "the bundle alone gives the same document");
}

#[test]
fn a_conforming_pair_passes_and_a_silent_relay_is_never_green() {
    let bench = Bench::new();
    bench.write("api.yaml", API);
    let to = format!("http://127.0.0.1:{}", provider(0));
    let relay = Relay::start(&bench, &to, &["--openapi", "api.yaml"]);
    curl(&[&format!("{}/items/1", relay.url)]);
    let (code, document) = relay.stop();
    assert_eq!((code, rules(&document)), (0, Vec::new()), "{document:#}");
    let relay = Relay::start(&bench, &to, &["--openapi", "api.yaml"]);
    assert_eq!(relay.stop().0, 3);
}

#[test]
fn tls_on_both_legs_with_certificates_of_both_sides() {
    let bench = Bench::new();
    bench.renkei(&["relay", "ca", "--out", "ca"]).expect_code(0);
    bench.renkei(&["relay", "ca", "--out", "ca"]).expect_code(2);
    let server = [
        "--tls-cert",
        "ca/server.pem",
        "--tls-key",
        "ca/server.key",
        "--tls-client-ca",
        "ca/ca.pem",
    ];
    let far = Relay::start(
        &bench,
        &format!("http://127.0.0.1:{}", provider(0)),
        &server,
    );
    let to = far.url.replace("127.0.0.1", "localhost");
    let client = [
        "--to-ca",
        "ca/ca.pem",
        "--to-cert",
        "ca/client.pem",
        "--to-key",
        "ca/client.key",
    ];
    let near = Relay::start(&bench, &to, &[&server[..], &client].concat());
    let path = |name: &str| bench.path().join("ca").join(name).display().to_string();
    let (ca, cert, key) = (path("ca.pem"), path("client.pem"), path("client.key"));
    let url = format!("{}/items/1", near.url.replace("127.0.0.1", "localhost"));
    let told = curl(&[
        "--http2",
        "-w",
        " %{http_version}",
        "--cacert",
        &ca,
        "--cert",
        &cert,
        "--key",
        &key,
        &url,
    ]);
    assert_eq!(told, r#"{"id":1} 1.1"#, "clients of HTTP/2 fall back");
    assert!(
        !curl(&["--cacert", &ca, &url]).contains("id"),
        "no certificate, no answer"
    );
    let (code, document) = near.stop();
    assert_eq!(code, 3);
    assert_eq!(
        rules(&document),
        [("NET-050".to_owned(), "config".to_owned())]
    );
    far.stop();
}

#[test]
fn a_recording_is_sent_again_and_drift_is_shown_step_by_step() {
    let bench = Bench::new();
    bench.write("api.yaml", API);
    let relay = Relay::start(
        &bench,
        &format!("http://127.0.0.1:{}", provider(0)),
        &["--openapi", "api.yaml", "--data-class", "fictional"],
    );
    for id in ["1", "7"] {
        curl(&[
            "-H",
            "Authorization: Bearer CANARY-TOKEN",
            &format!("{}/items/{id}", relay.url),
        ]);
    }
    let (_, document) = relay.stop();
    let run = format!(
        "runs/{}",
        document["run"]["id"].as_str().unwrap_or_default()
    );
    let to = format!("http://127.0.0.1:{}", provider(100));
    let replayed = |rules: &str| {
        bench.write("replay.toml", rules);
        bench.renkei(&[
            "replay",
            &run,
            "--to",
            &to,
            "--rules",
            "replay.toml",
            "--out",
            "again",
            "--format",
            "json",
        ])
    };
    let schema = "schema = \"renkei.replay/v1\"\n";
    let blocked = replayed(schema).expect_code(3).result();
    let reason = blocked["cases"][0]["not_run"]["detail"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert_eq!(reason, "secret at header:authorization");
    let token = format!("{schema}[[set]]\nheader = \"authorization\"\nvalue = \"Bearer other\"\n");
    let drifted = replayed(&token).expect_code(1).result();
    assert_eq!(
        rules(&drifted),
        [("API-060".to_owned(), "receiver".to_owned())]
    );
    assert_eq!(drifted["findings"][0]["location"]["pointer"], "/id");
    let allowed = format!("{token}[compare]\nany = [\"/id\"]\n");
    replayed(&allowed).expect_code(0);
    replayed("schema = \"x\"\n[[set]]\nheader = \"a\"\n").expect_code(2);

    bench
        .renkei(&["export", &run, "--out", "x.har", "--with-bodies"])
        .expect_code(0);
    let har = std::fs::read_to_string(bench.path().join("x.har")).expect("a HAR file");
    assert!(!har.contains("CANARY"));
    let made = bench
        .renkei(&["replay", "import", "x.har", "--out", "imported"])
        .expect_code(0)
        .stdout;
    bench.write("replay.toml", &allowed);
    bench
        .renkei(&[
            "replay",
            made.trim(),
            "--to",
            &to,
            "--rules",
            "replay.toml",
            "--out",
            "again",
        ])
        .expect_code(0);
}

#[test]
fn what_cannot_be_used_is_told_before_anything_listens() {
    let bench = Bench::new();
    let begun = Instant::now();
    for (args, words) in [
        (&["--to", "ftp://x"][..], "--to"),
        (&["--to", "http://user:secret@x"], "--to"),
        (&["--to", "http://x", "--spec", "nothing/api"], "nothing"),
        (
            &[
                "--to",
                "http://x",
                "--tls-cert",
                "no.pem",
                "--tls-key",
                "no.key",
            ],
            "no.pem",
        ),
    ] {
        let called = bench
            .renkei(&[&["relay", "--listen", "127.0.0.1:0"], args].concat())
            .expect_code(2);
        assert!(
            called.stderr.contains(words) && !called.stderr.contains("secret"),
            "{}",
            called.stderr
        );
    }
    assert!(begun.elapsed() < Duration::from_secs(20));
}

/// Parameters, and bodies under a content coding, are judged; nothing of a secret is in what is printed.
#[test]
fn parameters_and_coded_bodies_of_the_consumer_are_judged() {
    let bench = Bench::new();
    bench.write("api.yaml", API);
    let to = format!("http://127.0.0.1:{}", provider(0));
    let relay = Relay::start(&bench, &to, &["--openapi", "api.yaml"]);
    let post = |body: &str, coding: &str| {
        let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        coder.write_all(body.as_bytes()).expect("coded");
        let file = bench.write("body.gz", coder.finish().expect("coded"));
        let data = format!("@{}", file.display());
        let coding = format!("Content-Encoding: {coding}");
        let key = "X-Api-Key: CANARY-KEY-0123456789";
        let json = "Content-Type: application/json";
        let url = format!("{}/items", relay.url);
        curl(&[
            "-H",
            json,
            "-H",
            &coding,
            "-H",
            key,
            "--data-binary",
            &data,
            &url,
        ]);
    };
    let get = |target: &str| curl(&[&format!("{}{target}", relay.url)]);
    post(r#"{"name":"x"}"#, "gzip");
    get("/items/1?verbose=true");
    post(r#"{"name":1}"#, "gzip");
    post(r#"{"name":"x"}"#, "deflate");
    post(r#"{"name":"x"}"#, "br");
    get("/items/1?verbose=yes");
    get("/items/1?verbos=true");
    let (code, document) = relay.stop();
    let mut told: Vec<String> = document["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|f| {
            let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
            let log = text(&f["location"]["log"]);
            let at = text(&f["location"]["pointer"]);
            format!(
                "{log} {} {} {at}",
                text(&f["rule"]),
                text(&f["cause"]["kind"])
            )
        })
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            "LOG-0003 API-051 sender /name",
            "LOG-0004 API-051 sender header:content-encoding",
            "LOG-0005 API-013 tool header:content-encoding",
            "LOG-0006 API-051 sender query:verbose",
            "LOG-0007 API-020 sender query:verbos",
        ]
    );
    assert_eq!(code, 1);
    assert_eq!(document["run"]["data_class"], "undeclared");
    assert!(!document.to_string().contains("CANARY"));
}
