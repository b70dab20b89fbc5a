//! Pairs of declarations, written by hand: what `renkei agree` says of each, and nothing else. Every pair differs from a
//! clean one in the answers that its row names.

use serde_json::Value;

use crate::harness::Bench;

/// What both sides answer unless a row says otherwise: every mandatory item, one value each.
const USUAL: &[(&str, &str)] = &[
    ("T01", "both"),
    ("T02", "object-storage"),
    ("A01", "client_secret_jwt"),
    ("A07", "300"),
    ("F01", "utf-8"),
    ("F02", "forbid"),
    ("F03", "crlf"),
    ("F04", "require"),
    ("F05", "forbid"),
    ("F07", "any"),
    ("F09", "none"),
    ("F14", "chars"),
    ("C01", "any"),
    ("C02", "forbid"),
    ("C04", "forbid"),
    ("C05", "〓"),
    ("X04", "f_{seq:9(3)}.csv"),
    ("X12", "30"),
    ("X13", "api-2.0"),
    ("O01", "項目定義書 2023-09-29"),
];

pub(crate) type Answers = &'static [(&'static str, &'static str)];

/// One pair: its name, kind and site of both systems, answers of both that differ from the usual ones (alternatives
/// separated by ` / `, nothing for silence), options, and the findings: rule and item.
struct Pair {
    name: &'static str,
    systems: [&'static str; 2],
    a: Answers,
    b: Answers,
    options: &'static [&'static str],
    found: Answers,
}

pub(crate) const STANDARD: &str = "kind = \"standard\", site = \"government-cloud\"";
const ON_PREMISES: &str = "kind = \"on-premises\"";
const TRANSITIONAL: &str = "kind = \"transitional\"";
const LOCAL: &str = "kind = \"local\"";
const LOCAL_HERE: &str = "kind = \"local\", site = \"on-premises\"";
const EXTERNAL: &str = "kind = \"external\"";
const USUAL_PAIR: [&str; 2] = [STANDARD, STANDARD];
const CSV: &[&str] = &["--method", "file", "--form", "delimited"];
const FIXED: &[&str] = &["--method", "file", "--form", "fixed"];
const API: &[&str] = &["--method", "api"];

const fn pair(
    name: &'static str,
    systems: [&'static str; 2],
    answers: [Answers; 2],
    options: &'static [&'static str],
    found: Answers,
) -> Pair {
    let [a, b] = answers;
    Pair {
        name,
        systems,
        a,
        b,
        options,
        found,
    }
}

const fn usual(name: &'static str, a: Answers, b: Answers, found: Answers) -> Pair {
    pair(name, USUAL_PAIR, [a, b], &[], found)
}

/// Both sides answer alike.
const fn alike(name: &'static str, both: Answers, found: Answers) -> Pair {
    usual(name, both, both, found)
}

