//! For each item that an exchange shows: one exchange that deviates from its agreement in that item only.

use std::collections::BTreeMap;
use std::io::{self, Read};

use crate::judge::{Evidence, Judge, RunHistory};
use crate::mask::Mask;
use crate::model::Problems;
use crate::plan::{Inputs, Setup};
use crate::record::{
    Blob, Event, Exchange, FileTransfer, Header, HttpRequest, HttpResponse, HttpTransfer,
    ResultDocument, Stamped, TlsFacts, TokenFacts, Transfer,
};
use crate::scan::InMemory;
use crate::spec::{Date, Files};

pub(super) struct Kept(pub(super) BTreeMap<String, Vec<u8>>);

impl Evidence for Kept {
    fn open(&self, blob: &Blob) -> io::Result<Box<dyn Read + Send + '_>> {
        let bytes = self.0.get(&blob.sha256).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(bytes.as_slice()))
    }
}

#[expect(clippy::disallowed_methods, reason = "a test reads the bundled packs")]
fn specs() -> Files {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs");
    let mut files = Files::default();
    let mut folders = vec![
        "linkage-items".to_owned(),
        "jutogai-fuban-api".to_owned(),
        "common-codes".to_owned(),
        "api-auth".to_owned(),
    ];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(format!("{root}/{folder}")).expect("the packs are there") {
            let entry = entry.expect("readable");
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(path);
            } else {
                files.insert(path, std::fs::read(entry.path()).expect("readable"));
            }
        }
    }
    files.insert("seen/1/pack.toml", PACK);
    files.insert("seen/1/layouts/l/layout.toml", LAYOUT);
    files.insert("seen/1/layouts/l/fields.csv", FIELDS);
    for (id, layout, fields) in super::deviation_tests::LAYOUTS {
        files.insert(format!("seen/1/layouts/{id}/layout.toml"), *layout);
        files.insert(format!("seen/1/layouts/{id}/fields.csv"), *fields);
    }
    files
}

const PACK: &str = r#"id = "seen"
version = "1"
title = { ja = "試験", en = "test" }
document = { ja = "試験", en = "test" }
document_version = "1"
document_date = "2026-01"
source = "renkei"
licence = "MIT"
fidelity = "illustrative"
deprecated = false
"#;

const LAYOUT: &str = r#"id = "l"
title = { ja = "様式", en = "layout" }
form = "delimited"
[file]
encoding = "utf-8"
newline = "crlf"
"#;

const FIELDS: &str = "no,name,roman,type,length,output,unknown_date,pk,sensitive
1,番号,no,X,4,required,,1,
2,氏名,name,N,20,required,,,name
3,生年月日,born,DATE,10,required,allow,,
4,終了日,until,DATE,10,optional,,,
5,金額,amount,S9,8,optional,,,
6,率,rate,9V,\"2,2\",optional,,,
7,時刻,at,TIME,8,optional,,,
8,備考,note,X,20,optional,,,
";

const GOOD: &str = "0001,阿部　花子,1980-04-01,9999-12-31,-12,1.25,09:00:00,a\"\"b\r\n\
                    0002,伊藤　次郎,1980-04-01,2026-04-01,,,,\r\n";

fn answers(of: &[(&str, &str)]) -> String {
    let one = |(item, value): &(&str, &str)| {
        format!("[[answer]]\nitem = \"{item}\"\nvalues = ['{value}']\n")
    };
    of.iter().map(one).collect()
}

fn setup(agreed: &[(&str, &str)]) -> Setup {
    setup_of(agreed, "layout = \"seen/l\"")
}

