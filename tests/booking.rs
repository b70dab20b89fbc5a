//! renkei against a second foreign service: booking of public facilities, OpenAPI 3.1, asyncio. Each planted defect is
//! found with its rule and side; a conforming service shows nothing, not even where it answers in unusual ways.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::auth::{found, put, run};
use crate::foreign::{Service, TOOLS, World, case, packs};
use crate::harness::Bench;

const RULES: &str = "[request]\nname = { ja = \"氏名\", type = \"N\", length = 30 }\n[response]\nname = { ja = \"氏名\", type = \"N\", length = 30 }\n";

const STORY: &str = r#"
[[case]]
id = "story"
title = { ja = "予約して取り消す", en = "book and cancel" }
linkage = "L"
[case.scenario]
[[case.scenario.step]]
id = "book"
call = { api = "booking/booking", operation = "book", body = "person.json" }
capture = { number = "/number" }
[[case.scenario.step]]
id = "look"
call = { api = "booking/booking", operation = "getReservation", path = { number = "{number}" } }
expect = [{ at = "/number", equals = "{number}" }, { at = "/applicant/name", equals = "𠮷田　﨑子" }]
[[case.scenario.step]]
id = "cancel"
call = { api = "booking/booking", operation = "cancel", path = { number = "{number}" } }
expect = [{ at = "status", equals = "204" }]
"#;

const PERSON: &str = r#"{"facility":"0b6f4a52-6a0e-4c39-9d6e-2f9c2f1f0a01","slots":[{"from":"2026-12-01T09:00:00+09:00","to":"2026-12-01T12:00:00+09:00"}],"applicant":{"kind":"person","name":"𠮷田　﨑子","tel":"0312345678"},"note":"あ"}"#;

fn world(port: u16) -> tempfile::TempDir {
    let api = std::fs::read_to_string(format!("{TOOLS}/booking-api.yaml")).expect("the API");
    let one = "path = { facility = \"0b6f4a52-6a0e-4c39-9d6e-2f9c2f1f0a02\" }";
    let made = "generate = [\"examples\", \"valid\", \"invalid\"]\nmost = 300";
    let cases = [
        case(
            "list",
            "booking",
            "listFacilities",
            "query = { limit = \"3\", equipment = \"piano,net\" }\ngenerate = [\"valid\", \"invalid\"]",
        ),
        case(
            "pages",
            "booking",
            "listFacilities",
            "query = { limit = \"3\" }\npages = { next = \"/next\", items = \"/facilities\", id = \"/id\", most = 10 }",
        ),
        case("get", "booking", "getFacility", one),
        case("book", "booking", "book", "body = \"person.json\""),
        case("made", "booking", "book", made),
        case(
            "parallel",
            "booking",
            "book",
            "body = \"person.json\"\nparallel = { calls = 8, unique = \"/number\", vary = \"/note\" }",
        ),
        STORY.to_owned(),
    ];
    let world = World {
        id: "booking",
        api: &api,
        rules: RULES,
        cases: &cases.concat(),
        endpoint: &format!("url = \"http://127.0.0.1:{port}\"\n"),
    };
    let dir = world.make();
    put(dir.path(), "person.json", PERSON);
    dir
}

fn judged(args: &[&str], cases: &[&str]) -> Value {
    let service = Service::start("booking_service.py", args);
    let dir = world(service.port);
    run(dir.path(), Some(&packs(dir.path())), cases).1
}

#[test]
fn a_conforming_service_shows_nothing_however_it_answers() {
    for odd in [&[][..], &["--odd"]] {
        let result = judged(odd, &[]);
        assert_eq!(
            found(&result),
            BTreeSet::new(),
            "{odd:?} {:#}",
            result["findings"]
        );
        assert_eq!(result["verdict"], "pass", "{:#}", result["cases"]);
        let cases = result["cases"].as_array().expect("cases");
        let calls = |id: &str| {
            let case = cases.iter().find(|c| c["id"] == id).expect("the case");
            case["log"].as_array().map_or(0, Vec::len)
        };
        assert!(
            calls("list") >= 10 && calls("made") >= 30,
            "{} {}",
            calls("list"),
            calls("made")
        );
    }
}

