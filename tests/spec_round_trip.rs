//! Bundled layouts and APIs out in the formats of others and in again: what comes back is the same specification.

use serde_json::Value;

use crate::harness::{Bench, files, root};

/// What these formats have no place for; `renkei spec export` says so.
const LEFT_OUT: &[&str] = &["rule", "rule-level", "file-name"];

/// Pack, version, layout (or API) and its kinds of records.
fn parts(of: &str, main: &str) -> Vec<(String, String, Vec<String>)> {
    let mut found = Vec::new();
    for path in files(&root().join("specs")) {
        let below = path.strip_prefix(root().join("specs")).expect("below");
        let steps: Vec<&str> = below.iter().filter_map(|s| s.to_str()).collect();
        if let [pack, version, folder, id, file] = steps.as_slice()
            && *folder == of
            && *file == main
        {
            let text = std::fs::read_to_string(&path).expect("text");
            let layout: toml::Table = text.parse().unwrap_or_default();
            let kinds = layout.get("kind").and_then(toml::Value::as_array);
            let id_of = |kind: &toml::Value| kind["id"].as_str().unwrap_or_default().to_owned();
            let kinds = kinds.into_iter().flatten().map(id_of).collect();
            found.push((format!("{pack}@{version}"), (*id).to_owned(), kinds));
        }
    }
    found.sort();
    found
}

/// Exports and imports again; the changes that `renkei spec diff` tells between the two, as kind and item.
fn changes(bench: &Bench, (pack, layout): (&str, &str), format: &str, kind: &str) -> Vec<String> {
    let part = format!("{pack}/{layout}");
    let mut export = vec![
        "spec",
        "export",
        &part,
        "--format",
        format,
        "--out",
        "made.json",
    ];
    if !kind.is_empty() {
        export.extend(["--kind", kind]);
    }
    bench.renkei(&export).expect_code(0);
    let import = [
        "spec",
        "import",
        "made.json",
        "--out",
        "in",
        "--id",
        "again",
        "--replace",
    ];
    bench.renkei(&import).expect_code(0);
    bench
        .renkei(&["spec", "lint", "./in/again/1"])
        .expect_code(0);
    let again = format!("./in/again/1/{layout}");
    let called = bench.renkei(&["spec", "diff", &part, &again, "--format", "json"]);
    let document: Value = serde_json::from_str(&called.stdout).expect("JSON");
    let all = document["changes"].as_array().expect("changes").iter();
    let told = all.filter(|c| !LEFT_OUT.contains(&c["kind"].as_str().unwrap_or_default()));
    told.map(|c| format!("{} {} {} {}", c["kind"], c["item"], c["old"], c["new"]))
        .collect()
}

#[test]
fn every_bundled_layout_comes_back_from_a_json_schema() {
    let bench = Bench::new();
    let layouts = parts("layouts", "layout.toml");
    assert!(layouts.len() >= 10, "{layouts:?}");
    for (pack, layout, _) in &layouts {
        let told = changes(&bench, (pack, layout), "json-schema", "");
        assert!(told.is_empty(), "{pack}/{layout}: {told:#?}");
    }
}

#[test]
fn every_bundled_record_comes_back_from_a_table_schema() {
    let bench = Bench::new();
    for (pack, layout, kinds) in &parts("layouts", "layout.toml") {
        if kinds.is_empty() {
            let told = changes(&bench, (pack, layout), "table-schema", "");
            assert!(told.is_empty(), "{pack}/{layout}: {told:#?}");
        }
        // A table schema holds one kind; the others are missing, but its own fields are as they were.
        for kind in kinds {
            let told = changes(&bench, (pack, layout), "table-schema", kind);
            let odd = |change: &&String| {
                let of_kind = format!("\"{kind}.");
                let about_items = ["\"removed\"", "\"added\"", "\"record-kind\""];
                !about_items.iter().any(|k| change.starts_with(k)) && !change.contains(&of_kind)
            };
            let odd: Vec<&String> = told.iter().filter(odd).collect();
            assert!(odd.is_empty(), "{pack}/{layout} {kind}: {odd:#?}");
        }
    }
}

#[test]
fn every_bundled_api_comes_back_from_openapi() {
    let bench = Bench::new();
    let apis = parts("apis", "openapi.yaml");
    assert!(apis.len() >= 2, "{apis:?}");
    for (pack, api, _) in &apis {
        let (id, version) = pack.split_once('@').expect("a version");
        bench.copy(&format!("specs/{id}/{version}"));
        let folder = format!("{version}/apis/{api}");
        std::fs::remove_file(bench.path().join(&folder).join("openapi.yaml")).expect("removed");
        let part = format!("{pack}/{api}");
        let out = format!("{folder}/openapi.json");
        let export = [
            "spec", "export", &part, "--format", "openapi", "--out", &out,
        ];
        bench.renkei(&export).expect_code(0);
        bench
            .renkei(&["spec", "diff", pack, &format!("./{version}")])
            .expect_code(0);
        // the document itself is no table of fields, and what to do with it is said
        let import = ["spec", "import", &out, "--out", "in", "--lang", "en"];
        let said = bench.renkei(&import).expect_code(2).stderr;
        assert!(said.contains("an OpenAPI document"), "{said}");
    }
}
