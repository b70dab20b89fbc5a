//! Fixed-width files: header, data, trailer, end; with newlines and without.

use std::collections::BTreeMap;

use renkei_core::encoding::Encoding;
use renkei_core::spec::layout::{CodeList, Layout};

use crate::world::{Dice, Told, bytes, code_list, layout, scan_all};

const FIELDS: &str =
    "kind,no,name,roman,type,code,output,start,width,pad,repertoire,fixed_value,sensitive
H,1,区分,kubun,9,,required,1,1,left-zero,,1,
H,2,作成日,sakusei,YYYYMMDD,,required,2,8,none,,,
H,3,予備,yobi,DUMMY,,,10,51,none,,,
D,1,区分,kubun,9,,required,1,1,left-zero,,2,
D,2,番号,bango,9,,required,2,8,left-zero,,,
D,3,カナ,kana,C,,required,10,15,right-space,,,kana
D,4,氏名,shimei,N,,required,25,16,right-space,,,name
D,5,種目,shumoku,9,shumoku,required,41,1,left-zero,,,
D,6,金額,kingaku,9,,required,42,9,left-zero,,,
D,7,日,hi,YYYYMMDD,,,51,8,none,,,
D,8,予備,yobi,DUMMY,,,59,2,none,,,
T,1,区分,kubun,9,,required,1,1,left-zero,,8,
T,2,件数,kensu,9,,required,2,8,left-zero,,,
T,3,合計,gokei,9,,required,10,12,left-zero,,,
T,4,予備,yobi,DUMMY,,,22,39,none,,,
E,1,区分,kubun,9,,required,1,1,left-zero,,9,
E,2,予備,yobi,DUMMY,,,2,59,none,,,
";

fn settings(newline: &str) -> Layout {
    let toml = format!(
        "form = \"fixed\"\nrecord_length = 60\nsequence = \"(H D* T)+ E\"\n[file]\nencoding = \"cp932\"\nnewline = \"{newline}\"\nempty = \"spaces\"\n
[[kind]]\nid = \"H\"\ntitle = {{ ja = \"h\", en = \"h\" }}\nstart = 1\nvalue = \"1\"
[[kind]]\nid = \"D\"\ntitle = {{ ja = \"d\", en = \"d\" }}\nstart = 1\nvalue = \"2\"
[[kind]]\nid = \"T\"\ntitle = {{ ja = \"t\", en = \"t\" }}\nstart = 1\nvalue = \"8\"
[[kind]]\nid = \"E\"\ntitle = {{ ja = \"e\", en = \"e\" }}\nstart = 1\nvalue = \"9\"
[[total]]\nkind = \"T\"\nfield = \"kensu\"\ncounts = \"D\"
[[total]]\nkind = \"T\"\nfield = \"gokei\"\nsums = \"D.kingaku\"\n"
    );
    layout(&toml, FIELDS)
}

fn lists() -> BTreeMap<String, CodeList> {
    let list =
        code_list("value,name_ja,name_en,valid_from,valid_to,note\n1,普通,,,,\n2,当座,,,,\n");
    BTreeMap::from([("shumoku".to_owned(), list)])
}

fn padded(text: &str, width: usize) -> Vec<u8> {
    let mut out = bytes(text, Encoding::Cp932);
    assert!(out.len() <= width, "{text}");
    out.resize(width, b' ');
    out
}

fn record(parts: &[Vec<u8>]) -> Vec<u8> {
    let all = parts.concat();
    assert_eq!(all.len(), 60);
    all
}

/// Groups of records; `(first record, one past its last)` of the data of each group is not needed: D records are `2…`.
fn clean(dice: &mut Dice, groups: usize, per_group: usize) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for _ in 0..groups {
        out.push(record(&[
            padded("1", 1),
            padded("20260401", 8),
            padded("", 51),
        ]));
        let mut sum = 0;
        for nth in 0..per_group {
            let amount = dice.roll(1_000_000);
            sum += amount;
            out.push(record(&[
                padded("2", 1),
                format!("{:08}", 1 + nth).into_bytes(),
                padded(dice.pick(&["ﾔﾏﾀﾞ ﾀﾛｳ", "ｿﾉﾀﾞ ﾊﾅｺ", "ABC ｼｮｳｼﾞ", "ﾜﾀﾅﾍﾞ"]), 15),
                padded(
                    dice.pick(&["山田　太郎", "能登　表", "ソフト十", "髙﨑予"]),
                    16,
                ),
                padded(dice.pick(&["1", "2"]), 1),
                format!("{amount:09}").into_bytes(),
                padded(dice.pick(&["20260331", "        ", "00000000"]), 8),
                padded("", 2),
            ]));
        }
        out.push(record(&[
            padded("8", 1),
            format!("{per_group:08}").into_bytes(),
            format!("{sum:012}").into_bytes(),
            padded("", 39),
        ]));
    }
    out.push(record(&[padded("9", 1), padded("", 59)]));
    out
}

