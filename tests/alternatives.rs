//! Bodies that are one of several alternatives (`oneOf`, `anyOf`), against a service in Python: each defect is found at the
//! item of the alternative that was meant, and nothing is found where there is none.

use crate::auth::{put, run};
use crate::foreign::{Service, TOOLS, World, case, packs};

/// Rule, place and case of each finding.
fn told(defect: &str) -> Vec<(String, String, String)> {
    let service = Service::start("alternatives.py", &[defect]);
    let api = std::fs::read_to_string(format!("{TOOLS}/alternatives.yaml")).expect("the API");
    let made = |id: &str| {
        let more = format!("body = \"{id}.json\"\ngenerate = [\"valid\", \"invalid\"]\nmost = 200");
        case(id, "apply", "apply", &more)
    };
    let world = World {
        id: "apply",
        api: &api,
        rules: "[media]\ncharset = \"utf-8\"\n",
        cases: &[made("firm"), made("person")].concat(),
        endpoint: &format!("url = \"http://127.0.0.1:{}\"\n", service.port),
    };
    let dir = world.make();
    put(
        dir.path(),
        "firm.json",
        r#"{"kind":"firm","no":"12","name":"見本"}"#,
    );
    put(dir.path(), "person.json", r#"{"kind":"person","no":7}"#);
    let result = run(dir.path(), Some(&packs(dir.path())), &[]).1;
    for case in result["cases"].as_array().expect("cases") {
        assert!(case["log"].as_array().map_or(0, Vec::len) > 15, "{case:#}");
    }
    let findings = result["findings"].as_array().expect("findings");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|f| {
            (
                text(&f["rule"]),
                text(&f["location"]["pointer"]),
                text(&f["case"]),
            )
        })
        .collect()
}

#[test]
fn defects_stand_in_the_alternative_that_was_meant() {
    assert_eq!(told(""), []);
    for (defect, rule, place, case) in [
        ("long-no", "API-012", "/no", "firm"),
        ("long-name", "API-012", "/name", "firm"),
        ("max", "API-012", "/no", "person"),
        ("bad-id", "API-005", "/result/id", "person"),
        ("long-id", "API-005", "/result/id", "firm"),
        ("no-mark", "API-005", "/result/mark", "firm"),
    ] {
        let wanted = [(rule.to_owned(), place.to_owned(), case.to_owned())];
        assert_eq!(told(defect), wanted, "{defect}");
    }
}