const PAIRS: &[Pair] = &[
    // Values.
    usual("clean", &[], &[], &[]),
    usual(
        "encodings differ",
        &[("F01", "cp932")],
        &[],
        &[("AGR-001", "F01")],
    ),
    usual(
        "newlines differ",
        &[],
        &[("F03", "lf")],
        &[("AGR-001", "F03")],
    ),
    usual("one newline in common", &[("F03", "lf / crlf")], &[], &[]),
    alike(
        "two newlines in common",
        &[("F03", "lf / crlf")],
        &[("AGR-006", "F03")],
    ),
    usual(
        "no value for nothing in common",
        &[("F12", "empty")],
        &[("F12", "quoted / spaces")],
        &[("AGR-001", "F12")],
    ),
    usual(
        "words that nobody knows",
        &[("F03", "unix")],
        &[],
        &[("AGR-004", "F03")],
    ),
    usual(
        "a bare label of Shift_JIS",
        &[("F01", "Shift_JIS")],
        &[],
        &[("AGR-005", "F01")],
    ),
    alike(
        "an algorithm outside the standard",
        &[("A04", "RS256")],
        &[("AGR-004", "A04"), ("AGR-004", "A04")],
    ),
    alike(
        "width outside the standard",
        &[("F13", "mixed")],
        &[("AGR-004", "F13"), ("AGR-004", "F13")],
    ),
    usual(
        "method differs",
        &[("T01", "file")],
        &[("T01", "rest")],
        &[("AGR-001", "T01")],
    ),
    // Ranges.
    usual(
        "ranges that touch in one number",
        &[("A07", "300..600")],
        &[("A07", "600..900")],
        &[],
    ),
    usual(
        "ranges that overlap",
        &[("A07", "100..600")],
        &[("A07", "200..900")],
        &[("AGR-006", "A07")],
    ),
    usual(
        "ranges without a number in common",
        &[("X12", "..20")],
        &[("X12", "30..")],
        &[("AGR-001", "X12")],
    ),
    usual("a number within a range", &[("X12", "10..60")], &[], &[]),
    usual(
        "no range at all",
        &[("X12", "soon")],
        &[],
        &[("AGR-004", "X12")],
    ),
    // Silence.
    usual(
        "a mandatory item that one side leaves out",
        &[],
        &[("F03", "")],
        &[("AGR-003", "F03")],
    ),
    alike(
        "a mandatory item that both leave out",
        &[("X04", "")],
        &[("AGR-003", "X04")],
    ),
    usual(
        "an optional item that one side answers",
        &[("F12", "empty")],
        &[],
        &[("AGR-002", "F12")],
    ),
    usual(
        "an item of the standard that one side answers",
        &[("F20", "0000-01-01/9999-12-31")],
        &[],
        &[],
    ),
    // Answers that exclude each other.
    alike(
        "CP932 with a BOM",
        &[("F01", "cp932"), ("F02", "require")],
        &[("AGR-008", "F02")],
    ),
    alike(
        "CP932 with MJ+",
        &[("F01", "cp932"), ("C01", "mj+")],
        &[("AGR-008", "F01")],
    ),
    alike(
        "CP932 with variation selectors",
        &[("F01", "cp932"), ("C02", "allow")],
        &[("AGR-008", "F01")],
    ),
    alike(
        "JIS X 0208 with variation selectors",
        &[("C01", "jisx0208"), ("C02", "allow")],
        &[("AGR-008", "C02")],
    ),
    usual(
        "the same set in other words",
        &[("C01", "jisx0208 | nec13")],
        &[("C01", "nec13 + JISX0208")],
        &[],
    ),
    usual(
        "sets that are surely not the same, whatever the list holds",
        &[("C01", "jisx0208 + shi-gaiji")],
        &[("C01", "jisx0208 - jisx0208-nonkanji")],
        &[("AGR-001", "C01")],
    ),
    usual(
        "sets that may be the same",
        &[("C01", "jisx0208 | shi-gaiji")],
        &[("C01", "jisx0208")],
        &[("AGR-006", "C01")],
    ),
    alike(
        "CP932 with a set that holds a character beyond it",
        &[("F01", "cp932"), ("C01", "cp932-no-ext | U+20B9F")],
        &[("AGR-008", "C01")],
    ),
    alike(
        "CP932 with all it holds, as an expression",
        &[
            ("F01", "cp932"),
            (
                "C01",
                "jisx0208 | nec13 | nec-ibm | ibm-ext | ascii | half-kana",
            ),
        ],
        &[],
    ),
    alike(
        "plain Shift_JIS with the extensions",
        &[("F01", "shift_jis-x0208"), ("C01", "jisx0208 + nec13")],
        &[("AGR-008", "C01")],
    ),
    alike(
        "ISO-2022-JP with JIS X 0213",
        &[
            ("F01", "iso-2022-jp"),
            ("C01", "jisx0213 - jisx0208-level2"),
        ],
        &[("AGR-008", "C01")],
    ),
    alike(
        "single bytes, as an expression of sets",
        &[("F01", "jisx0201"), ("C01", "half-kana | ascii")],
        &[],
    ),
    alike(
        "single bytes with kanji in the expression",
        &[("F01", "jisx0201"), ("C01", "half-kana | jisx0208-level1")],
        &[("AGR-008", "C01")],
    ),
    alike(
        "nobody knows whether CP932 holds the list",
        &[("F01", "cp932"), ("C01", "jisx0208 | shi-gaiji")],
        &[("AGR-006", "C01")],
    ),
    alike(
        "UTF-8 holds any list",
        &[("C01", "jisx0208 | shi-gaiji")],
        &[],
    ),
    alike(
        "no set expression at all",
        &[("C01", "文字要件 の文字")],
        &[("AGR-006", "C01")],
    ),
    alike(
        "an expression without variation selectors, and they may be sent",
        &[("C01", "jisx0213 - nec13"), ("C02", "allow")],
        &[("AGR-008", "C02")],
    ),
    alike(
        "an expression with variation selectors, and they may be sent",
        &[("C01", "jisx0213 | ivs-selectors"), ("C02", "allow")],
        &[],
    ),
    alike(
        "plain Shift_JIS with gaiji",
        &[("F01", "shift_jis-x0208"), ("C04", "allow")],
        &[("AGR-008", "C04")],
    ),
    alike(
        "newlines in fields that are never quoted",
        &[("F07", "never"), ("F11", "allow")],
        &[("AGR-008", "F11")],
    ),
    alike(
        "empty quotes in fields that are never quoted",
        &[("F07", "never"), ("F12", "quoted")],
        &[("AGR-008", "F12")],
    ),
    alike(
        "a key that is left out",
        &[("K03", "exclude"), ("K01", "kojinbango")],
        &[("AGR-008", "K01")],
    ),
    alike(
        "totals in a file that is not sent",
        &[("X06", "control-file"), ("X05", "zero-byte")],
        &[("AGR-008", "X05")],
    ),
    alike(
        "a final newline without newlines",
        &[("F03", "none")],
        &[("AGR-008", "F04")],
    ),
    pair(
        "delimited without newlines",
        USUAL_PAIR,
        [&[("F03", "none"), ("F04", "forbid")]; 2],
        CSV,
        &[("AGR-008", "F03")],
    ),
    pair(
        "a fixed layout counted in characters",
        USUAL_PAIR,
        [&[], &[]],
        FIXED,
        &[("AGR-008", "F14")],
    ),
    pair(
        "a fixed layout counted in bytes",
        USUAL_PAIR,
        [&[("F14", "bytes")]; 2],
        FIXED,
        &[],
    ),
    pair(
        "a fixed layout without padding",
        USUAL_PAIR,
        [&[("F14", "bytes"), ("F15", "none")]; 2],
        FIXED,
        &[("AGR-008", "F15")],
    ),
    usual(
        "an open choice that another answer narrows",
        &[("F01", "cp932"), ("F02", "forbid / require")],
        &[("F01", "cp932"), ("F02", "require / forbid")],
        &[("AGR-006", "F02")],
    ),
    pair(
        "header names in a fixed layout",
        USUAL_PAIR,
        [&[("F14", "bytes"), ("F09", "names")]; 2],
        FIXED,
        &[("AGR-008", "F09")],
    ),
    pair(
        "newlines inside the fields of a fixed layout",
        USUAL_PAIR,
        [&[("F14", "bytes"), ("F11", "allow")]; 2],
        FIXED,
        &[("AGR-008", "F11")],
    ),
    alike(
        "a key that is masked",
        &[("K03", "mask"), ("K01", "kojinbango")],
        &[("AGR-008", "K01")],
    ),
    alike(
        "characters of plane 16 in CP932",
        &[("F01", "cp932"), ("C03", "keep")],
        &[("AGR-008", "F01")],
    ),
    alike(
        "CP932 characters in plain Shift_JIS",
        &[("F01", "shift_jis-x0208"), ("C01", "cp932")],
        &[("AGR-008", "C01")],
    ),
    alike(
        "doubled quotes that are never quoted",
        &[("F07", "never"), ("F08", "doubled")],
        &[("AGR-008", "F08")],
    ),
    alike(
        "encryption of object storage over SFTP",
        &[("T02", "sftp"), ("X08", "sse-kms")],
        &[("AGR-008", "T02")],
    ),
    // The kind of exchange that both settled on decides which items there are.
    alike(
        "files only",
        &[
            ("T01", "file"),
            ("A01", ""),
            ("A07", ""),
            ("X12", ""),
            ("X13", ""),
        ],
        &[],
    ),
    alike(
        "calls only",
        &[
            ("T01", "rest"),
            ("F01", ""),
            ("F03", ""),
            ("T02", ""),
            ("X04", ""),
            ("C05", "〓"),
        ],
        &[],
    ),
    alike(
        "less than nothing",
        &[("X12", "-5")],
        &[("AGR-004", "X12"), ("AGR-004", "X12")],
    ),
    alike(
        "an hour that no clock shows",
        &[("X03", "25:00-26:00")],
        &[("AGR-004", "X03"), ("AGR-004", "X03")],
    ),
    alike("a window over midnight", &[("X03", "23:30-01:00")], &[]),
    // What the kinds of system demand.
    alike("SFTP by agreement", &[("T02", "sftp")], &[]),
    alike(
        "a shared folder in the cloud",
        &[("T02", "on-prem-share")],
        &[("AGR-004", "T02"), ("AGR-004", "T02")],
    ),
    pair(
        "a shared folder on premises",
        [ON_PREMISES, LOCAL_HERE],
        [&[("T02", "on-prem-share")]; 2],
        CSV,
        &[],
    ),
    pair(
        "a shared folder with one side on premises",
        [STANDARD, ON_PREMISES],
        [&[("T02", "on-prem-share")]; 2],
        CSV,
        &[("AGR-004", "T02"), ("AGR-004", "T02")],
    ),
    alike(
        "an API key in the cloud",
        &[("A01", "api_key")],
        &[("AGR-004", "A01"), ("AGR-004", "A01")],
    ),
    pair(
        "an API key on premises for ever",
        [STANDARD, ON_PREMISES],
        [&[("A01", "api_key")]; 2],
        API,
        &[("AGR-003", "A11")],
    ),
    pair(
        "an API key on premises for a time",
        [STANDARD, ON_PREMISES],
        [&[("A01", "api_key"), ("A11", "2027-03-31")]; 2],
        API,
        &[],
    ),
    alike(
        "an end for a key that is not used",
        &[("A11", "2027-03-31")],
        &[("AGR-004", "A11"), ("AGR-004", "A11")],
    ),
    pair(
        "a local consumer without an id",
        [STANDARD, LOCAL],
        [&[]; 2],
        API,
        &[("AGR-003", "A10")],
    ),
    pair(
        "a local consumer with an id",
        [STANDARD, LOCAL],
        [&[("A10", "A01")]; 2],
        API,
        &[],
    ),
    pair(
        "a system in transition without dates",
        [TRANSITIONAL, STANDARD],
        [&[]; 2],
        CSV,
        &[("AGR-003", "O02")],
    ),
    pair(
        "a system in transition with dates",
        [TRANSITIONAL, STANDARD],
        [&[("O02", "2027年3月31日まで")]; 2],
        CSV,
        &[],
    ),
    pair(
        "tabs within the body",
        USUAL_PAIR,
        [&[("F06", "tab")]; 2],
        CSV,
        &[("AGR-004", "F06"), ("AGR-004", "F06")],
    ),
    pair(
        "tabs for a partner outside",
        [STANDARD, EXTERNAL],
        [&[("F06", "tab")]; 2],
        CSV,
        &[],
    ),
    pair(
        "delimiters of a fixed layout are not asked for",
        USUAL_PAIR,
        [&[("F14", "bytes"), ("F07", "")]; 2],
        FIXED,
        &[],
    ),
];

