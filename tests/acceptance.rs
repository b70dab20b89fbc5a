//! The acceptance list of reports (section 8 of the notes on reports) where no other test proves an item whole: equal counts
//! in every form, a wrong client id, two readings of nothing, language and colour.

mod counts;

use std::path::Path;

use serde_json::{Value, json};

use crate::agreement_exchanges::{NAME, ROWS, linkage, packs};
use crate::agreement_pairs::{Answers, STANDARD, profile};
use crate::harness::Bench;
use crate::reports::only_run;
use counts::told;

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The clean story with a client id that the token endpoint does not know.
#[test]
fn a_wrong_client_id_is_a_setting_and_no_failure_of_a_product() {
    let bench = Bench::new();
    let story = bench.copy("sample-data/joint-test-clean");
    let profile = story.join("vendor-b/profile.toml");
    let right = read(&profile);
    let (_, main) = right.split_once("[clients.main]").expect("a client");
    let main = main.split("\n[").next().unwrap_or_default();
    let wrong = main.replace(
        "BZEIMAIN000000000000000000000001",
        "BZEIWRONG00000000000000000000009",
    );
    assert_ne!(main, wrong);
    std::fs::write(&profile, format!("{right}\n[clients.wrong]{wrong}\n")).expect("written");
    let plan = story.join("plan.toml");
    let changed = read(&plan).replace("client = \"main\"", "client = \"wrong\"");
    std::fs::write(&plan, changed).expect("written");
    let api = ["--case", "C-101", "--case", "C-102", "--case", "C-105"];
    let called = bench
        .renkei(
            &[
                &["run", "joint-test-clean/plan.toml", "--out", "runs"],
                &api[..],
            ]
            .concat(),
        )
        .expect_code(3);
    assert!(called.stdout.contains("設定不備"), "{}", called.stdout);
    let run = only_run(&bench.path().join("runs"));
    let document: Value =
        serde_json::from_str(&read(&run.join("reports/result.json"))).expect("JSON");
    assert_eq!(document["exit_code"], 3);
    let failing = |list: &Value, key: &str| {
        let list = list.as_array().expect("a list").clone();
        list.into_iter().filter(|one| one[key] == "fail").count()
    };
    assert_eq!(
        failing(&document["findings"], "effect"),
        0,
        "{:#}",
        document["findings"]
    );
    assert_eq!(document["counts"]["fail"].as_u64().unwrap_or(0), 0);
    let token = document["preflight"].as_array().expect("checks").iter();
    let bad: Vec<&Value> = token.filter(|row| row["verdict"] != "pass").collect();
    assert!(
        bad.len() == 1 && bad[0]["verdict"] == "inconclusive" && bad[0]["party"] == "b",
        "{bad:#?}"
    );
    let told = told(&bench, &run, "out");
    assert!(
        !told.cases.contains_key("fail") && !told.cells.contains_key("fail"),
        "{told:?}"
    );
    assert!(read(&run.join("reports/report.html")).contains("設定不備"));
    // And nothing of it becomes an issue of a vendor's product.
    bench
        .renkei(&["issues", "sync", &run.display().to_string()])
        .expect_code(0);
    let issues = bench.renkei(&["issues", "list"]).expect_code(0).stdout;
    assert!(
        !issues.contains("送信側") && !issues.contains("受信側"),
        "{issues}"
    );
}

const EMPTY: Answers = &[("X04", "業務名_連番"), ("F12", "empty")];
const QUOTED: Answers = &[("X04", "業務名_連番"), ("F12", "quoted")];

