//! CSV as vendors write it: twenty columns, quotes here and there, names with every second byte that looks like ASCII.

use std::collections::BTreeMap;

use renkei_core::encoding::Encoding;
use renkei_core::spec::layout::{CodeList, Layout, digits};

use crate::world::{Dice, Told, bytes, code_list, layout, number, scan_all};

const FIELDS: &str = "no,name,roman,type,length,pk,code,output,condition,repertoire,format,unknown_date,fixed_value,sensitive
1,宛名番号,atenabango,X,15,1,,required,,,atenabango,,,
2,個人番号,kojinbango,X,12,,,,,,kojinbango,,,number
3,氏名,shimei,N,20,,,required,,,,,,name
4,氏名カナ,kana,X,30,,,,,jisx0201-kana | U+0020,,,,kana
5,性別,seibetsu,X,1,,sex,,,,,,,
6,生年月日,seinengappi,DATE,10,,,,,,,,,birth
7,不詳表記,fusho,N,20,,,conditional,seinengappi = '',,,,,
8,団体コード,dantai,X,6,,,required,,,dantaicode,,,
9,郵便番号,yubin,X,7,,,,,,regex:[0-9]{7},,,
10,住所,jusho,N,40,,,required,,,,,,address
11,金額,kingaku,S9,9,,,,,,,,,
12,率,ritsu,9V,\"3,2\",,,,,,,,,
13,件数,kensu,9,5,,,required,,,,,,
14,時刻,jikoku,TIME,8,,,,,,,,,
15,法人番号,hojin,X,13,,,,,,hojinbango,,,
16,区分,kubun,X,1,,,,,,,,A,
17,備考,biko,N,10,,,,,,,,,
18,メモ,memo,X,20,,,,,,,,,
19,異動日,ido,DATE,10,,,required,,,,,,
20,届出日,todoke,DATE,10,,,required,,,,,,
";

pub(crate) const NAMES: [&str; 10] = [
    "山田　太郎",
    "能登　十三",
    "表　ソフィー",
    "髙橋　一",
    "予算　貼子",
    "渡邊　久美子",
    "芸能　申",
    "暴走　噂",
    "アベ・マリア",
    "構　圭",
];
const KANA: [&str; 5] = ["ﾔﾏﾀﾞ ﾀﾛｳ", "ﾉﾄ ｼﾞｭｳｿﾞｳ", "ｵﾓﾃ ｿﾌｨｰ", "ﾊﾟｳﾛ", "ﾜﾀﾅﾍﾞ ｸﾐｺ"];
const STREETS: [&str; 5] = [
    "東京都千代田区能楽町１－２－３",
    "新宿区西新宿２丁目８－１",
    "大阪市北区中之島１－３－２０",
    "表町ソ１０",
    "構内申１－１　〓ビル",
];

pub(crate) fn settings(encoding: Encoding) -> Layout {
    let toml = format!(
        "form = \"delimited\"\n[file]\nencoding = \"{}\"\n[[rule]]\nid = \"r1\"\nthen = \"ido <= todoke\"\nmessage = {{ ja = \"順\", en = \"order\" }}\n",
        encoding.name()
    );
    layout(&toml, FIELDS)
}

pub(crate) fn lists() -> BTreeMap<String, CodeList> {
    let list = code_list(
        "value,name_ja,name_en,valid_from,valid_to,note\n0,不明,,,,\n1,男,,,,\n2,女,,,,\n8,旧,,,2020-03-31,\n",
    );
    BTreeMap::from([("sex".to_owned(), list)])
}

/// The fields of a record as they stand in the file.
pub(crate) type Row = Vec<Vec<u8>>;

fn quoted(dice: &mut Dice, text: &str, encoding: Encoding) -> Vec<u8> {
    let text = if text.contains(['"', ',']) || dice.roll(5) == 0 {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    };
    bytes(&text, encoding)
}

pub(crate) fn clean(dice: &mut Dice, encoding: Encoding, count: usize) -> Vec<Row> {
    (0..count).map(|nth| row(dice, encoding, nth)).collect()
}

