//! The engine as a whole: what is planted is found at its place, and nothing depends on chunks or threads.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::encoding::{Encoding, Target, encode};
use crate::model::{Finding, Problems};

mod paths;
mod unseen;

pub(super) fn layout(toml: &str, fields: &str) -> Layout {
    let mut problems = Problems::new();
    let toml = format!("id = \"t\"\ntitle = {{ ja = \"t\", en = \"t\" }}\n{toml}");
    let layout = Layout::load(&toml, fields.as_bytes(), ("l", "f"), &mut problems);
    assert_eq!(problems, []);
    layout.expect("no problems")
}

/// Findings and facts, with chunks of a size on some threads.
pub(super) fn scanned(layout: &Layout, bytes: &[u8], chunk_size: usize, threads: usize) -> Scanned {
    with_path(layout, bytes, chunk_size, threads, true)
}

type Scanned = (Vec<Finding>, FileFacts, String);

fn with_path(
    layout: &Layout,
    bytes: &[u8],
    chunk_size: usize,
    threads: usize,
    quick: bool,
) -> Scanned {
    let mut sink = Sink::new(policy(layout, &layout.file));
    let mut occurrences = Vec::new();
    let lists = BTreeMap::new();
    let job = Job {
        layout,
        settings: &layout.file,
        code_lists: &lists,
        file_name: "t.csv",
        mask: Mask::default(),
        as_of: Date::new(2026, 4, 1).expect("a day"),
        threads,
        scratch: &InMemory,
        occurrences: Some(&mut occurrences),
    };
    let options = Options {
        chunk_size,
        quick: Some(quick),
        ..Options::default()
    };
    let facts = check_with(job, &options, bytes, &mut sink).expect("no input error");
    (
        sink.into_findings(),
        facts,
        String::from_utf8(occurrences).expect("JSON"),
    )
}

const CSV: &str = "form = \"delimited\"\n[file]\nencoding = \"cp932\"\n";
const CSV_FIELDS: &str = "no,name,roman,type,length,pk,output,sensitive\n1,番号,bango,9,6,1,required,\n2,氏名,shimei,N,10,,required,name\n3,備考,biko,X,20,,,\n4,日,hi,DATE,10,,,\n";

fn cp932(text: &str) -> Vec<u8> {
    encode(text, Target::new(Encoding::Cp932)).expect("CP932 text")
}

/// A file with a fault of most kinds between sound records, double-byte characters, CRLF and quote pairs everywhere.
fn faulty_csv() -> Vec<u8> {
    let mut out = cp932("1,表示ソ十,\"a,\"\"b\"\"\",2024-02-29\r\n2,能登,,\r\n");
    out.extend(cp932(
        "x,山田,b,2024-02-30\r\n4,ABC,b,\r\n4,山田\r\n\r\n5,\"山\r\n田\",b,\r\n",
    ));
    out.extend(b"6,\x81,b,\r\n7,\x8E\x52\x85\x9F,\"b\"c,\r\n");
    out.extend(cp932(
        "8,\"山田,b,\r\n9,山\"田,\"b\",\r\n10,山田\nb,b,\r\n11,山田,b,\n12,,b,\r\n",
    ));
    out.extend(cp932(
        "13,一二三四五六七八九十一,b,\r\n1,能登,x,\r\n14,表,\"\",9999-12-31",
    ));
    out
}

