//! renkei as client against a service that is not its own: a program in Python with one defect at a time. Each defect is
//! found with its rule and side, and nothing is found where there is none.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::auth::found;
use crate::foreign::{Service, TOOLS};

const RULES: &str = r#"
id = "numbers"
title = { ja = "番号", en = "numbers" }
[time]
answer_guide_s = 3
[media]
charset = "utf-8"
[request]
name = { ja = "氏名", en = "name", type = "N", length = 10, sensitive = "name" }
[response]
name = { ja = "氏名", en = "name", type = "N", length = 10, sensitive = "name" }
"#;

const PACK: &str = r#"
id = "vendor-api"
version = "1"
title = { ja = "他社API", en = "API of another vendor" }
document = { ja = "試験用", en = "for tests" }
document_version = "1"
document_date = "2026-11-01"
source = "renkei"
licence = "MIT"
fidelity = "illustrative"
"#;

const PLAN: &str = r#"
schema = "renkei.plan/v1"
title = { ja = "他社サービス", en = "a foreign service" }
data_class = "fictional"
packs = ["vendor-api@1"]
party = [{ id = "a", profile = "a.toml" }, { id = "b", profile = "b.toml" }]
[[linkage]]
id = "L"
title = { ja = "番号", en = "numbers" }
from = "a"
to = "b"
[[case]]
id = "one"
title = { ja = "1件", en = "one call" }
linkage = "L"
[case.api]
api = "vendor-api/numbers"
operation = "giveNumber"
body = "person.json"
wait_s = 6
[[case]]
id = "made"
title = { ja = "仕様から作る", en = "made from the schema" }
linkage = "L"
[case.api]
api = "vendor-api/numbers"
operation = "giveNumber"
generate = ["examples", "valid", "invalid"]
most = 200
wait_s = 5
[[case]]
id = "parallel"
title = { ja = "同時付番", en = "at the same time" }
linkage = "L"
[case.api]
api = "vendor-api/numbers"
operation = "giveNumber"
parallel = { calls = 8, unique = "/number", vary = "/memo" }
wait_s = 10
[[case]]
id = "repeat"
title = { ja = "再送", en = "again" }
linkage = "L"
[case.api]
api = "vendor-api/numbers"
operation = "giveNumber"
body = "again.json"
repeat = { calls = 3, same = "/number" }
[[case]]
id = "pages"
title = { ja = "一覧", en = "pages" }
linkage = "L"
[case.api]
api = "vendor-api/numbers"
operation = "GET /items"
pages = { next = "/next", items = "/items", id = "/id", most = 10 }
[[case]]
id = "scenario"
title = { ja = "登録して照会し、通知を受ける", en = "register, look up, be notified" }
linkage = "L"
[case.scenario]
listen = "127.0.0.1:0"
[[case.scenario.setup]]
id = "before"
call = { api = "vendor-api/numbers", operation = "GET /items" }
[[case.scenario.step]]
id = "register"
call = { api = "vendor-api/numbers", operation = "giveNumber", body = "person.json", set = { "/memo" = "手順" } }
capture = { number = "/number" }
[[case.scenario.step]]
id = "find"
call = { api = "vendor-api/numbers", operation = "findNumber", path = { number = "{number}" } }
expect = [{ at = "/number", equals = "{number}" }, { at = "/name", equals = "𠮷田　花子" }, { at = "status", equals = "200" }]
[[case.scenario.step]]
id = "start"
call = { api = "vendor-api/numbers", operation = "startJob", body = "job.json", set = { "/notify" = "{listen.url}/notify" } }
capture = { ticket = "/ticket" }
[[case.scenario.step]]
id = "notified"
listen = { path = "/notify", method = "POST", wait_s = 3 }
expect = [{ at = "/ticket", equals = "{ticket}" }]
[[case.scenario.teardown]]
id = "after"
call = { api = "vendor-api/numbers", operation = "findNumber", path = { number = "0" } }
[[case]]
id = "human"
title = { ja = "画面の確認", en = "look at the screen" }
linkage = "L"
required = false
[case.scenario]
[[case.scenario.step]]
id = "look"
human = { party = "a", instruction = { ja = "画面を見る", en = "look at the screen" } }
"#;