fn written(records: &[Vec<u8>], newline: &str) -> (Vec<u8>, Vec<usize>) {
    let newline: &[u8] = if newline == "none" { b"" } else { b"\r\n" };
    let (mut out, mut starts) = (Vec::new(), Vec::new());
    for record in records {
        starts.push(out.len());
        out.extend(record);
        out.extend(newline);
    }
    (out, starts)
}

fn told(rule: &str, record: usize, field: Option<&str>, at: usize, length: usize) -> Told {
    Told {
        rule: rule.to_owned(),
        record: Some(record as u64 + 1),
        field: field.map(str::to_owned),
        at: at as u64,
        length: length as u64,
    }
}

#[test]
fn clean_files_are_silent() {
    for newline in ["none", "crlf"] {
        let layout = settings(newline);
        for seed in 1..3 {
            let (file, _) = written(&clean(&mut Dice::new(seed), 2, 500), newline);
            let (seen, _) = scan_all(&layout, &lists(), &file);
            assert_eq!(seen, [], "{newline} {seed}");
        }
    }
}

/// Bytes written over the record at an offset: name, rule, field, where to write, what, place of the fault and its length.
type Overwrite = (
    &'static str,
    &'static str,
    &'static str,
    usize,
    Vec<u8>,
    usize,
    usize,
);

#[expect(clippy::too_many_lines, reason = "a table")]
fn overwrites() -> Vec<Overwrite> {
    let cp = |text: &str| bytes(text, Encoding::Cp932);
    vec![
        (
            "letter in a number",
            "VAL-005",
            "D.bango",
            1,
            b"0000A001".to_vec(),
            1,
            8,
        ),
        (
            "spaces in a number",
            "LAY-013",
            "D.bango",
            1,
            b"    0001".to_vec(),
            1,
            8,
        ),
        (
            "zero suppression",
            "LAY-013",
            "D.kingaku",
            41,
            b"     1234".to_vec(),
            41,
            9,
        ),
        (
            "name on the right",
            "LAY-013",
            "D.kana",
            9,
            cp("       ﾔﾏﾀﾞ ﾀﾛ"),
            9,
            15,
        ),
        ("no name", "VAL-001", "D.kana", 9, vec![b' '; 15], 9, 0),
        (
            "NUL in a name",
            "ENC-019",
            "D.kana",
            9,
            b"ABC\0           ".to_vec(),
            12,
            1,
        ),
        ("high values", "ENC-019", "D.kana", 9, vec![0xFF; 15], 9, 15),
        (
            "half width in a kanji field",
            "VAL-004",
            "D.shimei",
            24,
            [cp("山田A"), vec![b' '; 11]].concat(),
            28,
            1,
        ),
        (
            "cut kanji",
            "ENC-014",
            "D.shimei",
            24,
            [cp("山田山田山田山"), vec![b' ', 0x8E]].concat(),
            39,
            1,
        ),
        (
            "gaiji",
            "ENC-004",
            "D.shimei",
            24,
            [b"\xF0\x40".to_vec(), vec![b' '; 14]].concat(),
            24,
            2,
        ),
        ("code", "VAL-008", "D.shumoku", 40, b"7".to_vec(), 40, 1),
        (
            "no such day",
            "VAL-006",
            "D.hi",
            50,
            b"20260231".to_vec(),
            50,
            8,
        ),
        (
            "shift codes",
            "ENC-017",
            "D.kana",
            9,
            b"\x0EAB\x0F           ".to_vec(),
            9,
            1,
        ),
        (
            "split mark",
            "ENC-015",
            "D.kana",
            9,
            [cp("ﾞﾀﾛｳ"), vec![b' '; 11]].concat(),
            9,
            1,
        ),
    ]
}

