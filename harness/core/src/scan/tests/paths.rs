//! The quick path and the exact one find the same, in chunks of any size: values long enough for runs of characters, numbers
//! with check digits, characters that have doubles, and a double-byte character, CRLF and quote pair across every boundary.

use proptest::prelude::*;

use super::super::*;
use super::{layout, with_path};
use crate::encoding::{Encoding, Target, encode};

const FIELDS: &str = "no,name,roman,type,length,pk,output,format,sensitive\n1,宛名,atena,X,15,1,required,atenabango,\n2,氏名,shimei,N,40,,required,,name\n3,個人,kojin,X,12,,,kojinbango,\n4,団体,dantai,X,6,,,dantaicode,\n5,備考,biko,X,40,,,,\n6,住所,jusho,N,12,,,,\n7,日付,hi,DATE,10,,,,\n8,件数,kensu,9,5,,,,\n9,金額,kingaku,S9,8,,,,\n";
const SOUND: [&str; 9] = [
    "000000000000000",
    "山田　太郎",
    "123456789018",
    "131016",
    "ABCDEFGHIJKLMNOP-ｱｲｳｴｵｶｷｸｹｺ",
    "東京都千代田区－〜",
    "2026-04-01",
    "42",
    "-7",
];
const VALUES: &[&str] = &[
    "",
    "000000000000000",
    "000000000000001",
    "000000000000019",
    "0000000000000000",
    "123456789018",
    "123456789019",
    "131016",
    "131017",
    "1310160",
    "13101",
    "山田　太郎山田　太郎山田　太郎",
    "山田太郎A山田太郎",
    "一二三四五六七八九十一二",
    "一二三四五六七八九十一二三",
    "ソ表十能予暴貼噂圭構蚕",
    "〜～－−‖∥¢￠",
    "ABCDEFGH",
    "ABCDEFGHI&#123;",
    "ABCDEFG\u{1}HIJ",
    "ｱｲｳｴｵｶｷﾞ",
    "ﾞｱｲｳｴｵｶｷ",
    "ｱｲｳｴｵｶｷｸ山ｹｺ",
    "\"ABCDEFGHIJ,\"\"KLMNOPQ\"",
    "\"山田　太郎山田\"",
    "\"000000000000000\"",
    "ABCDEFGH\"I",
    "山田\u{1}太郎",
    "\u{1}ABC",
    "131016\u{0}",
    "\"山田,\u{2}太郎\"",
    "\"AB\"\"\u{1}\"",
    "\"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ\"",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ\u{1}",
    "AB&amp;\u{1}",
    " AB\u{1}",
    "2026-02-30",
    "2026-04-01\u{1}",
    "12a",
    "-",
    "123456",
    "山田か\u{3099}太郎山田",
    "山田葛\u{E0100}太郎山田",
    "山田\u{E000}太郎山田",
    "山田𠮷太郎山田",
    "é山田太郎",
    "        ",
    "　　　　　　",
];
/// Fields of one byte side by side, which the quick path proves in one go, and what ends such a run.
const FIXED: &str = "no,name,roman,type,length,pk,output,format,sensitive,start,width,pad\n1,団体,dantai,X,6,,required,dantaicode,,1,6,\n2,備考,biko,X,9,,,,,7,9,\n4,件数,kensu,9,3,,,,,16,3,left-zero\n5,符号,fugo,X,5,,,,,19,5,\n6,氏名,shimei,N,20,,,,name,24,20,\n7,日付,hi,DATE,10,,,,,44,10,\n8,個人,kojin,X,12,,,kojinbango,,54,12,\n9,余白,yohaku,DUMMY,3,,,,,66,3,\n10,末尾,matsubi,X,7,,,,,69,7,\n";
const FIXED_VALUES: &[&str] = &[
    "131016",
    "131017",
    "ABC",
    "ABCDEFGHIJKL",
    " ABC",
    "ｱｲｳｴｵｶｷｸｹｺ",
    "ﾞｱｲ",
    "山田太郎",
    "山田　太郎山田太",
    "A山田",
    "山A田",
    "042",
    "2026-04-01",
    "123456789018",
    "A&#12;B",
    "",
    "\u{1}",
    "　　　",
];
const ENCODINGS: [Encoding; 4] = [
    Encoding::Cp932,
    Encoding::Utf8,
    Encoding::ShiftJis2004,
    Encoding::EucJp,
];

