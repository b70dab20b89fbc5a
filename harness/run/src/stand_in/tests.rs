//! The provider over real TLS, met with the harness's own client: conforming first, then each misbehaviour alone.

use std::time::Duration;

use hyper::Method;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use renkei_core::agreement::ClientAuth;
use renkei_core::record::{FaultKind, TokenFacts};
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::http::{Allowed, Answer, Limits, Outgoing, Trust, send};
use crate::scene::{numbering, scopes};
use crate::secret::{Secret, Vault};
use crate::store::tests_support::scratch;
use crate::token::{self, Asking, Token};

const SCOPE: &str = "031:app_submit/v10/jutogaishaatenabangofuban:Create";
const OTHER_SCOPE: &str = "031:app_submit/v10/jutogaishaatenakihonjohosyokai:Read";
const PATH: &str = "/app_submit/v10/jutogaishaatenabangofuban";
const SECRET: &str = "CANARY-0123456789abcdef0123456789abcdef";
const MAIN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1";
const BRIEF: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA2";
const BASIC: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA3";

struct Met {
    url: String,
    trust: Trust,
    allowed: Allowed,
    limits: Limits,
    vault: Vault,
    stop: Stop,
    _work: tempfile::TempDir,
}

impl Drop for Met {
    fn drop(&mut self) {
        self.stop.stop();
    }
}

fn client(id: &str, auth: ClientAuth, lifetime: u64) -> ClientConfig {
    ClientConfig {
        client_id: id.to_owned(),
        auth,
        secret: Secret::new(SECRET),
        certificate: String::new(),
        token_lifetime_s: lifetime,
    }
}

