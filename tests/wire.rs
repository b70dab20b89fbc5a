//! The relay between raw sockets: every byte that one end sends arrives at the other, and the record holds the digest of
//! every message.

use std::io::{BufRead, BufReader, Write};

use serde_json::Value;

use crate::foreign::Service;
use crate::harness::Bench;
use crate::relay::Relay;

/// Connection and number of an exchange, from the target that the corpus gives it.
fn name(http: &Value) -> Option<(u64, u64)> {
    let url = http["request"]["url"].as_str()?;
    let rest = url.split_once("/c")?.1;
    let (connection, rest) = rest.split_once('/')?;
    let number = rest.split('?').next()?;
    Some((connection.parse().ok()?, number.parse().ok()?))
}

fn through(seed: &str) {
    let corpus = ["--seed", seed, "--connections", "80", "--large", "6000000"];
    let mut corpus = Service::start("wire_corpus.py", &corpus);
    let bench = Bench::new();
    let to = format!("http://127.0.0.1:{}", corpus.port);
    let relay = Relay::start(&bench, &to, &["--quiet"]);
    let port = relay.url.rsplit(':').next().unwrap_or_default().to_owned();
    let input = corpus.child.stdin.as_mut().expect("a pipe");
    writeln!(input, "{port}").expect("the port is told");
    let mut line = String::new();
    let mut out = BufReader::new(corpus.child.stdout.as_mut().expect("a pipe"));
    out.read_line(&mut line).expect("a result");
    let told: Value = serde_json::from_str(&line).expect("JSON");
    let (_, document) = relay.stop();
    assert_eq!(
        told["trouble"].as_array().map(Vec::len),
        Some(0),
        "{:#}",
        told["trouble"]
    );
    let run = document["run"]["id"].as_str().unwrap_or_default();
    let events = bench.path().join("runs").join(run).join("events.jsonl");
    let events = std::fs::read_to_string(events).expect("events");
    let mut seen = std::collections::BTreeMap::new();
    for line in events.lines() {
        let event: Value = serde_json::from_str(line).expect("JSON");
        let http = &event["event"]["transfer"]["http"];
        let wire = &http["wire"];
        let digests = [
            &wire["request"]["sha256"],
            &wire["request"]["bytes"],
            &wire["response"]["sha256"],
            &wire["response"]["bytes"],
        ];
        if let Some(name) = name(http) {
            seen.insert(name, digests.map(Clone::clone));
        }
    }
    let expected = told["expected"].as_array().expect("a list");
    for one in expected {
        let name = (
            one["connection"].as_u64().unwrap_or(9),
            one["n"].as_u64().unwrap_or(9),
        );
        let digests = ["sent", "sent_bytes", "came", "came_bytes"].map(|k| one[k].clone());
        assert_eq!(seen.get(&name), Some(&digests), "seed {seed} {name:?}");
    }
    assert_eq!(seen.len(), expected.len(), "seed {seed}");
}

#[test]
fn bytes_arrive_as_they_were_sent_and_the_record_says_so() {
    through("44");
    // A corpus that nobody has seen before; the message names its seed.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    through(&now.map_or(1, |d| d.as_nanos()).to_string());
}