#[test]
fn nothing_depends_on_chunks_or_threads() {
    let layout = layout(CSV, CSV_FIELDS);
    let bytes = faulty_csv();
    let whole = scanned(&layout, &bytes, 1 << 20, 1);
    let codes: Vec<_> = whole.0.iter().map(|f| f.rule.as_str()).collect();
    for code in [
        "LAY-002", "LAY-003", "LAY-004", "LAY-005", "LAY-010", "LAY-012", "VAL-001", "VAL-003",
        "VAL-004", "VAL-005", "VAL-006", "ENC-001", "ENC-014", "XRF-001",
    ] {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
    for size in 1..bytes.len() + 2 {
        for threads in [1, 2, 3] {
            assert_eq!(
                scanned(&layout, &bytes, size, threads),
                whole,
                "chunks of {size}, {threads} threads"
            );
        }
    }
}

const FIXED_FIELDS: &str = "no,name,roman,type,start,width,output,pad\n1,区分,kubun,9,1,1,required,\n2,番号,bango,9,2,5,required,\n3,氏名,shimei,N,7,8,required,right-space\n4,カナ,kana,C,15,6,,right-space\n";

fn fixed(newline: &str) -> Layout {
    let toml = format!(
        "form = \"fixed\"\nrecord_length = 20\n[file]\nencoding = \"cp932\"\nnewline = \"{newline}\"\n"
    );
    layout(&toml, FIXED_FIELDS)
}

#[test]
fn one_lost_byte_is_one_finding() {
    for (newline, separator) in [("none", ""), ("crlf", "\r\n")] {
        let layout = fixed(newline);
        let record = |n: u32| cp932(&format!("1{n:05}山田　ソｱｲｳ   {separator}"));
        let clean: Vec<u8> = (0..20).flat_map(record).collect();
        let whole = scanned(&layout, &clean, 1 << 20, 1);
        assert_eq!(whole.0, [], "{newline}");
        assert_eq!(whole.1.records, 20);
        for at in [0, 3, 7, 9, 15, 19] {
            let mut bytes = clean.clone();
            bytes.remove(10 * (20 + separator.len()) + at);
            let lost = scanned(&layout, &bytes, 1 << 20, 1);
            let seen: Vec<_> = lost
                .0
                .iter()
                .map(|f| (f.rule.as_str(), f.location.record, f.count))
                .collect();
            assert_eq!(seen, [("LAY-001", Some(11), 1)], "{newline} byte {at}");
            assert_eq!(lost.1.records, 20);
            for size in [1, 7, 20, 21, 64, 100] {
                assert_eq!(scanned(&layout, &bytes, size, 1), lost);
                assert_eq!(scanned(&layout, &bytes, size, 2), lost);
            }
        }
    }
}

const TYPES: &str = "no,name,roman,type,length,pk,output,format,sensitive,unknown_date\n1,番号,bango,X,15,1,required,,,\n2,氏名,shimei,N,4,,,,name,\n3,必須,hissu,N,4,,required,,,\n4,整数,seisu,9,4,,,,,\n5,日,hi,DATE,10,,,,,allow\n6,時刻,jikoku,TIME,8,,,,,\n7,符号,fugo,S9,3,,,,,\n8,団体,dantai,X,6,,,dantaicode,,\n";
const SOUND: [&str; 8] = [
    "1",
    "山田",
    "能登",
    "12",
    "2024-02-29",
    "12:34:56",
    "-12",
    "131016",
];
const VALUES: &[&str] = &[
    "",
    "1",
    "12",
    "99999",
    "-1",
    "山田",
    "山田太郎丸",
    "　",
    "　山",
    " ",
    "ｱ",
    "ﾞｱ",
    "a b",
    "\"a,b\"",
    "\"a\"\"b\"",
    "\"\"",
    "\"山\"",
    "\"12\"",
    "\"2024-02-29\"",
    "a\"b",
    "2024-02-29",
    "2023-02-29",
    "2024-02-00",
    "0000-01-01",
    "09:00",
    "09:00:00",
    "24:00:00",
    "131016",
    "131017",
    "&#123;",
    "髙",
    "①",
    "\u{E000}",
    "\u{FFFD}",
    "か\u{3099}",
    "が",
    "葛\u{E0100}",
    "神",
    "〜",
    "縺",
    "𠮷",
    "é",
    "■",
    "?",
    "\t",
    "\0",
    "A",
    "\"a\"b",
    "１２",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Any bytes, any chunks: no panic, and the same findings.
    #[test]
    fn any_bytes_in_any_chunks(pieces in proptest::collection::vec(prop::sample::select(vec![
        &b"1,"[..], b"\"", b"\r", b"\n", b"\r\n", b",", b"\x8E\x52", b"\x81", b"abc", b"\xFF", b"2024-01-01", b"\0", b"\x1A", b"\xEF\xBB\xBF",
    ]), 0..60), size in 1usize..40, threads in 1usize..4) {
        let bytes: Vec<u8> = pieces.concat();
        let csv = layout(CSV, CSV_FIELDS);
        prop_assert_eq!(scanned(&csv, &bytes, size, threads), scanned(&csv, &bytes, 1 << 20, 1));
        for newline in ["none", "crlf"] {
            let fixed = fixed(newline);
            prop_assert_eq!(scanned(&fixed, &bytes, size, threads), scanned(&fixed, &bytes, 1 << 20, 1));
        }
    }

    /// The quick path never changes what is found: values of every type, sound and broken, in every encoding.
    #[test]
    fn the_quick_path_changes_nothing(rows in proptest::collection::vec(proptest::collection::vec(prop::sample::select(VALUES.to_vec()), 8), 1..6), encoding in 0usize..3, newline in 0usize..2) {
        let encoding = [Encoding::Cp932, Encoding::Utf8, Encoding::ShiftJis2004][encoding];
        let toml = format!("form = \"delimited\"\n[file]\nencoding = \"{}\"\nnewline = \"{}\"\n", encoding.name(), ["crlf", "lf"][newline]);
        let layout = layout(&toml, TYPES);
        let newline = ["\r\n", "\n"][newline];
        let mut bytes = Vec::new();
        // One sound record of each column's own values first, so that the quick path has begun.
        for row in rows.iter().flat_map(|r| [&SOUND.map(|v| v), r.as_slice()].map(<[&str]>::to_vec)) {
            for (at, value) in row.iter().enumerate() {
                if at > 0 {
                    bytes.push(b',');
                }
                bytes.extend(encode(value, Target::new(encoding)).unwrap_or_else(|_| b"\x81?".to_vec()));
            }
            bytes.extend_from_slice(newline.as_bytes());
        }
        prop_assert_eq!(with_path(&layout, &bytes, 1 << 20, 1, true), with_path(&layout, &bytes, 1 << 20, 1, false));
        let fixed = fixed("crlf");
        prop_assert_eq!(with_path(&fixed, &bytes, 1 << 20, 1, true), with_path(&fixed, &bytes, 1 << 20, 1, false));
    }

    /// Fixed records cut from pieces.
    #[test]
    fn the_quick_path_changes_nothing_in_fixed_records(pieces in proptest::collection::vec(prop::sample::select(vec![
        "112345山田　ソｱｲｳ   ", "100000        ｶ     ", "1 2345山田    ｱ     ", "112345 山田   ｱ     ", "112345山田ソ十      ", "2123", "\r\n", "112345山田    &#123;", "112345山田    ﾞ     ",
    ]), 1..8), newline in 0usize..2) {
        let newline = ["crlf", "none"][newline];
        let layout = fixed(newline);
        let separator = if newline == "crlf" { "\r\n" } else { "" };
        let bytes = cp932(&pieces.join(separator));
        prop_assert_eq!(with_path(&layout, &bytes, 1 << 20, 1, true), with_path(&layout, &bytes, 1 << 20, 1, false));
    }

    /// Well-formed text means the same to us and to the csv crate.
    #[test]
    fn well_formed_text_reads_as_the_csv_crate_reads_it(rows in proptest::collection::vec(proptest::collection::vec("[ -~\r\n]{0,8}", 3), 1..20)) {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).expect("in memory");
        }
        let bytes = writer.into_inner().expect("in memory");
        let cutter = super::delimited::Cutter { delimiter: b',', newline: crate::spec::layout::Newline::Crlf, limit: 1 << 20 };
        let counts = super::delimited::FieldCounts::new(vec![3]);
        let (mut at, mut cells, mut seen) = (0, Vec::new(), Vec::new());
        while at < bytes.len() {
            let cut = cutter.record(&bytes, at, true, &counts, &mut cells).expect("whole");
            prop_assert_eq!(cut.quote, None);
            let values = cells.iter().map(|c| String::from_utf8(bytes[c.value.clone()].to_vec()).expect("ASCII").replace("\"\"", "\""));
            seen.push(values.collect::<Vec<_>>());
            at = cut.next;
        }
        prop_assert_eq!(seen, rows);
    }
}