/// Two sides write "no value" in two ways, both allowed, nothing agreed: that is the specification's matter.
#[test]
fn two_conforming_readings_of_nothing_are_an_ambiguity_with_both_vendors() {
    let bench = Bench::new();
    packs(&bench);
    let mut plan = "schema = \"renkei.plan/v1\"\ntitle = { ja = \"試\", en = \"t\" }\ndata_class = \"fictional\"\n\
        packs = [\"ex@1\"]\nagreement_items = [\"linkage-items@1\"]\n\
        party = [{ id = \"a\", profile = \"a.toml\" }, { id = \"b\", profile = \"b.toml\" }]\n"
        .to_owned();
    let case = format!("[case.file]\nlayout = \"ex/m\"\noutbox = \"o\"\nname = \"{NAME}\"\n");
    linkage(&mut plan, "L-01", "a", &case);
    bench.write(&format!("o/{NAME}"), ROWS);
    bench.write("plan.toml", plan);
    let run = |name: &str, a: Answers, b: Answers| {
        bench.write("a.toml", profile(STANDARD, a));
        bench.write("b.toml", profile(STANDARD, b));
        let args = [
            "run",
            "plan.toml",
            "--packs",
            "packs",
            "--format",
            "json",
            "--out",
            name,
        ];
        let called = bench.renkei(&args);
        let document: Value = serde_json::from_str(&called.stdout).expect("JSON");
        (called.code, document, only_run(&bench.path().join(name)))
    };
    let (_, same, _) = run("same", EMPTY, EMPTY);
    assert_eq!(
        same["ambiguities"].as_array().map_or(0, Vec::len),
        0,
        "{same:#}"
    );
    let (code, document, bundle) = run("runs", EMPTY, QUOTED);
    // The codes of the program are fixed in the design: 3 is what is left for people to settle (7 in the notes).
    assert_eq!(code, 3, "{document:#}");
    let entries = document["ambiguities"].as_array().expect("entries");
    let ids: Vec<&Value> = entries.iter().map(|entry| &entry["id"]).collect();
    assert_eq!(ids, ["SA-02"], "{document:#}");
    let readers: Vec<(&str, &Value)> = entries[0]["readings"]
        .as_array()
        .expect("readings")
        .iter()
        .filter(|reading| reading["used_by"] != json!([]))
        .map(|reading| {
            (
                reading["value"].as_str().unwrap_or_default(),
                &reading["used_by"],
            )
        })
        .collect();
    assert_eq!(
        readers,
        [
            ("empty", &json!(["a", "L-01 観測"])),
            ("quoted", &json!(["b"]))
        ]
    );
    assert_eq!(
        document["counts"]["fail"].as_u64().unwrap_or(0),
        0,
        "{document:#}"
    );
    let caused = document["findings"].as_array().expect("findings");
    let about = |f: &&Value| f["location"]["item"] == "F12";
    let caused: Vec<&Value> = caused.iter().filter(about).collect();
    assert!(
        caused.len() == 1 && caused[0]["effect"] != "fail",
        "{caused:#?}"
    );
    bench
        .renkei(&[
            "report",
            &bundle.display().to_string(),
            "--format",
            "site",
            "--out",
            "site",
        ])
        .expect_code(0);
    let page = read(&bench.path().join("site/ambiguities.html"));
    let name = |party: usize| {
        document["parties"][party]["name"]["ja"]
            .as_str()
            .unwrap_or("?")
    };
    let rows: Vec<&str> = page
        .split("<tr")
        .filter(|row| row.contains("SA-02"))
        .collect();
    let row = |reading: &str| {
        let of = rows.iter().find(|row| row.contains(reading));
        of.unwrap_or_else(|| panic!("{reading}: {page}"))
    };
    assert!(row("区切りの間に何も書かない").contains(name(0)), "{page}");
    assert!(row("引用符だけを書く").contains(name(1)), "{page}");
}

/// What a run says in a terminal that knows only ASCII; and that documents do not change with the language. Words of packs
/// and the class letters of masked values (漢) are no words of the program: where it shows any, they stay as they are.
#[test]
fn a_posix_terminal_reads_ascii_and_documents_do_not_change_with_the_language() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test-clean");
    bench.copy("sample-data/joint-test");
    let posix = [
        ("LC_ALL", "C"),
        ("LANG", "C"),
        ("RENKEI_LANG", ""),
        ("CLICOLOR_FORCE", "1"),
    ];
    let clean = ["run", "joint-test-clean/plan.toml", "--out", "clean"];
    let clean = bench.renkei_with(&clean, &posix).expect_code(0);
    for told in [&clean.stdout, &clean.stderr] {
        let foreign: Vec<&str> = told.lines().filter(|line| !line.is_ascii()).collect();
        assert_eq!(foreign, Vec::<&str>::new());
    }
    assert!(clean.stdout.contains("conforming"), "{}", clean.stdout);
    let seeded = ["run", "joint-test/plan.toml", "--out", "runs"];
    let seeded = bench.renkei_with(&seeded, &posix).expect_code(1);
    assert!(
        seeded.stdout.contains("nonconforming["),
        "{}",
        seeded.stdout
    );
    assert!(!seeded.stdout.contains("不適合"), "{}", seeded.stdout);
    assert!(
        ![&seeded.stdout, &seeded.stderr]
            .iter()
            .any(|told| told.contains('\u{1b}'))
    );
    let run = only_run(&bench.path().join("runs")).display().to_string();
    let mut documents = Vec::new();
    for (lang, word) in [("ja", "不適合"), ("en", "nonconforming")] {
        let out = format!("out-{lang}");
        let formats = [
            "--format",
            "json,text",
            "--report-lang",
            lang,
            "--out",
            &out,
        ];
        let args = [&["--lang", lang, "report", &run, "--rejudge"], &formats[..]].concat();
        let called = bench.renkei_with(&args, &posix).expect_code(0);
        assert!(!called.stdout.contains('\u{1b}') && !called.stderr.contains('\u{1b}'));
        let text = read(&bench.path().join(&out).join("result.txt"));
        assert!(text.contains(word) && !text.contains('\u{1b}'), "{text}");
        documents.push(read(&bench.path().join(&out).join("result.json")));
    }
    assert_eq!(documents[0], documents[1]);
}
