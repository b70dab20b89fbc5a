//! Exchanges through the program that deviate from their agreement in one item each, beside a conforming twin: the
//! deviation is found once and names the item, the twin gives nothing. Each row is a linkage of its own in one plan.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::time::{Duration, SystemTime};

use renkei_core::encoding::{Dialect, Duplicates, Encoding, Target, encode};
use renkei_run::store::digest_of;
use serde_json::Value;

use crate::agreement_pairs::{STANDARD, profile};
use crate::harness::Bench;

const PACK: &str = "id = \"ex\"\nversion = \"1\"\ntitle = { ja = \"試験\", en = \"test\" }\n\
    document = { ja = \"試験\", en = \"test\" }\ndocument_version = \"1\"\ndocument_date = \"2026-01\"\n\
    source = \"renkei\"\nlicence = \"MIT\"\nfidelity = \"illustrative\"\ndeprecated = false\n";
const CSV: &str = "id = \"m\"\ntitle = { ja = \"宛名\", en = \"addressees\" }\nform = \"delimited\"\n\
    [file]\nencoding = \"utf-8\"\nnewline = \"crlf\"\n";
const CSV_FIELDS: &str = "no,item_id,name,roman,type,length,output,format,unknown_date,pk,sensitive\n\
    1,010,番号,no,X,4,required,,,1,\n2,020,宛名番号,atena,X,15,optional,atenabango,,,\n\
    3,030,個人番号,kojin,X,12,optional,kojinbango,,,number\n4,040,氏名,name,N,20,required,,,,name\n\
    5,050,生年月日,born,DATE,10,required,,allow,,\n6,060,終了日,until,DATE,10,optional,,,,\n\
    7,070,金額,amount,S9,8,optional,,,,\n8,080,備考,note,X,20,optional,,,,\n";
pub(crate) const ROWS: &str = "0001,202600000010005,123456789018,阿部　花子,1980-04-01,9999-12-31,-12,ab\r\n\
    0002,202600000010013,,伊藤　次郎,1980-04-01,2026-04-01,,\r\n";
const DECIMAL: &str = "id = \"v\"\ntitle = { ja = \"率\", en = \"rates\" }\nform = \"delimited\"\n\
    [file]\nencoding = \"utf-8\"\nnewline = \"crlf\"\n";
const DECIMAL_FIELDS: &str = "no,item_id,name,roman,type,length,output,pk\n1,010,番号,no,X,4,required,1\n\
    2,020,率,rate,9V,\"2,2\",required,\n";
const FIXED: &str = "id = \"x\"\ntitle = { ja = \"納付\", en = \"payments\" }\nform = \"fixed\"\nrecord_length = 24\n\
    sequence = \"D* T\"\n[file]\nencoding = \"cp932\"\nnewline = \"crlf\"\nlength_unit = \"bytes\"\nempty = \"spaces\"\n\
    [[kind]]\nid = \"D\"\ntitle = { ja = \"明細\", en = \"data\" }\nstart = 1\nvalue = \"2\"\n\
    [[kind]]\nid = \"T\"\ntitle = { ja = \"合計\", en = \"trailer\" }\nstart = 1\nvalue = \"8\"\n\
    [[total]]\nkind = \"T\"\nfield = \"count\"\ncounts = \"D\"\n";
const FIXED_FIELDS: &str = "kind,no,name,roman,type,length,output,start,width,pad\nD,1,区分,kubun,9,1,required,1,1,left-zero\n\
    D,2,税額,zei,9,11,required,2,11,left-zero\nD,3,カナ,kana,C,12,required,13,12,right-space\n\
    T,1,区分,kubun,9,1,required,1,1,left-zero\nT,2,件数,count,9,6,required,2,6,left-zero\n\
    T,3,予備,filler,DUMMY,17,optional,8,17,right-space\n";
const RECORDS: &str =
    "200000004300ﾅｶﾞﾉ ﾕｳ     \r\n200000000900ｻｶｲ ﾐｵ      \r\n8000002                 \r\n";
const NAMES: &str = "番号,宛名番号,個人番号,氏名,生年月日,終了日,金額,備考\r\n";
pub(crate) const NAME: &str = "f_001.csv";

