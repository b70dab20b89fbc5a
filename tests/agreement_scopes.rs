//! Answers for one linkage only, and items that nobody knows.

use serde_json::Value;

use crate::agreement_exchanges::{self as exchanges, PLAN};
use crate::agreement_pairs::{STANDARD, profile};
use crate::agreement_sheet::rows;
use crate::harness::Bench;

#[test]
fn answers_for_one_linkage_are_compared_without_being_asked_for() {
    let of = |item: &str, value: &str, linkage: &str| {
        format!("[[answer]]\nitem = \"{item}\"\nvalues = ['{value}']\nlinkage = \"{linkage}\"\n")
    };
    let bench = Bench::new();
    let told = |a: String, b: String| -> Vec<(String, String, String)> {
        bench.write("a.toml", a);
        bench.write("b.toml", b);
        let called = bench.renkei(&["agree", "a.toml", "b.toml", "--format", "json"]);
        let document: Value = serde_json::from_str(&called.stdout).expect("JSON");
        let findings = document["findings"].as_array().cloned().unwrap_or_default();
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let told = findings.iter().map(|f| {
            let message = text(&f["message"]["ja"]);
            let scope = message.split("の").next().unwrap_or_default().to_owned();
            (text(&f["rule"]), text(&f["location"]["item"]), scope)
        });
        told.collect()
    };
    let usual = || profile(STANDARD, &[]);
    let without = || profile(STANDARD, &[("F01", "")]);
    let one = |rule: &str, item: &str, scope: &str| {
        vec![(rule.to_owned(), item.to_owned(), scope.to_owned())]
    };
    // Against the other's answer for the same linkage, and against its general one.
    let (lf, cr) = (of("F03", "lf", "L-02"), of("F03", "cr", "L-02"));
    assert_eq!(
        told(usual() + &lf, usual() + &cr),
        one("AGR-001", "F03", "連携L-02")
    );
    assert_eq!(
        told(usual() + &lf, usual()),
        one("AGR-001", "F03", "連携L-02")
    );
    assert_eq!(told(usual() + &lf, usual() + &lf), []);
    // A mandatory item that is answered linkage by linkage is answered; where one is left out, that is told once.
    let both = || without() + &of("F01", "utf-8", "L-01") + &of("F01", "cp932", "L-02");
    assert_eq!(told(both(), both()), []);
    let part = without() + &of("F01", "utf-8", "L-01") + &of("F03", "crlf", "L-02");
    assert_eq!(told(both(), part), one("AGR-003", "F01", "連携L-02"));
    // A linkage that one side alone names may be with another partner: told once for each, and nothing of its items.
    let elsewhere = || without() + &of("F01", "utf-8", "L-01") + &of("F01", "jisx0201", "L-03");
    let alone = |scope: &str| ("AGR-010".to_owned(), String::new(), scope.to_owned());
    assert_eq!(
        told(both(), elsewhere()),
        [
            alone("連携L-02は提供側だけが挙げています（F01）。利用側はほか"),
            alone("連携L-03は利用側だけが挙げています（F01）。提供側はほか")
        ]
    );
    // No linkage in common: what is answered linkage by linkage is told there alone.
    let only = |value: &str, linkage: &str| without() + &of("F01", value, linkage);
    assert_eq!(
        told(only("utf-8", "L-02"), only("cp932", "L-03")),
        [
            alone("連携L-02は提供側だけが挙げています（F01）。利用側はほか"),
            alone("連携L-03は利用側だけが挙げています（F01）。提供側はほか")
        ]
    );
    // Answers that exclude each other in one linkage only.
    let clash = || usual() + &of("F01", "cp932", "L-02") + &of("C02", "allow", "L-02");
    assert_eq!(told(clash(), clash()), one("AGR-008", "F01", "連携L-02"));
}