fn world(port: u16) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let put = |path: &str, text: &str| {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("written");
    };
    let api = std::fs::read_to_string(format!("{TOOLS}/vendor-api.yaml")).expect("the API");
    put("packs/vendor-api/1/pack.toml", PACK);
    put("packs/vendor-api/1/apis/numbers/openapi.yaml", &api);
    put("packs/vendor-api/1/apis/numbers/api.toml", RULES);
    put("plan.toml", PLAN);
    let profile = |kind: &str, endpoint: &str| {
        format!(
            "schema = \"renkei.profile/v1\"\nname = {{ ja = \"{kind}\", en = \"{kind}\" }}\n[system]\nkind = \"standard\"\nproduct = \"{kind}\"\nversion = \"1\"\n{endpoint}"
        )
    };
    put(
        "a.toml",
        &profile(
            "A",
            &format!("[endpoints.api]\nurl = \"http://127.0.0.1:{port}\"\n"),
        ),
    );
    put("b.toml", &profile("B", ""));
    put(
        "person.json",
        r#"{"name":"𠮷田　花子","kind":"1","code":"131016","memo":"あ"}"#,
    );
    put(
        "again.json",
        r#"{"name":"架空　太郎","kind":"1","code":"131016","memo":"再送"}"#,
    );
    put("job.json", r#"{"notify":"x"}"#);
    dir
}

