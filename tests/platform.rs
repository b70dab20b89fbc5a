//! The authorization platform by hand and between parties: a client that shows a certificate, a token of another platform,
//! the stand-ins as a user starts them, and no secret in anything that is written.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::auth::{found, plan, profile, put, run, verdict};
use crate::harness::{Bench, root};
use crate::relay::{Relay, curl};
use crate::stand_in::openapi;

const SECRET: &str = "CANARY-SECRET-0123456789abcdef0123456789";
const CALL: &str = "jutogaishaatenabangofuban";
const SCOPE: &str = "031:app_submit/v10/jutogaishaatenabangofuban:Create";

/// A stand-in as a user starts it: one line of JSON on standard input, one line back.
struct StandIn {
    child: Child,
    ready: Value,
}

impl StandIn {
    fn start(role: &str, config: &Value) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_renkei"))
            .args(["mock", role, "--lang", "en"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let input = child.stdin.as_mut().expect("a pipe");
        writeln!(input, "{config}").expect("the configuration is told");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line");
        let ready = serde_json::from_str(&line).unwrap_or_default();
        Self { child, ready }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.ready["url"].as_str().unwrap_or_default())
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn client(auth: &str) -> Value {
    json!({ "client_id": "A".repeat(32), "auth": auth, "secret": SECRET, "token_lifetime_s": 300 })
}

#[test]
fn a_platform_is_started_by_hand_and_asked_with_curl() {
    let bench = Bench::new();
    let config = json!({ "work": bench.path(), "clients": [client("client_secret_basic")] });
    let platform = StandIn::start("authorization", &config);
    let ca = platform.ready["ca"].as_str().unwrap_or_default().to_owned();
    let (right, wrong) = (
        format!("{}:{SECRET}", "A".repeat(32)),
        format!("{}:wrong", "A".repeat(32)),
    );
    let asked = |user: &str, path: &str, form: &str| {
        let url = platform.at(path);
        curl(&[
            "--cacert",
            &ca,
            "-u",
            user,
            "-d",
            form,
            "-w",
            " %{http_code}",
            &url,
        ])
    };
    let form = format!("grant_type=client_credentials&scope={SCOPE}");
    let told = asked(&right, "/oauth/v1/token", &form);
    let (body, status) = told.rsplit_once(' ').expect("a status");
    let body: Value = serde_json::from_str(body).unwrap_or_else(|e| panic!("{e}: {told}"));
    assert_eq!(
        (status, &body["token_type"]),
        ("200", &json!("Bearer")),
        "{told}"
    );
    assert!(
        body["expires_in"].as_i64().is_some_and(|s| s <= 600)
            && body.get("refresh_token").is_none()
    );
    let token = body["access_token"].as_str().unwrap_or_default();
    assert!(asked(&wrong, "/oauth/v1/token", &form).contains("invalid_client"));
    let about = format!("token={token}");
    let active = asked(&right, "/oauth/v1/introspect", &about);
    assert!(
        active.contains("\"active\":true") && active.contains(SCOPE),
        "{active}"
    );
    assert!(asked(&right, "/oauth/v1/revoke", &about).ends_with("200"));
    assert!(asked(&right, "/oauth/v1/introspect", &about).contains("\"active\":false"));
    for path in [
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
    ] {
        let told = curl(&["--cacert", &ca, &platform.at(path)]);
        let metadata: Value = serde_json::from_str(&told).unwrap_or_default();
        assert_eq!(
            metadata["token_endpoint"],
            platform.at("/oauth/v1/token"),
            "{told}"
        );
    }
    let keys = curl(&["--cacert", &ca, &platform.at("/oauth/v1/jwks")]);
    assert!(keys.contains("\"keys\""), "{keys}");
    let plain = platform.at("/oauth/v1/token").replace("https:", "http:");
    assert!(!curl(&[&plain]).contains("access_token"));
}

#[test]
fn a_consumer_is_started_by_hand_and_its_misdoings_are_the_consumer_s() {
    let bench = Bench::new();
    let config = json!({
        "id": "a-api", "work": bench.path(), "openapi": openapi(), "scopes": { CALL: SCOPE },
        "token_path": "/oauth/v1/token", "clients": [client("client_secret_jwt")],
    });
    let provider = StandIn::start("provider", &config);
    let ca = provider.ready["ca"].as_str().unwrap_or_default().to_owned();
    bench.renkei(&["relay", "ca", "--out", "ca"]).expect_code(0);
    let relay = Relay::start(
        &bench,
        &provider.at(""),
        &[
            "--spec",
            "jutogai-fuban-api/fuban",
            "--to-ca",
            &ca,
            "--data-class",
            "fictional",
        ],
    );
    let body = root().join("sample-data/joint-test/vendor-b/requests/fuban-new.json");
    let body: Value = serde_json::from_slice(&std::fs::read(body).expect("a body")).expect("JSON");
    let token_url = provider.at("/oauth/v1/token");
    let consume = |misbehave: &[&str]| {
        let config = json!({
            "url": format!("{}/app_submit/v10/{CALL}", relay.url), "token_url": format!("{}/oauth/v1/token", relay.url),
            "audience": token_url, "client_id": "A".repeat(32), "secret": SECRET, "scope": SCOPE,
            "body": body, "required": "shorikubun", "calls": 2, "misbehave": misbehave,
        });
        let mut child = StandIn::start("consumer", &config);
        drop(child.child.stdin.take());
        let ended = child.child.wait().expect("it ends by itself");
        assert!(ended.success(), "{misbehave:?} {}", child.ready);
        child.ready["status"].clone()
    };
    assert_eq!(consume(&[]), 200);
    consume(&["leaves-out-required"]);
    consume(&["sends-key-twice"]);
    consume(&["calls-without-token"]);
    consume(&["sends-shift-jis"]);
    let (code, document) = relay.stop();
    let of_consumer = found(&document);
    assert_eq!(
        of_consumer,
        BTreeSet::from([("API-051".to_owned(), "sender".to_owned())]),
        "{:#}",
        document["findings"]
    );
    assert_eq!(code, 1);
    let places: Vec<&str> = document["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|f| f["location"]["pointer"].as_str())
        .collect();
    assert!(places.contains(&"/shorikubun"), "{places:?}");
    assert!(places.contains(&"header:authorization"), "{places:?}");
    let har = bench.path().join("x.har");
    let runs = bench.path().join("runs");
    let bundle = runs.join(document["run"]["id"].as_str().unwrap_or_default());
    bench
        .renkei(&[
            "export",
            &bundle.display().to_string(),
            "--out",
            &har.display().to_string(),
            "--with-bodies",
        ])
        .expect_code(0);
    holds_no_secret(bench.path(), &["ca", "a-api-ca.pem"]);
}

/// No file below a folder holds a secret, a token or an assertion; `but` are the files that the test itself put there.
fn holds_no_secret(dir: &Path, but: &[&str]) {
    let mut folders = vec![dir.to_owned()];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if but.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            read += 1;
            let bytes = std::fs::read(&path).expect("a file");
            let text = String::from_utf8_lossy(&bytes);
            for secret in [SECRET, "PRIVATE KEY", "eyJ0eXAi", "eyJhbGci", "CANARY"] {
                assert!(!text.contains(secret), "{secret} in {}", path.display());
            }
        }
    }
    assert!(read > 5, "there was something to look at");
}

/// A provider with its platform, a second platform, and clients that show certificates.
fn parties(misbehave: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let stand_in = |id: &str, role: &str, more: &str| {
        format!(
            "[[stand_in]]\nid = \"{id}\"\nrole = \"{role}\"\nclients = [\"b.main\", \"b.shown\"]\njwt_tokens = true\n{more}"
        )
    };
    let list = match misbehave {
        "" => String::new(),
        one => format!("\"{one}\""),
    };
    let provider = format!("api = \"jutogai-fuban-api/fuban\"\nmisbehave = [{list}]\n");
    let head = format!(
        "packs = [\"jutogai-fuban-api@2.0\"]\nparty = [{{ id = \"a\", profile = \"a.toml\", stand_in = true }}, {{ id = \"b\", profile = \"b.toml\" }}, {{ id = \"c\", profile = \"c.toml\", stand_in = true }}]\n{}{}",
        stand_in("a-api", "provider", &provider),
        stand_in("c-auth", "authorization", "")
    );
    let body = "body = \"new.json\"\n";
    let text = plan(&head, "jutogai-fuban-api/fuban", CALL, body, "");
    let cut = text.find("[[case]]").unwrap_or(text.len());
    let case = |id: &str, more: &str| {
        format!(
            "[[case]]\nid = \"{id}\"\ntitle = {{ ja = \"{id}\", en = \"{id}\" }}\nlinkage = \"L\"\n[case.api]\napi = \"jutogai-fuban-api/fuban\"\noperation = \"{CALL}\"\nbody = \"new.json\"\n{more}\n"
        )
    };
    let cases = [
        case(
            "other-platform",
            "variation = \"foreign-token\"\nissuer = \"c\"",
        ),
        case("shown", "client = \"shown\""),
        case(
            "shown-revoked",
            "client = \"shown\"\nvariation = \"revoked-token\"",
        ),
        case(
            "not-shown",
            "client = \"shown\"\nvariation = \"without-certificate\"",
        ),
        case(
            "at-once",
            "parallel = { calls = 8, unique = \"/result/0/atenabango\", vary = \"/shimei\" }",
        ),
    ];
    put(
        dir.path(),
        "plan.toml",
        &format!("{}{}", &text[..cut], cases.concat()),
    );
    let end = |id: &str, key: &str, path: &str| {
        format!(
            "[endpoints.{key}]\nurl = \"{{stand_in.{id}.url}}{path}\"\nca = \"{{stand_in.{id}.ca}}\"\n"
        )
    };
    let platform = |id: &str| {
        [
            ("token", "/oauth/v1/token"),
            ("introspection", "/oauth/v1/introspect"),
            ("revocation", "/oauth/v1/revoke"),
            ("jwks", "/oauth/v1/jwks"),
        ]
        .iter()
        .map(|(key, path)| end(id, key, path))
        .collect::<String>()
    };
    put(
        dir.path(),
        "a.toml",
        &profile(
            "A",
            &format!("{}{}", end("a-api", "api", ""), platform("a-api")),
        ),
    );
    put(dir.path(), "c.toml", &profile("C", &platform("c-auth")));
    let clients = format!(
        "[clients.main]\nauth = \"client_secret_jwt\"\nclient_id = \"{}0\"\nsecret = {{ file = \"secret.txt\" }}\n[clients.shown]\nauth = \"tls_client_auth\"\nclient_id = \"{}1\"\ncert = \"client-cert.pem\"\nkey = {{ file = \"client-key.pem\" }}\n",
        "A".repeat(31),
        "A".repeat(31)
    );
    put(dir.path(), "b.toml", &profile("B", &clients));
    put(dir.path(), "secret.txt", SECRET);
    for file in ["client-cert.pem", "client-key.pem"] {
        std::fs::copy(root().join("tests/tools").join(file), dir.path().join(file))
            .expect("copied");
    }
    let body = root().join("sample-data/joint-test/vendor-b/requests/fuban-new.json");
    std::fs::copy(body, dir.path().join("new.json")).expect("copied");
    dir
}

#[test]
fn certificates_foreign_platforms_and_calls_at_once_pass_with_a_good_provider() {
    let dir = parties("");
    let (_, result) = run(dir.path(), None, &[]);
    assert_eq!(found(&result), BTreeSet::new(), "{:#}", result["findings"]);
    for case in [
        "other-platform",
        "shown",
        "shown-revoked",
        "not-shown",
        "at-once",
    ] {
        assert_eq!(
            verdict(&result, case),
            "pass",
            "{case} {:#}",
            result["cases"]
        );
    }
    holds_no_secret(&dir.path().join("runs"), &[]);
}

#[test]
fn a_provider_that_takes_them_is_found() {
    for (misbehave, case, rule) in [
        ("foreign-token-accepted", "other-platform", "AUT-013"),
        ("certificate-not-checked", "not-shown", "AUT-020"),
        ("revocation-ignored", "shown-revoked", "AUT-012"),
        ("same-number-concurrently", "at-once", "SEQ-001"),
    ] {
        let dir = parties(misbehave);
        let (_, result) = run(dir.path(), None, &[case]);
        let expected = BTreeSet::from([(rule.to_owned(), "receiver".to_owned())]);
        assert_eq!(
            found(&result),
            expected,
            "{misbehave} {:#}",
            result["findings"]
        );
    }
}
