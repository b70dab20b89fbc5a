//! Packs through the program: review, coverage, versions, overriding and extending, generated files and their variants.

use serde_json::Value;

use crate::harness::Bench;

const HEAD: &str = r#"
title = { ja = "例", en = "example" }
document = { ja = "例", en = "example" }
document_version = "1"
document_date = "2026-04-01"
source = "renkei"
licence = "facts"
fidelity = "illustrative"
"#;

fn pack(id: &str, version: &str, more: &str) -> String {
    format!("id = \"{id}\"\nversion = \"{version}\"{HEAD}{more}")
}

#[test]
fn bundled_packs_have_no_finding() {
    let bench = Bench::new();
    let document = bench
        .renkei(&["spec", "lint", "--format", "json"])
        .expect_code(0)
        .result();
    assert_eq!(document["verdict"], "pass");
    assert_eq!(document["findings"], Value::Array(Vec::new()));
    assert!(document["packs"].as_array().is_some_and(|p| p.len() >= 4));
}

#[test]
fn every_planted_mistake_is_told_at_its_place_in_one_go() {
    let bench = Bench::new();
    bench.write(
        "mine/pack.toml",
        pack("mine", "1", "").replace("source = \"renkei\"", "source = \"\""),
    );
    bench.write(
        "mine/layouts/a/layout.toml",
        "id = \"a\"\ntitle = { ja = \"例\", en = \"e\" }\nform = \"fixed\"\nrecord_length = 12\nsequence = \"H D*\"\n\
         [[kind]]\nid = \"H\"\ntitle = { ja = \"頭\", en = \"h\" }\nstart = 1\nvalue = \"1\"\n\
         [[kind]]\nid = \"D\"\ntitle = { ja = \"明細\", en = \"d\" }\nstart = 1\nvalue = \"1\"\n\
         [[unique]]\nfields = [\"D.nai\"]\n",
    );
    bench.write(
        "mine/layouts/a/fields.csv",
        "kind,no,name,roman,type,length,code,output,condition,start,width,format,sample\n\
         H,1,区分,kubun,9,1,,required,,1,1,,1\n\
         H,2,日付,hizuke,YYYYMMDD,8,,required,,3,8,,20230229\n\
         D,1,区分,kubun,9,1,,required,,1,1,,1\n\
         D,1,コード,kodo,X,2,nai,conditional,kubun = 1 and kubun = 2,2,2,regex:[A-Z]{3},\n",
    );
    bench.write(
        "mine/requirements.csv",
        "id,verb,party,clause,tested_by\nr1,must,sender,1,\nr2,must,sender,2,VAL-999\nr2,must,sender,,VAL-001\n",
    );
    let document = bench
        .renkei(&["spec", "lint", "./mine", "--format", "json"])
        .expect_code(1)
        .result();
    let findings = document["findings"].as_array().cloned().unwrap_or_default();
    let places: Vec<String> = findings
        .iter()
        .map(|f| {
            let at = &f["location"];
            let file = at["file"].as_str().unwrap_or_default();
            let file = file.rsplit('/').next().unwrap_or_default();
            format!(
                "{} {file}:{}",
                f["rule"].as_str().unwrap_or_default(),
                at["line"]
            )
        })
        .collect();
    for expected in [
        "SPC-002 fields.csv:3",
        "SPC-003 fields.csv:3",
        "SPC-003 fields.csv:5",
        "SPC-004 fields.csv:5",
        "SPC-005 fields.csv:5",
        "SPC-005 requirements.csv:4",
        "SPC-006 layout.toml:12",
        "SPC-007 fields.csv:5",
        "SPC-008 fields.csv:3",
        "SPC-009 pack.toml:7",
        "SPC-009 requirements.csv:4",
        "SPC-010 layout.toml:17",
        "SPC-011 fields.csv:5",
        "SPC-013 requirements.csv:2",
        "SPC-014 requirements.csv:3",
    ] {
        assert!(
            places.iter().any(|p| p == expected),
            "{expected} is missing:\n{}",
            places.join("\n")
        );
    }
    assert_eq!(places.len(), 15, "{}", places.join("\n"));
}

