//! What explains what: one fault of the world is one finding, on the side that it lies on.

use super::http;
use crate::check::{Example, Policy, Sink};
use crate::model::CauseKind;

const GOOD: &str = "> POST /touroku\n>\n> {\"bango\":\"0001\",\"shimei\":\"架空\"}";
const SIGNED: &str =
    "> POST /touroku\n> authorization: Bearer x\n>\n> {\"bango\":\"0001\",\"shimei\":\"架空\"}";
const OK: &str = "< 200\n< content-type: application/json;charset=UTF-8\n<\n< {\"detail\":\"登録しました。\",\"result\":[{\"bango\":\"0001\",\"shimei\":null}]}";

/// Findings of an example as `code cause`.
fn found(attributes: &str, parts: &[&str]) -> Vec<String> {
    let words = attributes
        .split_whitespace()
        .filter_map(|w| w.split_once('='));
    let example = Example {
        kind: "bad".to_owned(),
        attributes: words.map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        text: parts.join("\n"),
    };
    let mut out = Sink::new(Policy::default());
    assert_eq!(http::examine(&example, &mut out), Ok(()));
    let told = |kind: CauseKind| kind.as_str();
    let findings = out.into_findings().into_iter();
    findings
        .map(|f| format!("{} {}", f.rule, told(f.cause.kind)))
        .collect()
}

#[test]
fn a_failure_of_the_way_ends_the_looking() {
    let refused = ["NET-004 config", "NET-001 environment"];
    assert_eq!(
        found("verified=false", &[GOOD, "! name_not_found x"]),
        refused
    );
    assert_eq!(
        found("variation=no-token", &[GOOD, "! timed_out x"]),
        ["NET-003 unknown"]
    );
    let half = "< 200\n< content-type: text/html\n<\n< {\"det";
    assert_eq!(
        found("", &[GOOD, half, "! closed_mid_message x"]),
        ["API-009 receiver"]
    );
    let away = "< 302\n< location: //other.example/\n< content-type: text/html\n<\n< x";
    assert_eq!(found("", &[GOOD, away]), ["NET-005 receiver"]);
    for within in ["/login", "https://api.example:8443/login", "login//x"] {
        let answer = format!("< 302\n< location: {within}\n<");
        assert_eq!(
            found("", &[GOOD, &answer]),
            ["API-001 receiver"],
            "{within}"
        );
    }
}

#[test]
fn an_outage_is_not_a_broken_contract() {
    let html = "< 503\n< content-type: text/html\n<\n< <html>busy</html>";
    assert_eq!(found("", &[GOOD, html]), ["API-001 unknown"]);
    assert_eq!(
        found("variation=no-token", &[GOOD, html]),
        ["API-001 unknown"]
    );
    let denied = "< 401\n< content-type: application/json;charset=UTF-8\n<\n< {\"detail\":\"トークンが無効です。\"}";
    assert_eq!(found("", &[SIGNED, denied]), ["API-001 config"]);
}

#[test]
fn a_body_is_judged_by_its_own_status() {
    let refused = "< 400\n< content-type: application/json;charset=UTF-8\n<\n< {\"detail\":\"誤りがあります。\"}";
    assert_eq!(
        found("", &[GOOD, refused]),
        ["API-001 receiver", "API-005 receiver"]
    );
    let teapot = "< 418\n< content-type: text/plain\n<\n< x";
    assert_eq!(found("", &[GOOD, teapot]), ["API-001 receiver"]);
    let long = GOOD.replace("0001", "00001");
    let accepted = found(
        "variation=too-long target=/bango",
        &[&long, &OK.replace("[{", "[1,{")],
    );
    assert_eq!(accepted, ["API-012 receiver", "API-005 receiver"]);
}

#[test]
fn a_negative_call_must_be_negative_for_its_reason() {
    let not_proven = ["API-015 test_data"];
    let wrong = "variation=wrong-scope scope=999:shokai:Read";
    let granted = format!("{wrong} granted=999:touroku:Create");
    assert_eq!(found(&granted, &[SIGNED, OK]), not_proven);
    assert_eq!(found(wrong, &[SIGNED, OK]), ["AUT-006 receiver"]);
    assert_eq!(found("variation=no-token", &[SIGNED, OK]), not_proven);
    assert_eq!(
        found("variation=missing-required target=/riyu", &[GOOD, OK]),
        not_proven
    );
    assert_eq!(
        found("variation=too-long target=/bango", &[GOOD, OK]),
        not_proven
    );
    let both = GOOD
        .replace("\"bango\":\"0001\",", "")
        .replace("架空", &"架".repeat(11));
    assert_eq!(
        found("variation=missing-required target=/bango", &[&both, OK]),
        not_proven
    );
    assert_eq!(found("", &["> POST /touroku\n>\n> {", OK]), not_proven);
    assert_eq!(found("", &["> POST /touroku\n>", OK]), not_proven);
}
