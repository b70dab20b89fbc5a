//! Tokens and the authorization platform: each misbehaviour of the stand-in makes its rule fire and no other, a well-behaved
//! one makes none fire; and a real OpenID provider is met in every way of client authentication.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::harness::root;
use crate::looks::left_out;

const SECRET: &str = "CANARY-OIDC-0123456789abcdef0123456789abcdef";
const OTHER: &str = "032:app_submit/v10/jutogaishaatenabangofuban:Create";

fn put(dir: &Path, path: &str, text: &str) {
    let path = dir.join(path);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    std::fs::write(path, text).expect("written");
}

fn profile(name: &str, rest: &str) -> String {
    format!(
        "schema = \"renkei.profile/v1\"\nname = {{ ja = \"{name}\", en = \"{name}\" }}\n[system]\nkind = \"standard\"\nproduct = \"{name}\"\nversion = \"1\"\n{rest}"
    )
}

/// Every misuse as a case of its own; what it needs beside its word.
const CASES: &[(&str, &str)] = &[
    ("none", ""),
    ("no-token", ""),
    ("revoked-token", "client = \"bound\""),
    ("foreign-token", "scope = \"OTHER\""),
    ("alg-none", ""),
    ("key-confusion", ""),
    ("tampered-token", ""),
    ("token-in-query", ""),
    ("token-in-body", ""),
    ("two-methods", ""),
    ("without-certificate", "client = \"bound\""),
    ("assertion-replay", ""),
    ("expired-assertion", "skew_s = 30"),
    ("wrong-audience", ""),
    ("unknown-client", ""),
    ("wrong-secret", ""),
    ("clock-skew-inside", "skew_s = 30"),
    ("clock-skew-outside", "skew_s = 30"),
    ("malformed-scope", ""),
    ("two-providers", "scope = \"OTHER\""),
    ("introspection", "client = \"brief\"\nwait_s = 8"),
    ("discovery", ""),
];

fn plan(head: &str, api: &str, operation: &str, body: &str, other: &str) -> String {
    let mut text = format!(
        "schema = \"renkei.plan/v1\"\ntitle = {{ ja = \"認可\", en = \"tokens\" }}\ndata_class = \"fictional\"\n{head}[[linkage]]\nid = \"L\"\ntitle = {{ ja = \"連携\", en = \"linkage\" }}\nfrom = \"a\"\nto = \"b\"\n"
    );
    for (word, more) in CASES {
        let more = more.replace("OTHER", other);
        text.push_str(&format!(
            "[[case]]\nid = \"{word}\"\ntitle = {{ ja = \"{word}\", en = \"{word}\" }}\nlinkage = \"L\"\n[case.api]\napi = \"{api}\"\noperation = \"{operation}\"\n{body}variation = \"{word}\"\n{more}\n"
        ));
    }
    text
}

/// A provider stand-in that misbehaves so.
fn world(misbehave: &str, jwt: bool) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let list = if misbehave.is_empty() {
        String::new()
    } else {
        format!("\"{misbehave}\"")
    };
    let head = format!(
        "packs = [\"jutogai-fuban-api@2.0\"]\nparty = [{{ id = \"a\", profile = \"a.toml\", stand_in = true }}, {{ id = \"b\", profile = \"b.toml\" }}]\n[[stand_in]]\nid = \"a-api\"\nrole = \"provider\"\napi = \"jutogai-fuban-api/fuban\"\nclients = [\"b.main\", \"b.brief\", \"b.bound\"]\ntoken_lifetime_s = {{ brief = 2 }}\njwt_tokens = {jwt}\nmisbehave = [{list}]\n"
    );
    let api = "jutogai-fuban-api/fuban";
    let text = plan(
        &head,
        api,
        "jutogaishaatenabangofuban",
        "body = \"new.json\"\n",
        OTHER,
    );
    put(dir.path(), "plan.toml", &text);
    let end = |key: &str, path: &str| {
        format!(
            "[endpoints.{key}]\nurl = \"{{stand_in.a-api.url}}{path}\"\nca = \"{{stand_in.a-api.ca}}\"\n"
        )
    };
    let ends = [
        ("api", ""),
        ("token", "/oauth/v1/token"),
        ("introspection", "/oauth/v1/introspect"),
        ("revocation", "/oauth/v1/revoke"),
        ("jwks", "/oauth/v1/jwks"),
        ("issuer", ""),
    ];
    let ends: String = ends.iter().map(|(key, path)| end(key, path)).collect();
    put(dir.path(), "a.toml", &profile("A", &ends));
    let clients = ["main", "brief", "bound"].iter().enumerate();
    let clients: String = clients
        .map(|(n, name)| {
            let bound = match *name {
                "bound" => "cert = \"client-cert.pem\"\nkey = { file = \"client-key.pem\" }\n",
                _ => "",
            };
            format!(
                "[clients.{name}]\nauth = \"client_secret_jwt\"\nclient_id = \"{}{n}\"\nsecret = {{ file = \"secret.txt\" }}\n{bound}",
                "A".repeat(31)
            )
        })
        .collect();
    put(dir.path(), "b.toml", &profile("B", &clients));
    put(dir.path(), "secret.txt", SECRET);
    for file in ["client-cert.pem", "client-key.pem"] {
        let from = root().join("tests/tools").join(file);
        std::fs::copy(from, dir.path().join(file)).expect("copied");
    }
    let body = root().join("sample-data/joint-test/vendor-b/requests/fuban-new.json");
    std::fs::copy(body, dir.path().join("new.json")).expect("copied");
    dir
}