#[test]
fn a_linkage_of_one_side_stands_in_every_output() {
    let of = |item: &str, value: &str, linkage: &str| {
        format!("[[answer]]\nitem = \"{item}\"\nvalues = ['{value}']\nlinkage = \"{linkage}\"\n")
    };
    let bench = Bench::new();
    let a =
        of("F03", "lf", "税-01") + &of("F09", "names", "介護-07") + &of("F01", "cp932", "介護-07");
    bench.write("a.toml", profile(STANDARD, &[]) + &a);
    bench.write("b.toml", profile(STANDARD, &[]) + &of("F03", "lf", "税-01"));
    let text = bench.renkei(&["agree", "a.toml", "b.toml"]).stdout;
    assert!(
        text.contains("AGR-010 連携介護-07は提供側だけが挙げています（F01, F09）"),
        "{text}"
    );
    assert!(text.contains("F09 介護-07"), "{text}");
    let called = bench.renkei(&["agree", "a.toml", "b.toml", "--format", "json"]);
    let document: Value = serde_json::from_str(&called.stdout).expect("JSON");
    let of_linkage: Vec<(&str, &str)> = document["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| row["linkage"] == "介護-07")
        .map(|row| {
            (
                row["id"].as_str().unwrap_or(""),
                row["state"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(of_linkage, [("F01", "one_side"), ("F09", "one_side")]);
    let gate = bench
        .renkei(&["agree", "gate", "a.toml", "b.toml"])
        .expect_code(3);
    assert_eq!(
        gate.stdout
            .matches("連携介護-07は提供側だけが挙げ、利用側の申告にありません")
            .count(),
        1
    );
    // Asked about the linkage that both name, nothing of it is left.
    let gate = bench.renkei(&["agree", "gate", "a.toml", "b.toml", "--linkage", "税-01"]);
    assert!(!gate.stdout.contains("介護-07"), "{}", gate.stdout);
    bench
        .renkei(&[
            "agree", "a.toml", "b.toml", "--record", "r.xlsx", "--record", "r.toml",
        ])
        .expect_code(0);
    let book = bench
        .renkei(&["agree", "export", "a.toml", "b.toml", "--out", "s.xlsx"])
        .expect_code(0);
    assert!(book.stdout.contains("s.xlsx"));
    for (file, sheet) in [("r.xlsx", "未決事項"), ("s.xlsx", "協議シート")] {
        let cells = rows(&bench, file, sheet).concat();
        let told = cells
            .iter()
            .filter(|c| *c == "連携介護-07は提供側だけが挙げています");
        assert_eq!(told.count(), 2, "{file}");
    }
    let record = std::fs::read_to_string(bench.path().join("r.toml")).expect("written");
    assert!(!record.contains("介護-07"), "{record}");
}

#[test]
fn an_exchange_of_its_own_is_named_wherever_its_items_are_told() {
    let of = |value: &str, scope: &str| {
        format!("[[answer]]\nitem = \"X03\"\nvalues = ['{value}']\n{scope}")
    };
    let (both, exchange) = (
        "linkage = \"国保-31\"\nexchange = \"E-7\"\n",
        "exchange = \"E-9\"\n",
    );
    let usual =
        || profile(STANDARD, &[("F01", "")]) + "[[answer]]\nitem = \"F01\"\nvalues = ['utf-8']\n";
    let bench = Bench::new();
    bench.write(
        "a.toml",
        usual() + &of("02:00-03:30", both) + &of("12:00-13:00", exchange),
    );
    bench.write(
        "b.toml",
        usual() + &of("on-event", both) + &of("18:00-19:00", exchange),
    );
    let told = "国保-31の検査項目E-7 X03 時期: 共通の値がありません";
    let gate = bench.renkei(&["agree", "gate", "a.toml", "b.toml"]);
    assert!(gate.stdout.contains(told), "{}", gate.stdout);
    assert!(
        gate.stdout.contains("（検査項目E-9） X03"),
        "{}",
        gate.stdout
    );
    let english = [("RENKEI_LANG", "en")];
    let gate = bench.renkei_with(&["agree", "gate", "a.toml", "b.toml"], &english);
    assert!(
        gate.stdout.contains("国保-31, exchange E-7 X03"),
        "{}",
        gate.stdout
    );
    let before = "schema = \"renkei.agreement/v1\"\nversion = 1\n[[agreed]]\nitem = \"X16\"\nvalue = \"2\"\n\
        linkage = \"国保-31\"\nexchange = \"E-7\"\nby = \"担当者-01\"\non = \"2026-11-01\"\n";
    bench.write("r1.toml", before);
    let record = ["r.xlsx", "r.docx"];
    let compared = bench.renkei(&[
        "agree", "a.toml", "b.toml", "--agreed", "r1.toml", "--record", record[0], "--record",
        record[1], "--format", "json",
    ]);
    assert!(
        compared
            .stdout
            .contains("連携国保-31の検査項目E-7のX03 時期に共通の値がありません"),
        "{}",
        compared.stdout
    );
    assert!(
        compared.stdout.contains("連携（検査項目E-9）のX03"),
        "{}",
        compared.stdout
    );
    let open = rows(&bench, record[0], "未決事項");
    let scopes: Vec<[&str; 2]> = open
        .iter()
        .filter(|r| r[0] == "X03")
        .map(|r| [r[2].as_str(), &r[3]])
        .collect();
    assert_eq!(scopes, [["", "E-9"], ["国保-31", "E-7"]]);
    // What was decided before for it holds, and stays a decision for it alone.
    let settled = rows(&bench, record[0], "合意事項");
    let of_exchange = settled.iter().filter(|r| r[4] == "E-7");
    let of_exchange: Vec<[&str; 3]> = of_exchange.map(|r| [r[0].as_str(), &r[3], &r[5]]).collect();
    assert_eq!(of_exchange, [["X16", "国保-31", "2"]]);
    let changes = rows(&bench, record[0], "前の版との違い");
    assert!(!changes.iter().any(|r| r[0] == "X16"), "{changes:?}");
    let document =
        crate::travel::unzipped(&std::fs::read(bench.path().join(record[1])).expect("written"));
    assert!(document.contains("連携ID 検査項目"), "{document}");
    assert!(document.contains("国保-31 E-7"), "{document}");
}

#[test]
fn what_was_decided_for_one_exchange_holds_in_it_and_nowhere_else() {
    let bench = Bench::new();
    exchanges::packs(&bench);
    // Both sides can do either; people picked one for the linkage and another for one of its exchanges.
    let both = profile(STANDARD, &[("X04", "業務名_連番"), ("F03", "crlf / lf")]);
    bench.write("a.toml", &both);
    bench.write("b.toml", &both);
    let decided = |value: &str, scope: &str| {
        format!(
            "[[agreed]]\nitem = \"F03\"\nvalue = \"{value}\"\nby = \"担当者-01\"\non = \"2026-11-01\"\n{scope}"
        )
    };
    let record = "schema = \"renkei.agreement/v1\"\nversion = 1\npair = \"a..b\"\n".to_owned()
        + &decided("lf", "")
        + &decided("crlf", "linkage = \"L\"\nexchange = \"C-L\"\n");
    bench.write("r.toml", record);
    let file = |folder: &str| {
        format!("[case.file]\nlayout = \"ex/m\"\noutbox = \"{folder}\"\nname = \"f_001.csv\"\n")
    };
    let mut plan = PLAN.to_owned() + "agreements = [\"r.toml\"]\n";
    exchanges::linkage(&mut plan, "L", "a", &file("one"));
    plan += "[[case]]\nid = \"C-2\"\ntitle = { ja = \"件\", en = \"c\" }\nlinkage = \"L\"\n";
    plan += &file("two");
    bench.write("plan.toml", plan);
    let (crlf, lf) = (|| exchanges::rows("", ""), || exchanges::rows("\r\n", "\n"));
    let told = |one, two| {
        exchanges::put(&bench, "one", &one);
        exchanges::put(&bench, "two", &two);
        exchanges::by_linkage(&exchanges::run(&bench))
    };
    let nothing = std::collections::BTreeMap::new();
    assert_eq!(told(crlf(), lf()), nothing);
    let newline = || vec![("LAY-004".to_owned(), "F03".to_owned())];
    let both_wrong = [("L".to_owned(), newline()), ("2".to_owned(), newline())];
    assert_eq!(told(lf(), crlf()), both_wrong.into_iter().collect());
}

#[test]
fn an_item_that_nobody_knows_is_told_at_its_line() {
    let bench = Bench::new();
    let text = profile(STANDARD, &[]) + "[[answer]]\nitem = \"F99\"\nvalues = ['x']\n";
    bench.write("a.toml", &text);
    bench.write("b.toml", profile(STANDARD, &[]));
    let line = text[..text.find("F99").expect("it is there")]
        .lines()
        .count();
    for command in [
        &["agree", "a.toml", "b.toml"][..],
        &["agree", "gate", "a.toml", "b.toml"],
        &["agree", "ambiguities", "a.toml", "b.toml"],
        &["agree", "export", "a.toml"],
    ] {
        let called = bench.renkei(command).expect_code(2);
        assert!(
            called.stderr.contains(&format!(
                "a.toml:{line}: 項目 F99 は協議項目の一覧にありません"
            )),
            "{}",
            called.stderr
        );
    }
}
