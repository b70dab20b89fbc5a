//! Layouts with more than one shape of record: alternatives, repeated groups, widths in characters, numbers and orders.

use renkei_core::encoding::Encoding;
use renkei_core::spec::layout::Layout;

use crate::world::{Told, bytes, layout, scan_all};

/// Rule, record, field, offset, length.
type Place = (String, Option<u64>, Option<String>, u64, u64);

fn rules(layout: &Layout, file: &[u8]) -> Vec<Place> {
    let (told, _) = scan_all(layout, &Default::default(), file);
    let place = |t: Told| (t.rule, t.record, t.field, t.at, t.length);
    told.into_iter().map(place).collect()
}

fn one(rule: &str, record: u64, field: &str, at: usize, length: u64) -> Vec<Place> {
    vec![(
        rule.to_owned(),
        Some(record),
        Some(field.to_owned()),
        at as u64,
        length,
    )]
}

/// 識別表示 `Y`: one code of 20 bytes; else two of 10 (全銀 総合振込).
#[test]
fn alternatives_share_a_place() {
    let toml =
        "form = \"fixed\"\nrecord_length = 30\n[file]\nencoding = \"cp932\"\nnewline = \"none\"\n";
    let fields = "no,name,roman,type,output,start,width,pad,when,sensitive
1,番号,bango,9,required,1,8,left-zero,,
2,識別,shikibetsu,X,,9,1,none,,
3,EDI情報,edi,C,required,10,20,right-space,shikibetsu = Y,
4,顧客コード1,kokyaku1,9,required,10,10,left-zero,shikibetsu != Y,
5,顧客コード2,kokyaku2,9,required,20,10,left-zero,shikibetsu != Y,
6,予備,yobi,DUMMY,,30,1,none,,
";
    let layout = layout(toml, fields);
    let record = |n: usize, edi: bool| match edi {
        true => format!("{n:08}Y{:<20} ", "EDI-ABC 12"),
        false => format!("{n:08} {:010}{:010} ", n * 3, n * 7),
    };
    let clean: Vec<String> = (1..2_000).map(|n| record(n, n % 3 == 0)).collect();
    assert_eq!(rules(&layout, clean.concat().as_bytes()), []);
    // Letters in a code that is a number, in a record without EDI.
    let mut wrong = clean.clone();
    wrong[700] = "00000701 00000A00000000000007 ".to_owned();
    assert_eq!(
        rules(&layout, wrong.concat().as_bytes()),
        one("VAL-005", 701, "kokyaku1", 700 * 30 + 9, 10)
    );
    // No EDI information although the record says so.
    let mut wrong = clean;
    wrong[700] = format!("{:08}Y{:20} ", 701, "");
    assert_eq!(
        rules(&layout, wrong.concat().as_bytes()),
        one("VAL-001", 701, "edi", 700 * 30 + 9, 0)
    );
}

#[test]
fn groups_of_fields_repeat() {
    let toml = "form = \"fixed\"\nrecord_length = 23\n[[repeat]]\nfields = [\"tsuki\", \"gaku\"]\ntimes = 3\ncount = \"kaisu\"\n[file]\nencoding = \"cp932\"\nnewline = \"crlf\"\n";
    let fields = "no,name,roman,type,output,start,width,pad
1,回数,kaisu,9,required,1,1,left-zero
2,月,tsuki,9,required,2,2,left-zero
3,額,gaku,9,required,4,5,left-zero
4,予備,yobi,DUMMY,,23,1,none
";
    let layout = layout(toml, fields);
    let names: Vec<&str> = layout.kinds[0]
        .fields
        .iter()
        .map(|f| f.roman.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "kaisu", "tsuki_1", "gaku_1", "tsuki_2", "gaku_2", "tsuki_3", "gaku_3", "yobi"
        ]
    );
    let clean = "3040010005002000600300 \r\n1040010000000000000000 \r\n10400100               \r\n";
    assert_eq!(rules(&layout, clean.as_bytes()), []);
    let wrong = "304001000500200060X300 \r\n";
    assert_eq!(
        rules(&layout, wrong.as_bytes()),
        one("VAL-005", 1, "gaku_3", 17, 5)
    );
    let csv = "form = \"delimited\"\n[[repeat]]\nfields = [\"gaku\"]\ntimes = 2\n";
    let layout = crate::world::layout(
        csv,
        "no,name,roman,type,length\n1,番号,bango,9,3\n2,額,gaku,9,5\n",
    );
    assert_eq!(
        rules(&layout, b"1,2,3\r\n2,3,x\r\n"),
        one("VAL-005", 2, "gaku_2", 11, 1)
    );
}

