//! For each item that a call or a token shows: one that deviates from its agreement in that item only.

use super::tests::{Kept, exchange, http, judged, setup, told};
use crate::plan::Setup;
use crate::record::{Blob, Header, ResultDocument, TokenFacts, Transfer};

fn scope_of(setup: &Setup) -> Option<String> {
    let (_, api) = setup.api("jutogai-fuban-api/fuban")?;
    api.scope("jutogaishaatenabangofuban").map(str::to_owned)
}

/// What came back for a token request of the good consumer.
fn token_facts() -> TokenFacts {
    TokenFacts {
        token_type: Some("Bearer".into()),
        expires_in: Some(300),
        token_digest: Some("0".into()),
        secret_chars: Some(40),
        assertion_alg: Some("HS256".into()),
        ..TokenFacts::default()
    }
}

/// Judges a token call alone, as when the answer to the call itself was fine and shows nothing more.
fn of_token(
    agreed: &[(&str, &str)],
    form: &str,
    (tls, version): (&str, &str),
    facts: TokenFacts,
) -> (Vec<(String, String)>, ResultDocument) {
    let setup = setup(agreed);
    let facts = TokenFacts {
        scope: scope_of(&setup),
        ..facts
    };
    let transfer = Transfer::Http(Box::new(http(form, tls, version, Some(facts))));
    let kept = Kept([("r".to_owned(), form.as_bytes().to_vec())].into());
    let document = judged(
        &setup,
        "C-2",
        vec![exchange("C-2", "token", transfer)],
        kept,
    );
    (told(&document), document)
}

/// Judges a call with the body of the consumer and the answer of the provider.
fn of_call(agreed: &[(&str, &str)], body: &str, took_ms: u64) -> Vec<(String, String)> {
    let setup = setup(agreed);
    let answer = ANSWER.to_owned();
    let mut transfer = http("x", "TLSv1.2", "HTTP/1.1", None);
    transfer.request.url = "https://h/api/app_submit/v10/jutogaishaatenabangofuban".into();
    let blob = |key: &str, bytes: &str| Blob {
        sha256: key.into(),
        bytes: bytes.len() as u64,
    };
    let header = |name: &str, value: &str| Header {
        name: name.into(),
        value: value.into(),
    };
    transfer.request.body = Some(blob("b", body));
    transfer.request.headers = vec![
        header("content-type", "application/json"),
        header("authorization", "Bearer sha256:0"),
    ];
    if let Some(response) = &mut transfer.response {
        response.body = Some(blob("a", &answer));
        response.headers = vec![header("content-type", "application/json;charset=UTF-8")];
    }
    let kept = [("b", body.to_owned()), ("a", answer)];
    let kept = Kept(kept.map(|(k, v)| (k.to_owned(), v.into_bytes())).into());
    let mut call = exchange("C-2", "call", Transfer::Http(Box::new(transfer)));
    call.duration_ms = took_ms;
    told(&judged(&setup, "C-2", vec![call], kept))
}

const ANSWER: &str = r#"{"metadata":{"title":"住登外者宛名番号付番","detail":"登録が完了しました。"},
"_links":{"self":{"href":"app_submit/v10/jutogaishaatenabangofuban"}},"result":[{"shikuchosonkodo":"131016",
"atenabango":"202600000010005","rirekibango":1,"sosashaid":"OP00000001","sosanengappi":"2026-11-02","sosajikoku":"09:00:00"}]}"#;

/// Every item of the request, as the consumer of these tests writes it.
fn body(setup: &Setup, none: &str) -> serde_json::Value {
    let (_, api) = setup.api("jutogai-fuban-api/fuban").expect("it is there");
    let given = [
        ("shorikubun", "0"),
        ("shikuchosonkodo", "131016"),
        ("nayosemotofuragu", "0"),
        ("tagyomusanshofukafuragu", "0"),
        ("sosashaid", "OP00000001"),
        ("sosanengappi", "2026-11-02"),
        ("sosajikoku", "09:00:00"),
        ("seinengappi", "1980-04-01"),
        ("shimei", "見本　花子"),
    ];
    let mut body = serde_json::Map::new();
    for name in api.rules.request.keys() {
        let value = given.iter().find(|(given, _)| given == name);
        match (value, none) {
            (Some((_, value)), _) => drop(body.insert(name.clone(), (*value).into())),
            (None, "null") => drop(body.insert(name.clone(), serde_json::Value::Null)),
            (None, "empty") => drop(body.insert(name.clone(), "".into())),
            _ => {}
        }
    }
    body.into()
}