/// What lies in an outbox: the name of the data file, its bytes, files beside it, the hour (UTC) it was put there.
pub(crate) struct Delivery {
    name: &'static str,
    bytes: Vec<u8>,
    beside: Vec<(&'static str, String)>,
    hour: Option<u64>,
    layout: &'static str,
}

pub(crate) fn rows(from: &str, to: &str) -> Delivery {
    assert!(ROWS.contains(from), "{from}");
    let text = if from.is_empty() {
        ROWS.to_owned()
    } else {
        ROWS.replace(from, to)
    };
    bytes(text)
}

fn bytes(bytes: impl Into<Vec<u8>>) -> Delivery {
    Delivery {
        name: NAME,
        bytes: bytes.into(),
        beside: Vec::new(),
        hour: None,
        layout: "ex/m",
    }
}

/// A file of another layout.
fn of(layout: &'static str, text: &str) -> Delivery {
    let target = Target {
        duplicates: Duplicates::Windows,
        encoding: Encoding::Cp932,
        dialect: Dialect::Ms,
    };
    Delivery {
        layout,
        ..bytes(encode(text, target).expect("CP932 holds the text"))
    }
}

fn records(from: &str, to: &str) -> Delivery {
    assert!(RECORDS.contains(from), "{from}");
    of("ex/x", &RECORDS.replace(from, to))
}

fn named(name: &'static str) -> Delivery {
    Delivery { name, ..usual() }
}

fn usual() -> Delivery {
    rows("", "")
}

fn encoded(encoding: Encoding) -> Delivery {
    let target = Target {
        duplicates: Duplicates::Windows,
        encoding,
        dialect: Dialect::Ms,
    };
    bytes(encode(ROWS, target).expect("the encoding holds the text"))
}

fn quoted() -> Delivery {
    let row = |row: &str| {
        row.split(',')
            .map(|f| format!("\"{f}\""))
            .collect::<Vec<_>>()
            .join(",")
    };
    bytes(ROWS.lines().map(|l| row(l) + "\r\n").collect::<String>())
}

fn beside(files: &[(&'static str, &str)]) -> Delivery {
    let files = files.iter().map(|(name, text)| (*name, (*text).to_owned()));
    Delivery {
        beside: files.collect(),
        ..usual()
    }
}

fn digest() -> Delivery {
    let bench = Bench::new();
    let sum = digest_of(&bench.write(NAME, ROWS)).expect("it is there");
    beside(&[("f_001.csv.sha256", &format!("{}  {NAME}\n", sum.sha256))])
}

fn at(hour: u64) -> Delivery {
    Delivery {
        hour: Some(hour),
        ..usual()
    }
}

fn gzip() -> Delivery {
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(ROWS.as_bytes()).expect("in memory");
    bytes(gzip.finish().expect("in memory"))
}

/// Item, what was agreed, a delivery as agreed, one that is not, the rule that tells.
type Row = (&'static str, &'static str, Delivery, Delivery, &'static str);

#[rustfmt::skip]
fn deliveries() -> Vec<Row> {
    let named = |name: &str| rows("阿部　花子", name);
    let with_end = |text: &str| bytes(format!("{ROWS}{text}"));
    let headed = || bytes(format!("{NAMES}{ROWS}"));
    let no_end = || bytes(ROWS.trim_end_matches("\r\n"));
    let other_name = Delivery { name: "g_001.csv", ..usual() };
    vec![
        ("F01", "utf-8", usual(), encoded(Encoding::Cp932), "ENC-007"),
        ("F01", "cp932", encoded(Encoding::Cp932), usual(), "ENC-007"),
        ("F02", "forbid", usual(), bytes(format!("\u{FEFF}{ROWS}")), "ENC-002"),
        ("F02", "require", bytes(format!("\u{FEFF}{ROWS}")), usual(), "ENC-002"),
        ("F03", "crlf", usual(), rows("\r\n", "\n"), "LAY-004"),
        ("F03", "lf", rows("\r\n", "\n"), usual(), "LAY-004"),
        ("F04", "require", usual(), no_end(), "LAY-005"),
        ("F05", "forbid", usual(), with_end("\x1A"), "LAY-006"),
        ("F06", ",", usual(), rows(",", "\t"), "LAY-002"),
        ("F07", "always", quoted(), usual(), "LAY-011"),
        ("F07", "never", usual(), quoted(), "LAY-011"),
        ("F08", "forbidden", usual(), rows("ab", "\"a\"\"b\""), "AGR-007"),
        ("F09", "none", usual(), headed(), "LAY-009"),
        ("F09", "names", headed(), usual(), "LAY-009"),
        ("F11", "forbid", usual(), rows("ab", "\"a\nb\""), "LAY-010"),
        ("F12", "empty", usual(), rows(",,\r\n", ",,  \r\n"), "AGR-007"),
        ("F13", "standard", usual(), rows("ab", "ａｂ"), "VAL-004"),
        ("F14", "bytes", named("阿部　花"), named("阿部　花子子子"), "VAL-003"),
        ("F16", "leading-minus", usual(), rows(",-12,", ",+12,"), "VAL-005"),
        ("F18", "yyyy-mm-dd", usual(), rows("1980-04-01", "19800401"), "VAL-006"),
        ("F19", "partial", rows("1980-04-01", "1980-04-00"), rows("1980-04-01", "0000-00-00"), "AGR-007"),
        ("F20", "0000-01-01/9999-12-31", usual(), rows("9999-12-31", "0001-01-01"), "AGR-007"),
        ("F24", "half-width-space", rows("　", " "), usual(), "AGR-007"),
        ("C01", "jisx0208 | ascii", usual(), named("髙橋　花子"), "ENC-003"),
        ("C02", "forbid", usual(), named("葛\u{E0100}西　花子"), "ENC-010"),
        ("C03", "none", usual(), named("阿\u{F0001}　花子"), "ENC-004"),
        ("C04", "forbid", usual(), named("阿\u{E000}　花子"), "ENC-004"),
        ("C05", "〓", named("阿〓　花子"), named("阿■　花子"), "ENC-006"),
        ("C06", "ms", named("阿～　花子"), named("阿〜　花子"), "AGR-007"),
        ("C07", "nfc-stable", named("ガ部　花子"), named("カ\u{3099}部　花子"), "ENC-011"),
        ("K01", "kojinbango", usual(), rows("123456789018", ""), "AGR-007"),
        ("K02", "false", usual(), rows("202600000010005", "202600000010001"), "VAL-010"),
        ("K03", "exclude", rows("123456789018", ""), usual(), "AGR-007"),
        ("K03", "mask", rows("123456789018", "********9018"), usual(), "AGR-007"),
        ("X03", "02:00-03:00", at(17), at(5), "AGR-007"),
        ("X04", "f_{seq:9(3)}.csv", usual(), other_name, "FIL-001"),
        ("X05", "zero-byte", beside(&[("f_001.end", "")]), usual(), "AGR-007"),
        ("X05", "control-file", beside(&[("f_001.ctl", "2")]), beside(&[("f_001.end", "")]), "AGR-007"),
        ("X05", "none", usual(), beside(&[("f_001.end", "")]), "AGR-007"),
        ("X07", "sha-256", digest(), usual(), "AGR-007"),
        ("X07", "sha-256", digest(), beside(&[("f_001.csv.sha256", &"0".repeat(64))]), "FIL-004"),
        ("X07", "none", usual(), digest(), "AGR-007"),
        ("X08", "none", usual(), gzip(), "AGR-007"),
        ("X08", "gzip", gzip(), usual(), "AGR-007"),
    ]
}

/// As a [`Row`], with what else was agreed.
type Further = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    Delivery,
    Delivery,
    &'static str,
);

#[rustfmt::skip]
fn further() -> Vec<Further> {
    const BYTES: &[(&str, &str)] = &[("F01", "cp932"), ("F14", "bytes"), ("C02", "forbid")];
    const EXTENT: &[(&str, &str)] = &[("X04", "jukyu_{extent:full|diff}_{seq:9(3)}.csv")];
    let (full, diff) = (|| named("jukyu_full_021.csv"), || named("jukyu_diff_021.csv"));
    let records_as_they_are = || records("2", "2");
    let rate = |text: &str| of("ex/v", &format!("0001,12.50\r\n0002,{text}\r\n"));
    let headed = |delimiter: &str| bytes((NAMES.to_owned() + ROWS).replace(',', delimiter));
    let implied = |text: &str| of("ex/v", &format!("0001,1250\r\n0002,{text}\r\n"));
    vec![
        // Where everything is quoted, fields without a value are, too: no deviation of its own.
        ("F07", "minimal", &[("F12", "empty")], usual(), quoted(), "LAY-011"),
        ("F06", ",", &[("F09", "names")], headed(","), headed("\t"), "LAY-002"),
        ("F15", "n-zero-c-space", BYTES, records_as_they_are(), records("00000000900", "        900"), "LAY-013"),
        ("F15", "n-zero-c-space", BYTES, records_as_they_are(), records("ｻｶｲ ﾐｵ      ", "      ｻｶｲ ﾐｵ"), "LAY-013"),
        ("F17", "point", &[], rate("3.05"), rate("0305"), "VAL-003"),
        ("F17", "implied", &[], implied("0305"), implied("3.05"), "VAL-005"),
        ("X01", "full", EXTENT, full(), diff(), "AGR-007"),
        ("X01", "diff", EXTENT, diff(), full(), "AGR-007"),
        ("X06", "trailer", BYTES, records_as_they_are(), records("8000002                 \r\n", ""), "LAY-008"),
        ("X06", "none", BYTES, of("ex/m", ROWS), records_as_they_are(), "AGR-007"),
    ]
}

pub(crate) const PLAN: &str = "schema = \"renkei.plan/v1\"\ntitle = { ja = \"試\", en = \"t\" }\ndata_class = \"fictional\"\n\
    packs = [\"ex@1\"]\nagreement_items = [\"linkage-items@1\"]\n\
    party = [{ id = \"a\", profile = \"a.toml\" }, { id = \"b\", profile = \"b.toml\" }]\n";

pub(crate) fn packs(bench: &Bench) {
    bench.write("packs/ex/1/pack.toml", PACK);
    for (id, layout, fields) in [
        ("m", CSV, CSV_FIELDS),
        ("v", DECIMAL, DECIMAL_FIELDS),
        ("x", FIXED, FIXED_FIELDS),
    ] {
        bench.write(&format!("packs/ex/1/layouts/{id}/layout.toml"), layout);
        bench.write(&format!("packs/ex/1/layouts/{id}/fields.csv"), fields);
    }
}

pub(crate) fn put(bench: &Bench, folder: &str, delivery: &Delivery) {
    for (name, text) in &delivery.beside {
        bench.write(&format!("{folder}/{name}"), text);
    }
    let path = bench.write(&format!("{folder}/{}", delivery.name), &delivery.bytes);
    // A whole day long ago, half past the hour: what lies there for long is not waited for.
    let hour = delivery.hour.unwrap_or(12);
    let when = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400 * 20_000 + hour * 3600 + 1800);
    let file = File::options()
        .append(true)
        .open(path)
        .expect("it is there");
    file.set_modified(when).expect("the time can be set");
}

pub(crate) fn linkage(plan: &mut String, id: &str, from: &str, case: &str) {
    let _ = write!(
        plan,
        "[[linkage]]\nid = \"{id}\"\ntitle = {{ ja = \"連\", en = \"l\" }}\nfrom = \"{from}\"\nto = \"b\"\n\
         [[case]]\nid = \"C-{id}\"\ntitle = {{ ja = \"件\", en = \"c\" }}\nlinkage = \"{id}\"\n{case}\n"
    );
}

pub(crate) fn answer(item: &str, value: &str, linkage: &str) -> String {
    format!("[[answer]]\nitem = \"{item}\"\nvalues = ['{value}']\nlinkage = \"{linkage}\"\n")
}

/// Rule and items that it names, of each finding of each linkage.
pub(crate) fn by_linkage(document: &Value) -> BTreeMap<String, Vec<(String, String)>> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for finding in document["findings"].as_array().into_iter().flatten() {
        let named = finding["requirements"].as_array().into_iter().flatten();
        let named = named.filter_map(|r| r.as_str()?.strip_prefix("agreement#").map(str::to_owned));
        let items: Vec<String> = named
            .chain(finding["location"]["item"].as_str().map(str::to_owned))
            .collect();
        let case = text(&finding["case"]);
        let key = case.strip_prefix("C-").unwrap_or(&case).to_owned();
        let told = (text(&finding["rule"]), items.join(" "));
        let list = found.entry(key).or_default();
        // One deviation may stand in several fields: it is the same rule and the same item.
        if !list.contains(&told) {
            list.push(told);
        }
    }
    found
}

pub(crate) fn run(bench: &Bench) -> Value {
    let called = bench.renkei(&["run", "plan.toml", "--packs", "packs", "--format", "json"]);
    serde_json::from_str(&called.stdout)
        .unwrap_or_else(|e| panic!("{e}: {} {}", called.stdout, called.stderr))
}

/// What is wrong with a linkage: what was told, and what should have been.
pub(crate) fn compare(
    found: &BTreeMap<String, Vec<(String, String)>>,
    linkage: &str,
    wanted: &[(&str, &str)],
) -> Option<String> {
    let got = found.get(linkage).cloned().unwrap_or_default();
    let wanted: Vec<(String, String)> = wanted
        .iter()
        .map(|(r, i)| ((*r).to_owned(), (*i).to_owned()))
        .collect();
    (got != wanted).then(|| format!("{linkage}: {got:?}, expected {wanted:?}"))
}

#[test]
fn each_file_that_deviates_in_one_item_is_told_of_and_its_twin_is_not() {
    let bench = Bench::new();
    packs(&bench);
    let mut plan = PLAN.to_owned();
    let (mut answers, mut wanted) = (String::new(), Vec::new());
    let plain = deliveries().into_iter();
    let plain = plain.map(|(item, value, good, bad, rule)| (item, value, &[][..], good, bad, rule));
    let all = plain.chain(further());
    for (at, (item, value, more, good, bad, rule)) in all.enumerate() {
        for (kind, delivery) in [("G", &good), ("D", &bad)] {
            let id = format!("{kind}{at:02}-{item}");
            put(&bench, &id, delivery);
            let case = format!(
                "[case.file]\nlayout = \"{}\"\noutbox = \"{id}\"\nname = \"{}\"\n",
                delivery.layout, delivery.name
            );
            linkage(&mut plan, &id, "a", &case);
            answers.push_str(&answer(item, value, &id));
            for (item, value) in more {
                answers.push_str(&answer(item, value, &id));
            }
            // Neither CP932 nor a named set of characters holds variation selectors.
            if value == "cp932" || item == "C01" {
                answers.push_str(&answer("C02", "forbid", &id));
            }
            wanted.push((
                id,
                if kind == "G" {
                    Vec::new()
                } else {
                    vec![(rule, item)]
                },
            ));
        }
    }
    // What a delivery without a pattern may be called is not at issue here.
    let both = profile(STANDARD, &[("X04", "業務名_連番"), ("C02", "allow")]) + &answers;
    bench.write("plan.toml", plan);
    bench.write("a.toml", &both);
    bench.write("b.toml", &both);
    let document = run(&bench);
    let found = by_linkage(&document);
    let wrong = wanted
        .iter()
        .filter_map(|(id, wanted)| compare(&found, id, wanted));
    let wrong: Vec<String> = wrong.chain(compare(&found, "", &[])).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A receiver beside the program: takes the file from its inbox and says how many of the two records it accepted.
fn receiver(bench: &Bench, id: &str, accepted: u64) -> std::thread::JoinHandle<()> {
    let inbox = bench.path().join(format!("in-{id}")).join(NAME);
    let receipt = bench.path().join(format!("r-{id}")).join("r.json");
    std::thread::spawn(move || {
        let until = std::time::Instant::now() + Duration::from_secs(60);
        let whole = |p: &std::path::Path| std::fs::metadata(p).is_ok_and(|m| m.len() > 0);
        while !whole(&inbox) && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(100));
        let Ok(sum) = digest_of(&inbox) else { return };
        let rejected = match accepted {
            0 => "[{\"record\":1,\"reason\":\"all\"},{\"record\":2,\"reason\":\"検査数字\"}]",
            _ => "[{\"record\":2,\"reason\":\"検査数字\"}]",
        };
        let text = format!(
            "{{\"schema\":\"renkei.receipt/v1\",\"file\":\"{NAME}\",\"sha256\":\"{}\",\"bytes\":{},\"records\":2,\
             \"accepted\":{accepted},\"rejected\":{rejected}}}",
            sum.sha256, sum.bytes
        );
        std::fs::write(receipt, text).expect("the folder is there");
    })
}

#[test]
fn a_receiver_that_takes_part_of_a_file_otherwise_than_agreed_is_told_of() {
    let bench = Bench::new();
    packs(&bench);
    let mut plan = PLAN.to_owned();
    let (mut answers, mut receivers) = (String::new(), Vec::new());
    let rows = [
        ("G1", "all-or-nothing", 0),
        ("D1", "all-or-nothing", 1),
        ("G2", "good-and-error-list", 1),
        ("D2", "good-and-error-list", 0),
    ];
    for (id, value, accepted) in rows {
        // The second individual number has a wrong check digit.
        put(
            &bench,
            id,
            &self::rows(
                "0002,202600000010013,,",
                "0002,202600000010013,123456789019,",
            ),
        );
        bench.write(&format!("r-{id}/.keep"), "");
        bench.write(&format!("in-{id}/.keep"), "");
        let case = format!(
            "[case.file]\nlayout = \"ex/m\"\noutbox = \"{id}\"\nname = \"{NAME}\"\ninbox = \"in-{id}\"\n\
             receipt = \"r-{id}/r.json\"\nwait_s = 20\n"
        );
        linkage(&mut plan, id, "a", &case);
        answers.push_str(&answer("X11", value, id));
        receivers.push(receiver(&bench, id, accepted));
    }
    let both = profile(STANDARD, &[("X04", "業務名_連番")]) + &answers;
    bench.write("plan.toml", plan);
    bench.write("a.toml", &both);
    bench.write("b.toml", &both);
    let document = run(&bench);
    for receiver in receivers {
        receiver.join().expect("the receiver ended");
    }
    let found = by_linkage(&document);
    let of_item = |id: &str| -> Vec<(String, String)> {
        let all = found.get(id).into_iter().flatten();
        all.filter(|(_, item)| !item.is_empty()).cloned().collect()
    };
    // Each file has the record that makes the receiver choose.
    for (id, ..) in rows {
        let told = found.get(id).cloned().unwrap_or_default();
        assert!(
            told.contains(&("VAL-009".into(), String::new())),
            "{id}: {told:?}"
        );
    }
    assert_eq!(of_item("G1"), []);
    assert_eq!(of_item("G2"), []);
    assert_eq!(of_item("D1"), [("AGR-007".to_owned(), "X11".to_owned())]);
    assert_eq!(of_item("D2"), [("REC-003".to_owned(), "X11".to_owned())]);
    assert_eq!(document["cases"].as_array().map(Vec::len), Some(4));
}

#[test]
fn a_linkage_whose_agreement_is_senseless_is_left_out_and_the_others_are_not() {
    let bench = Bench::new();
    packs(&bench);
    let mut plan = PLAN.to_owned();
    let mut answers = [String::new(), String::new()];
    for (id, values) in [("L-01", ["cp932", "utf-8"]), ("L-02", ["utf-8", "utf-8"])] {
        put(&bench, id, &usual());
        let case =
            format!("[case.file]\nlayout = \"ex/m\"\noutbox = \"{id}\"\nname = \"{NAME}\"\n");
        linkage(&mut plan, id, "a", &case);
        for (side, value) in answers.iter_mut().zip(values) {
            side.push_str(&answer("F01", value, id));
        }
    }
    let usual = profile(STANDARD, &[("X04", "業務名_連番")]);
    bench.write("plan.toml", plan);
    bench.write("a.toml", format!("{usual}{}", answers[0]));
    bench.write("b.toml", format!("{usual}{}", answers[1]));
    let document = run(&bench);
    let verdict = |at: usize| {
        document["cases"][at]["verdict"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        [verdict(0), verdict(1)],
        ["not_run", "pass"],
        "{document:#}"
    );
    let told: Vec<(String, String)> = by_linkage(&document).into_values().flatten().collect();
    assert_eq!(told, [("AGR-001".to_owned(), "F01".to_owned())]);
}

#[test]
fn an_ambiguity_that_an_exchange_shows_is_in_the_register_and_none_is_invented() {
    for (from, to, wanted) in [("", "", &[][..]), ("-12,ab", "  ,ab", &["SA-02"])] {
        let bench = Bench::new();
        packs(&bench);
        let mut plan = PLAN.to_owned();
        put(&bench, "o", &rows(from, to));
        let case = format!("[case.file]\nlayout = \"ex/m\"\noutbox = \"o\"\nname = \"{NAME}\"\n");
        linkage(&mut plan, "L-01", "a", &case);
        bench.write("plan.toml", plan);
        for profile_of in ["a.toml", "b.toml"] {
            bench.write(profile_of, profile(STANDARD, &[("X04", "業務名_連番")]));
        }
        let document = run(&bench);
        let entries = document["ambiguities"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let ids: Vec<&str> = entries.iter().filter_map(|e| e["id"].as_str()).collect();
        assert_eq!(ids, wanted, "{document:#}");
        let runs = std::fs::read_dir(bench.path().join("reports/runs")).expect("a folder");
        let run = runs.flatten().next().expect("a run").path();
        bench
            .renkei(&["report", &run.display().to_string(), "--format", "site"])
            .expect_code(0);
        let text = |name: &str| {
            let path = run.join("reports").join(name);
            std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        };
        for (page, shown) in [
            ("report.html", "SA-02"),
            ("ambiguities.html", "ファイルの値なし"),
        ] {
            assert_eq!(
                text(page).contains(shown),
                !wanted.is_empty(),
                "{page}: {}",
                text(page)
            );
        }
    }
}