#[test]
fn coverage_counts_what_is_tested_and_names_the_rest() {
    let bench = Bench::new();
    let called = bench
        .renkei(&["spec", "coverage", "--format", "json"])
        .expect_code(0);
    let document: Value = serde_json::from_str(&called.stdout).expect("JSON");
    let packs = document["packs"].as_array().expect("packs");
    let number = |pack: &Value, key: &str| pack[key].as_u64().unwrap_or(u64::MAX);
    for pack in packs {
        let parts = ["tested", "partly", "not_tested", "unexplained"];
        let sum: u64 = parts.iter().map(|key| number(pack, key)).sum();
        assert_eq!(sum, number(pack, "requirements"), "{}", pack["pack"]);
        assert_eq!(number(pack, "unexplained"), 0, "{}", pack["pack"]);
        for row in pack["rows"].as_array().into_iter().flatten() {
            let tested = row["rules"].as_array().is_some_and(|r| !r.is_empty());
            assert!(
                tested || row["reason"].as_str().is_some_and(|r| !r.is_empty()),
                "{row}"
            );
            let words = |lang: &str| row["text"][lang].as_str().is_some_and(|t| !t.is_empty());
            assert_eq!(words("ja"), words("en"), "{row}");
        }
    }
    let zengin = packs
        .iter()
        .find(|p| p["pack"] == "zengin@1")
        .expect("zengin");
    let row = zengin["rows"]
        .as_array()
        .and_then(|r| r.iter().find(|r| r["id"] == "合計件数"))
        .expect("the row");
    assert_eq!(row["rules"][0]["rule"], "XRF-003");
    assert!(
        row["rules"][0]["samples"]
            .as_array()
            .is_some_and(|s| !s.is_empty()),
        "{row}"
    );
}

#[test]
fn a_finding_names_the_requirement_of_its_field() {
    let bench = Bench::new();
    let file = crate::harness::root()
        .join("specs/zengin/1/layouts/koza-furikae/samples/fail-XRF-003-count.dat");
    let file = file.display().to_string();
    let document = bench
        .renkei(&[
            "check",
            &file,
            "--spec",
            "zengin/koza-furikae",
            "--format",
            "json",
        ])
        .expect_code(1)
        .result();
    assert_eq!(
        document["findings"][0]["requirements"],
        serde_json::json!(["zengin@1#合計件数"])
    );
}

#[test]
fn a_set_names_requirements_and_says_when_the_pack_does_not_hold() {
    let bench = Bench::new();
    let samples = crate::harness::root().join("specs/zengin/1/layouts/koza-furikae/samples");
    let bad = std::fs::read(samples.join("fail-XRF-003-count.dat")).expect("a sample");
    bench.write("in/a.dat", &bad);
    bench.write("in/b.dat", bad);
    bench.write(
        "packs/our/1/pack.toml",
        pack(
            "our",
            "1",
            "extends = \"zengin@1\"\nvalid_to = \"2020-03-31\"\n",
        ),
    );
    let args = [
        "check",
        "in",
        "--spec",
        "our/koza-furikae",
        "--packs",
        "packs",
        "--format",
        "json",
    ];
    let document = bench.renkei(&args).expect_code(1).result();
    let findings = document["findings"].as_array().expect("findings");
    let named = findings.iter().filter(|f| f["rule"] == "XRF-003");
    let named: Vec<&Value> = named.map(|f| &f["requirements"][0]).collect();
    assert_eq!(named, ["our@1#合計件数"; 2]);
    let remarks = document["remarks"].to_string();
    assert!(remarks.contains("有効期間"), "{remarks}");
}