fn row(dice: &mut Dice, encoding: Encoding, nth: usize) -> Row {
    let mut atena = String::new();
    for salt in 0.. {
        let body = format!("{:014}", 10_000_000_000 + nth * 20 + salt);
        if let Some(found) = crate::world::with_digit(&body, digits::addressee_number) {
            atena = found;
            break;
        }
    }
    let or_none = |dice: &mut Dice, value: String| {
        if dice.roll(3) == 0 {
            String::new()
        } else {
            value
        }
    };
    let kojin = number(dice, 11, digits::individual_number);
    let hojin = number_of_company(dice);
    let dantai = number(dice, 5, digits::municipality_code);
    let born = format!(
        "19{:02}-{:02}-{:02}",
        20 + dice.roll(80),
        1 + dice.roll(12),
        1 + dice.roll(28)
    );
    let born = or_none(dice, born);
    let fusho = if born.is_empty() {
        dice.pick(&["昭和３０年頃", "不詳"]).to_owned()
    } else {
        String::new()
    };
    let memo = dice
        .pick(&["", "a,b", "say \"hi\"", "x y", "A-1/2"])
        .to_owned();
    let values = [
        atena,
        or_none(dice, kojin),
        dice.pick(&NAMES).to_owned(),
        dice.pick(&KANA).to_owned(),
        dice.pick(&["", "0", "1", "2"]).to_owned(),
        born,
        fusho,
        dantai,
        format!("{:07}", dice.roll(10_000_000)),
        dice.pick(&STREETS).to_owned(),
        dice.pick(&["", "0", "-12", "123456789", "-123456789"])
            .to_owned(),
        dice.pick(&["", "1", "0.5", "100.25", "999.99"]).to_owned(),
        dice.roll(100_000).to_string(),
        dice.pick(&["", "00:00:00", "23:59:59", "09:30"]).to_owned(),
        or_none(dice, hojin),
        dice.pick(&["", "A"]).to_owned(),
        dice.pick(&["", "備考", "①②㈱Ⅳ", "ー―～∥"]).to_owned(),
        memo,
        format!(
            "20{:02}-{:02}-{:02}",
            dice.roll(20),
            1 + dice.roll(12),
            1 + dice.roll(28)
        ),
        "2026-03-31".to_owned(),
    ];
    values.iter().map(|v| quoted(dice, v, encoding)).collect()
}

fn number_of_company(dice: &mut Dice) -> String {
    loop {
        let body: String = (0..12)
            .map(|_| char::from(b'0' + u8::try_from(dice.roll(10)).unwrap()))
            .collect();
        for first in 1..10 {
            let number = format!("{first}{body}");
            if digits::corporate_number(number.as_bytes()) == digits::Digit::Right {
                return number;
            }
        }
    }
}

/// The file, and where each field of each record starts.
pub(crate) fn written(rows: &[Row]) -> (Vec<u8>, Vec<Vec<usize>>) {
    let (mut out, mut places) = (Vec::new(), Vec::new());
    for row in rows {
        let mut starts = Vec::new();
        for (at, field) in row.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            starts.push(out.len());
            out.extend(field);
        }
        starts.push(out.len());
        out.extend(b"\r\n");
        places.push(starts);
    }
    (out, places)
}

