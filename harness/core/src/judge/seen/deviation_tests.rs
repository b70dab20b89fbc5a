//! For each item that a file shows: an exchange as agreed, which is told nothing of, and one that deviates in that item
//! alone, which is told of once and as that item.

use super::tests::{Kept, exchange, judged, setup_of, told};
use crate::encoding::{Dialect, Duplicates, Encoding, Target, encode};
use crate::plan::Setup;
use crate::record::{BesideFile, Blob, FileTransfer, Transfer};

/// Further layouts of the pack of these tests: id, layout.toml, fields.csv.
pub(super) const LAYOUTS: &[(&str, &str, &str)] =
    &[("m", M, M_FIELDS), ("x", X, X_FIELDS), ("n", N, N_FIELDS)];

const M: &str = r#"id = "m"
title = { ja = "宛名", en = "addressees" }
form = "delimited"
[file]
encoding = "utf-8"
newline = "crlf"
"#;
const M_FIELDS: &str = "no,item_id,name,roman,type,length,output,format,unknown_date,pk,sensitive
1,010,番号,no,X,4,required,,,1,
2,020,宛名番号,atena,X,15,optional,atenabango,,,
3,030,個人番号,kojin,X,12,optional,kojinbango,,,number
4,040,氏名,name,N,20,required,,,,name
5,050,生年月日,born,DATE,10,required,,allow,,
6,060,終了日,until,DATE,10,optional,,,,
7,070,金額,amount,S9,8,optional,,,,
8,080,率,rate,9V,\"2,2\",optional,,,,
9,090,時刻,at,TIME,8,optional,,,,
10,100,備考,note,X,20,optional,,,,
";

const X: &str = r#"id = "x"
title = { ja = "固定長", en = "fixed" }
form = "fixed"
record_length = 20
sequence = "D* T"
[file]
encoding = "cp932"
newline = "crlf"
length_unit = "bytes"
empty = "spaces"
[[kind]]
id = "D"
title = { ja = "データ", en = "data" }
start = 1
value = "2"
[[kind]]
id = "T"
title = { ja = "トレーラ", en = "trailer" }
start = 1
value = "8"
[[total]]
kind = "T"
field = "count"
counts = "D"
"#;
const X_FIELDS: &str = "kind,no,name,roman,type,length,output,start,width,pad
D,1,区分,kubun,9,1,required,1,1,left-zero
D,2,金額,amount,9,9,required,2,9,left-zero
D,3,カナ,kana,C,10,required,11,10,right-space
T,1,区分,kubun,9,1,required,1,1,left-zero
T,2,件数,count,9,9,required,2,9,left-zero
T,3,予備,filler,DUMMY,10,optional,11,10,right-space
";

/// Days that nobody may leave out, where none may be unknown.
const N: &str = r#"id = "n"
title = { ja = "日付", en = "days" }
form = "delimited"
[file]
encoding = "utf-8"
newline = "crlf"
"#;
const N_FIELDS: &str = "no,name,roman,type,length,output,pk
1,番号,no,X,4,required,1
2,生年月日,born,DATE,10,required,
";

const ROWS: &str = "0001,202600000010005,123456789018,阿部　花子,1980-04-01,9999-12-31,-12,1.25,09:00:00,ab\r\n\
                    0002,202600000010013,,伊藤　次郎,1980-04-01,2026-04-01,,,,\r\n";
const FIXED: &str = "2000000120ｱﾍﾞ       \r\n2000000003ｲﾄｳ       \r\n8000000002          \r\n";