#[test]
fn a_folder_overrides_extends_and_is_listed_with_its_origin() {
    let bench = Bench::new();
    let head = pack(
        "our-031",
        "10",
        "valid_from = \"2030-04-01\"\nextends = \"jutogai-031@2023-09-29\"\ndeprecated = true\nsuccessor = \"our-031@11\"\n",
    );
    bench.write("packs/our-031/10/pack.toml", head);
    bench.write("packs/our-031/9/pack.toml", pack("our-031", "9", ""));
    bench.write(
        "packs/our-031/10/layouts/atena-kihon/fields.csv",
        "roman,name,no,type,length,output\nshimei,,,,5,required\ntsuika,追加,30,X,3,optional\n",
    );
    let list = bench
        .renkei(&["spec", "list", "--packs", "packs"])
        .expect_code(0)
        .stdout;
    let line = |wanted: &str| {
        list.lines()
            .find(|l| l.starts_with(wanted))
            .unwrap_or_default()
            .to_owned()
    };
    assert!(line("our-031@10").contains("packs"), "{list}");
    assert!(
        line("our-031@10").contains("廃止、後継 our-031@11"),
        "{list}"
    );
    assert!(line("our-031@10").contains("2030-04-01.."), "{list}");
    assert!(line("zengin@1").contains("同梱"), "{list}");
    // The latest is 10, not 9; the narrowed length and the added field hold.
    let made = bench
        .renkei(&[
            "generate",
            "our-031@latest/atena-kihon",
            "--packs",
            "packs",
            "--records",
            "3",
            "--out",
            "a.csv",
        ])
        .expect_code(0);
    assert!(made.stderr.contains("a.csv"), "{}", made.stderr);
    let document = bench
        .renkei(&[
            "check",
            "a.csv",
            "--spec",
            "our-031/atena-kihon",
            "--packs",
            "packs",
            "--format",
            "json",
            "--as-of",
            "2026-11-01",
        ])
        .expect_code(0)
        .result();
    let remarks = document["remarks"].to_string();
    assert!(
        remarks.contains("廃止") && remarks.contains("有効期間"),
        "{remarks}"
    );
    let text = std::fs::read_to_string(bench.path().join("a.csv")).expect("the file is there");
    assert!(text.lines().all(|l| l.split(',').count() == 30), "{text}");
    bench
        .renkei(&["check", "a.csv", "--spec", "jutogai-031/atena-kihon"])
        .expect_code(1);
    // Without its base the pack cannot be loaded.
    bench.write(
        "packs/our-031/11/pack.toml",
        pack("our-031", "11", "extends = \"nai@1\"\n"),
    );
    let called = bench
        .renkei(&["spec", "lint", "our-031@11", "--packs", "packs"])
        .expect_code(2);
    assert!(called.stderr.contains("nai@1"), "{}", called.stderr);
}

#[test]
fn a_plan_pins_one_version_of_each_pack() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test-clean");
    let plan = bench.path().join("joint-test-clean/plan.toml");
    let text = std::fs::read_to_string(&plan).expect("the plan is there");
    for (wrong, told) in [
        ("\"zengin\"", "zengin@1"),
        ("\"zengin@latest\"", "zengin@1"),
        ("\"zengin@1\", \"zengin@2\"", "zengin@2"),
    ] {
        std::fs::write(&plan, text.replace("\"zengin@1\"", wrong))
            .expect("the plan can be written");
        let called = bench
            .renkei(&["run", "joint-test-clean/plan.toml"])
            .expect_code(2);
        assert!(called.stderr.contains(told), "{wrong}: {}", called.stderr);
    }
}

#[test]
fn generated_files_pass_and_their_variants_are_found() {
    let bench = Bench::new();
    for (spec, file, encoding) in [
        ("jutogai-031/atena-kihon", "a.csv", "encoding=cp932"),
        ("zengin/koza-furikae-kekka", "b.dat", "newline=none"),
    ] {
        let set = ["--set", encoding];
        let generate = [
            "generate",
            spec,
            "--records",
            "20",
            "--seed",
            "5",
            "--out",
            file,
        ];
        bench.renkei(&[&generate[..], &set].concat()).expect_code(0);
        bench
            .renkei(&[&["check", file, "--spec", spec][..], &set].concat())
            .expect_code(0);
        let mutate = ["mutate", file, "--spec", spec, "--out", "variants"];
        let called = bench.renkei(&[&mutate[..], &set].concat()).expect_code(0);
        assert!(called.stdout.lines().count() >= 15, "{}", called.stdout);
        assert!(
            called.stdout.lines().all(|l| l.starts_with("ok ")),
            "{}",
            called.stdout
        );
    }
    let wrong = bench.renkei(&[
        "mutate",
        "variants",
        "--spec",
        "zengin/koza-furikae",
        "--out",
        "x",
    ]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
}