/// With other lines than that of the layout in the file case.
pub(super) fn setup_of(agreed: &[(&str, &str)], file: &str) -> Setup {
    let profile = format!(
        "schema = \"renkei.profile/v1\"\nname = {{ ja = \"社\", en = \"v\" }}\n\
         system = {{ kind = \"standard\", product = \"p\", version = \"1\" }}\n\
         [clients.main]\nauth = \"client_secret_jwt\"\nclient_id = \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1\"\nsecret = {{ file = \"s\" }}\n{}",
        answers(agreed)
    );
    let plan = r#"
schema = "renkei.plan/v1"
title = { ja = "試", en = "t" }
data_class = "fictional"
packs = ["seen@1", "jutogai-fuban-api@2.0"]
agreement_items = ["linkage-items@1"]
party = [{ id = "a", profile = "a.toml" }, { id = "b", profile = "b.toml" }]
[[linkage]]
id = "L"
title = { ja = "連", en = "l" }
from = "a"
to = "b"
[[linkage]]
id = "M"
title = { ja = "連", en = "l" }
from = "a"
to = "b"
[[case]]
id = "C-1"
title = { ja = "ファイル", en = "file" }
linkage = "L"
[case.file]
layout = "seen/l"
outbox = "o"
name = "f_001.csv"
[[case]]
id = "C-2"
title = { ja = "呼出し", en = "call" }
linkage = "M"
[case.api]
api = "jutogai-fuban-api/fuban"
operation = "jutogaishaatenabangofuban"
body = "b.json"
"#;
    let plan = plan.replace("layout = \"seen/l\"", file);
    let inputs = Inputs {
        plan: ("plan.toml".into(), plan.into_bytes()),
        profiles: [("a", "a.toml"), ("b", "b.toml")]
            .map(|(id, file)| {
                (
                    id.to_owned(),
                    (file.to_owned(), profile.clone().into_bytes()),
                )
            })
            .into(),
        packs: specs(),
        agreements: Vec::new(),
    };
    let mut problems = Problems::new();
    let setup = Setup::load(&inputs, &mut problems);
    setup.unwrap_or_else(|| panic!("{problems:?}"))
}

pub(super) fn exchange(case: &str, step: &str, transfer: Transfer) -> Exchange {
    Exchange {
        log: "LOG-0001".into(),
        case: case.into(),
        step: step.into(),
        from: "a".into(),
        to: "b".into(),
        at: "2026-11-23T00:00:00Z".into(),
        duration_ms: 20,
        transfer,
    }
}

pub(super) fn judged(
    setup: &Setup,
    case: &str,
    exchanges: Vec<Exchange>,
    kept: Kept,
) -> ResultDocument {
    let mut events = vec![Event::CaseStarted { case: case.into() }];
    events.extend(exchanges.into_iter().map(|e| Event::Exchanged(Box::new(e))));
    events.push(Event::CaseEnded {
        case: case.into(),
        not_run: None,
        tool_error: None,
    });
    let stamped: Vec<Stamped> = events
        .into_iter()
        .zip(1..)
        .map(|(event, seq)| Stamped {
            seq,
            at: "2026-11-23T00:00:00Z".into(),
            event,
        })
        .collect();
    let judge = Judge {
        setup,
        evidence: &kept,
        scratch: &InMemory,
        mask: Mask::default(),
        as_of: Date::parse("2026-11-23").expect("a day"),
        threads: 1,
    };
    judge.document(&RunHistory::fold(&stamped), &mut |case, history| {
        judge.case(case, history)
    })
}

/// Judges a file under an agreement; rules with the items they name, of the findings that an exchange gave.
fn of_file(agreed: &[(&str, &str)], bytes: &[u8]) -> (Vec<(String, String)>, ResultDocument) {
    let setup = setup(agreed);
    let file = FileTransfer {
        name: "f_001.csv".into(),
        place: "o".into(),
        content: Some(Blob {
            sha256: "f".into(),
            bytes: bytes.len() as u64,
        }),
        fault: None,
        changed: None,
        beside: None,
    };
    let kept = Kept([("f".to_owned(), bytes.to_vec())].into());
    let fetch = exchange("C-1", "fetch", Transfer::File(file));
    let document = judged(&setup, "C-1", vec![fetch], kept);
    (told(&document), document)
}

pub(super) fn told(document: &ResultDocument) -> Vec<(String, String)> {
    let findings = document.findings.iter().filter(|f| !f.case.is_empty());
    findings
        .map(|f| {
            let named = f
                .requirements
                .iter()
                .filter_map(|r| r.strip_prefix("agreement#"));
            let items: Vec<&str> = named.chain(f.location.item.as_deref()).collect();
            (f.rule.clone(), items.join(" "))
        })
        .collect()
}

/// Item, what was agreed, what the good file holds and what the deviating one holds instead, the rule that tells.
const FILE: &[(&str, &str, &str, &str, &str)] = &[
    ("F12", "empty", ",,,,\r\n", ",,,,  \r\n", "AGR-007"),
    ("F12", "empty", ",,,,\r\n", ",,,,\"\"\r\n", "AGR-007"),
    ("F16", "zoned", "", "", "VAL-005"),
    ("F17", "point", "1.25", "1250", "VAL-003"),
    ("F17", "implied", "", "", "VAL-005"),
    ("F18", "yyyy-mm-dd", "2026-04-01", "20260401", "VAL-006"),
    (
        "F19",
        "partial",
        "0002,伊藤　次郎,1980-04-01",
        "0002,伊藤　次郎,0000-00-00",
        "AGR-007",
    ),
    ("F21", "hh:mm:ss", "09:00:00", "09:00", "AGR-007"),
    (
        "F24",
        "full-width-space",
        "阿部　花子",
        "阿部 花子",
        "VAL-004",
    ),
    ("F24", "half-width-space", "", "", "AGR-007"),
    ("F08", "forbidden", "a\"\"b", "\"a\"\"b\"", "AGR-007"),
    ("X04", "g_{seq:9(3)}.csv", "", "", "FIL-001"),
];

