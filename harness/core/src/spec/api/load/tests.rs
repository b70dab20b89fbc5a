use super::*;
use crate::model::Lang;

const RULES: &[u8] = b"id = \"x\"\ntitle = { ja = \"x\", en = \"x\" }\n";
const GOOD: &str = "openapi: 3.0.3
info: { title: t, version: '1' }
paths:
  /a:
    post:
      operationId: a
      responses:
        200: { description: d, content: { application/json: { schema: { $ref: '#/components/schemas/S' } } } }
        5XX: { description: d }
components: { schemas: { S: { type: object } } }
";

fn load(name: &str, text: &str, rules: &[u8]) -> (Option<Api>, String) {
    let mut problems = Problems::new();
    let files = ApiFiles {
        openapi: (name, text.as_bytes()),
        rules: ("api.toml", rules),
    };
    let api = Api::load(files, &mut problems);
    let shown: Vec<_> = problems.iter().map(|p| p.show(Lang::Ja)).collect();
    (api, shown.join("\n"))
}

#[test]
fn statuses_are_chosen_from_exact_to_default() {
    let (api, problems) = load("o.yaml", GOOD, RULES);
    let api = api.expect(&problems);
    let a = api.operations.get("a").expect("the operation is there");
    assert_eq!(
        a.response(200).map(|r| r.statuses),
        Some(Statuses::One(200))
    );
    assert_eq!(
        a.response(503).map(|r| r.statuses),
        Some(Statuses::Class(5))
    );
    assert!(a.response(404).is_none());
    assert_eq!(
        (a.method.as_str(), a.success()),
        ("POST", vec!["200".to_owned()])
    );
}

#[test]
fn every_mistake_is_told_at_its_line() {
    let twice = GOOD.replace(
        "  /a:",
        "  /b: { post: { operationId: a, responses: { '2': { description: d } } } }\n  /a:",
    );
    let cases = [
        ("o.yaml", GOOD.replace("3.0.3", "2.0")),
        ("o.yaml", GOOD.replace("schemas/S'", "schemas/T'")),
        (
            "o.yaml",
            GOOD.replace("#/components/schemas/S", "https://example.invalid/s"),
        ),
        ("o.yaml", GOOD.replace("info: {", "info: [")),
        ("o.yaml", GOOD.replace("type: object", "type: objekt")),
        ("o.yaml", twice),
        (
            "o.json",
            "{\"openapi\": \"3.0.3\",\n \"paths\": []}".to_owned(),
        ),
        ("o.json", "{\"openapi\"\n".to_owned()),
    ];
    let shown: Vec<_> = cases
        .iter()
        .map(|(name, text)| {
            let (api, shown) = load(name, text, RULES);
            assert!(api.is_none(), "{text}");
            shown
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n---\n"));
}

#[test]
fn version_3_1_and_operations_without_id_are_read() {
    let text = GOOD.replace("3.0.3", "3.1.0").replace("      operationId: a\n", "").replace(
            "S: { type: object }",
            "S: { type: [object, 'null'], properties: { n: { type: integer, exclusiveMinimum: 0 }, k: { const: x } } }",
        );
    let (api, problems) = load("o.yaml", &text, RULES);
    let api = api.expect(&problems);
    let a = api
        .operation_at("POST", "/a")
        .expect("the operation is there");
    assert_eq!((a.id.as_str(), a.secured), ("POST /a", false));
    let schema = a.response_schema(200).expect("a schema");
    let fits = |value: serde_json::Value| schema.validator().is_valid(&value);
    assert!(fits(serde_json::Value::Null) && fits(serde_json::json!({"n": 1, "k": "x"})));
    assert!(!fits(serde_json::json!({"n": 0})) && !fits(serde_json::json!({"k": "y"})));
    let older = text
        .replace(
            "openapi: 3.1.0",
            "openapi: 3.1.0\njsonSchemaDialect: http://json-schema.org/draft-04/schema#",
        )
        .replace("exclusiveMinimum: 0", "minimum: 0, exclusiveMinimum: true");
    let (api, problems) = load("o.yaml", &older, RULES);
    let api = api.expect(&problems);
    let schema = api.operations["POST /a"]
        .response_schema(200)
        .expect("a schema");
    assert!(!schema.validator().is_valid(&serde_json::json!({"n": 0})));
}

#[test]
fn rules_name_what_exists() {
    let rules = [
        RULES,
        b"[[operation]]\nid = \"zz\"\n[token]\nclient_id = \"[\"\n",
    ]
    .concat();
    let (api, shown) = load("o.yaml", GOOD, &rules);
    assert!(api.is_none());
    assert!(
        shown.contains("api.toml:4:7: 操作 zz") && shown.contains("api.toml:6:1: client_id"),
        "{shown}"
    );
}