/// Exit code and result document of a run.
fn run(dir: &Path, packs: Option<&Path>, cases: &[&str]) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_renkei"));
    if let Some(packs) = packs {
        command.arg("--packs").arg(packs);
    }
    command
        .args(["run", "--format", "json", "--out"])
        .arg(dir.join("runs"))
        .arg(dir.join("plan.toml"))
        .stdin(Stdio::null());
    for case in cases {
        command.args(["--case", case]);
    }
    let output = command.output().expect("renkei runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let result = serde_json::from_str(&text)
        .unwrap_or_else(|e| panic!("{e}: {text}{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap_or(-1), result)
}

/// Code and proposed side of every finding.
fn found(result: &Value) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = result["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|f| (text(&f["rule"]), text(&f["cause"]["kind"])))
        .collect()
}

fn verdict<'v>(result: &'v Value, case: &str) -> &'v str {
    let cases = result["cases"].as_array().expect("cases");
    let case = cases.iter().find(|c| c["id"] == case).expect("the case");
    case["verdict"].as_str().unwrap_or_default()
}

/// No bundle holds a secret.
fn nothing_leaks(dir: &Path) {
    let mut folders = vec![dir.join("runs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("a file");
                let text = String::from_utf8_lossy(&bytes);
                assert!(!text.contains("CANARY-OIDC"), "{}", path.display());
                assert!(!text.contains("PRIVATE KEY"), "{}", path.display());
                assert!(!text.contains("Bearer ey"), "{}", path.display());
            }
        }
    }
}

#[test]
fn a_good_platform_and_provider_pass_every_misuse() {
    let dir = world("", true);
    let (_, result) = run(dir.path(), None, &[]);
    assert_eq!(found(&result), BTreeSet::new(), "{:#}", result["findings"]);
    for (word, _) in CASES {
        assert_eq!(
            verdict(&result, word),
            "pass",
            "{word}: {:#}",
            result["cases"]
        );
    }
    nothing_leaks(dir.path());
}

#[test]
fn what_an_opaque_token_cannot_show_is_not_run() {
    let dir = world("", false);
    let (code, result) = run(dir.path(), None, &[]);
    assert_eq!(found(&result), BTreeSet::new(), "{:#}", result["findings"]);
    for (word, _) in CASES {
        let expected = match *word {
            "alg-none" | "key-confusion" | "without-certificate" => "not_run",
            _ => "pass",
        };
        assert_eq!(verdict(&result, word), expected, "{word}");
    }
    assert_eq!(code, 3, "not everything that is required ran");
}