async fn meet(misbehave: &[&str]) -> Met {
    let work = scratch();
    let api = numbering();
    let config = ProviderConfig {
        id: "a-api".to_owned(),
        work: work.path().to_owned(),
        port: 0,
        scopes: scopes(&api),
        openapi: api.document,
        api_path: String::new(),
        token_path: "/oauth/v1/token".to_owned(),
        audiences: vec!["{url}".to_owned()],
        clients: vec![
            client(MAIN, ClientAuth::ClientSecretJwt, 300),
            client(BRIEF, ClientAuth::ClientSecretJwt, 1),
            client(BASIC, ClientAuth::ClientSecretBasic, 300),
        ],
        jwt_tokens: false,
        misbehave: misbehave.iter().map(|m| (*m).to_owned()).collect(),
        stop_with_stdin: false,
    };
    let stop = Stop::new();
    let bound = provide(config, &Clock::system(), stop.clone()).await;
    let ready = bound.map(|b| b.ready).unwrap_or_else(|e| panic!("{e}"));
    let pem = std::fs::read(&ready.ca).unwrap_or_default();
    let mut allowed = Allowed::default();
    allowed.add(&url(&ready.url));
    Met {
        trust: Trust::new(Some(&pem), true).unwrap_or_else(|e| panic!("{}", e.en)),
        url: ready.url,
        allowed,
        limits: Limits {
            whole: Duration::from_secs(5),
            ..Limits::default()
        },
        vault: Vault::new(),
        stop,
        _work: work,
    }
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn status(answer: &Answer) -> u16 {
    answer.reply.as_ref().map_or(0, |r| r.status.as_u16())
}

fn body(answer: &Answer) -> Value {
    let reply = answer.reply.as_ref();
    reply
        .and_then(|r| serde_json::from_slice(&r.body).ok())
        .unwrap_or_default()
}

fn media(answer: &Answer) -> String {
    let reply = answer.reply.as_ref();
    reply
        .and_then(|r| r.headers.get(CONTENT_TYPE)?.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

fn good() -> Value {
    json!({"shorikubun":"0","shikuchosonkodo":"131016","shimei":"髙﨑　𠮷子","nayosemotofuragu":"0",
        "sosashaid":"OP00000001","sosanengappi":"2026-10-01","sosajikoku":"09:00:00"})
}

fn with(name: &str, value: &str) -> Value {
    let mut body = good();
    body[name] = json!(value);
    body
}

fn without(name: &str) -> Value {
    let mut body = good();
    body.as_object_mut().map(|m| m.remove(name));
    body
}

impl Met {
    async fn send(&self, outgoing: &Outgoing) -> Answer {
        send(
            &self.allowed,
            &self.trust,
            &self.limits,
            &Clock::system(),
            outgoing,
        )
        .await
    }

    fn token_request(
        &self,
        id: &str,
        auth: ClientAuth,
        secret: &str,
        audience: &str,
        scope: &str,
    ) -> Outgoing {
        let asking = Asking {
            url: &url(&format!("{}/oauth/v1/token", self.url)),
            audience,
            auth,
            client_id: id,
            secret: &Secret::new(secret),
            scope,
        };
        token::request(&asking, &Clock::system(), &self.vault).unwrap_or_else(|e| panic!("{e}"))
    }

    async fn ask(&self, id: &str, scope: &str) -> (Answer, Option<Token>, TokenFacts) {
        let auth = if id == BASIC {
            ClientAuth::ClientSecretBasic
        } else {
            ClientAuth::ClientSecretJwt
        };
        let request = self.token_request(id, auth, SECRET, &self.url, scope);
        let answer = self.send(&request).await;
        let (token, facts) = token::read(&answer, &Clock::system(), &self.vault);
        (answer, token, facts.unwrap_or_default())
    }

    async fn call(&self, token: Option<&Token>, body: &Value) -> Answer {
        let mut headers: Vec<(HeaderName, HeaderValue)> =
            vec![(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        if let Some(value) = token.and_then(token::bearer) {
            headers.push((AUTHORIZATION, value));
        }
        self.send(&Outgoing {
            method: Method::POST,
            url: url(&format!("{}{PATH}", self.url)),
            headers,
            body: body.to_string().into_bytes(),
        })
        .await
    }

    /// A conforming call with a token of its own.
    async fn good_call(&self, body: &Value) -> Answer {
        let (_, token, _) = self.ask(MAIN, SCOPE).await;
        self.call(token.as_ref(), body).await
    }
}

#[tokio::test]
async fn a_conforming_provider_numbers_and_refuses() {
    let met = meet(&[]).await;
    for id in [MAIN, BASIC] {
        let (answer, token, facts) = met.ask(id, SCOPE).await;
        assert_eq!(status(&answer), 200, "{:?}", answer.fault);
        assert_eq!(facts.token_type.as_deref(), Some("Bearer"));
        assert_eq!((facts.expires_in, facts.refresh_token), (Some(300), false));
        assert_eq!(facts.scope.as_deref(), Some(SCOPE));
        assert_eq!(facts.token_digest.as_ref().map(String::len), Some(12));
        let answer = met.call(token.as_ref(), &good()).await;
        assert_eq!(
            (status(&answer), media(&answer).as_str()),
            (200, "application/json;charset=UTF-8")
        );
        let tls = answer.tls.clone().unwrap_or_else(|| panic!("no TLS facts"));
        assert_eq!(
            (
                tls.version.as_str(),
                tls.verified,
                tls.certificate_sha256.len()
            ),
            ("TLSv1.3", true, 64)
        );
        let body = body(&answer);
        assert_eq!(body["metadata"]["detail"], "登録が完了しました。");
        assert_eq!(body["_links"]["self"]["href"], PATH);
        assert_eq!(body["result"][0]["shikuchosonkodo"], "131016");
        assert_eq!(
            body["result"][0]["atenabango"].as_str().map(str::len),
            Some(15)
        );
        let answer = met.call(token.as_ref(), &without("sosashaid")).await;
        assert_eq!(
            (status(&answer), &self::body(&answer)["errors"][0]["code"]),
            (400, &json!("E0001"))
        );
    }
    let answer = met.call(None, &good()).await;
    assert_eq!(status(&answer), 401);
    assert!(body(&answer).get("errors").is_none());
    assert_eq!(body(&answer)["detail"], "アクセストークンが無効です。");
    let (_, other, _) = met.ask(MAIN, OTHER_SCOPE).await;
    assert_eq!(status(&met.call(other.as_ref(), &good()).await), 401);
    let (_, brief, _) = met.ask(BRIEF, SCOPE).await;
    assert_eq!(status(&met.call(brief.as_ref(), &good()).await), 200);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(status(&met.call(brief.as_ref(), &good()).await), 401);
}

#[tokio::test]
async fn the_token_endpoint_refuses_as_rfc_6749_says() {
    let met = meet(&[]).await;
    let jwt = ClientAuth::ClientSecretJwt;
    let error = async |request: Outgoing| {
        let answer = met.send(&request).await;
        (
            status(&answer),
            body(&answer)["error"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let refused = |status: u16, error: &str| (status, error.to_owned());
    let own = met.url.clone();
    for (id, secret, audience, scope, expected) in [
        (
            MAIN,
            "wrong-secret-0123456789",
            own.as_str(),
            SCOPE,
            refused(401, "invalid_client"),
        ),
        (
            BASIC,
            SECRET,
            own.as_str(),
            SCOPE,
            refused(401, "invalid_client"),
        ),
        (
            MAIN,
            SECRET,
            "https://elsewhere.invalid/",
            SCOPE,
            refused(401, "invalid_client"),
        ),
        (
            MAIN,
            SECRET,
            own.as_str(),
            "Create",
            refused(400, "invalid_scope"),
        ),
        (
            MAIN,
            SECRET,
            own.as_str(),
            "",
            refused(400, "invalid_scope"),
        ),
    ] {
        let request = met.token_request(id, jwt, secret, audience, scope);
        assert_eq!(error(request).await, expected, "{id} {audience} {scope}");
    }
    let once = met.token_request(MAIN, jwt, SECRET, &own, SCOPE);
    assert_eq!(status(&met.send(&once).await), 200);
    assert_eq!(
        error(once).await,
        refused(401, "invalid_client"),
        "jti replayed"
    );
    let mut other = met.token_request(MAIN, jwt, SECRET, &own, SCOPE);
    other.body = String::from_utf8(other.body)
        .unwrap_or_default()
        .replace("client_credentials", "password")
        .into_bytes();
    assert_eq!(error(other).await, refused(400, "unsupported_grant_type"));
    let mut twice = met.token_request(MAIN, jwt, SECRET, &own, SCOPE);
    twice.body.extend_from_slice(b"&scope=a:b:c");
    assert_eq!(error(twice).await, refused(400, "invalid_request"));
}

#[tokio::test]
async fn misbehaviours_of_tokens_do_what_they_say() {
    let facts = async |name: &str| meet(&[name]).await.ask(MAIN, SCOPE).await.2;
    assert_eq!(facts("token-lifetime-3600").await.expires_in, Some(3600));
    assert!(facts("refresh-token-issued").await.refresh_token);
    assert_eq!(
        facts("token-type-wrong").await.token_type.as_deref(),
        Some("mac")
    );
    assert_ne!(facts("scope-widened").await.scope.as_deref(), Some(SCOPE));
    let met = meet(&["assertion-not-checked"]).await;
    let forged = met.token_request(
        MAIN,
        ClientAuth::ClientSecretJwt,
        "not-the-secret-at-all",
        "x",
        SCOPE,
    );
    assert_eq!(status(&met.send(&forged).await), 200);
    let met = meet(&["scope-ignored"]).await;
    let (_, other, _) = met.ask(MAIN, OTHER_SCOPE).await;
    assert_eq!(status(&met.call(other.as_ref(), &good()).await), 200);
    assert_eq!(status(&met.call(None, &good()).await), 401);
    let met = meet(&["token-not-checked"]).await;
    assert_eq!(status(&met.call(None, &good()).await), 200);
    let (_, other, _) = met.ask(MAIN, OTHER_SCOPE).await;
    assert_eq!(status(&met.call(other.as_ref(), &good()).await), 401);
    let met = meet(&["expiry-ignored"]).await;
    let (_, brief, _) = met.ask(BRIEF, SCOPE).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(status(&met.call(brief.as_ref(), &good()).await), 200);
}

#[tokio::test]
async fn misbehaviours_of_answers_do_what_they_say() {
    let call = async |name: &str, body: &Value| meet(&[name]).await.good_call(body).await;
    let answer = call("charset-missing", &good()).await;
    assert_eq!(media(&answer), "application/json");
    let long = with("shikuchosonkodo", "1310167");
    assert_eq!(
        body(&call("error-code-wrong", &long).await)["errors"][0]["code"],
        "E0002"
    );
    assert_eq!(
        body(&call("slow", &long).await)["errors"][0]["code"],
        "E0003"
    );
    assert_eq!(status(&call("length-not-checked", &long).await), 200);
    assert_eq!(
        status(&call("required-not-checked", &without("sosashaid")).await),
        200
    );
    assert_eq!(
        body(&call("body-violates-schema", &good()).await)["result"][0]["rirekibango"],
        1
    );
    assert_eq!(body(&call("extra-field", &good()).await)["debug"], "node-3");
    let twice = call("duplicate-key", &good()).await;
    let text = twice
        .reply
        .map(|r| String::from_utf8(r.body).unwrap_or_default())
        .unwrap_or_default();
    assert_eq!(text.matches("\"metadata\"").count(), 2);
    assert_eq!(status(&call("wrong-status-200-on-error", &long).await), 200);
    let html = call("non-json-error", &long).await;
    assert_eq!(
        (status(&html), media(&html).as_str()),
        (400, "text/html;charset=UTF-8")
    );
    assert_eq!(status(&call("unavailable", &good()).await), 503);
    let redirect = call("redirect", &good()).await;
    assert_eq!(status(&redirect), 302);
    assert!(
        redirect
            .reply
            .is_some_and(|r| r.headers.contains_key(LOCATION))
    );
    let met = meet(&["number-twice"]).await;
    let number = |answer: &Answer| body(answer)["result"][0]["atenabango"].clone();
    assert_eq!(
        number(&met.good_call(&good()).await),
        number(&met.good_call(&good()).await)
    );
    let met = meet(&["check-digit-wrong"]).await;
    let honest = meet(&[]).await;
    assert_ne!(
        number(&met.good_call(&good()).await),
        number(&honest.good_call(&good()).await)
    );
}

#[tokio::test]
async fn peers_that_stall_or_break_off_are_told_apart() {
    let fault = async |name: &str| {
        let mut met = meet(&[name]).await;
        let (_, token, _) = met.ask(MAIN, SCOPE).await;
        met.limits.whole = Duration::from_millis(700);
        let answer = met.call(token.as_ref(), &good()).await;
        assert!(
            answer.duration_ms < 2000,
            "{name}: {} ms",
            answer.duration_ms
        );
        (
            answer.fault.map(|f| f.kind),
            answer.reply.map(|r| r.body.is_empty()),
        )
    };
    assert_eq!(fault("hang").await, (Some(FaultKind::TimedOut), None));
    assert_eq!(fault("slow").await, (Some(FaultKind::TimedOut), None));
    assert_eq!(
        fault("hang-mid-body").await,
        (Some(FaultKind::TimedOut), Some(false))
    );
    assert_eq!(
        fault("close-mid-body").await,
        (Some(FaultKind::ClosedMidMessage), Some(false))
    );
}

#[tokio::test]
async fn a_taken_port_is_told() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let port = taken
        .as_ref()
        .ok()
        .and_then(|l| l.local_addr().ok())
        .map_or(0, |a| a.port());
    let work = scratch();
    let api = numbering();
    let config = ProviderConfig {
        id: "a-api".to_owned(),
        work: work.path().to_owned(),
        port,
        scopes: scopes(&api),
        openapi: api.document,
        api_path: String::new(),
        token_path: "/t".to_owned(),
        audiences: Vec::new(),
        clients: Vec::new(),
        jwt_tokens: false,
        misbehave: Vec::new(),
        stop_with_stdin: false,
    };
    let error = provide(config, &Clock::system(), Stop::new()).await.err();
    assert!(error.is_some_and(|e| e.message().en.contains(&port.to_string())));
}

#[tokio::test]
async fn a_receiver_writes_what_it_did() {
    let content = "1,髙\r\n".repeat(12).into_bytes();
    let receipt = async |misbehave: &[&str]| {
        let dir = scratch();
        let folder = |name: &str| dir.path().join(name);
        let config = ReceiverConfig {
            id: "b-receiver".to_owned(),
            inbox: folder("inbox"),
            receipts: folder("receipts"),
            store: folder("store"),
            forms: std::collections::BTreeMap::new(),
            misbehave: misbehave.iter().map(|m| (*m).to_owned()).collect(),
            stop_with_stdin: false,
        };
        let stop = Stop::new();
        assert!(receive(config, stop.clone()).is_ok());
        let part = folder("inbox").join("a.csv.part");
        assert!(std::fs::write(&part, &content).is_ok());
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!folder("store").join("a.csv.part").exists());
        assert!(std::fs::rename(&part, folder("inbox").join("a.csv")).is_ok());
        tokio::time::sleep(Duration::from_millis(400)).await;
        stop.stop();
        let stored = std::fs::read(folder("store").join("a.csv")).unwrap_or_default();
        let text = std::fs::read(folder("receipts").join("a.csv.receipt.json")).unwrap_or_default();
        (stored, text)
    };
    let parsed = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap_or_default();
    let (stored, text) = receipt(&[]).await;
    assert_eq!(stored, content);
    let honest = parsed(&text);
    assert_eq!(
        (&honest["records"], &honest["accepted"], &honest["bytes"]),
        (&json!(12), &json!(12), &json!(content.len()))
    );
    assert_eq!(honest["schema"], "renkei.receipt/v1");
    let (_, text) = receipt(&["reject-conforming"]).await;
    assert_eq!(
        (
            &parsed(&text)["rejected"][0]["record"],
            &parsed(&text)["accepted"]
        ),
        (&json!(10), &json!(11))
    );
    let (stored, text) = receipt(&["store-other-bytes"]).await;
    assert_eq!(
        stored.iter().zip(&content).filter(|(a, b)| a != b).count(),
        1
    );
    assert_ne!(parsed(&text)["sha256"], honest["sha256"]);
    assert_eq!(parsed(&receipt(&["wrong-count"]).await.1)["records"], 11);
    assert!(receipt(&["no-receipt"]).await.1.is_empty());
    let half = receipt(&["receipt-unreadable"]).await.1;
    assert!(!half.is_empty() && parsed(&half).is_null());
}
