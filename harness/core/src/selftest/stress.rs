//! Bodies nobody would send: judging them never panics, ends in time, and shows no value.

use proptest::prelude::*;

use super::http;
use crate::check::{Example, Page, Policy, Sink};
use crate::model::Finding;

fn judge(text: String, attributes: &[(&str, &str)]) -> Vec<Finding> {
    let example = Example {
        kind: "bad".to_owned(),
        attributes: attributes
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect(),
        text,
    };
    let mut out = Sink::new(Policy::default());
    assert_eq!(http::examine(&example, &mut out), Ok(()));
    out.into_findings()
}

fn call(status: u16, body: &str) -> Vec<Finding> {
    let request = "> POST /touroku\n>\n> {\"bango\":\"0001\",\"shimei\":\"架空\"}";
    let head = format!("< {status}\n< content-type: application/json;charset=UTF-8\n<");
    judge(format!("{request}\n{head}\n< {body}"), &[])
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|f| f.rule.as_str()).collect()
}

#[test]
fn bombs_have_one_finding() {
    assert_eq!(codes(&call(200, &"[".repeat(1_000_000))), ["API-013"]);
    assert_eq!(codes(&call(200, &"{\"a\":".repeat(100_000))), ["API-013"]);
    let long = format!("{{\"detail\":\"{}\",\"result\":[]}}", "あ".repeat(400_000));
    let found = call(200, &long);
    assert_eq!(codes(&found), ["API-005", "API-006"]); // result is empty, detail is not the fixed wording
    let shown = serde_json::to_string(&found).expect("findings are JSON");
    assert!(shown.len() < 5_000, "{} bytes", shown.len());
}

#[test]
fn many_bad_elements_are_one_finding_with_an_exact_count() {
    let element = "{\"bango\":\"12345\",\"shimei\":\"架空\"}";
    let body = format!(
        "{{\"detail\":\"登録しました。\",\"result\":[{}]}}",
        vec![element; 5_000].join(",")
    );
    let found = call(200, &body);
    assert_eq!(codes(&found), ["API-005"]);
    let first = found.first().expect("there is one");
    assert_eq!((first.count, first.samples.len()), (5_000, 20));
}

#[test]
fn a_flood_of_names_is_one_finding() {
    let members: Vec<String> = (0..3_000)
        .map(|n| format!("\"x{n}\":1,\"x{n}\":2"))
        .collect();
    let body = format!(
        "{{\"detail\":\"登録しました。\",\"result\":[{{\"bango\":\"1\",\"shimei\":null}}],{}}}",
        members.join(",")
    );
    let found = call(200, &body);
    let seen: Vec<_> = found.iter().map(|f| (f.rule.as_str(), f.count)).collect();
    assert_eq!(seen, [("API-010", 3_000), ("API-011", 3_000)]);
    let name = "n".repeat(1_000_000);
    let long = call(200, &body.replace("x17\"", &format!("{name}\"")));
    let shown = serde_json::to_string(&long).expect("findings are JSON");
    assert!(shown.len() < 50_000, "{} bytes", shown.len());
}

#[test]
fn values_are_never_shown() {
    // A planted value in every place that a response has: no finding may hold it.
    let canary = "カナリア甲乙丙";
    let bodies = [
        format!(
            "{{\"detail\":\"{canary}\",\"result\":[{{\"bango\":\"{canary}\",\"shimei\":[\"{canary}\"]}}]}}"
        ),
        format!("{{\"detail\":\"登録しました。\",\"result\":\"{canary}\",\"x\":\"{canary}\"}}"),
        format!(
            "{{\"detail\":\"誤りがあります。\",\"errors\":[{{\"code\":\"{canary}\",\"message\":\"{canary}\"}}]}}"
        ),
        format!(
            "{{\"detail\":{{\"a\":\"{canary}\"}},\"detail\":\"{canary}\",\"result\":[{{\"bango\":\"1\",\"bango\":\"{canary}\"}}]}}"
        ),
        format!("\"{canary}"),
    ];
    for body in bodies {
        for status in [200, 400, 401, 418] {
            let found = call(status, &body);
            assert!(!found.is_empty(), "{status} {body}");
            let shown = serde_json::to_string(&found).expect("findings are JSON");
            assert!(!shown.contains("カナリア"), "{status}: {shown}");
        }
    }
}

#[test]
fn a_wrong_body_of_the_request_shows_nothing_either() {
    let text = "> POST /touroku\n>\n> {\"bango\":\"カナリア甲乙丙\",\"shimei\":7}\n< 400\n<\n< {}";
    let found = judge(text.to_owned(), &[]);
    assert_eq!(codes(&found), ["API-015"]);
    assert!(
        !serde_json::to_string(&found)
            .expect("findings are JSON")
            .contains("カナリア")
    );
}

proptest! {
    #[test]
    fn any_body_is_judged(
        bytes in proptest::collection::vec(any::<u8>(), 0..120),
        status in prop::sample::select(vec![200u16, 201, 204, 302, 400, 401, 403, 500, 503]),
        variation in prop::sample::select(vec!["none", "no-token", "wrong-scope", "too-long", "missing-required"]),
    ) {
        let body: String = bytes.iter().map(|b| format!("\\x{b:02x}")).collect();
        let text = format!("> POST /touroku\n>\n> {body}\n< {status}\n< content-type: application/json\n<\n< {body}");
        judge(text, &[("variation", variation), ("target", "/bango")]);
    }

    #[test]
    fn mutated_json_is_judged(at in 0usize..120, insert in r#"[{}\[\]",:0-9a-z\\]{0,6}"#) {
        let good = r#"{"detail":"ok","result":[{"bango":"0001","shimei":null,"hi":"2026-11-20"}],"x":[1,{"y":2}]}"#;
        let cut = at.min(good.len());
        let text = format!("{}{insert}{}", &good[..cut], &good[cut..]);
        call(200, &text);
    }

    #[test]
    fn any_page_is_refused_or_read(text in "(?s).{0,200}") {
        let _ = Page::parse(&format!("+++\n{text}\n+++\n{text}"));
    }
}