#[test]
fn each_item_of_a_file_that_deviates_is_found_and_nothing_else() {
    for (item, value, good, bad, rule) in FILE {
        let plain = GOOD.replace("a\"\"b", "ab");
        let base = if *item == "F08" {
            plain.replace("ab", "\"a\"\"b\"")
        } else {
            plain.clone()
        };
        let text = if good.is_empty() || *item == "F08" {
            base
        } else {
            plain.replacen(good, bad, 1)
        };
        let (told, _) = of_file(&[(item, value)], text.as_bytes());
        assert_eq!(
            told,
            [((*rule).to_owned(), (*item).to_owned())],
            "{item} {value}"
        );
    }
}

#[test]
fn a_file_as_agreed_shows_its_items_and_gives_nothing() {
    let agreed = [
        ("F12", "empty"),
        ("F16", "leading-minus"),
        ("F17", "point"),
        ("F18", "yyyy-mm-dd"),
        ("F19", "partial"),
        ("F21", "hh:mm:ss"),
        ("F24", "full-width-space"),
        ("X08", "none"),
        ("X04", "f_{seq:9(3)}.csv"),
        ("F14", "chars"),
    ];
    let (told, document) = of_file(&agreed, GOOD.replace("a\"\"b", "ab").as_bytes());
    assert_eq!(told, []);
    let shown = |id: &str| {
        let row = document
            .agreement
            .iter()
            .find(|r| r.id == id && r.linkage == "L");
        let row = row.unwrap_or_else(|| panic!("{id} is asked"));
        (row.observed.clone(), row.not_observed.en.clone())
    };
    let wanted = [
        ("F12", "empty"),
        ("F16", "leading-minus"),
        ("F17", "point"),
        ("F18", "yyyy-mm-dd"),
        ("F20", "0000-01-01/9999-12-31"),
        ("F21", "hh:mm:ss"),
        ("F24", "full-width-space"),
        ("X04", "f_001.csv"),
        ("X08", "none"),
        ("F01", "utf-8"),
        ("F03", "crlf"),
        ("C01", "cp932-no-ext"),
        ("F13", "standard"),
    ];
    for (id, value) in wanted {
        assert_eq!(shown(id), (value.to_owned(), String::new()), "{id}");
    }
    for (id, why) in [
        ("F14", "the data exchanged held nothing that shows it"),
        ("F19", "the data exchanged held nothing that shows it"),
        (
            "X10",
            "answered in free text; a record of exchanges cannot be compared with it",
        ),
    ] {
        assert_eq!(shown(id), (String::new(), why.to_owned()), "{id}");
    }
    let other = document
        .agreement
        .iter()
        .find(|r| r.id == "X12" && r.linkage == "M");
    assert!(other.is_some_and(|r| r.not_observed.en == "no exchange of this kind was made"));
}

#[test]
fn a_compressed_file_is_told_as_one_fact() {
    let (told, _) = of_file(
        &[("X08", "none")],
        b"\x1F\x8B\x08\0\0\0\0\0\0\x03\x4B\x04\0",
    );
    assert_eq!(told, [("AGR-007".to_owned(), "X08".to_owned())]);
}

pub(super) fn http(
    form: &str,
    tls: &str,
    version: &str,
    token: Option<TokenFacts>,
) -> HttpTransfer {
    let header = |name: &str, value: &str| Header {
        name: name.into(),
        value: value.into(),
    };
    HttpTransfer {
        request: HttpRequest {
            method: "POST".into(),
            url: "https://h/token".into(),
            headers: if form.is_empty() {
                vec![header("authorization", "Basic sha256:0")]
            } else {
                Vec::new()
            },
            body: Some(Blob {
                sha256: "r".into(),
                bytes: form.len() as u64,
            }),
        },
        response: Some(HttpResponse {
            status: 200,
            version: version.into(),
            headers: vec![header("content-type", "application/json")],
            body: None,
            truncated: false,
        }),
        fault: None,
        tls: Some(TlsFacts {
            version: tls.into(),
            certificate_sha256: String::new(),
            verified: true,
        }),
        token,
        wire: None,
        timing: None,
    }
}

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