/// The result document of a run.
fn run(dir: &Path, cases: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_renkei"));
    command
        .arg("--packs")
        .arg(dir.join("packs"))
        .args(["run", "--format", "json", "--out"]);
    command
        .arg(dir.join("runs"))
        .arg(dir.join("plan.toml"))
        .stdin(Stdio::null());
    for case in cases {
        command.args(["--case", case]);
    }
    let output = command.output().expect("renkei runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    serde_json::from_str(&text)
        .unwrap_or_else(|e| panic!("{e}: {text}{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn nothing_is_found_where_there_is_nothing() {
    let service = Service::start("vendor_service.py", &[]);
    let dir = world(service.port);
    let result = run(dir.path(), &[]);
    assert_eq!(found(&result), BTreeSet::new(), "{:#}", result["findings"]);
    assert_eq!(result["verdict"], "pass", "{:#}", result["cases"]);
    let case = |id: &str| {
        let cases = result["cases"].as_array().expect("cases");
        cases
            .iter()
            .find(|c| c["id"] == id)
            .expect("the case")
            .clone()
    };
    let calls = |id: &str| case(id)["log"].as_array().map_or(0, Vec::len);
    assert!(calls("made") > 25, "{}", calls("made"));
    assert_eq!(
        (calls("parallel"), calls("repeat"), calls("pages")),
        (8, 3, 3)
    );
    assert_eq!(calls("scenario"), 6, "set-up, four steps, tidying up");
    let human = case("human");
    assert_eq!(
        (human["verdict"].as_str(), human["not_run"]["kind"].as_str()),
        (Some("not_run"), Some("blocked_by"))
    );
    assert!(
        human["reason"]["en"]
            .as_str()
            .is_some_and(|r| r.contains("not interactive"))
    );
}

/// What a defect must give: the case that shows it, the rule, the side; and rules that it gives besides.
const DEFECTS: &[(&str, &str, &str, &str, &[&str])] = &[
    ("wrong-status", "one", "API-002", "receiver", &[]),
    ("no-charset", "one", "API-003", "receiver", &[]),
    ("no-content-type", "one", "API-003", "receiver", &[]),
    ("html-error", "made", "API-003", "receiver", &[]),
    ("shift-jis", "repeat", "API-004", "receiver", &[]),
    ("bom", "one", "API-004", "receiver", &[]),
    ("extra-field", "one", "API-011", "receiver", &[]),
    ("missing-field", "one", "API-005", "receiver", &[]),
    ("null-field", "one", "API-005", "receiver", &[]),
    ("number-as-integer", "one", "API-005", "receiver", &[]),
    ("error-code-as-number", "made", "API-005", "receiver", &[]),
    ("double-key", "one", "API-010", "receiver", &[]),
    ("big-number", "one", "API-014", "receiver", &[]),
    ("question-marks", "one", "API-019", "receiver", &["API-018"]),
    ("half-width", "one", "API-018", "receiver", &[]),
    ("slow", "one", "API-008", "receiver", &[]),
    ("hang", "one", "NET-003", "unknown", &[]),
    ("hang-after-head", "one", "NET-003", "receiver", &[]),
    ("reset", "one", "API-009", "receiver", &[]),
    ("length-lie", "one", "API-009", "receiver", &[]),
    ("bad-chunk", "one", "API-009", "receiver", &[]),
    ("header-flood", "one", "API-009", "receiver", &[]),
    ("endless-body", "one", "API-013", "tool", &[]),
    ("gzip-bomb", "one", "API-013", "tool", &[]),
    ("deep", "one", "API-013", "tool", &[]),
    ("redirect", "one", "NET-005", "receiver", &[]),
    ("accepts-missing", "made", "API-012", "receiver", &[]),
    ("accepts-null", "made", "API-012", "receiver", &[]),
    ("accepts-too-long", "made", "API-012", "receiver", &[]),
    (
        "accepts-wrong-type",
        "made",
        "API-012",
        "receiver",
        &["API-018"],
    ),
    ("accepts-pattern", "made", "API-012", "receiver", &[]),
    ("accepts-any-kind", "made", "API-012", "receiver", &[]),
    ("accepts-any-count", "made", "API-012", "receiver", &[]),
    ("accepts-extra", "made", "API-012", "receiver", &[]),
    ("accepts-broken-json", "made", "API-012", "receiver", &[]),
    (
        "accepts-not-utf8",
        "made",
        "API-012",
        "receiver",
        &["API-018"],
    ),
    ("accepts-duplicate-key", "made", "API-016", "receiver", &[]),
    ("accepts-any-media-type", "made", "API-016", "receiver", &[]),
    ("crashes-on-too-long", "made", "API-001", "receiver", &[]),
    ("counts-bytes", "made", "API-017", "unknown", &[]),
    ("number-twice", "parallel", "SEQ-001", "receiver", &[]),
    ("repeat-differs", "repeat", "SEQ-002", "receiver", &[]),
    ("page-loop", "pages", "SEQ-003", "receiver", &[]),
    ("page-overlap", "pages", "SEQ-004", "receiver", &[]),
    ("page-other-host", "pages", "SEQ-005", "receiver", &[]),
    ("forgets-name", "scenario", "SEQ-006", "receiver", &[]),
    ("wrong-ticket", "scenario", "SEQ-006", "sender", &[]),
    ("no-callback", "scenario", "SEQ-007", "sender", &[]),
];

#[test]
fn each_defect_is_found_with_its_rule_and_side() {
    let mut wrong = Vec::new();
    for (defect, case, rule, side, also) in DEFECTS {
        let service = Service::start("vendor_service.py", &["--defect", defect]);
        let dir = world(service.port);
        let result = run(dir.path(), &[case]);
        let found = found(&result);
        let expected = ((*rule).to_owned(), (*side).to_owned());
        let others: Vec<_> = found
            .iter()
            .filter(|f| **f != expected && !also.contains(&f.0.as_str()))
            .collect();
        if !found.contains(&expected) || !others.is_empty() || result["verdict"] == "tool_error" {
            wrong.push(format!(
                "{defect}: expected {expected:?}, found {found:?}, {}",
                result["verdict"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