fn of(encoding: Encoding) -> Layout {
    let head = "form = \"delimited\"\n[file]\nencoding = ";
    layout(&format!("{head}\"{}\"\n", encoding.name()), FIELDS)
}

fn file(rows: &[Vec<&str>], encoding: Encoding) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in rows {
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                bytes.push(b',');
            }
            let value = encode(value, Target::new(encoding));
            bytes.extend(value.unwrap_or_else(|_| b"\x81?".to_vec()));
        }
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

#[test]
fn nothing_depends_on_chunks_in_any_encoding() {
    for encoding in ENCODINGS {
        let layout = of(encoding);
        let mut rows = vec![SOUND.to_vec(); 3];
        rows.push(vec![
            "",
            "\"山,\"\"田\r\n〜\"",
            "1",
            "～",
            "\"\"\"\"",
            "－−",
            "",
            "",
            "",
        ]);
        rows.extend(VALUES.chunks(9).map(<[&str]>::to_vec));
        let bytes = file(&rows, encoding);
        let whole = with_path(&layout, &bytes, 1 << 20, 1, false);
        assert!(whole.0.len() > 5, "{encoding}: {:?}", whole.0);
        for size in 1..200 {
            let seen = with_path(&layout, &bytes, size, 1, true);
            assert_eq!(seen, whole, "{encoding}, chunks of {size}");
        }
    }
}

/// Clean records stay clean on both paths, and characters with doubles are counted on both.
#[test]
fn characters_with_doubles_are_counted_on_either_path() {
    let layout = of(Encoding::Utf8);
    let row = |address: &'static str| {
        let mut row = SOUND.to_vec();
        row[5] = address;
        row
    };
    let bytes = file(&[row("北－区"), row("北区"), row("北−区")], Encoding::Utf8);
    for quick in [false, true] {
        let (findings, ..) = with_path(&layout, &bytes, 64, 1, quick);
        let found = findings.iter().find(|f| f.rule == "ENC-018");
        assert_eq!(found.map(|f| f.count), Some(1), "{quick}: {findings:?}");
    }
}

const KINDS: &str = "kind,no,name,roman,type,start,width,output,pad\nH,1,区分,kubun,9,1,1,required,\nH,2,名,mei,C,2,9,,right-space\nD,1,区分,kubun,9,1,1,required,\nD,2,金額,kingaku,9,2,4,required,\nD,3,氏名,shimei,N,6,5,,right-space\nT,1,区分,kubun,9,1,1,,\nT,2,件数,kensu,9,2,4,,\nT,3,金額,kingaku,9,6,5,,\n";

/// Records of three kinds without newline: where one ends is told by what may stand behind it.
fn kinds_in_order() -> Layout {
    let kind = |id: &str, value: &str| {
        format!(
            "[[kind]]\nid = \"{id}\"\ntitle = {{ ja = \"k\", en = \"k\" }}\nstart = 1\nvalue = \"{value}\"\n"
        )
    };
    let head = "form = \"fixed\"\nrecord_length = 10\nsequence = \"(H D* T)+\"\n";
    let file = "[file]\nencoding = \"cp932\"\nnewline = \"none\"\n";
    let kinds = kind("H", "1") + &kind("D", "2") + &kind("T", "8");
    layout(&format!("{head}{file}{kinds}"), KINDS)
}