/// Stands for the SHA-256 of the data file.
const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// What is delivered.
#[derive(Clone)]
struct File {
    layout: &'static str,
    name: &'static str,
    bytes: Vec<u8>,
    changed: Option<&'static str>,
    beside: Option<Vec<(&'static str, Vec<u8>)>>,
    receipt: Option<String>,
}

fn bytes(bytes: impl Into<Vec<u8>>) -> File {
    File {
        layout: "m",
        name: "f_001.csv",
        bytes: bytes.into(),
        changed: None,
        beside: None,
        receipt: None,
    }
}

/// The usual rows with one place written otherwise.
fn rows(from: &str, to: &str) -> File {
    assert!(from.is_empty() || ROWS.contains(from), "{from}");
    bytes(if from.is_empty() {
        ROWS.to_owned()
    } else {
        ROWS.replace(from, to)
    })
}

fn of(layout: &'static str, text: impl Into<Vec<u8>>) -> File {
    File {
        layout,
        ..bytes(text)
    }
}

fn fixed(from: &str, to: &str) -> File {
    of("x", encoded(&FIXED.replace(from, to), Encoding::Cp932))
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    let target = Target {
        duplicates: Duplicates::Windows,
        encoding,
        dialect: Dialect::Ms,
    };
    encode(text, target).expect("the encoding holds the text")
}

fn in_encoding(encoding: Encoding) -> File {
    bytes(encoded(ROWS, encoding))
}

/// Every field in quotes.
fn quoted(all: bool) -> String {
    let field = |f: &str| match f.is_empty() && !all {
        true => String::new(),
        false => format!("\"{f}\""),
    };
    let row = |row: &str| row.split(',').map(field).collect::<Vec<_>>().join(",");
    ROWS.lines().map(|l| row(l) + "\r\n").collect()
}

fn named(name: &'static str) -> File {
    File {
        name,
        ..rows("", "")
    }
}

fn beside(files: &[(&'static str, &[u8])]) -> File {
    let files = files
        .iter()
        .map(|(name, content)| (*name, content.to_vec()));
    File {
        beside: Some(files.collect()),
        ..rows("", "")
    }
}

fn at(changed: &'static str) -> File {
    File {
        changed: Some(changed),
        ..rows("", "")
    }
}

fn receipt(accepted: u64) -> File {
    let file = rows("123456789018", "123456789010");
    let rejected: Vec<_> = (1..=2 - accepted)
        .map(|n| serde_json::json!({ "record": n, "reason": "個人番号" }))
        .collect();
    let said = serde_json::json!({
        "schema": "renkei.receipt/v1", "file": file.name, "sha256": DIGEST, "bytes": file.bytes.len(),
        "records": 2, "accepted": accepted, "rejected": rejected,
    });
    File {
        receipt: Some(said.to_string()),
        ..file
    }
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).expect("in memory");
    gzip.finish().expect("in memory")
}

/// The findings of one exchange: rule, items that it names.
fn findings(setup: &Setup, file: &File) -> Vec<(String, String)> {
    let mut kept = Kept([(DIGEST.to_owned(), file.bytes.clone())].into());
    let mut keep = |key: &str, bytes: &[u8]| {
        kept.0.insert(key.to_owned(), bytes.to_vec());
        Some(Blob {
            sha256: key.to_owned(),
            bytes: bytes.len() as u64,
        })
    };
    let beside = file.beside.as_ref().map(|files| {
        let one = |(name, bytes): &(&str, Vec<u8>)| BesideFile {
            name: (*name).to_owned(),
            bytes: bytes.len() as u64,
            content: keep(name, bytes),
        };
        files.iter().map(one).collect()
    });
    let receipt = file.receipt.as_ref().map(|said| keep("r", said.as_bytes()));
    let transfer = |name: &str, content: Option<Blob>| FileTransfer {
        name: name.into(),
        place: "o".into(),
        content,
        fault: None,
        changed: None,
        beside: None,
    };
    let fetched = FileTransfer {
        changed: file.changed.map(str::to_owned),
        beside,
        ..transfer(file.name, keep(DIGEST, &file.bytes))
    };
    let mut exchanges = vec![exchange("C-1", "fetch", Transfer::File(fetched))];
    if let Some(content) = receipt {
        exchanges.push(exchange(
            "C-1",
            "receipt",
            Transfer::File(transfer("r.json", content)),
        ));
    }
    told(&judged(setup, "C-1", exchanges, kept))
}

/// Item, what was agreed, what more was agreed, a file as agreed, one that is not, the rule that tells.
type Deviation = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    File,
    File,
    &'static str,
);

#[rustfmt::skip]
fn whole_file() -> Vec<Deviation> {
    let utf8 = || rows("", "");
    let no_end = || bytes(ROWS.trim_end_matches("\r\n"));
    let eof = || bytes(format!("{ROWS}\x1A"));
    let bom = || bytes(format!("\u{FEFF}{ROWS}"));
    let tabs = || rows(",", "\t");
    let lf = || rows("\r\n", "\n");
    let cr = || rows("\r\n", "\r");
    let named = |head: &str| bytes(format!("{head}\r\n{ROWS}"));
    let names = || named("番号,宛名番号,個人番号,氏名,生年月日,終了日,金額,率,時刻,備考");
    let roman = || named("no,atena,kojin,name,born,until,amount,rate,at,note");
    let ids = || named("010,020,030,040,050,060,070,080,090,100");
    let inside = || rows("ab\r\n", "\"a\nb\"\r\n");
    vec![
        ("F01", "utf-8", &[], utf8(), in_encoding(Encoding::Cp932), "ENC-007"),
        ("F01", "utf-8", &[], utf8(), in_encoding(Encoding::EucJp), "ENC-007"),
        ("F01", "utf-8", &[], utf8(), in_encoding(Encoding::Utf16Le), "ENC-007"),
        ("F01", "cp932", &[], in_encoding(Encoding::Cp932), utf8(), "ENC-007"),
        ("F01", "euc-jp", &[], in_encoding(Encoding::EucJp), in_encoding(Encoding::Cp932), "ENC-007"),
        ("F01", "utf-16le", &[], in_encoding(Encoding::Utf16Le), utf8(), "ENC-007"),
        ("F01", "iso-2022-jp", &[], in_encoding(Encoding::Iso2022Jp), utf8(), "ENC-007"),
        ("F02", "forbid", &[], utf8(), bom(), "ENC-002"),
        ("F02", "require", &[], bom(), utf8(), "ENC-002"),
        ("F03", "crlf", &[], utf8(), lf(), "LAY-004"),
        ("F03", "lf", &[], lf(), utf8(), "LAY-004"),
        ("F03", "lf", &[], lf(), cr(), "LAY-004"),
        ("F03", "cr", &[], cr(), utf8(), "LAY-004"),
        ("F04", "require", &[], utf8(), no_end(), "LAY-005"),
        ("F04", "forbid", &[], no_end(), utf8(), "LAY-005"),
        ("F05", "forbid", &[], utf8(), eof(), "LAY-006"),
        ("F05", "require", &[], eof(), utf8(), "LAY-006"),
        ("F06", ",", &[], utf8(), tabs(), "LAY-002"),
        ("F07", "always", &[], bytes(quoted(true)), utf8(), "LAY-011"),
        ("F07", "never", &[], utf8(), bytes(quoted(true)), "LAY-011"),
        ("F07", "minimal", &[], utf8(), bytes(quoted(false)), "LAY-011"),
        ("F07", "minimal", &[], rows("ab", "\"a,b\""), rows("ab", "\"ab\""), "LAY-011"),
        ("F07", "kokuho", &[], rows("阿部　花子", "\"阿部　花子\"").then("伊藤　次郎", "\"伊藤　次郎\""), utf8(), "LAY-011"),
        ("F08", "forbidden", &[], rows("ab", "\"ab\""), rows("ab", "\"a\"\"b\""), "AGR-007"),
        ("F09", "none", &[], utf8(), names(), "LAY-009"),
        ("F09", "names", &[], names(), utf8(), "LAY-009"),
        ("F09", "names", &[], names(), roman(), "LAY-009"),
        ("F09", "roman", &[], roman(), utf8(), "LAY-009"),
        ("F09", "ids", &[], ids(), utf8(), "LAY-009"),
        ("F11", "forbid", &[], utf8(), inside(), "LAY-010"),
    ]
}

impl File {
    fn then(self, from: &str, to: &str) -> Self {
        let text = String::from_utf8(self.bytes).expect("UTF-8");
        Self {
            bytes: text.replace(from, to).into_bytes(),
            ..self
        }
    }
}

#[rustfmt::skip]
fn values() -> Vec<Deviation> {
    let usual = || rows("", "");
    let long = |name: &str| rows("阿部　花子", name);
    // 20 characters as people count them, 21 code points.
    let with_selector = "葛\u{E0100}西西西西西西西西西西西西西西西西西西西";
    let day8 = || {
        rows("1980-04-01", "19800401")
            .then("9999-12-31", "99991231")
            .then("2026-04-01", "20260401")
    };
    let era = || {
        rows("1980-04-01", "3550401")
            .then("9999-12-31", "5991231")
            .then("2026-04-01", "5080401")
    };
    vec![
        ("F12", "empty", &[], usual(), rows(",,,,\r\n", ",,,,  \r\n"), "AGR-007"),
        ("F12", "empty", &[], usual(), rows(",,,,\r\n", ",,,,\"\"\r\n"), "AGR-007"),
        ("F12", "quoted", &[], rows(",,,,\r\n", ",\"\",\"\",\"\",\"\"\r\n").then("013,,", "013,\"\","), usual(), "LAY-011"),
        ("F12", "spaces", &[], rows(",,,,\r\n", ", , , , \r\n").then("013,,", "013, ,"), usual(), "AGR-007"),
        ("F14", "chars", &[], usual(), long(with_selector), "VAL-003"),
        ("F14", "graphemes", &[("F03", "crlf")], long(with_selector), long(with_selector).then("\r\n", "\n"), "LAY-004"),
        ("F14", "bytes", &[], long("阿部　花"), long("阿部　花子子子"), "VAL-003"),
        ("F16", "leading-minus", &[], usual(), rows(",-12,", ",+12,"), "VAL-005"),
        ("F16", "leading-minus", &[], usual(), rows(",-12,", ",1K,"), "VAL-005"),
        ("F16", "plus-minus", &[], rows(",-12,", ",+12,"), rows(",-12,", ",1K,"), "VAL-005"),
        ("F16", "zoned", &[], rows(",-12,", ",1K,"), usual(), "VAL-005"),
        ("F17", "point", &[], usual(), rows("1.25", "0125"), "VAL-003"),
        ("F17", "implied", &[], rows("1.25", "0125"), usual(), "VAL-005"),
        ("F18", "yyyy-mm-dd", &[], usual(), day8(), "VAL-006"),
        ("F18", "yyyymmdd", &[], day8(), usual(), "VAL-006"),
        ("F18", "yyyymmdd", &[], day8(), era(), "VAL-006"),
        ("F18", "era-code", &[], era(), day8(), "AGR-007"),
        ("F19", "0000-00-00", &[], rows("1980-04-01", "0000-00-00"), rows("1980-04-01", "1980-00-00"), "AGR-007"),
        ("F19", "partial", &[], rows("1980-04-01", "1980-04-00"), rows("1980-04-01", "0000-00-00"), "AGR-007"),
        ("F19", "empty", &[], rows("1980-04-01", ""), rows("1980-04-01", "0000-00-00"), "AGR-007"),
        ("F19", "partial", &[], of("n", "0001,1980-04-00\r\n"), of("n", "0001,0000-00-00\r\n"), "AGR-007"),
        ("F20", "0000-01-01/9999-12-31", &[], usual(), rows("9999-12-31", "0001-01-01"), "AGR-007"),
        ("F21", "hh:mm:ss", &[], usual(), rows("09:00:00", "09:00"), "AGR-007"),
        ("F21", "hh:mm", &[], rows("09:00:00", "09:00"), usual(), "AGR-007"),
        ("F24", "full-width-space", &[], usual(), rows("阿部　花子", "阿部 花子"), "VAL-004"),
        ("F24", "half-width-space", &[], rows("　", " "), usual(), "AGR-007"),
        ("C01", "jisx0208 | ascii", &[], usual(), long("髙橋　花子"), "ENC-003"),
        ("C01", "cp932", &[], long("髙橋　花子"), long("𠮷田　花子"), "ENC-003"),
        ("C02", "forbid", &[], usual(), long("葛\u{E0100}西　花子"), "ENC-010"),
        ("C02", "allow", &[("C04", "forbid")], long("葛\u{E0100}西　花子"), long("阿\u{E000}　花子"), "ENC-004"),
        ("C03", "none", &[], usual(), long("阿\u{F0001}　花子"), "ENC-004"),
        ("C03", "keep", &[("C04", "forbid")], long("阿\u{100001}　花子"), long("阿\u{E000}　花子"), "ENC-004"),
        ("C03", "shrink", &[("C04", "allow")], long("阿\u{E000}　花子"), long("阿\u{F0001}　花子"), "AGR-007"),
        ("C04", "forbid", &[], usual(), long("阿\u{E000}　花子"), "ENC-004"),
        ("C05", "〓", &[], long("阿〓　花子"), long("阿■　花子"), "ENC-006"),
        ("C06", "ms", &[], long("阿～　花子"), long("阿〜　花子"), "AGR-007"),
        ("C06", "jis", &[], long("阿〜　花子"), long("阿～　花子"), "AGR-007"),
        ("C07", "nfc-stable", &[], long("ガ部　花子"), long("カ\u{3099}部　花子"), "ENC-011"),
        ("K01", "atenabango", &[], usual(), rows("202600000010005", "").then("202600000010013", ""), "AGR-007"),
        ("K01", "kojinbango", &[], usual(), rows("123456789018", ""), "AGR-007"),
        ("K02", "false", &[], usual(), rows("202600000010005", "202600000010001"), "VAL-010"),
        ("K03", "include", &[], usual(), rows("123456789018", "************"), "VAL-009"),
        ("K03", "mask", &[], rows("123456789018", "********9018"), usual(), "AGR-007"),
        ("K03", "exclude", &[], rows("123456789018", ""), usual(), "AGR-007"),
    ]
}

fn fixed_width() -> Vec<Deviation> {
    let usual = || fixed("", "");
    vec![
        ("F03", "crlf", &[], usual(), fixed("\r\n", "\n"), "LAY-004"),
        ("F03", "none", &[], fixed("\r\n", ""), usual(), "LAY-004"),
        ("F01", "cp932", &[], usual(), of("x", FIXED), "ENC-007"),
        (
            "F15",
            "n-zero-c-space",
            &[],
            usual(),
            fixed("000000120", "      120"),
            "LAY-013",
        ),
        (
            "F15",
            "other",
            &[("F03", "crlf")],
            fixed("000000120", "      120"),
            fixed("\r\n", "\n"),
            "LAY-004",
        ),
        (
            "X06",
            "trailer",
            &[],
            usual(),
            fixed("8000000002          \r\n", ""),
            "LAY-008",
        ),
        ("X06", "none", &[], rows("", ""), usual(), "AGR-007"),
    ]
}

#[rustfmt::skip]
fn around() -> Vec<Deviation> {
    let usual = || rows("", "");
    let digest = |digest: String| vec![("f_001.csv.sha256", digest.into_bytes())];
    let hashed = |text: String| File {
        beside: Some(digest(text)),
        ..rows("", "")
    };
    let done: (&str, &[u8]) = ("f_001.end", b"");
    let control: (&str, &[u8]) = ("f_001.ctl", b"2 records");
    let extent = &[("X04", "f_{extent:full|diff}_{seq:9(3)}.csv")];
    vec![
        ("X01", "full", extent, named("f_full_001.csv"), named("f_diff_001.csv"), "AGR-007"),
        ("X01", "diff", extent, named("f_diff_001.csv"), named("f_full_001.csv"), "AGR-007"),
        ("X03", "02:00-03:00", &[], at("2026-11-22T17:30:00Z"), at("2026-11-23T05:30:00Z"), "AGR-007"),
        ("X04", "f_{seq:9(3)}.csv", &[], usual(), named("g_001.csv"), "FIL-001"),
        ("X05", "zero-byte", &[], beside(&[done]), beside(&[]), "AGR-007"),
        ("X05", "zero-byte", &[], beside(&[done]), beside(&[control]), "AGR-007"),
        ("X05", "control-file", &[], beside(&[control]), beside(&[]), "AGR-007"),
        ("X05", "none", &[], beside(&[]), beside(&[done]), "AGR-007"),
        ("X07", "none", &[], beside(&[]), hashed(DIGEST.to_owned()), "AGR-007"),
        ("X07", "sha-256", &[], hashed(format!("{DIGEST} *f_001.csv\n")), beside(&[]), "AGR-007"),
        ("X07", "sha-256", &[], hashed(DIGEST.to_uppercase()), hashed("0".repeat(64)), "FIL-004"),
        ("X08", "none", &[], usual(), bytes(gzip(ROWS)), "AGR-007"),
        ("X08", "gzip", &[], bytes(gzip(ROWS)), usual(), "AGR-007"),
        ("X11", "all-or-nothing", &[], receipt(0), receipt(1), "AGR-007"),
        ("X11", "good-and-error-list", &[], receipt(1), receipt(0), "REC-003"),
    ]
}

/// Findings of the data itself, which the receipt rows need: a record that does not conform.
const OF_THE_DATA: &[&str] = &["VAL-009", "REC-003", "REC-001"];

#[test]
fn each_deviation_is_told_once_and_what_is_as_agreed_is_not() {
    let mut wrong = Vec::new();
    let all = [whole_file(), values(), fixed_width(), around()].concat();
    for (item, value, more, good, bad, rule) in all {
        let agreed: Vec<(&str, &str)> = more.iter().copied().chain([(item, value)]).collect();
        // In rows whose file deviates from what more was agreed, that is what must be named.
        let named = match (rule, more) {
            ("ENC-004" | "LAY-004", [(other, _)]) => *other,
            _ => item,
        };
        let case = |file: &File| {
            let back = if file.receipt.is_some() {
                "inbox = \"i\"\nreceipt = \"r.json\""
            } else {
                ""
            };
            format!("layout = \"seen/{}\"\n{back}\n# ", file.layout)
        };
        let setup = setup_of(&agreed, &case(&good));
        let other = (good.layout != bad.layout).then(|| setup_of(&agreed, &case(&bad)));
        let seen = |file: &File| -> Vec<(String, String)> {
            let own = other.as_ref().filter(|_| file.layout == bad.layout);
            let all = findings(own.unwrap_or(&setup), file);
            let data = file.receipt.is_some();
            all.into_iter()
                .filter(|(r, i)| !data || !i.is_empty() || !OF_THE_DATA.contains(&r.as_str()))
                .collect()
        };
        // One deviation may stand in several fields: it is the same rule and the same item.
        let (of_good, mut of_bad) = (seen(&good), seen(&bad));
        of_bad.dedup();
        if !of_good.is_empty() {
            wrong.push(format!("{item} {value}: as agreed, but {of_good:?}"));
        }
        if of_bad != [(rule.to_owned(), named.to_owned())] {
            wrong.push(format!(
                "{item} {value}: expected {rule} {named}, got {of_bad:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
