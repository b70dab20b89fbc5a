//! `renkei check --agreement`: a vendor's own file against a negotiated record, before any run.

use serde_json::Value;

use crate::agreement_exchanges::{NAME, ROWS, packs};
use crate::harness::Bench;

/// What a record decides unless a row says otherwise.
const USUAL: &[(&str, &str)] = &[
    ("F01", "utf-8"),
    ("F02", "forbid"),
    ("F03", "crlf"),
    ("F09", "none"),
    ("C02", "forbid"),
    ("A07", "300"),
];

fn record(decisions: &[(&str, &str)]) -> String {
    let usual = USUAL
        .iter()
        .filter(|(item, _)| decisions.iter().all(|(other, _)| other != item));
    let all = usual.chain(decisions);
    let decided =
        all.map(|(item, value)| format!("[[agreed]]\nitem = \"{item}\"\nvalue = '{value}'\n"));
    format!(
        "schema = \"renkei.agreement/v1\"\nversion = 3\n{}",
        decided.collect::<String>()
    )
}

/// Rules with the item that each names, and the document.
fn check(bench: &Bench, more: &[&str]) -> (Vec<(String, String)>, Value) {
    let mut args = vec![
        "check", NAME, "--spec", "ex/m", "--packs", "packs", "--format", "json",
    ];
    args.extend(more);
    let called = bench.renkei(&args);
    let document: Value = serde_json::from_str(&called.stdout)
        .unwrap_or_else(|e| panic!("{e}: {} {}", called.stdout, called.stderr));
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let findings = document["findings"].as_array().into_iter().flatten();
    let told = findings.map(|f| {
        let named = f["requirements"].as_array().into_iter().flatten();
        let mut named = named.filter_map(|r| r.as_str()?.strip_prefix("agreement#"));
        let item = named.next().map(str::to_owned);
        (
            text(&f["rule"]),
            item.unwrap_or_else(|| text(&f["location"]["item"])),
        )
    });
    let mut told: Vec<_> = told.collect();
    told.dedup();
    (told, document)
}

#[test]
fn each_value_of_a_record_is_what_a_file_is_held_to() {
    let bench = Bench::new();
    packs(&bench);
    let named = |from: &str, to: &str| ROWS.replace(from, to);
    let rows: &[(&str, &str, String, &str)] = &[
        ("F02", "require", ROWS.to_owned(), "ENC-002"),
        ("F03", "lf", ROWS.to_owned(), "LAY-004"),
        ("F04", "forbid", ROWS.to_owned(), "LAY-005"),
        ("F07", "always", ROWS.to_owned(), "LAY-011"),
        ("F08", "forbidden", named(",ab", ",\"a\"\"b\""), "AGR-007"),
        ("F09", "names", ROWS.to_owned(), "LAY-009"),
        ("F12", "quoted", ROWS.to_owned(), "LAY-011"),
        ("F18", "yyyymmdd", ROWS.to_owned(), "VAL-006"),
        ("F19", "empty", named("1980-04-01", "0000-00-00"), "AGR-007"),
        ("F24", "half-width-space", ROWS.to_owned(), "AGR-007"),
        (
            "C01",
            "jisx0208 | ascii",
            named("阿部　花子", "髙部　花子"),
            "ENC-003",
        ),
        ("K03", "exclude", ROWS.to_owned(), "AGR-007"),
        ("X04", "jumin_{seq:9(3)}.csv", ROWS.to_owned(), "FIL-001"),
    ];
    bench.write("r.toml", record(&[]));
    bench.write(NAME, ROWS);
    let (told, document) = check(&bench, &["--agreement", "r.toml"]);
    assert_eq!(told, []);
    let rows_of = document["agreement"].as_array().expect("the rows");
    let row = |id: &str| rows_of.iter().find(|r| r["id"] == id).expect("a row");
    assert_eq!(row("F03")["observed"], "crlf");
    assert_eq!(row("A07")["observed"], "");
    assert_eq!(
        row("A07")["not_observed"]["ja"],
        "この種類の交換を行っていません"
    );
    let mut wrong = Vec::new();
    for (item, value, text, rule) in rows {
        bench.write("r.toml", record(&[(item, value)]));
        bench.write(NAME, text);
        // Alone, and among the files of a folder.
        bench.write(&format!("set/{NAME}"), text);
        let wanted = [((*rule).to_owned(), (*item).to_owned())];
        let (alone, _) = check(&bench, &["--agreement", "r.toml"]);
        let folder = [
            "check", "set", "--spec", "ex/m", "--packs", "packs", "--format", "json",
        ];
        let called = bench.renkei(&[&folder[..], &["--agreement", "r.toml"]].concat());
        let set: Value = serde_json::from_str(&called.stdout).expect("JSON");
        let names = |f: &Value| {
            f["requirements"]
                .to_string()
                .contains(&format!("agreement#{item}"))
                || f["location"]["item"] == *item
        };
        let set: Vec<bool> = set["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .map(names)
            .collect();
        if alone != wanted || set.is_empty() || set.contains(&false) {
            wrong.push(format!(
                "{item} {value}: {alone:?}, in a folder {set:?}, expected {wanted:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_wrong_with_a_record_is_told_before_anything_is_checked() {
    let bench = Bench::new();
    packs(&bench);
    bench.write(NAME, ROWS);
    let refused = |text: String, more: &[&str], wanted: &str| {
        bench.write("r.toml", text);
        let args = [
            &[
                "check",
                NAME,
                "--spec",
                "ex/m",
                "--packs",
                "packs",
                "--agreement",
                "r.toml",
            ][..],
            more,
        ];
        let called = bench.renkei(&args.concat()).expect_code(2);
        assert!(called.stderr.contains(wanted), "{}", called.stderr);
    };
    refused(
        record(&[("F99", "x")]),
        &[],
        "項目 F99 は協議項目の一覧にありません",
    );
    refused(
        record(&[("F03", "unix")]),
        &[],
        "F03 改行 の値 unix は許されていません",
    );
    refused(
        record(&[("F01", "shift_jis")]),
        &[],
        "F01 文字コード の値 shift_jis",
    );
    let scoped =
        || record(&[]) + "[[agreed]]\nitem = \"F12\"\nvalue = \"quoted\"\nlinkage = \"税-01\"\n";
    refused(scoped(), &[], "連携ごとに決めた値があり");
    refused(
        scoped(),
        &["--linkage", "税-02"],
        "連携 税-02 は合意設定書にありません",
    );
    refused(
        record(&[]),
        &["--linkage", "税-01"],
        "連携 税-01 だけの値はありません",
    );
    bench.write("r.toml", scoped());
    let (told, _) = check(&bench, &["--agreement", "r.toml", "--linkage", "税-01"]);
    assert_eq!(told, [("LAY-011".to_owned(), "F12".to_owned())]);
    // What the command line sets stands above the record.
    bench.write("r.toml", record(&[("F03", "lf")]));
    let (told, _) = check(&bench, &["--agreement", "r.toml"]);
    assert!(!told.is_empty());
    let (told, _) = check(&bench, &["--agreement", "r.toml", "--set", "newline=crlf"]);
    assert_eq!(told, []);
}
