use std::collections::BTreeSet;

use super::*;
use crate::model::Problems;
use crate::observe::Json;
use crate::spec::ApiFiles;

const API: &str = "openapi: 3.0.3
info: { title: t, version: '1' }
paths:
  /a:
    post:
      operationId: a
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/S' } } }
      responses: { 200: { description: d } }
components:
  schemas:
    S:
      type: object
      additionalProperties: false
      required: [code, name, kind]
      properties:
        code: { type: string, pattern: '^[0-9]+$', minLength: 2, maxLength: 6 }
        name: { type: string, maxLength: 10 }
        kind: { type: string, enum: ['0', '1', '2'] }
        memo: { type: string, maxLength: 5, nullable: true }
        born: { type: string, format: date }
        n: { type: integer, minimum: 1, maximum: 9 }
        inner: { type: object, required: [x], properties: { x: { type: boolean } } }
";
const RULES: &str = "[request]\nname = { ja = '氏名', type = 'N', repertoire = 'cp932' }\n[[correlation]]\nwhen = \"kind = 2\"\nrequire = 'memo'\n";
const BODY: &str = r#"{"code":"131016","name":"架空　太郎","kind":"0","memo":null,"born":"2026-04-01","n":3,"inner":{"x":true}}"#;

fn api() -> Api {
    loaded(API, RULES)
}

fn loaded(openapi: &str, rules: &str) -> Api {
    let mut problems = Problems::new();
    let files = ApiFiles {
        openapi: ("o.yaml", openapi.as_bytes()),
        rules: ("api.toml", rules.as_bytes()),
    };
    Api::load(files, &mut problems).unwrap_or_else(|| panic!("{problems:?}"))
}

fn case(generate: &[Group]) -> ApiCase {
    ApiCase {
        api: "p/a".into(),
        operation: "a".into(),
        generate: generate.to_vec(),
        most: 1000,
        ..ApiCase::default()
    }
}

fn calls(generate: &[Group]) -> Vec<Made> {
    made(&api(), &case(generate), Some(BODY.as_bytes())).unwrap_or_else(|e| panic!("{e:?}"))
}

#[test]
fn valid_calls_stand_at_every_border_and_fit() {
    let api = api();
    let schema = api.operations["a"].request_schema().expect("a schema");
    let calls = calls(&[Group::Valid]);
    let notes: BTreeSet<(&str, &str)> = calls
        .iter()
        .map(|c| (c.target.as_str(), c.note.as_str()))
        .collect();
    for border in [
        ("/code", "minLength 2"),
        ("/name", "maxLength 10"),
        ("/name", "full-width edges"),
        ("/kind", "enum"),
        ("/memo", "absent"),
        ("/n", "minimum 1"),
        ("/n", "maximum 9"),
        ("/inner", "absent"),
    ] {
        assert!(notes.contains(&border), "{border:?} in {notes:?}");
    }
    for call in &calls {
        let body = Json::read(call.body.as_deref().unwrap_or_default()).expect("JSON");
        assert!(faults(schema, &body.value).is_empty(), "{}", body.value);
        assert_ne!(body.value["kind"], "2", "kind 2 needs memo");
        assert!(
            !body.value["name"].as_str().unwrap_or("").contains('𠮷'),
            "not in cp932"
        );
    }
}

#[test]
fn every_defect_is_the_only_one_and_at_its_place() {
    let api = api();
    let schema = api.operations["a"].request_schema().expect("a schema");
    let calls = calls(&[Group::Invalid]);
    let made: BTreeSet<(Variation, &str)> = calls
        .iter()
        .map(|c| (c.variation, c.target.as_str()))
        .collect();
    for (variation, target) in [
        (Variation::MissingRequired, "/code"),
        (Variation::TooLong, "/name"),
        (Variation::TooShort, "/code"),
        (Variation::NullForbidden, "/name"),
        (Variation::WrongType, "/n"),
        (Variation::NotInList, "/kind"),
        (Variation::PatternBroken, "/code"),
        (Variation::FormatBroken, "/born"),
        (Variation::TooLarge, "/n"),
        (Variation::TooSmall, "/n"),
        (Variation::MissingRequired, "/inner/x"),
        (Variation::ExtraProperty, "/x_renkei_extra"),
        (Variation::WrongContentType, ""),
        (Variation::BrokenJson, ""),
        (Variation::DuplicateKey, ""),
        (Variation::InvalidUtf8, ""),
    ] {
        assert!(
            made.contains(&(variation, target)),
            "{variation:?} {target} in {made:?}"
        );
    }
    assert!(
        !made.contains(&(Variation::NullForbidden, "/memo")),
        "null is allowed there"
    );
    for call in calls.iter().filter(|c| !c.variation.keywords().is_empty()) {
        let body = Json::read(call.body.as_deref().unwrap_or_default()).expect("JSON");
        let places: BTreeSet<String> = faults(schema, &body.value)
            .into_iter()
            .map(|(at, _)| at)
            .collect();
        assert_eq!(
            places,
            BTreeSet::from([call.target.clone()]),
            "{:?} {}",
            call.variation,
            body.value
        );
    }
}

const EITHER: &str = "openapi: 3.0.3
info: { title: t, version: '1' }
paths:
  /a:
    post:
      operationId: a
      requestBody:
        content:
          application/json:
            schema:
              oneOf:
                - { $ref: '#/components/schemas/Person' }
                - { $ref: '#/components/schemas/Firm' }
      responses: { 200: { description: d } }
