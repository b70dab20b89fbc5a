//! The consumer against the provider stand-in, over real TLS: conforming first, then each misbehaviour alone.

use super::super::{MISBEHAVIOURS, provide};
use super::*;
use crate::scene::{numbering, scopes};
use crate::store::tests_support::scratch;

const SECRET: &str = "CANARY-0123456789abcdef0123456789abcdef";
const ID: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1";

/// What came of two calls by a consumer with these misbehaviours: step and status.
async fn drive(misbehave: &[&str], lifetime: u64, pause_ms: u64) -> Vec<(String, u16)> {
    let work = scratch();
    let api = numbering();
    let provider = serde_json::json!({
        "id": "a-api", "work": work.path(), "openapi": api.document, "scopes": scopes(&api),
        "token_path": "/oauth/v1/token",
        "clients": [{"client_id": ID, "auth": "client_secret_jwt", "secret": SECRET, "token_lifetime_s": lifetime}],
    });
    let provider = serde_json::from_value(provider).unwrap_or_else(|e| panic!("{e}"));
    let stop = Stop::new();
    let clock = Clock::system();
    let bound = provide(provider, &clock, stop.clone()).await;
    let ready = bound.unwrap_or_else(|e| panic!("{e}")).ready;
    let url = ready.url;
    let config = serde_json::json!({
        "url": format!("{url}/app_submit/v10/jutogaishaatenabangofuban"),
        "token_url": format!("{url}/oauth/v1/token"),
        "ca": ready.ca, "client_id": ID, "secret": SECRET,
        "scope": "031:app_submit/v10/jutogaishaatenabangofuban:Create",
        "body": {"shorikubun":"0","shikuchosonkodo":"131016","shimei":"髙﨑　𠮷子","nayosemotofuragu":"0",
            "sosashaid":"OP00000001","sosanengappi":"2026-10-01","sosajikoku":"09:00:00"},
        "required": "sosashaid", "calls": 2, "pause_ms": pause_ms, "misbehave": misbehave,
    });
    let config = serde_json::from_value(config).unwrap_or_else(|e| panic!("{e}"));
    let mut told = Vec::new();
    let mut tell = |one: &Told| {
        assert_eq!(one.fault, "", "{one:?}");
        told.push((one.step.clone(), one.status));
        Ok(())
    };
    let done = consume(&config, &clock, &stop, &mut tell).await;
    done.unwrap_or_else(|e| panic!("{e}"));
    stop.stop();
    told
}

fn seen(list: &[(&str, u16)]) -> Vec<(String, u16)> {
    list.iter().map(|(s, n)| ((*s).to_owned(), *n)).collect()
}

#[tokio::test]
async fn a_conforming_consumer_keeps_its_token() {
    let told = drive(&[], 300, 0).await;
    assert_eq!(told, seen(&[("token", 200), ("call", 200), ("call", 200)]));
}

/// The stand-in refuses what it can see; what it cannot (a missing charset) it lets pass, for the relay to find.
#[tokio::test]
async fn each_misbehaviour_of_a_consumer_reaches_the_provider() {
    let table: &[(&str, &[(&str, u16)])] = &[
        ("calls-without-token", &[("call", 401), ("call", 401)]),
        (
            "sends-token-in-query",
            &[("token", 200), ("call", 401), ("call", 401)],
        ),
        (
            "sends-wrong-content-type",
            &[("token", 200), ("call", 400), ("call", 400)],
        ),
        (
            "sends-no-content-type",
            &[("token", 200), ("call", 400), ("call", 400)],
        ),
        (
            "sends-no-charset",
            &[("token", 200), ("call", 200), ("call", 200)],
        ),
        (
            "tries-refresh",
            &[
                ("token", 200),
                ("refresh", 400),
                ("call", 200),
                ("call", 200),
            ],
        ),
        (
            "leaves-out-required",
            &[("token", 200), ("call", 400), ("call", 400)],
        ),
        ("sends-bom", &[("token", 200), ("call", 400), ("call", 400)]),
        (
            "sends-shift-jis",
            &[("token", 200), ("call", 400), ("call", 400)],
        ),
        (
            "sends-key-twice",
            &[("token", 200), ("call", 200), ("call", 200)],
        ),
        (
            "asks-token-every-call",
            &[("token", 200), ("call", 200), ("token", 200), ("call", 200)],
        ),
    ];
    for (name, expected) in table {
        assert_eq!(drive(&[name], 300, 0).await, seen(expected), "{name}");
    }
    let twice = drive(&["reuses-assertion", "asks-token-every-call"], 300, 0).await;
    assert_eq!(
        twice,
        seen(&[("token", 200), ("call", 200), ("token", 401), ("call", 401)])
    );
    let late = drive(&["keeps-expired-token"], 1, 1500).await;
    assert_eq!(late, seen(&[("token", 200), ("call", 200), ("call", 401)]));
    let known = MISBEHAVIOURS
        .iter()
        .filter(|m| m.role == StandInRole::Consumer);
    assert_eq!(known.count(), table.len() + 2, "each is tried here");
}
