//! How often a consumer sends again what failed: real calls through the relay, against the agreed number.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use serde_json::Value;

use crate::agreement_pairs::{STANDARD, profile};
use crate::harness::Bench;
use crate::relay::{Relay, curl};

/// A provider that is busy: it answers 503 to every call of `/busy`, 200 to any other.
fn provider() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for mut tcp in listener.incoming().flatten() {
            let mut lines = BufReader::new(tcp.try_clone().expect("a second handle"));
            let (mut start, mut line) = (String::new(), String::new());
            let _ = lines.read_line(&mut start);
            while lines.read_line(&mut line).unwrap_or(0) > 2 {
                line.clear();
            }
            let status = if start.contains("/busy") {
                "503 Busy"
            } else {
                "200 OK"
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Length: 2\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{{}}"
            );
            let _ = tcp.write_all(answer.as_bytes());
        }
    });
    port
}

const API: &str = "
openapi: 3.0.3
info: { title: items, version: '1' }
paths:
  /busy:
    get:
      operationId: busy
      responses:
        '200': { description: ok, content: { application/json: { schema: { type: object } } } }
        '503': { description: busy, content: { application/json: { schema: { type: object } } } }
  /free:
    get:
      operationId: free
      responses:
        '200': { description: ok, content: { application/json: { schema: { type: object } } } }
";

/// What a relay says of the item after these calls: what it observed, why nothing, rules with their items.
fn relayed(agreed: &'static str, calls: &[(&str, u32)]) -> (String, String, Vec<(String, String)>) {
    let bench = Bench::new();
    bench.write("packs/ret/1/pack.toml", "id = \"ret\"\nversion = \"1\"\ntitle = { ja = \"試\", en = \"t\" }\n\
        document = { ja = \"試\", en = \"t\" }\ndocument_version = \"1\"\ndocument_date = \"2026-01\"\nsource = \"renkei\"\n\
        licence = \"MIT\"\nfidelity = \"illustrative\"\ndeprecated = false\n");
    bench.write(
        "packs/ret/1/apis/items/api.toml",
        "id = \"items\"\ntitle = { ja = \"品\", en = \"items\" }\nopenapi = \"openapi.yaml\"\n",
    );
    bench.write("packs/ret/1/apis/items/openapi.yaml", API);
    bench.write("plan.toml", "schema = \"renkei.plan/v1\"\ntitle = { ja = \"試\", en = \"t\" }\ndata_class = \"fictional\"\n\
        packs = [\"ret@1\"]\nagreement_items = [\"linkage-items@1\"]\n\
        party = [{ id = \"a\", profile = \"a.toml\" }, { id = \"b\", profile = \"b.toml\" }]\n\
        [[linkage]]\nid = \"L-9\"\ntitle = { ja = \"連\", en = \"l\" }\nfrom = \"a\"\nto = \"b\"\n\
        [[case]]\nid = \"C-9\"\ntitle = { ja = \"件\", en = \"c\" }\nlinkage = \"L-9\"\n\
        [case.api]\napi = \"ret/items\"\noperation = \"busy\"\nclient = \"none\"\n");
    let port = provider();
    let both = profile(STANDARD, vec![("X16", agreed)].leak());
    bench.write("b.toml", &both);
    bench.write(
        "a.toml",
        format!("{both}[endpoints.api]\nurl = \"http://127.0.0.1:{port}\"\n"),
    );
    let to = format!("http://127.0.0.1:{port}");
    let relay = Relay::start(&bench, &to, &["--plan", "plan.toml", "--packs", "packs"]);
    for (path, times) in calls {
        for _ in 0..*times {
            curl(&[&format!("{}{path}", relay.url)]);
        }
    }
    let (_, document) = relay.stop();
    let row = document["agreement"]
        .as_array()
        .and_then(|r| r.first())
        .cloned();
    let row = row.unwrap_or_else(|| panic!("{document:#}"));
    assert_eq!(row["id"], "X16");
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let findings = document["findings"].as_array().into_iter().flatten();
    // An answer 503 is told of, too, and is no matter of the item.
    let told = findings
        .map(|f| (text(&f["rule"]), text(&f["location"]["item"])))
        .filter(|(_, item)| !item.is_empty());
    (
        text(&row["observed"]),
        text(&row["not_observed"]["ja"]),
        told.collect(),
    )
}

#[test]
fn more_retries_than_agreed_are_told_and_as_many_are_not() {
    let (seen, _, told) = relayed("2", &[("/busy", 3), ("/free", 4)]);
    assert_eq!((seen.as_str(), told), ("2", vec![]));
    let (seen, _, told) = relayed("1", &[("/busy", 4), ("/free", 4)]);
    assert_eq!(seen, "3");
    assert_eq!(told, [("AGR-007".to_owned(), "X16".to_owned())]);
    let (seen, why, told) = relayed("0", &[("/free", 5)]);
    assert_eq!((seen.as_str(), told), ("", vec![]));
    assert!(why.contains("失敗した要求がなく"), "{why}");
}
