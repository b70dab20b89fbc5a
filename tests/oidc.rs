//! A real OpenID provider, met in every way of client authentication that it and renkei know, and misused in every way.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::auth::{CASES, SECRET, found, nothing_leaks, plan, profile, put, run, verdict};
use crate::harness::root;
use crate::looks::left_out;

/// The OpenID provider; ends when it is dropped.
struct Oidc {
    child: Child,
    port: u64,
    key: String,
}

impl Oidc {
    fn start() -> Option<Self> {
        let tools = root().join("tests/tools");
        let there = Command::new("node").arg("--version").output().is_ok();
        if !there || !tools.join("node_modules/oidc-provider").is_dir() {
            left_out(
                "a real OpenID provider",
                "node and tests/tools/node_modules",
            );
            return None;
        }
        let mut child = Command::new("node")
            .arg(tools.join("oidc.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node runs");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        Some(Self {
            child,
            port: told["port"].as_u64().expect("a port"),
            key: told["key"].as_str().expect("a key").to_owned(),
        })
    }
}

impl Drop for Oidc {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const OIDC_API: &str = r#"
openapi: 3.0.3
info: { title: who, version: '1' }
paths:
  /who:
    get:
      operationId: who
      security: [{ token: ['031:who:Read'] }]
      responses:
        '200':
          description: fine
          content: { application/json: { schema: { type: object, required: [ok], properties: { ok: { type: boolean } } } } }
        '401':
          description: no
          content: { application/json: { schema: { type: object, required: [error], properties: { error: { type: string } } } } }
components:
  securitySchemes:
    token: { type: oauth2, flows: { clientCredentials: { tokenUrl: /token, scopes: { '031:who:Read': who } } } }
"#;

fn oidc_world(oidc: &Oidc, client: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    put(
        dir.path(),
        "packs/oidc-api/1/pack.toml",
        "id = \"oidc-api\"\nversion = \"1\"\ntitle = { ja = \"API\", en = \"API\" }\ndocument = { ja = \"試験用\", en = \"for tests\" }\ndocument_version = \"1\"\ndocument_date = \"2026-11-01\"\nsource = \"renkei\"\nlicence = \"MIT\"\nfidelity = \"illustrative\"\n",
    );
    put(
        dir.path(),
        "packs/oidc-api/1/apis/who/openapi.yaml",
        OIDC_API,
    );
    put(
        dir.path(),
        "packs/oidc-api/1/apis/who/api.toml",
        "id = \"who\"\ntitle = { ja = \"who\", en = \"who\" }\n[[operation]]\nid = \"who\"\nscope = \"031:who:Read\"\n",
    );
    let head = "packs = [\"oidc-api@1\"]\nparty = [{ id = \"a\", profile = \"a.toml\" }, { id = \"b\", profile = \"b.toml\" }]\n";
    let text = plan(head, "oidc-api/who", "who", "", "032:who:Read");
    let text = text
        .replace("client = \"brief\"\n", "")
        .replace("client = \"bound\"", "");
    put(dir.path(), "plan.toml", &text);
    let issuer = format!("http://127.0.0.1:{}", oidc.port);
    let end = |key: &str, path: &str| {
        format!("[endpoints.{key}]\nurl = \"{issuer}{path}\"\naudience = \"{issuer}\"\n")
    };
    let ends = [
        ("api", ""),
        ("token", "/token"),
        ("introspection", "/token/introspection"),
        ("revocation", "/token/revocation"),
        ("jwks", "/jwks"),
        ("issuer", ""),
    ];
    let ends: String = ends.iter().map(|(key, path)| end(key, path)).collect();
    put(dir.path(), "a.toml", &profile("A", &ends));
    put(
        dir.path(),
        "b.toml",
        &profile("B", &format!("[clients.main]\n{client}")),
    );
    put(dir.path(), "secret.txt", SECRET);
    put(dir.path(), "key.pem", &oidc.key);
    dir
}

fn oidc_client(n: u8, auth: &str) -> String {
    let proof = match auth {
        "private_key_jwt" => "key = { file = \"key.pem\" }",
        _ => "secret = { file = \"secret.txt\" }",
    };
    let id = format!("OIDC{}{n}", "A".repeat(27));
    format!("auth = \"{auth}\"\nclient_id = \"{id}\"\n{proof}\n")
}

/// What the provider is known to do: it grants scopes of two providers in one token, which the standard of this land
/// forbids and OAuth does not. Everything else that must be refused is refused.
#[test]
fn a_real_openid_provider_is_met_and_judged_right() {
    let Some(oidc) = Oidc::start() else { return };
    for (n, auth) in [
        (1, "client_secret_jwt"),
        (2, "client_secret_basic"),
        (3, "private_key_jwt"),
    ] {
        let dir = oidc_world(&oidc, &oidc_client(n, auth));
        let packs = dir.path().join("packs");
        let (_, result) = run(dir.path(), Some(&packs), &[]);
        let expected = ("AUT-029".to_owned(), "receiver".to_owned());
        assert_eq!(
            found(&result),
            BTreeSet::from([expected]),
            "{auth}: {:#}",
            result["findings"]
        );
        for (word, _) in CASES {
            let assertion = matches!(
                *word,
                "assertion-replay"
                    | "expired-assertion"
                    | "wrong-audience"
                    | "clock-skew-inside"
                    | "clock-skew-outside"
            );
            let expected = match *word {
                "two-providers" => "fail",
                "alg-none" | "key-confusion" | "without-certificate" => "not_run",
                _ if assertion && auth == "client_secret_basic" => "not_run",
                _ => "pass",
            };
            assert_eq!(verdict(&result, word), expected, "{auth} {word}");
        }
        nothing_leaks(dir.path());
    }
}

/// JWT access tokens of a real provider: the published key confirms them, forged ones are refused.
#[test]
fn tokens_of_a_real_openid_provider_are_verified_with_its_keys() {
    let Some(oidc) = Oidc::start() else { return };
    let dir = oidc_world(&oidc, &oidc_client(4, "client_secret_jwt"));
    let packs = dir.path().join("packs");
    let cases = ["alg-none", "key-confusion", "tampered-token"];
    let (_, result) = run(dir.path(), Some(&packs), &cases);
    assert_eq!(found(&result), BTreeSet::new(), "{:#}", result["findings"]);
    for case in cases {
        assert_eq!(verdict(&result, case), "pass", "{case}");
    }
    let mut events = String::new();
    for entry in std::fs::read_dir(dir.path().join("runs")).expect("runs") {
        let path = entry.expect("an entry").path().join("events.jsonl");
        events.push_str(&std::fs::read_to_string(path).expect("events"));
    }
    assert!(events.contains("\"alg\":\"ES256\""), "the token is a JWT");
    assert!(
        events.contains("\"signature\":\"valid\""),
        "and its signature was verified"
    );
}
