//! Sets of files, in memory.

use std::collections::BTreeMap;

use super::examples::{check_files, gzip, zip_file};
use crate::model::{Finding, Lang, Problems};
use crate::spec::layout::Layout;

fn layouts(all: &[(&str, &str)]) -> BTreeMap<String, Layout> {
    let mut problems = Problems::new();
    let mut layouts = BTreeMap::new();
    for (head, fields) in all {
        let head = format!("title = {{ ja = \"a\", en = \"a\" }}\n{head}");
        let names = ("layout.toml", "fields.csv");
        let layout = Layout::load(&head, fields.as_bytes(), names, &mut problems);
        let shown: Vec<String> = problems.iter().map(|p| p.show(Lang::En)).collect();
        let layout = layout.unwrap_or_else(|| panic!("{shown:?}"));
        layouts.insert(layout.id.clone(), layout);
    }
    layouts
}

fn run(all: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<Finding> {
    let files = files
        .iter()
        .map(|(name, content)| ((*name).to_owned(), content.to_vec()));
    check_files(&layouts(all), files.collect()).expect("the set can be checked")
}

/// `rule file record offset count`.
fn told(findings: &[Finding]) -> Vec<String> {
    let line = |f: &Finding| {
        let at = &f.location;
        format!(
            "{} {} {} {} x{}",
            f.rule,
            at.file.as_deref().unwrap_or("-"),
            at.record.map_or("-".to_owned(), |n| n.to_string()),
            at.byte_offset.map_or("-".to_owned(), |n| n.to_string()),
            f.count
        )
    };
    findings.iter().map(line).collect()
}

const FIELDS: &str = "no,name,roman,type,pk\n1,番号,bango,9,1\n2,氏名,shimei,N,\n";

const SPLIT: &str = "id = \"a\"\nform = \"delimited\"\nname_pattern = \"a_{p:9(1)}of{t:9(1)}.csv\"\n[file]\nheader = \"roman\"\n[set]\npart = \"p\"\nparts = \"t\"\nheader_in = \"first\"\n";

#[test]
fn keys_go_over_the_parts_of_a_split_file() {
    let one = "bango,shimei\r\n1,山田\r\n2,鈴木\r\n";
    let two = "3,佐藤\r\n1,山本\r\n";
    let files = [
        ("a_1of2.csv", one.as_bytes()),
        ("a_2of2.csv", two.as_bytes()),
    ];
    assert_eq!(
        told(&run(&[(SPLIT, FIELDS)], &files)),
        ["XRF-001 a_2of2.csv 2 10 x1"]
    );
    // Without the other part nothing is said across parts.
    assert_eq!(
        told(&run(&[(SPLIT, FIELDS)], &files[1..])),
        ["FIL-009 a_2of2.csv - - x1"]
    );
}

#[test]
fn a_header_row_in_a_later_part_is_told() {
    let part = "bango,shimei\r\n1,山田\r\n".as_bytes();
    let two = "bango,shimei\r\n2,鈴木\r\n".as_bytes();
    let files = [("a_1of2.csv", part), ("a_2of2.csv", two)];
    assert_eq!(
        told(&run(&[(SPLIT, FIELDS)], &files)),
        ["LAY-009 a_2of2.csv 0 0 x1"]
    );
    let every = SPLIT.replace("\"first\"", "\"every\"");
    assert_eq!(
        told(&run(&[(&every, FIELDS)], &files)),
        Vec::<String>::new()
    );
    let again = "bango,shimei\r\n1,鈴木\r\n".as_bytes();
    let files = [("a_1of2.csv", part), ("a_2of2.csv", again)];
    assert_eq!(
        told(&run(&[(&every, FIELDS)], &files)),
        ["XRF-001 a_2of2.csv 1 14 x1"]
    );
}

const TOTALS: &str = "id = \"t\"\nform = \"delimited\"\nname_pattern = \"t_{p:9(1)}of{t:9(1)}.csv\"\nsequence = \"H D* T\"\n[file]\nfinal_newline = \"allow\"\n[set]\npart = \"p\"\nparts = \"t\"\n[[kind]]\nid = \"H\"\nfield = \"kubun\"\nvalue = \"1\"\n[[kind]]\nid = \"D\"\nfield = \"kubun\"\nvalue = \"2\"\n[[kind]]\nid = \"T\"\nfield = \"kubun\"\nvalue = \"8\"\n[[total]]\nkind = \"T\"\nfield = \"kensu\"\ncounts = \"D\"\n";
const TOTAL_FIELDS: &str = "kind,no,name,roman,type\nH,1,区分,kubun,9\nD,1,区分,kubun,9\nD,2,番号,bango,9\nT,1,区分,kubun,9\nT,2,件数,kensu,9\n";

#[test]
fn order_and_totals_go_over_the_parts() {
    let good: [(&str, &[u8]); 2] = [
        ("t_1of2.csv", b"1\r\n2,11\r\n2,12"),
        ("t_2of2.csv", b"2,13\r\n8,3\r\n"),
    ];
    let layout = [(TOTALS, TOTAL_FIELDS)];
    assert_eq!(told(&run(&layout, &good)), Vec::<String>::new());
    let bad: [(&str, &[u8]); 2] = [good[0], ("t_2of2.csv", b"2,13\r\n8,4\r\n2,14\r\n")];
    assert_eq!(
        told(&run(&layout, &bad)),
        ["XRF-003 t_2of2.csv 2 8 x1", "LAY-008 t_2of2.csv 3 11 x2"]
    );
}

const PARENT: &str = "id = \"p\"\nform = \"delimited\"\nname_pattern = \"p{n:9(1)}.csv\"\n";
const CHILD: &str = "id = \"c\"\nform = \"fixed\"\nrecord_length = 6\nname_pattern = \"c.dat\"\n[file]\nencoding = \"cp932\"\n[[reference]]\nfields = [\"oya\"]\nlayout = \"p\"\nto = [\"bango\"]\n";
const CHILD_FIELDS: &str =
    "no,name,roman,type,length,start,width,pad\n1,親,oya,9,6,1,6,left-zero\n";

#[test]
fn references_name_every_place() {
    let layout = [(PARENT, FIELDS), (CHILD, CHILD_FIELDS)];
    let child: &[u8] = b"000001\r\n000004\r\n000003\r\n000005\r\n";
    let files: [(&str, &[u8]); 3] = [
        ("c.dat", child),
        ("p1.csv", "1,山田\r\n".as_bytes()),
        ("p2.csv", "3,鈴木\r\n".as_bytes()),
    ];
    let findings = run(&layout, &files);
    assert_eq!(told(&findings), ["XRF-002 c.dat 2 8 x2"]);
    assert_eq!(findings[0].samples[1].byte_offset, Some(24));
    assert_eq!(told(&run(&layout, &files[..1])), ["XRF-009 c.dat 1 0 x4"]);
}

#[test]
fn a_file_may_refer_to_itself() {
    let own = "id = \"a\"\nform = \"delimited\"\n[[reference]]\nfields = [\"oya\"]\nlayout = \"a\"\nto = [\"bango\"]\n";
    let fields = "no,name,roman,type,pk\n1,番号,bango,9,1\n2,親,oya,9,\n";
    let files: [(&str, &[u8]); 1] = [("a.csv", b"1,\r\n2,1\r\n3,7\r\n")];
    assert_eq!(
        told(&run(&[(own, fields)], &files)),
        ["XRF-002 a.csv 3 11 x1"]
    );
}

#[test]
fn findings_name_the_file_in_the_archive() {
    let plain = "id = \"a\"\nform = \"delimited\"\nname_pattern = \"a{n:9(1)}.csv\"\n";
    let bad = "1,山田\r\nx,鈴木\r\n".as_bytes();
    let zip = zip_file(&[("in/a1.csv".to_owned(), bad.to_vec())]);
    let gz = gzip(bad).expect("in memory");
    let nested = zip_file(&[("a3.csv.gz".to_owned(), gz.clone())]);
    let files: [(&str, &[u8]); 3] = [("z.zip", &zip), ("a2.csv.gz", &gz), ("y.zip", &nested)];
    assert_eq!(
        told(&run(&[(plain, FIELDS)], &files)),
        [
            "VAL-005 a2.csv.gz!/a2.csv 2 10 x1",
            "VAL-005 y.zip!/a3.csv.gz!/a3.csv 2 10 x1",
            "VAL-005 z.zip!/in/a1.csv 2 10 x1",
        ]
    );
}

#[test]
fn hostile_archives_are_findings() {
    let plain = "id = \"a\"\nform = \"delimited\"\nname_pattern = \"a{n:9(1)}.csv\"\n";
    let of = |name: &str, content: &[u8]| told(&run(&[(plain, FIELDS)], &[(name, content)]));
    let good = zip_file(&[("a1.csv".to_owned(), "1,山\r\n".into())]);
    assert_eq!(of("z.zip", &good), Vec::<String>::new());
    for cut in 0..good.len() {
        // A ZIP file without its first bytes is no ZIP file to anyone but its name.
        let found = of("z.zip", &good[..cut]);
        assert_eq!(found, ["FIL-012 z.zip - - x1"], "{cut}");
    }
    for at in 0..good.len() {
        let mut broken = good.clone();
        broken[at] ^= 0xFF;
        let _ = of("z.zip", &broken);
    }
    let gz = gzip("1,山\r\n".as_bytes()).expect("in memory");
    for cut in 1..gz.len() {
        assert_eq!(of("a1.csv.gz", &gz[..cut]), ["FIL-012 a1.csv.gz - - x1"]);
    }
    let twice = zip_file(&[
        ("a1.csv".to_owned(), "1,山\r\n".into()),
        ("a1.csv".to_owned(), "2,川\r\n".into()),
    ]);
    assert_eq!(of("z.zip", &twice), ["FIL-012 z.zip - - x1"]);
    // 200 MiB of one byte in 200 KiB.
    let bomb = gzip(&vec![b'0'; 200 << 20]).expect("in memory");
    assert_eq!(of("a1.csv.gz", &bomb), ["FIL-013 a1.csv.gz - - x1"]);
}