/// Misbehaviour, case that shows it, rule, side, rules besides.
const MISBEHAVIOURS: &[(&str, &str, &str, &str, &[&str])] = &[
    (
        "introspection-skipped",
        "revoked-token",
        "AUT-012",
        "receiver",
        &[],
    ),
    (
        "revocation-ignored",
        "revoked-token",
        "AUT-012",
        "receiver",
        &[],
    ),
    (
        "foreign-token-accepted",
        "foreign-token",
        "AUT-013",
        "receiver",
        &[],
    ),
    ("alg-none-accepted", "alg-none", "AUT-014", "receiver", &[]),
    (
        "key-confusion-accepted",
        "key-confusion",
        "AUT-015",
        "receiver",
        &[],
    ),
    (
        "signature-not-checked",
        "tampered-token",
        "AUT-016",
        "receiver",
        &[],
    ),
    (
        "token-in-query-accepted",
        "token-in-query",
        "AUT-017",
        "receiver",
        &[],
    ),
    (
        "token-in-body-accepted",
        "token-in-body",
        "AUT-018",
        "receiver",
        &[],
    ),
    (
        "two-methods-accepted",
        "two-methods",
        "AUT-019",
        "receiver",
        &[],
    ),
    (
        "certificate-not-checked",
        "without-certificate",
        "AUT-020",
        "receiver",
        &[],
    ),
    (
        "assertion-replay-accepted",
        "assertion-replay",
        "AUT-021",
        "receiver",
        &[],
    ),
    (
        "assertion-expiry-ignored",
        "expired-assertion",
        "AUT-022",
        "receiver",
        &[],
    ),
    (
        "audience-ignored",
        "wrong-audience",
        "AUT-023",
        "receiver",
        &[],
    ),
    (
        "unknown-client-accepted",
        "unknown-client",
        "AUT-024",
        "receiver",
        &[],
    ),
    (
        "secret-not-checked",
        "wrong-secret",
        "AUT-025",
        "receiver",
        &[],
    ),
    (
        "clock-skew-refused",
        "clock-skew-inside",
        "AUT-026",
        "receiver",
        &[],
    ),
    (
        "clock-skew-unlimited",
        "clock-skew-outside",
        "AUT-027",
        "receiver",
        &[],
    ),
    (
        "scope-form-not-checked",
        "malformed-scope",
        "AUT-028",
        "receiver",
        &[],
    ),
    (
        "two-providers-granted",
        "two-providers",
        "AUT-029",
        "receiver",
        &[],
    ),
    (
        "introspection-inactive",
        "introspection",
        "AUT-030",
        "config",
        &[],
    ),
    (
        "introspection-always-active",
        "introspection",
        "AUT-031",
        "receiver",
        &[],
    ),
    (
        "introspection-open",
        "introspection",
        "AUT-032",
        "receiver",
        &[],
    ),
    ("metadata-wrong", "discovery", "AUT-034", "config", &[]),
    (
        "keys-out-of-date",
        "revoked-token",
        "AUT-035",
        "config",
        &[],
    ),
    (
        "certificate-not-bound",
        "revoked-token",
        "AUT-036",
        "config",
        &[],
    ),
    (
        "token-error-as-500",
        "wrong-secret",
        "AUT-037",
        "receiver",
        &[],
    ),
    (
        "token-not-checked",
        "tampered-token",
        "AUT-016",
        "receiver",
        &[],
    ),
    ("charset-wrong", "none", "API-004", "receiver", &[]),
];

#[test]
fn each_misbehaviour_makes_its_rule_fire() {
    let mut wrong = Vec::new();
    for (misbehave, case, rule, side, also) in MISBEHAVIOURS {
        let dir = world(misbehave, true);
        let (_, result) = run(dir.path(), None, &[case]);
        let found = found(&result);
        let expected = ((*rule).to_owned(), (*side).to_owned());
        let stray = found
            .iter()
            .any(|f| *f != expected && !also.contains(&f.0.as_str()));
        let fired = found.contains(&expected);
        if !fired || stray || result["verdict"] == "tool_error" {
            wrong.push(format!("{misbehave}: {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A wrong client id, secret or URL is a matter of configuration: exit code 3, and no finding about a product.
#[test]
fn what_is_wrong_in_the_settings_is_no_failure_of_a_product() {
    for (from, to) in [
        (
            format!("client_id = \"{}0\"", "A".repeat(31)),
            format!("client_id = \"{}9\"", "A".repeat(31)),
        ),
        (
            "auth = \"client_secret_jwt\"".to_owned(),
            "auth = \"client_secret_basic\"".to_owned(),
        ),
        (
            "secret = { file = \"secret.txt\" }".to_owned(),
            "secret = { file = \"new.json\" }".to_owned(),
        ),
        (
            "secret = { file = \"secret.txt\" }".to_owned(),
            "secret = { file = \"nowhere.txt\" }".to_owned(),
        ),
    ] {
        let dir = world("", true);
        let text = std::fs::read_to_string(dir.path().join("b.toml")).expect("a profile");
        // The stand-in knows the client as it was; only the consumer's own view changes.
        let wrong = format!("{}\n", text.replacen(&from, &to, 1));
        let wrong = wrong.replace("[clients.main]", "[clients.wrong]");
        let right = text.replace(&profile("B", ""), "");
        put(
            dir.path(),
            "b.toml",
            &format!(
                "{}{right}",
                wrong.split("[clients.brief]").next().unwrap_or_default()
            ),
        );
        let plan = std::fs::read_to_string(dir.path().join("plan.toml")).expect("a plan");
        let plan = plan.replacen(
            "variation = \"none\"\n",
            "variation = \"none\"\nclient = \"wrong\"\n",
            1,
        );
        put(dir.path(), "plan.toml", &plan);
        let (code, result) = run(dir.path(), None, &["none"]);
        assert_eq!(
            found(&result),
            BTreeSet::new(),
            "{to}: {:#}",
            result["findings"]
        );
        assert_eq!((code, verdict(&result, "none")), (3, "not_run"), "{to}");
    }
}

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
