//! Peers that behave as no peer should, over raw sockets: bounded time and memory, the right finding with the right side,
//! never an error of the harness.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::auth::{found, run};
use crate::foreign::{Service, TOOLS, World, case, packs};
use crate::looks::left_out;

const API: &str = r#"
openapi: 3.0.3
info: { title: n, version: '1' }
paths:
  /n:
    get:
      operationId: get
      responses:
        '200':
          description: ok
          content: { application/json: { schema: { type: object, required: [n], additionalProperties: false, properties: { n: { type: integer } } } } }
"#;

/// Act, TLS (empty: none), verdict, rule and side (empty: no finding).
const ACTS: &[(&str, &str, &str, &str, &str)] = &[
    ("good", "", "pass", "", ""),
    ("gzip", "", "pass", "", ""),
    ("good", "good", "pass", "", ""),
    ("accept-and-reset", "", "fail", "API-009", "receiver"),
    ("reset", "", "fail", "API-009", "receiver"),
    ("reset-in-body", "", "fail", "API-009", "receiver"),
    ("closes", "", "fail", "API-009", "receiver"),
    ("silent", "", "inconclusive", "NET-003", "unknown"),
    ("stalls", "", "inconclusive", "NET-003", "unknown"),
    ("stalls-in-head", "", "inconclusive", "NET-003", "unknown"),
    (
        "stalls-after-head",
        "",
        "inconclusive",
        "NET-003",
        "receiver",
    ),
    ("drips", "", "inconclusive", "NET-003", "receiver"),
    ("interim-flood", "", "inconclusive", "NET-003", "unknown"),
    ("ten-gigabytes", "", "inconclusive", "API-013", "tool"),
    ("endless-chunks", "", "inconclusive", "API-013", "tool"),
    ("gzip-bomb", "", "inconclusive", "API-013", "tool"),
    ("deep", "", "inconclusive", "API-013", "tool"),
    ("promises-more", "", "fail", "API-009", "receiver"),
    ("promises-less", "", "fail", "API-004", "receiver"),
    ("two-lengths", "", "fail", "API-009", "receiver"),
    ("negative-length", "", "fail", "API-009", "receiver"),
    ("invalid-chunk", "", "fail", "API-009", "receiver"),
    ("huge-chunk-size", "", "fail", "API-009", "receiver"),
    ("chunk-cut-off", "", "fail", "API-009", "receiver"),
    ("gzip-lie", "", "fail", "API-004", "receiver"),
    ("many-members", "", "fail", "API-005", "receiver"),
    ("header-flood", "", "fail", "API-009", "receiver"),
    ("long-header", "", "fail", "API-009", "receiver"),
    ("not-http", "", "fail", "API-009", "receiver"),
    ("greets-first", "", "fail", "API-009", "receiver"),
    ("bad-status-line", "", "fail", "API-009", "receiver"),
    ("nul-in-header", "", "fail", "API-009", "receiver"),
    ("garbage", "", "fail", "API-009", "receiver"),
    ("empty", "", "fail", "API-004", "receiver"),
    // What a certificate says is known before anything is exchanged: the case is left out, the finding says why.
    ("good", "expired", "not_run", "NET-002", "receiver"),
    ("good", "early", "not_run", "NET-002", "receiver"),
    ("good", "other", "not_run", "NET-002", "config"),
    ("good", "self", "not_run", "NET-002", "config"),
    ("good", "old", "not_run", "NET-002", "receiver"),
];

#[test]
fn each_is_survived_and_told() {
    let mut wrong = Vec::new();
    for (act, tls, verdict, rule, side) in ACTS {
        let peer = Service::start("bad_peer.py", &["--act", act, "--tls", tls]);
        let endpoint = match *tls {
            "" => format!("url = \"http://localhost:{}\"\n", peer.port),
            _ => format!(
                "url = \"https://localhost:{}\"\nca = \"{TOOLS}/tls/ca.pem\"\n",
                peer.port
            ),
        };
        let wait = if *act == "gzip-bomb" { 60 } else { 4 };
        let cases = case("one", "n", "get", "").replace("wait_s = 5", &format!("wait_s = {wait}"));
        let world = World {
            id: "n",
            api: API,
            rules: "",
            cases: &cases,
            endpoint: &endpoint,
        };
        let dir = world.make();
        let begun = Instant::now();
        let (_, result) = run(dir.path(), Some(&packs(dir.path())), &[]);
        let took = begun.elapsed();
        let found = found(&result);
        let right = found.iter().any(|f| f.0 == *rule && f.1 == *side)
            && found.iter().all(|f| f.0 == *rule);
        let silent = rule.is_empty() && found.is_empty();
        let case = result["cases"][0]["verdict"].as_str().unwrap_or_default();
        if !(right || silent) || case != *verdict || took > Duration::from_secs(wait + 60) {
            wrong.push(format!("{act} {tls}: {case} {found:?} {took:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// HTTP/2 over TLS with an implementation that is not ours. Where node is not there, there is nobody to ask.
#[test]
fn http2_over_tls_is_spoken_and_judged() {
    if Command::new("node").arg("--version").output().is_err() {
        left_out("HTTP/2 over TLS with another implementation", "node");
        return;
    }
    for (how, rules) in [("right", &[][..]), ("wrong", &["API-005"])] {
        let peer = Service::start("h2.mjs", &[how]);
        let endpoint = format!(
            "url = \"https://localhost:{}\"\nca = \"{TOOLS}/tls/ca.pem\"\nhttp = \"2\"\n",
            peer.port
        );
        let world = World {
            id: "n",
            api: API,
            rules: "",
            cases: &case("one", "n", "get", ""),
            endpoint: &endpoint,
        };
        let dir = world.make();
        let (_, result) = run(dir.path(), Some(&packs(dir.path())), &[]);
        let found: Vec<String> = found(&result).into_iter().map(|f| f.0).collect();
        assert_eq!(found, rules, "{:#}", result["findings"]);
        let told = result["log"][0]["detail"].as_str().unwrap_or_default();
        assert!(told.contains("HTTP/2"), "{told}");
    }
}