#[test]
fn each_item_of_a_body_that_deviates_is_found_and_nothing_else() {
    let any = setup(&[]);
    let null = body(&any, "null");
    let with = |key: &str, value: &str| {
        let mut body = null.clone();
        body[key] = value.into();
        body
    };
    let (absent, day) = (body(&any, "absent"), with("seinengappi", "19800401"));
    let partial = with("seinengappi", "1980-00-00");
    let zeros = with("seinengappi", "0000-00-00");
    let short = with("sosajikoku", "09:00");
    let quick = 20;
    let base = "https://h/api";
    let rows = [
        ("F25", "null", &null, &absent, quick, ""),
        ("F25", "absent", &absent, &null, quick, ""),
        ("F18", "yyyy-mm-dd", &null, &day, quick, ""),
        ("F19", "partial", &partial, &zeros, quick, ""),
        ("F19", "0000-00-00", &zeros, &partial, quick, ""),
        ("F21", "hh:mm:ss", &null, &short, quick, ""),
        ("T03", base, &null, &null, quick, "https://elsewhere/api"),
        ("X12", "30", &null, &null, 31_000, ""),
    ];
    let mut wrong = Vec::new();
    for (item, value, good, bad, took_ms, other) in rows {
        let as_agreed = of_call(&[(item, value)], &good.to_string(), quick);
        let other = if other.is_empty() { value } else { other };
        let mut deviating = of_call(&[(item, other)], &bad.to_string(), took_ms);
        deviating.dedup();
        let items: Vec<&str> = deviating.iter().map(|(_, item)| item.as_str()).collect();
        if !as_agreed.is_empty() || items != [item] {
            wrong.push(format!("{item} {value}: {as_agreed:?} / {deviating:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_item_of_a_call_that_deviates_is_found_and_nothing_else() {
    let jwt = "grant_type=client_credentials&client_assertion=sha256:0";
    let other = "031:app_submit/v10/jutogaishaatenakihonjohosyokai:Create";
    let usual = token_facts;
    let lifetime = |seconds: i64| TokenFacts {
        expires_in: Some(seconds),
        ..usual()
    };
    let rs256 = TokenFacts {
        assertion_alg: Some("RS256".into()),
        ..usual()
    };
    let refreshed = TokenFacts {
        refresh_token: true,
        ..usual()
    };
    let rows = [
        ("T09", "1.3", jwt, usual(), "AGR-007"),
        ("T10", "2", jwt, usual(), "AGR-007"),
        ("A01", "client_secret_basic", jwt, usual(), "AGR-007"),
        ("A01", "client_secret_jwt", "", usual(), "AGR-007"),
        (
            "A02",
            "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB1",
            jwt,
            usual(),
            "AGR-007",
        ),
        ("A03", "64文字、毎年更新", jwt, usual(), "AGR-007"),
        ("A03", "48文字以上", jwt, usual(), "AGR-007"),
        ("A04", "HS256", jwt, rs256, "AGR-007"),
        ("A06", other, jwt, usual(), "AGR-007"),
        ("A07", "300", jwt, lifetime(60), "AGR-007"),
        ("A07", "300", jwt, lifetime(600), "AUT-002"),
        ("A09", "yes", jwt, refreshed, "AUT-003"),
    ];
    for (item, value, form, facts, rule) in rows {
        let (told, _) = of_token(&[(item, value)], form, ("TLSv1.2", "HTTP/1.1"), facts);
        assert_eq!(told, [(rule.to_owned(), item.to_owned())], "{item} {value}");
    }
    let agreed = [
        ("T09", "1.2"),
        ("T10", "1.1"),
        ("A01", "client_secret_jwt"),
        ("A02", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1"),
        ("A03", "40文字、毎年更新"),
        ("A07", "300"),
    ];
    let (told, document) = of_token(&agreed, jwt, ("TLSv1.2", "HTTP/1.1"), lifetime(298));
    assert_eq!(told, []);
    for (id, value) in [
        ("T09", "1.2"),
        ("T10", "1.1"),
        ("A01", "client_secret_jwt"),
        ("A03", "40文字"),
        ("A04", "HS256"),
        ("A07", "298"),
        ("A09", "yes"),
    ] {
        let row = document
            .agreement
            .iter()
            .find(|r| r.id == id && r.linkage == "M");
        assert!(row.is_some_and(|r| r.observed == value), "{id}: {row:?}");
    }
}
