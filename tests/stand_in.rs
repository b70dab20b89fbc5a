//! The provider's stand-in as an ordinary HTTP client sees it: reqwest, which shares no code with our recording client.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use renkei_core::model::Problems;
use renkei_core::spec::{Files, Library};
use reqwest::{Certificate, Client, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Bench, root};

const CALL: &str = "/app_submit/v10/jutogaishaatenabangofuban";
const SCOPE: &str = "031:app_submit/v10/jutogaishaatenabangofuban:Create";
const CLIENT: &str = "0123456789abcdef0123456789ABCDEF";
const SECRET: &str = "a-secret-of-the-test-with-40-characters-";

/// The OpenAPI document of the bundled pack.
pub(crate) fn openapi() -> Value {
    let pack = root().join("specs/jutogai-fuban-api/2.0");
    let mut files = Files::new();
    for file in [
        "pack.toml",
        "apis/fuban/openapi.yaml",
        "apis/fuban/api.toml",
    ] {
        let content = std::fs::read(pack.join(file)).expect("the pack is there");
        files.insert(format!("jutogai-fuban-api/2.0/{file}"), content);
    }
    let mut problems = Problems::new();
    let pack = Library::new(files)
        .load("jutogai-fuban-api", "test", &mut problems)
        .expect("the pack loads");
    pack.apis["fuban"].document.clone()
}

fn start(bench: &Bench, port: u16) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_renkei"))
        .args(["mock", "provider", "--lang", "en"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let config = json!({
        "id": "a-api", "work": bench.path(), "port": port, "openapi": openapi(),
        "scopes": { "jutogaishaatenabangofuban": SCOPE }, "token_path": "/oauth/v1/token",
        "clients": [{ "client_id": CLIENT, "auth": "client_secret_basic", "secret": SECRET, "token_lifetime_s": 60 }],
        "stop_with_stdin": true,
    });
    let stdin = child.stdin.as_mut().expect("standard input is a pipe");
    writeln!(stdin, "{config}").expect("the configuration can be written");
    child
}

/// Asks for a token and numbers an addressee; gives back status and body of each answer.
async fn number(ready: &Value) -> Vec<(StatusCode, Value)> {
    let url = ready["url"].as_str().expect("the stand-in tells its URL");
    let ca = std::fs::read(ready["ca"].as_str().expect("and its CA")).expect("the CA is a file");
    let ca = Certificate::from_pem(&ca).expect("the CA is a certificate");
    let client = Client::builder()
        .tls_certs_only([ca])
        .no_proxy()
        .build()
        .expect("the client can be made");
    let body =
        std::fs::read(root().join("sample-data/joint-test-clean/vendor-b/requests/fuban-new.json"))
            .expect("the request is there");
    let form = [("grant_type", "client_credentials"), ("scope", SCOPE)];
    let token = client
        .post(format!("{url}/oauth/v1/token"))
        .basic_auth(CLIENT, Some(SECRET))
        .form(&form)
        .send()
        .await;
    let token = token.expect("the token endpoint answers");
    let status = token.status();
    let token: Value = token.json().await.expect("a token answer is JSON");
    let mut answers = vec![(status, token)];
    let bearer = answers[0].1["access_token"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for authorized in [true, true, false] {
        let call = client
            .post(format!("{url}{CALL}"))
            .header("content-type", "application/json")
            .body(body.clone());
        let call = if authorized {
            call.bearer_auth(&bearer)
        } else {
            call
        };
        let answer = call.send().await.expect("the API answers");
        let kind = answer
            .headers()
            .get("content-type")
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned);
        assert_eq!(kind.as_deref(), Some("application/json;charset=UTF-8"));
        answers.push((
            answer.status(),
            answer.json().await.expect("an answer is JSON"),
        ));
    }
    answers
}

#[test]
fn an_ordinary_client_gets_a_token_and_numbers() {
    let bench = Bench::new();
    let mut child = start(&bench, 0);
    let mut line = String::new();
    let stdout = child.stdout.take().expect("standard output is a pipe");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("the stand-in gets ready");
    let ready: Value = serde_json::from_str(&line).expect("it says so in JSON");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let answers = runtime.block_on(number(&ready));
    drop(child.stdin.take());
    assert!(
        child
            .wait()
            .expect("it ends when its input is closed")
            .success()
    );

    assert_eq!(answers[0].1["token_type"], "Bearer");
    let given = |n: usize| {
        answers[n].1["result"][0]["atenabango"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(
        (answers[1].0, answers[2].0),
        (StatusCode::OK, StatusCode::OK),
        "{answers:?}"
    );
    assert!(
        given(1).is_some_and(|number| number.len() == 15) && given(1) != given(2),
        "{answers:?}"
    );
    assert_eq!(answers[3].0, StatusCode::UNAUTHORIZED);
    assert!(
        answers[3].1.get("errors").is_none(),
        "401 has no list of errors: {:?}",
        answers[3].1
    );
}

#[test]
fn a_port_in_use_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().expect("the port is known").port();
    let mut child = start(&Bench::new(), port);
    drop(child.stdin.take());
    let output = child.wait_with_output().expect("the stand-in ends");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(
        output
            .status
            .code()
            .is_some_and(|code| [2, 4].contains(&code)),
        "{words}"
    );
    assert!(
        words.contains(&port.to_string()) && !words.contains("panicked"),
        "{words}"
    );
}
