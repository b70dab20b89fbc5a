//! Table Schema and JSON Schema.

use renkei_core::model::{Lang, Problems};
use renkei_core::spec::layout::Output;
use renkei_core::spec::{Files, Library, Pack};
use renkei_import::{Imported, Options, import};

use crate::common::shown;

fn loaded(imported: &Imported) -> Pack {
    let mut files = Files::new();
    let identity = &imported.identity;
    for (path, content) in imported.files.iter() {
        files.insert(
            format!("{}/{}/{path}", identity.id, identity.version),
            content,
        );
    }
    let mut problems = Problems::new();
    let pack = Library::new(files).load(&identity.id, "test", &mut problems);
    assert!(problems.is_empty(), "{}", shown(&problems));
    pack.expect("a pack")
}

#[test]
fn both_forms_give_the_same_layout() {
    let table = r#"{"primaryKey":"id","fields":[
        {"name":"id","title":"番号","type":"string","constraints":{"required":true,"maxLength":8,"pattern":"^[0-9]{8}$"}},
        {"name":"kubun","type":"string","constraints":{"enum":["1","2"]}},
        {"name":"kingaku","type":"integer","constraints":{"minimum":0}},
        {"name":"bi","type":"date"},{"name":"iro","type":"geopoint"}]}"#;
    let object = r#"{"type":"array","items":{"type":"object","required":["id"],"properties":{
        "id":{"title":"番号","type":"string","maxLength":8,"pattern":"^[0-9]{8}$"},
        "kubun":{"type":["string","null"],"enum":["1","2",null]},
        "kingaku":{"type":"integer","minimum":0},
        "bi":{"type":"string","format":"date"},"iro":{"type":"object"}}}}"#;
    for (name, text, place) in [
        ("a.json", table, "/fields/4"),
        ("b.json", object, "/items/properties/iro"),
    ] {
        let done = import(name, text.as_bytes(), &Options::default())
            .unwrap_or_else(|p| panic!("{}", shown(&p)));
        let pack = loaded(&done);
        let fields = &pack.layouts.values().next().unwrap().kinds[0].fields;
        let seen: Vec<String> = fields
            .iter()
            .map(|f| format!("{} {} {:?} {}", f.name, f.kind.name(), f.length, f.code))
            .collect();
        assert_eq!(
            seen,
            [
                "番号 BLOB Some(8) ",
                "kubun BLOB None kubun",
                "kingaku 9 None ",
                "bi DATE None ",
                "iro BLOB None "
            ],
            "{name}"
        );
        assert!(
            matches!(fields[0].output, Output::Required)
                && matches!(fields[1].output, Output::Optional)
        );
        assert_eq!(pack.code_lists["kubun"].values.len(), 2);
        assert!(
            done.report.text(Lang::Ja).contains(place),
            "{}",
            done.report.text(Lang::Ja)
        );
    }
    let problems =
        import("c.json", b"{\n \"fields\": [,]}", &Options::default()).expect_err("no JSON");
    assert!(
        shown(&problems).contains("c.json:2:"),
        "{}",
        shown(&problems)
    );
    assert!(import("d.json", b"[1]", &Options::default()).is_err());
}