pub(crate) fn profile(system: &str, changed: Answers) -> String {
    let answer = |item: &str, values: &str| -> String {
        let values: Vec<String> = values.split(" / ").map(|v| format!("'{v}'")).collect();
        format!(
            "[[answer]]\nitem = \"{item}\"\nvalues = [{}]\n",
            values.join(", ")
        )
    };
    let kept = USUAL
        .iter()
        .filter(|(item, _)| changed.iter().all(|(other, _)| other != item));
    let given = kept.chain(changed.iter().filter(|(_, values)| !values.is_empty()));
    let answers: String = given.map(|(item, values)| answer(item, values)).collect();
    format!(
        "schema = \"renkei.profile/v1\"\nname = {{ ja = \"社\", en = \"v\" }}\n\
         system = {{ {system}, product = \"p\", version = \"1\" }}\n{answers}"
    )
}

fn found(document: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = document["findings"].as_array().into_iter().flatten();
    let mut found: Vec<_> = findings
        .map(|f| (text(&f["rule"]), text(&f["location"]["item"])))
        .collect();
    found.sort();
    found
}

#[test]
fn each_pair_is_told_what_is_wrong_with_it_and_nothing_else() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for pair in PAIRS {
        for (name, system, answers) in [
            ("a.toml", pair.systems[0], pair.a),
            ("b.toml", pair.systems[1], pair.b),
        ] {
            bench.write(name, profile(system, answers));
        }
        let mut args = vec!["agree", "a.toml", "b.toml", "--format", "json"];
        args.extend(pair.options);
        let called = bench.renkei(&args);
        let document: Value = serde_json::from_str(&called.stdout).unwrap_or_default();
        let mut wanted: Vec<(String, String)> = pair
            .found
            .iter()
            .map(|(r, i)| ((*r).to_owned(), (*i).to_owned()))
            .collect();
        wanted.sort();
        let got = found(&document);
        // That one side says more than it must is a notice.
        let clean = called.code == 0;
        if got != wanted || clean != wanted.iter().all(|(rule, _)| rule == "AGR-002") {
            wrong.push(format!(
                "{}: {got:?}, exit {} {}",
                pair.name, called.code, called.stderr
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn answers_for_one_linkage_and_what_was_decided_before() {
    let bench = Bench::new();
    bench.write("a.toml", profile(STANDARD, &[("F03", "crlf / lf")]));
    let scoped = "[[answer]]\nitem = \"F03\"\nvalues = ['cr']\nlinkage = \"L-02\"\n";
    bench.write(
        "b.toml",
        profile(STANDARD, &[("F03", "lf / crlf")]) + scoped,
    );
    let agree = |more: &[&str]| {
        let args: Vec<&str> = ["agree", "a.toml", "b.toml", "--format", "json"]
            .iter()
            .chain(more)
            .copied()
            .collect();
        found(&serde_json::from_str(&bench.renkei(&args).stdout).expect("JSON"))
    };
    let one = |rule: &str| vec![(rule.to_owned(), "F03".to_owned())];
    assert_eq!(agree(&["--linkage", "L-01"]), one("AGR-006"));
    assert_eq!(agree(&["--linkage", "L-02"]), one("AGR-001"));
    let record = |value: &str| {
        format!(
            "schema = \"renkei.agreement/v1\"\nversion = 1\npair = \"a..b\"\n\
             [[agreed]]\nitem = \"F03\"\nvalue = \"{value}\"\nby = \"担当者-01\"\non = \"2026-11-10\"\n"
        )
    };
    bench.write("r.toml", record("lf"));
    assert_eq!(agree(&["--linkage", "L-01", "--agreed", "r.toml"]), []);
    bench.write("r.toml", record("cr"));
    let overruled = agree(&["--linkage", "L-01", "--agreed", "r.toml"]);
    assert!(
        overruled.contains(&("AGR-009".to_owned(), "F03".to_owned())),
        "{overruled:?}"
    );
}