/// Widths in characters: a record has as many characters in every encoding.
#[test]
fn widths_in_characters() {
    for encoding in [
        Encoding::Utf8,
        Encoding::Cp932,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::EucJp,
    ] {
        for newline in ["crlf", "none"] {
            let toml = format!(
                "form = \"fixed\"\nrecord_length = 16\nwidth_unit = \"chars\"\n[file]\nencoding = \"{}\"\nnewline = \"{newline}\"\n",
                encoding.name()
            );
            let fields = "no,name,roman,type,output,start,width,pad,sensitive
1,番号,bango,9,required,1,5,left-zero,
2,氏名,shimei,N,required,6,8,right-space,name
3,区分,kubun,X,required,14,1,none,
4,予備,yobi,DUMMY,,15,2,none,
";
            let layout = layout(&toml, fields);
            let end = if newline == "crlf" { "\r\n" } else { "" };
            let record = |n: usize, name: &str, kubun: &str| {
                let pad = "　".repeat(8 - name.chars().count());
                format!("{n:05}{name}{pad}{kubun}  {end}")
            };
            let names = ["山田　太郎", "表", "能登ソフィー", "一二三四五六七八"];
            let clean: Vec<Vec<u8>> = (0..600)
                .map(|n| bytes(&record(n, names[n % 4], "A"), encoding))
                .collect();
            assert_eq!(rules(&layout, &clean.concat()), [], "{encoding} {newline}");
            let before: usize = clean[..300].iter().map(Vec::len).sum();
            let mut wrong = clean.clone();
            wrong[300] = bytes(&record(300, "山a田", "A"), encoding);
            let at = before + bytes("00300山", encoding).len();
            let length = bytes("a", encoding).len() as u64;
            assert_eq!(
                rules(&layout, &wrong.concat()),
                one("VAL-004", 301, "shimei", at, length),
                "{encoding} {newline}"
            );
            let mut wrong = clean.clone();
            wrong[300] = bytes(&record(300, "山田", " "), encoding);
            let at = before
                + bytes(&"x".repeat(5), encoding).len()
                + bytes(&"　".repeat(8), encoding).len();
            assert_eq!(
                rules(&layout, &wrong.concat()),
                one(
                    "VAL-001",
                    301,
                    "kubun",
                    at,
                    bytes(" ", encoding).len() as u64
                ),
                "{encoding} {newline}"
            );
            if newline == "crlf" {
                let mut wrong = clean.clone();
                let width = bytes("0", encoding).len();
                wrong[300].drain(..width);
                let found = rules(&layout, &wrong.concat());
                let seen: Vec<_> = found.iter().map(|f| (f.0.as_str(), f.1, f.3)).collect();
                assert_eq!(seen, [("LAY-001", Some(301), before as u64)], "{encoding}");
            }
        }
    }
}

#[test]
fn record_numbers_and_sort_orders() {
    let toml = "form = \"delimited\"\nsequence = \"(C D* E)+\"\n[file]\nencoding = \"cp932\"\nnewline = \"crlf\"
[[kind]]\nid = \"C\"\nfield = \"kubun\"\nvalue = \"1\"
[[kind]]\nid = \"D\"\nfield = \"kubun\"\nvalue = \"2\"
[[kind]]\nid = \"E\"\nfield = \"kubun\"\nvalue = \"3\"
[[number]]\nfields = [\"C.bango\", \"D.bango\", \"E.bango\"]\nper = \"group\"
[[sort]]\nfields = [\"D.shi\", \"-D.gaku\"]
[[total]]\nkind = \"C\"\nfield = \"kensu\"\ncounts = \"D\"\n";
    let fields = "kind,no,name,roman,type
C,1,区分,kubun,9\nC,2,番号,bango,9\nC,3,件数,kensu,9
D,1,区分,kubun,9\nD,2,番号,bango,9\nD,3,市町村,shi,9\nD,4,額,gaku,9
E,1,区分,kubun,9\nE,2,番号,bango,9\n";
    let layout = layout(toml, fields);
    let group = |rows: usize| {
        let mut lines = vec![format!("1,1,{rows}")];
        lines.extend((0..rows).map(|n| format!("2,{},{},{}", n + 2, 13_000 + n / 5, 100 - n % 5)));
        lines.push(format!("3,{}", rows + 2));
        lines
    };
    let lines: Vec<String> = (0..3).flat_map(|_| group(800)).collect();
    let file = |lines: &[String]| lines.join("\r\n") + "\r\n";
    let start = |lines: &[String], n: usize| lines[..n].iter().map(|l| l.len() + 2).sum::<usize>();
    assert_eq!(rules(&layout, file(&lines).as_bytes()), []);
    // A number that jumps, and goes on from there.
    let mut wrong = lines.clone();
    for line in &mut wrong[1_000..1_604] {
        let mut parts: Vec<String> = line.split(',').map(str::to_owned).collect();
        parts[1] = (parts[1].parse::<usize>().unwrap() + 5).to_string();
        *line = parts.join(",");
    }
    let at = start(&wrong, 1_000) + 2;
    assert_eq!(
        rules(&layout, file(&wrong).as_bytes()),
        one("XRF-007", 1_001, "C.bango", at, 3)
    );
    // Two records swapped in their values.
    let mut wrong = lines.clone();
    let swapped = wrong[2_000]
        .split(',')
        .map(str::to_owned)
        .collect::<Vec<_>>();
    wrong[2_000] = format!("2,{},12999,{}", swapped[1], swapped[3]);
    let at = start(&wrong, 2_000) + format!("2,{},", swapped[1]).len();
    assert_eq!(
        rules(&layout, file(&wrong).as_bytes()),
        one("XRF-008", 2_001, "D.shi", at, 5)
    );
    // The control record counts one too many.
    let mut wrong = lines;
    wrong[802] = "1,1,801".to_owned();
    let at = start(&wrong, 802) + 4;
    assert_eq!(
        rules(&layout, file(&wrong).as_bytes()),
        one("XRF-003", 803, "C.kensu", at, 3)
    );
}
