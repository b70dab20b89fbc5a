//! `renkei spec lint` on packs with one mistake each, as people make them: the right code at the right line, nothing else.

use crate::harness::Bench;

const HEAD: &str = "id = \"p\"\nversion = \"1\"\ntitle = { ja = \"例\", en = \"example\" }\n\
    document = { ja = \"例\", en = \"example\" }\ndocument_version = \"1\"\ndocument_date = \"2026-04-01\"\n\
    source = \"renkei\"\nlicence = \"facts\"\nfidelity = \"illustrative\"\n";
const CSV: &str = "id = \"a\"\ntitle = { ja = \"例\", en = \"e\" }\nform = \"delimited\"\n";
const FIELDS: &str =
    "kind,no,name,roman,pk,type,length,code,output,condition,format,fixed_value,sample\n";
const FIXED: &str = "id = \"a\"\ntitle = { ja = \"例\", en = \"e\" }\nform = \"fixed\"\nrecord_length = 20\nsequence = \"H D*\"\n\
    [file]\nencoding = \"cp932\"\nlength_unit = \"bytes\"\nempty = \"spaces\"\n\
    [[kind]]\nid = \"H\"\ntitle = { ja = \"頭\", en = \"h\" }\nstart = 1\nvalue = \"1\"\n\
    [[kind]]\nid = \"D\"\ntitle = { ja = \"明細\", en = \"d\" }\nstart = 1\nvalue = \"2\"\n";
const KINDS: &str = "kind,no,name,roman,type,length,code,output,start,width,fixed_value,sample\n\
    H,1,区分,kubun,9,1,,required,1,1,1,1\nH,2,余白,yohaku,DUMMY,,,optional,2,19,,\n\
    D,1,区分,kubun,9,1,,required,1,1,2,2\nD,2,余白,yohaku,DUMMY,,,optional,2,19,,\n";
const CODES: &str = "value,name_ja,name_en,valid_from,valid_to,note\n000,否,no,,,\n001,可,yes,,,\n";
const LEDGER: &str = "id,verb,party,condition,clause,text_ja,text_en,scope,tested_by,not_tested\n";