#[test]
fn every_plant_is_found_where_it_is() {
    let mut faults = Vec::new();
    for newline in ["none", "crlf"] {
        let layout = settings(newline);
        let mut dice = Dice::new(5);
        let records = clean(&mut dice, 2, 200);
        for (name, rule, field, from, with, at, length) in overwrites() {
            let mut records = records.clone();
            let record = 2 + dice.roll(190);
            // The amount still adds up.
            if field == "D.kingaku" {
                let old: usize = String::from_utf8(records[record][41..50].to_vec())
                    .unwrap()
                    .parse()
                    .unwrap();
                let trailer = &mut records[201];
                let sum: usize = String::from_utf8(trailer[9..21].to_vec())
                    .unwrap()
                    .parse()
                    .unwrap();
                trailer.splice(9..21, format!("{:012}", sum - old + 1234).into_bytes());
            }
            records[record].splice(from..from + with.len(), with);
            let (file, starts) = written(&records, newline);
            let (seen, _) = scan_all(&layout, &lists(), &file);
            let wanted = [told(rule, record, Some(field), starts[record] + at, length)];
            if seen != wanted {
                faults.push(format!("{newline} {name}: {seen:?}\n   wanted {wanted:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A byte lost or added is one finding in its own record, however many records follow.
#[test]
fn lost_and_added_bytes() {
    let mut faults = Vec::new();
    for newline in ["none", "crlf"] {
        let layout = settings(newline);
        let mut dice = Dice::new(9);
        let records = clean(&mut dice, 2, 500);
        for (what, field, at) in [
            ("lost", 9, 12),
            ("lost", 5, 42),
            ("added", 9, 12),
            ("added", 3, 26),
            ("lost", 3, 1),
        ] {
            let _ = field;
            let mut records = records.clone();
            let record = 2 + dice.roll(480);
            if what == "lost" {
                records[record].remove(at);
            } else {
                records[record].insert(at, b'1');
            }
            let (file, starts) = written(&records, newline);
            let (seen, _) = scan_all(&layout, &lists(), &file);
            let length = records[record].len();
            let wanted = [told("LAY-001", record, None, starts[record], length)];
            if seen != wanted {
                faults.push(format!(
                    "{newline} {what} at {at}: {seen:?}\n   wanted {wanted:?}"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn structure() {
    for newline in ["none", "crlf"] {
        let layout = settings(newline);
        let records = clean(&mut Dice::new(3), 2, 100);
        let check = |name: &str, records: &[Vec<u8>], wanted: &dyn Fn(&[usize]) -> Vec<Told>| {
            let (file, starts) = written(records, newline);
            let (seen, _) = scan_all(&layout, &lists(), &file);
            assert_eq!(seen, wanted(&starts), "{newline} {name}");
        };
        let mut count = records.clone();
        count[101].splice(1..9, *b"00000099");
        check("count", &count, &|s| {
            vec![told("XRF-003", 101, Some("T.kensu"), s[101] + 1, 8)]
        });
        let mut sum = records.clone();
        sum[101].splice(9..21, *b"000000000001");
        check("amount", &sum, &|s| {
            vec![told("XRF-004", 101, Some("T.gokei"), s[101] + 9, 12)]
        });
        let mut lost = records.clone();
        lost.remove(101);
        check("no trailer", &lost, &|s| {
            vec![told("LAY-008", 101, None, s[101], 60)]
        });
        let mut end = records.clone();
        end.pop();
        let n = end.len() - 1;
        let (file, starts) = written(&end, newline);
        let (seen, _) = scan_all(&layout, &lists(), &file);
        assert_eq!(
            (seen.len(), seen[0].rule.as_str(), seen[0].record),
            (1, "LAY-008", Some(n as u64 + 1))
        );
        let _ = starts;
        let mut kind = records.clone();
        kind[50][0] = b'5';
        check("unknown kind", &kind, &|s| {
            vec![told("LAY-007", 50, None, s[50], 1)]
        });
        // A record shifted by one byte although its length is right: one finding that explains the rest.
        let mut shifted = records.clone();
        shifted[30].remove(9);
        shifted[30].push(b' ');
        let (file, starts) = written(&shifted, newline);
        let (seen, _) = scan_all(&layout, &lists(), &file);
        let seen: Vec<_> = seen.iter().map(|t| (t.rule.as_str(), t.record)).collect();
        assert_eq!(
            seen,
            [("LAY-014", Some(31))],
            "{newline} shifted {starts:?}"
        );
    }
}

/// Faults at a border name the neighbour that holds the other half.
#[test]
fn neighbours_are_named() {
    let fields = "no,name,roman,type,start,width,pad\n1,番号,bango,9,1,2,left-zero\n2,カナ1,kana1,C,3,4,right-space\n3,カナ2,kana2,C,7,4,right-space\n4,氏名1,shimei1,N,11,5,right-space\n5,氏名2,shimei2,N,16,5,right-space\n";
    let layout = layout(
        "form = \"fixed\"\nrecord_length = 20\n[file]\nencoding = \"cp932\"\nnewline = \"crlf\"\n",
        fields,
    );
    let file = |kana: &str, names: &[u8]| {
        let mut out = bytes(&format!("01{kana}"), Encoding::Cp932);
        out.extend_from_slice(names);
        out.extend_from_slice(b"\r\n");
        out
    };
    let (_, findings) = scan_all(
        &layout,
        &lists(),
        &file("ﾔﾏﾀｶﾞﾛｳ ", &bytes("山田 山田 ", Encoding::Cp932)),
    );
    let split = findings.iter().find(|f| f.rule == "ENC-015").expect("told");
    assert!(
        split.message.ja.contains("カナ1") && split.message.en.contains("kana1"),
        "{:?}",
        split.message
    );
    let (_, findings) = scan_all(
        &layout,
        &lists(),
        &file("ﾔﾏﾀ ﾛｳ  ", &bytes("山田太郎次", Encoding::Cp932)),
    );
    let cut = findings.iter().find(|f| f.rule == "ENC-014").expect("told");
    assert!(
        cut.message.ja.contains("氏名2") && cut.message.en.contains("shimei2"),
        "{:?}",
        cut.message
    );
}
