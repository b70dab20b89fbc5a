//! Tokens and the authorization platform: each misbehaviour of the stand-in makes its rule fire and no other, a well-behaved
//! one makes none fire.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::{files, root};

pub(crate) const SECRET: &str = "CANARY-OIDC-0123456789abcdef0123456789abcdef";
const OTHER: &str = "032:app_submit/v10/jutogaishaatenabangofuban:Create";

pub(crate) fn put(dir: &Path, path: &str, text: &str) {
    let path = dir.join(path);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    std::fs::write(path, text).expect("written");
}

pub(crate) fn profile(name: &str, rest: &str) -> String {
    format!(
        "schema = \"renkei.profile/v1\"\nname = {{ ja = \"{name}\", en = \"{name}\" }}\n[system]\nkind = \"standard\"\nproduct = \"{name}\"\nversion = \"1\"\n{rest}"
    )
}

/// Every misuse as a case of its own; what it needs beside its word.
pub(crate) const CASES: &[(&str, &str)] = &[
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

pub(crate) fn plan(head: &str, api: &str, operation: &str, body: &str, other: &str) -> String {
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
pub(crate) fn run(dir: &Path, packs: Option<&Path>, cases: &[&str]) -> (i32, Value) {
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
pub(crate) fn found(result: &Value) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = result["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|f| (text(&f["rule"]), text(&f["cause"]["kind"])))
        .collect()
}

pub(crate) fn verdict<'v>(result: &'v Value, case: &str) -> &'v str {
    let cases = result["cases"].as_array().expect("cases");
    let case = cases.iter().find(|c| c["id"] == case).expect("the case");
    case["verdict"].as_str().unwrap_or_default()
}

/// No bundle holds a secret.
pub(crate) fn nothing_leaks(dir: &Path) {
    for path in files(&dir.join("runs")) {
        let bytes = std::fs::read(&path).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("CANARY-OIDC"), "{}", path.display());
        assert!(!text.contains("PRIVATE KEY"), "{}", path.display());
        assert!(!text.contains("Bearer ey"), "{}", path.display());
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