/// Defect, case that shows it, rule, side, rules besides.
const DEFECTS: &[(&str, &str, &str, &str, &[&str])] = &[
    ("total-as-words", "pages", "API-021", "receiver", &[]),
    ("total-negative", "pages", "API-021", "receiver", &[]),
    ("total-missing", "pages", "API-007", "receiver", &[]),
    ("accepts-large-limit", "list", "API-012", "receiver", &[]),
    ("accepts-text-limit", "list", "API-012", "receiver", &[]),
    (
        "crashes-on-text-limit",
        "list",
        "API-001",
        "receiver",
        &["API-002"],
    ),
    ("accepts-any-kind", "list", "API-012", "receiver", &[]),
    ("accepts-any-day", "list", "API-012", "receiver", &[]),
    ("list-is-null", "pages", "API-005", "receiver", &[]),
    ("next-left-out", "pages", "API-005", "receiver", &[]),
    ("page-overlap", "pages", "SEQ-004", "receiver", &[]),
    ("slashed-date", "get", "API-005", "receiver", &[]),
    ("closed-left-out", "get", "API-005", "receiver", &[]),
    ("closed-empty", "pages", "API-005", "receiver", &[]),
    ("capacity-as-text", "get", "API-005", "receiver", &[]),
    ("capacity-broken", "get", "API-005", "receiver", &[]),
    ("unknown-kind", "get", "API-005", "receiver", &[]),
    ("same-room-twice", "get", "API-005", "receiver", &[]),
    ("short-uuid", "get", "API-005", "receiver", &[]),
    ("internal-field", "get", "API-005", "receiver", &[]),
    ("no-etag", "get", "API-007", "receiver", &[]),
    ("bare-etag", "get", "API-021", "receiver", &[]),
    ("text-media-type", "get", "API-003", "receiver", &[]),
    ("utf-16", "get", "API-004", "receiver", &[]),
    ("half-a-character", "get", "API-004", "receiver", &[]),
    ("trailing-comma", "get", "API-004", "receiver", &[]),
    ("not-a-number", "get", "API-004", "receiver", &["API-010"]),
    ("key-twice", "get", "API-010", "receiver", &["API-005"]),
    ("gzip-lie", "get", "API-004", "receiver", &[]),
    ("plain-200", "book", "API-002", "receiver", &[]),
    ("no-location", "book", "API-007", "receiver", &[]),
    ("time-without-zone", "book", "API-005", "receiver", &[]),
    ("neither-applicant", "book", "API-005", "receiver", &[]),
    ("number-in-other-form", "book", "API-005", "receiver", &[]),
    ("garbles-name", "book", "API-019", "receiver", &["API-018"]),
    (
        "accepts-any-time",
        "made",
        "API-012",
        "receiver",
        &["API-005"],
    ),
    ("accepts-long-note", "made", "API-012", "receiver", &[]),
    (
        "accepts-any-fee",
        "made",
        "API-012",
        "receiver",
        &["API-005"],
    ),
    ("accepts-no-facility", "made", "API-012", "receiver", &[]),
    ("takes-any-media-type", "made", "API-016", "receiver", &[]),
    (
        "undocumented-refusal",
        "made",
        "API-002",
        "receiver",
        &["API-001"],
    ),
    ("problem-without-title", "made", "API-005", "receiver", &[]),
    ("problem-as-html", "made", "API-003", "receiver", &[]),
    ("same-number-twice", "parallel", "SEQ-001", "receiver", &[]),
];

#[test]
fn each_planted_defect_is_found_with_its_rule_and_side() {
    let mut wrong = Vec::new();
    for (defect, case, rule, side, also) in DEFECTS {
        let result = judged(&["--defect", defect], &[case]);
        let found = found(&result);
        let expected = ((*rule).to_owned(), (*side).to_owned());
        let stray = |f: &&(String, String)| **f != expected && !also.contains(&f.0.as_str());
        let others = found.iter().any(|f| stray(&f));
        if !found.contains(&expected) || others || result["verdict"] == "tool_error" {
            wrong.push(format!(
                "{defect}: {expected:?}, found {found:?}, {}",
                result["verdict"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What others wrote down becomes cases of a plan: the examples of an OpenAPI document, and a HAR of an earlier run.
#[test]
fn imported_calls_become_cases_of_a_plan() {
    let service = Service::start("booking_service.py", &[]);
    let dir = world(service.port);
    let bench = Bench::new();
    let folder = |args: &[&str]| {
        let called = bench.renkei(args).expect_code(0);
        let folder = called.stdout.lines().last().unwrap_or_default().to_owned();
        assert!(bench.path().join(&folder).is_dir(), "{}", called.stdout);
        bench.path().join(folder).display().to_string()
    };
    let api = format!("{TOOLS}/booking-api.yaml");
    let examples = folder(&["replay", "import", &api, "--out", "imported"]);
    let (_, first) = run(dir.path(), Some(&packs(dir.path())), &["book", "made"]);
    let bundle = dir
        .path()
        .join("runs")
        .join(first["run"]["id"].as_str().unwrap_or_default());
    let (bundle, har) = (bundle.display().to_string(), "x.har");
    bench
        .renkei(&["export", &bundle, "--out", har, "--with-bodies"])
        .expect_code(0);
    let har = folder(&["replay", "import", har, "--out", "imported"]);
    for (recorded, least) in [(examples, 2), (har, 10)] {
        let plan = std::fs::read_to_string(dir.path().join("plan.toml")).expect("a plan");
        let more = case(
            "again",
            "booking",
            "book",
            &format!("body = \"person.json\"\nrecorded = \"{recorded}\""),
        );
        let plan = plan
            .split("[[case]]\nid = \"again\"")
            .next()
            .unwrap_or_default()
            .to_owned();
        put(dir.path(), "plan.toml", &format!("{plan}{more}"));
        let (_, result) = run(dir.path(), Some(&packs(dir.path())), &["again"]);
        assert_eq!(found(&result), BTreeSet::new(), "{:#}", result["findings"]);
        let cases = result["cases"].as_array().expect("cases");
        let again = cases.iter().find(|c| c["id"] == "again").expect("the case");
        let calls = again["log"].as_array().map_or(0, Vec::len);
        assert!(
            again["verdict"] == "pass" && calls >= least,
            "{recorded} {calls} {again:#}"
        );
    }
}