components:
  schemas:
    Person:
      type: object
      required: [kind, no]
      properties: { kind: { type: string, enum: [person] }, no: { type: integer, minimum: 1 } }
    Firm:
      type: object
      required: [kind, no, name]
      properties:
        kind: { type: string, enum: [firm] }
        no: { type: string, maxLength: 3 }
        name: { anyOf: [{ type: string, maxLength: 4 }, { type: object }] }
";

#[test]
fn defects_are_made_inside_the_alternative_that_a_body_takes() {
    let api = loaded(EITHER, "");
    let invalid = |body: &str| -> BTreeSet<(Variation, String)> {
        let calls = made(&api, &case(&[Group::Invalid]), Some(body.as_bytes()));
        let calls = calls.unwrap_or_else(|e| panic!("{e:?}"));
        calls.into_iter().map(|c| (c.variation, c.target)).collect()
    };
    let firm = invalid(r#"{"kind":"firm","no":"1","name":"見本"}"#);
    for (variation, target) in [
        (Variation::TooLong, "/no"),
        (Variation::TooLong, "/name"),
        (Variation::MissingRequired, "/name"),
        (Variation::WrongType, "/no"),
    ] {
        assert!(
            firm.contains(&(variation, target.to_owned())),
            "{target} in {firm:?}"
        );
    }
    assert!(
        !firm.contains(&(Variation::TooSmall, "/no".to_owned())),
        "that is the other's"
    );
    let person = invalid(r#"{"kind":"person","no":1}"#);
    assert!(
        person.contains(&(Variation::TooSmall, "/no".to_owned())),
        "{person:?}"
    );
}

#[test]
fn the_number_is_bounded_and_the_same_each_time() {
    let mut case = case(&[Group::Valid, Group::Invalid]);
    case.most = 7;
    let once = made(&api(), &case, Some(BODY.as_bytes())).expect("calls");
    assert_eq!(once.len(), 8);
    assert_eq!(
        once,
        made(&api(), &case, Some(BODY.as_bytes())).expect("calls")
    );
}

#[test]
fn a_body_is_made_where_the_plan_gives_none() {
    let made = made(&api(), &case(&[]), None).expect("a call");
    let body = made
        .first()
        .and_then(|m| m.body.clone())
        .unwrap_or_default();
    assert_eq!(
        String::from_utf8(body).unwrap_or_default(),
        r#"{"code":"131016","name":"1","kind":"0"}"#
    );
}

#[test]
fn a_defect_that_is_none_is_refused() {
    let api = api();
    let operation = &api.operations["a"];
    for (variation, target, words) in [
        (Variation::MissingRequired, "/memo", "not a mandatory item"),
        (Variation::TooLong, "/born", "no maxLength"),
        (Variation::TooLong, "/nothing", "no maxLength"),
        (Variation::TooLong, "", "no maxLength"),
    ] {
        let case = ApiCase {
            variation,
            target: target.into(),
            ..case(&[])
        };
        let error = vary(operation, &case, BODY.as_bytes()).expect_err("no defect");
        assert!(error.0.en.contains(words), "{target}: {}", error.0.en);
    }
}

const QUERY: &str = "openapi: 3.0.3
info: { title: t, version: '1' }
paths:
  /a/{id}:
    get:
      operationId: a
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer, minimum: 1 } }
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50 } }
        - { name: from, in: query, required: true, schema: { type: string, format: date }, example: '2026-04-01' }
        - { name: sort, in: query, schema: { type: string, enum: [asc, desc] } }
        - { name: tags, in: query, schema: { type: array, items: { type: string } } }
        - { name: x-key, in: header, required: true, schema: { type: string, pattern: '^[0-9]{4}$' }, example: '0001' }
        - { name: x-free, in: header, schema: { type: integer } }
      responses: { 200: { description: d } }
";

#[test]
fn parameters_stand_at_their_borders_and_have_one_defect_each() {
    let api = loaded(QUERY, "");
    let told = |generate: &[Group]| -> BTreeSet<String> {
        let calls = made(&api, &case(generate), None).unwrap_or_else(|e| panic!("{e:?}"));
        let changed = calls.iter().filter(|c| c.change.is_some());
        changed
            .map(|c| {
                let text = c.change.as_ref().and_then(|c| c.text.clone());
                let text = text.unwrap_or_else(|| "-".to_owned());
                format!("{} {} {text}", c.variation.as_str(), c.target)
            })
            .collect()
    };
    let set = |lines: &[&str]| {
        lines
            .iter()
            .map(|l| (*l).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let valid = set(&[
        "none query:limit 1",
        "none query:limit 50",
        "none query:sort asc",
        "none query:sort desc",
    ]);
    assert_eq!(told(&[Group::Valid]), valid);
    let invalid = set(&[
        "wrong-type query:limit x",
        "too-large query:limit 51",
        "too-small query:limit 0",
        "missing-required query:from -",
        "format-broken query:from 2026-02-30",
        "not-in-list query:sort ZZZ",
        "missing-required header:x-key -",
        "pattern-broken header:x-key ZZZZ",
    ]);
    assert_eq!(told(&[Group::Invalid]), invalid);
    let one = ApiCase {
        variation: Variation::TooLarge,
        target: "query:limit".into(),
        ..case(&[])
    };
    let calls = made(&api, &one, None).unwrap_or_else(|e| panic!("{e:?}"));
    let change = calls.first().and_then(|c| c.change.clone());
    assert_eq!(change.and_then(|c| c.text).as_deref(), Some("51"));
    let none = ApiCase {
        target: "query:sort".into(),
        ..one
    };
    assert!(made(&api, &none, None).is_err());
}