/// What the pack of these texts gives: codes with file and line (0: the whole file).
fn found(head: &str, layout: &str, fields: &str, more: &[(&str, &str)]) -> Vec<String> {
    let bench = Bench::new();
    bench.write("p/pack.toml", head);
    bench.write("p/layouts/a/layout.toml", layout);
    bench.write("p/layouts/a/fields.csv", fields);
    bench.write("p/codes/yn.csv", CODES);
    for (path, content) in more {
        bench.write(&format!("p/{path}"), *content);
    }
    let called = bench.renkei(&["spec", "lint", "./p", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&called.stdout).expect("JSON");
    let findings = document["findings"].as_array().expect("findings");
    let mut told: Vec<String> = findings
        .iter()
        .map(|f| {
            let file = f["location"]["file"].as_str().unwrap_or_default();
            let file = file.rsplit('/').next().unwrap_or_default();
            let line = f["location"]["line"].as_u64().unwrap_or(0);
            format!("{} {file}:{line}", f["rule"].as_str().unwrap_or_default())
        })
        .collect();
    told.sort();
    told
}

fn row(rest: &str) -> String {
    format!("{FIELDS},1,番号,bango,1,{rest}\n")
}

#[test]
fn a_pack_without_mistake_is_silent() {
    assert!(found(HEAD, CSV, &row("X,3,yn,required,,,,001"), &[]).is_empty());
    assert!(found(HEAD, FIXED, KINDS, &[]).is_empty());
}

#[test]
fn forms_that_no_value_can_have() {
    for fields in [
        "X,3,,required,,regex:[A-Z]{5},,",
        "9,5,,required,,regex:[A-Z]{5},,",
        "N,5,,required,,regex:[0-9]{5},,",
        "X,5,,required,,regex:[ァ-ヶ]+,,",
        "X,5,,required,,regex:[A-Z]{3},123,",
        "X,3,yn,required,,regex:[A-Z]{3},,",
        "X,2,yn,required,,,,",
    ] {
        let told = found(HEAD, CSV, &row(fields), &[]);
        assert_eq!(told, ["SPC-007 fields.csv:2"], "{fields}");
    }
    for fields in [
        "9,5,,required,,regex:[0-9A-F]{2},,12",
        "N,5,,required,,regex:[^A-Z]+,,例",
        "X,5,,required,,regex:[ｱ-ﾝ]+|[A-Z]+,,ABC",
        "X,3,yn,required,,regex:00[0-9],,001",
        "9,1,yn,required,,,,",
    ] {
        assert!(found(HEAD, CSV, &row(fields), &[]).is_empty(), "{fields}");
    }
}

#[test]
fn kinds_that_no_record_can_be_of() {
    let line = ["SPC-006 layout.toml:16"];
    for (from, to) in [("H D*", "H"), ("value = \"2\"", "value = \"12\"")] {
        let kinds = KINDS.replace("1,1,2,2\n", "1,1,,2\n");
        assert_eq!(found(HEAD, &FIXED.replace(from, to), &kinds, &[]), line);
    }
    let fixed = KINDS.replace("1,1,2,2\n", "1,1,3,\n");
    assert_eq!(found(HEAD, FIXED, &fixed, &[]), line);
    let listed = KINDS.replace(
        "D,1,区分,kubun,9,1,,required,1,1,2,2\n",
        "D,1,区分,kubun,9,1,yn,required,1,1,,\n",
    );
    assert_eq!(found(HEAD, FIXED, &listed, &[]), line);
}

#[test]
fn what_is_stated_is_not_called_missing() {
    let fields = row("X,3,,required,,,,001");
    for (key, also) in [
        ("source", Some("SPC-009 pack.toml:0")),
        ("licence", Some("SPC-009 pack.toml:0")),
        ("fidelity", None),
        ("title", None),
    ] {
        let lines = HEAD.lines().filter(|l| !l.starts_with(key));
        let head: Vec<&str> = lines.collect();
        let mut told = found(&head.join("\n"), CSV, &fields, &[]);
        assert_eq!(told.remove(0), "SPC-001 pack.toml:1", "{key}");
        assert_eq!(told.first().map(String::as_str), also, "{key}");
    }
}

#[test]
fn ledgers_that_promise_what_is_not_there() {
    let fields = row("X,3,,required,,,,001");
    for (line, told) in [
        ("r,must,sender,,1,あ,a,a/bango,VAL-001,", None),
        ("r,must,sender,,1,あ,a,a/bango,,画面の要件", None),
        ("r,must,sender,,1,あ,a,a/bango,,", Some("SPC-013")),
        ("r,must,sender,,1,あ,a,a/bango,VAL-999,", Some("SPC-014")),
        ("r,must,sender,,1,あ,a,b/bango,VAL-001,", Some("SPC-010")),
        ("r,must,sender,,1,あ,a,a/nai,VAL-001,", Some("SPC-010")),
        ("r,must,sender,,,あ,a,a/bango,VAL-001,", Some("SPC-009")),
    ] {
        let ledger = format!("{LEDGER}{line}\n");
        let wanted: Vec<String> = told
            .map(|code| format!("{code} requirements.csv:2"))
            .into_iter()
            .collect();
        let more = [("requirements.csv", ledger.as_str())];
        assert_eq!(found(HEAD, CSV, &fields, &more), wanted, "{line}");
    }
}

#[test]
fn rules_that_judge_nothing_where_the_ledger_names_them() {
    let ledger = |rest: &str| format!("{LEDGER}r1,must,sender,,1.1,文,text,{rest}\n");
    let fields = format!(
        "{FIELDS},1,番号,bango,1,X,3,yn,required,,,,001\n,2,氏名,shimei,,N,,,optional,,,,\n,3,日,hi,,DATE,10,,conditional,bango = 001,,,\n"
    );
    let told = |layout: &str, rest: &str| {
        let ledger = ledger(rest);
        found(
            HEAD,
            layout,
            &fields,
            &[("requirements.csv", ledger.as_str())],
        )
    };
    let off = format!("{CSV}[levels]\n\"VAL-001\" = \"off\"\n\"VAL-003\" = \"notice\"\n");
    for (layout, rest) in [
        (CSV, "a/shimei,VAL-003,"),            // no length
        (CSV, "a/shimei,VAL-008,"),            // no code list
        (CSV, "a/shimei,VAL-001,"),            // optional
        (CSV, "/hi,VAL-007,"),                 // a date, no time
        (CSV, "a/bango,VAL-002,"),             // required without a condition
        (CSV, "a/hi,XRF-001,"),                // in no key
        (CSV, "a,VAL-009,"),                   // no field is an individual number
        (CSV, "a,XRF-003,"),                   // no totals
        (CSV, ",LAY-001,"),                    // no fixed layout
        (off.as_str(), "a/bango,VAL-001,"),    // off
        (CSV, "a/bango,VAL-008 VAL-013,一部"), // one of two
    ] {
        assert_eq!(told(layout, rest), ["SPC-020 requirements.csv:2"], "{rest}");
    }
    for (layout, rest) in [
        (CSV, "a/bango,VAL-001 VAL-003 VAL-004 VAL-008 XRF-001,"),
        (CSV, "a/hi,VAL-002 VAL-006,"),
        (CSV, "a/shimei a/bango,VAL-003,"), // one of the two has a length
        (CSV, ",VAL-006,"),
        (CSV, "a,ENC-001 LAY-004,"), // settings are for an agreement to decide
        (off.as_str(), "a/bango,VAL-003,"),
    ] {
        assert!(
            told(layout, rest).is_empty(),
            "{rest}: {:?}",
            told(layout, rest)
        );
    }
    // The ledger does not count such a requirement as tested.
    let bench = Bench::new();
    bench.write("p/pack.toml", HEAD);
    bench.write("p/layouts/a/layout.toml", CSV);
    bench.write("p/layouts/a/fields.csv", &fields);
    bench.write("p/codes/yn.csv", CODES);
    bench.write("p/requirements.csv", ledger("a/shimei,VAL-003,"));
    let called = bench.renkei(&["spec", "coverage", "./p", "--lang", "ja"]);
    assert!(
        called.stdout.contains("VAL-003(働かない)") && called.stdout.contains("理由なし"),
        "{}",
        called.stdout
    );
}