/// What is planted in one field: its new bytes, and where in them the fault is.
struct Plant {
    name: &'static str,
    rule: &'static str,
    field: usize,
    bytes: Vec<u8>,
    at: usize,
    length: usize,
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn plants(encoding: Encoding) -> Vec<Plant> {
    let e = |text: &str| bytes(text, encoding);
    let utf8 = encoding == Encoding::Utf8;
    let mut all = Vec::new();
    let mut add = |name, rule, field, bytes: Vec<u8>, at: usize, length: usize| {
        all.push(Plant {
            name,
            rule,
            field,
            bytes,
            at,
            length,
        });
    };
    let value = |text: &str| (e(text), 0, e(text).len());
    let mut whole = |name, rule, field, text: &str| {
        let (bytes, at, length) = value(text);
        add(name, rule, field, bytes, at, length);
    };
    whole("required missing", "VAL-001", 2, "");
    whole(
        "name too long",
        "VAL-003",
        2,
        "一二三四五六七八九十一二三四五六七八九十一",
    );
    whole("number too long", "VAL-003", 12, "123456");
    whole("letter in a number", "VAL-005", 12, "12a45");
    whole("full-width digits in a number", "VAL-005", 12, "１２３");
    whole("thousands separator", "VAL-005", 10, "1 000");
    whole("plus sign", "VAL-005", 10, "+12");
    whole("too many fraction digits", "VAL-003", 11, "1.234");
    whole("comma as point", "VAL-005", 11, "1 5");
    whole("February 30", "VAL-006", 5, "2020-02-30");
    whole("slashes in a date", "VAL-006", 5, "2020/02/03");
    whole("date without hyphens", "VAL-006", 18, "20200203");
    whole("hour 24", "VAL-007", 13, "24:00:00");
    whole("code not in the list", "VAL-008", 4, "9");
    whole("code that ended", "VAL-008", 4, "8");
    whole("pattern", "VAL-012", 8, "123-456");
    whole("fixed value", "VAL-013", 15, "B");
    whole("full-width in X", "VAL-004", 17, "あ");
    whole("half-width in N", "VAL-004", 16, "A");
    add("leading zeros lost", "VAL-012", 8, e("12345"), 0, 5);
    add(
        "half kana in N",
        "VAL-004",
        16,
        e("備ｱ考"),
        e("備").len(),
        e("ｱ").len(),
    );
    add(
        "letter outside the repertoire",
        "ENC-003",
        3,
        e("ﾔﾏA"),
        e("ﾔﾏ").len(),
        1,
    );
    add(
        "question mark in a name",
        "ENC-020",
        2,
        e("山?太郎"),
        e("山").len(),
        1,
    );
    add(
        "black square in a name",
        "ENC-006",
        2,
        e("山■太郎"),
        e("山").len(),
        e("■").len(),
    );
    add(
        "numeric reference",
        "ENC-013",
        2,
        e("山&#134071;"),
        e("山").len(),
        9,
    );
    add("tab", "ENC-012", 17, e("a\tb"), 1, 1);
    add("NUL", "ENC-019", 17, e("a\0b"), 1, 1);
    add("shift-out", "ENC-017", 17, b"a\x0Eb".to_vec(), 1, 1);
    add("split voicing mark", "ENC-015", 3, e("ﾞﾔﾏﾀ"), 0, e("ﾞ").len());
    add("quote in the middle", "LAY-003", 17, b"a\"b".to_vec(), 1, 1);
    add(
        "text behind the quote",
        "LAY-003",
        17,
        b"\"a\"b".to_vec(),
        3,
        1,
    );
    if utf8 {
        add("private use", "ENC-004", 2, e("山\u{E000}"), 3, 3);
        add(
            "replacement character",
            "ENC-005",
            2,
            e("山\u{FFFD}田"),
            3,
            3,
        );
        add("decomposed kana", "ENC-011", 16, e("か\u{3099}"), 0, 6);
        add(
            "compatibility ideograph",
            "ENC-011",
            2,
            e("神\u{FA19}"),
            3,
            3,
        );
        add("selector alone", "ENC-010", 16, e("\u{E0100}字"), 0, 4);
        add("zero width space", "ENC-012", 2, e("山\u{200B}田"), 3, 3);
        add("BOM inside", "ENC-012", 2, e("\u{FEFF}山田"), 0, 3);
        add(
            "illegal byte",
            "ENC-001",
            2,
            b"\xE5\xB1\xB1\xFE\xE5\xB1\xB1".to_vec(),
            3,
            1,
        );
        add(
            "cut character",
            "ENC-014",
            2,
            b"\xE5\xB1\xB1\xE5\xB1".to_vec(),
            3,
            2,
        );
        add(
            "surrogates",
            "ENC-001",
            2,
            b"\xE5\xB1\xB1\xED\xA1\x82\xED\xBE\xB7".to_vec(),
            3,
            6,
        );
    } else {
        add(
            "user-defined character",
            "ENC-004",
            2,
            b"\x8E\x52\xF0\x40".to_vec(),
            2,
            2,
        );
        add(
            "unassigned pair",
            "ENC-001",
            2,
            b"\x8E\x52\x85\x9F\x8E\x52".to_vec(),
            2,
            2,
        );
        add(
            "ICU substitute",
            "ENC-016",
            2,
            b"\x8E\x52\xFC\xFC\x8E\x52".to_vec(),
            2,
            2,
        );
        add(
            "cut character",
            "ENC-014",
            2,
            b"\x8E\x52\x8E".to_vec(),
            2,
            1,
        );
        add(
            "reserved byte",
            "ENC-001",
            2,
            b"\x8E\x52\xFD\x8E\x52".to_vec(),
            2,
            1,
        );
        add("bad trail", "ENC-001", 17, b"\x8E1".to_vec(), 0, 1);
    }
    all
}

pub(crate) fn told(
    rule: &str,
    record: usize,
    field: Option<&str>,
    at: usize,
    length: usize,
) -> Told {
    Told {
        rule: rule.to_owned(),
        record: Some(record as u64),
        field: field.map(str::to_owned),
        at: at as u64,
        length: length as u64,
    }
}

#[test]
fn clean_files_are_silent() {
    for encoding in [Encoding::Cp932, Encoding::Utf8, Encoding::EucJp] {
        let layout = settings(encoding);
        for seed in 1..3 {
            let rows = clean(&mut Dice::new(seed), encoding, 1_000);
            let (file, _) = written(&rows);
            let (told, findings) = scan_all(&layout, &lists(), &file);
            let said: Vec<_> = findings
                .iter()
                .map(|f| (&f.rule, &f.location, &f.observed))
                .collect();
            assert!(
                said.is_empty() && told.is_empty(),
                "{encoding} seed {seed}: {said:?}"
            );
        }
    }
}

/// Every plant alone in a file of its own: nothing else is told.
#[test]
fn every_plant_is_found_where_it_is() {
    let mut faults = Vec::new();
    for encoding in [Encoding::Cp932, Encoding::Utf8] {
        let layout = settings(encoding);
        let mut dice = Dice::new(7);
        let rows = clean(&mut dice, encoding, 60);
        for plant in plants(encoding) {
            let mut rows = rows.clone();
            let record = 5 + dice.roll(50);
            rows[record][plant.field].clone_from(&plant.bytes);
            if plant.field == 5 {
                rows[record][6].clear();
            }
            let (file, places) = written(&rows);
            let at = places[record][plant.field] + plant.at;
            let field = layout.kinds[0].fields[plant.field].roman.as_str();
            let wanted = [told(plant.rule, record + 1, Some(field), at, plant.length)];
            let (seen, _) = scan_all(&layout, &lists(), &file);
            if seen != wanted {
                faults.push(format!(
                    "{encoding} {}: {seen:?}\n   wanted {wanted:?}",
                    plant.name
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// All plants in one file of some thousand records.
#[test]
fn a_file_full_of_plants() {
    for encoding in [Encoding::Cp932, Encoding::Utf8] {
        let layout = settings(encoding);
        let mut dice = Dice::new(11);
        let mut rows = clean(&mut dice, encoding, 4_000);
        let plants = plants(encoding);
        let mut planted = Vec::new();
        for (nth, plant) in plants.iter().cycle().take(3 * plants.len()).enumerate() {
            let record = 20 + nth * 31;
            rows[record][plant.field].clone_from(&plant.bytes);
            if plant.field == 5 {
                rows[record][6].clear();
            }
            planted.push((record, plant));
        }
        let (file, places) = written(&rows);
        let mut wanted: Vec<Told> = planted
            .iter()
            .map(|(record, plant)| {
                let field = layout.kinds[0].fields[plant.field].roman.as_str();
                told(
                    plant.rule,
                    record + 1,
                    Some(field),
                    places[*record][plant.field] + plant.at,
                    plant.length,
                )
            })
            .collect();
        wanted.sort_by_key(|t| (t.record, t.at));
        let (seen, findings) = scan_all(&layout, &lists(), &file);
        let missing: Vec<_> = wanted.iter().filter(|t| !seen.contains(t)).collect();
        let more: Vec<_> = seen.iter().filter(|t| !wanted.contains(t)).collect();
        assert!(
            missing.is_empty() && more.is_empty(),
            "{encoding} missing {missing:#?} more {more:#?}"
        );
        let count: u64 = findings.iter().map(|f| f.count).sum();
        assert_eq!(count, wanted.len() as u64);
    }
}