/// A header that may not stand behind a header: found by fuzzing.
#[test]
fn a_record_out_of_order_ends_at_one_place_on_either_path() {
    let layout = kinds_in_order();
    let bytes = b"1abc11111110810001021000102000i";
    let whole = with_path(&layout, bytes, 1 << 20, 1, false);
    for size in 1..=bytes.len() {
        assert_eq!(with_path(&layout, bytes, size, 1, true), whole, "{size}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Any values in any encoding, any chunks.
    #[test]
    fn both_paths_find_the_same(rows in proptest::collection::vec(proptest::collection::vec(prop::sample::select(VALUES.to_vec()), 9), 1..8), encoding in 0usize..4, size in 1usize..600) {
        let encoding = ENCODINGS[encoding];
        let layout = of(encoding);
        let rows: Vec<Vec<&str>> = rows.into_iter().flat_map(|row| [SOUND.to_vec(), row]).collect();
        let bytes = file(&rows, encoding);
        let whole = with_path(&layout, &bytes, 1 << 20, 1, false);
        prop_assert_eq!(&with_path(&layout, &bytes, size, 1, true), &whole);
        prop_assert_eq!(&with_path(&layout, &bytes, 1 << 20, 1, true), &whole);
    }

    /// Fixed records: any values, cut or filled to their width, and any bytes over them.
    #[test]
    fn both_paths_find_the_same_in_fixed_records(
        rows in proptest::collection::vec(proptest::collection::vec(prop::sample::select(FIXED_VALUES.to_vec()), 9), 1..6),
        over in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        wide in any::<bool>(),
        encoding in 0usize..3,
        size in 1usize..400,
    ) {
        let encoding = ENCODINGS[encoding];
        let head = "form = \"fixed\"\nrecord_length = 75\n[file]\nencoding = ";
        let layout = layout(&format!("{head}\"{}\"\n", encoding.name()), FIXED);
        let sound = ["131016", "ABC DEF", "042", "XY", "山田太郎", "2026-04-01", "123456789018", "", "END"];
        let mut bytes = Vec::new();
        for row in rows.into_iter().flat_map(|row| [sound.to_vec(), row]) {
            for (value, width) in row.into_iter().zip([6, 9, 3, 5, 20, 10, 12, 3, 7]) {
                let mut value = encode(value, Target::new(encoding)).unwrap_or_else(|_| b"\x81?".to_vec());
                while wide && width == 20 && encoding == Encoding::Cp932 && value.len() + 2 <= width {
                    value.extend_from_slice(b"\x81\x40");
                }
                value.resize(width, b' ');
                bytes.extend(value);
            }
            bytes.extend_from_slice(b"\r\n");
        }
        for (at, byte) in over {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let whole = with_path(&layout, &bytes, 1 << 20, 1, false);
        prop_assert_eq!(&with_path(&layout, &bytes, size, 1, true), &whole);
        prop_assert_eq!(&with_path(&layout, &bytes, 1 << 20, 2, true), &whole);
    }

    /// Kinds in any order, bytes lost and gained between them.
    #[test]
    fn both_paths_cut_kinds_without_newline_alike(
        records in proptest::collection::vec(prop::sample::select(vec![
            "1ABC      ", "1111111111", "1108210008", "20042山   ", "2108110008", "2000      ", "8000200042", "8112000110",
        ]), 1..12),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec!["", "1", "2", "8", "0", " "])), 0..4),
        size in 1usize..80,
    ) {
        let layout = kinds_in_order();
        let mut bytes = encode(&records.concat(), Target::new(Encoding::Cp932)).expect("CP932 text");
        for (at, new) in edits {
            let at = at.index(bytes.len());
            match new.as_bytes() {
                [] => drop(bytes.remove(at)),
                new => drop(bytes.splice(at..at, new.iter().copied())),
            }
        }
        let whole = with_path(&layout, &bytes, 1 << 20, 1, false);
        prop_assert_eq!(&with_path(&layout, &bytes, size, 1, true), &whole);
        prop_assert_eq!(&with_path(&layout, &bytes, 1 << 20, 2, true), &whole);
    }
}
