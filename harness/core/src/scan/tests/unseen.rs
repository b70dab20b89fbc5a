//! What files of others showed: each was missed, misplaced or told twice before.

use super::*;

type Place = (
    String,
    Option<u64>,
    Option<String>,
    Option<u64>,
    Option<u64>,
);

fn places(layout: &Layout, bytes: &[u8]) -> Vec<Place> {
    let (findings, ..) = scanned(layout, bytes, 1 << 20, 1);
    let place = |f: Finding| {
        let at = f.location;
        (f.rule, at.record, at.field, at.byte_offset, at.byte_length)
    };
    findings.into_iter().map(place).collect()
}

fn place(rule: &str, record: u64, field: &str, at: u64, length: u64) -> Place {
    let field = Some(field.to_owned()).filter(|f| !f.is_empty());
    (rule.to_owned(), Some(record), field, Some(at), Some(length))
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A discriminator at a byte position of a UTF-16 file takes two bytes a character.
#[test]
fn kinds_of_fixed_utf16_records_are_told_apart() {
    let toml = "form = \"fixed\"\nrecord_length = 8\nsequence = \"H D*\"\n[file]\nencoding = \"utf-16le\"\nnewline = \"lf\"\n\
        [[kind]]\nid = \"H\"\ntitle = { ja = \"H\", en = \"H\" }\nstart = 1\nvalue = \"1\"\n\
        [[kind]]\nid = \"D\"\ntitle = { ja = \"D\", en = \"D\" }\nstart = 1\nvalue = \"2\"\n";
    let fields = "kind,no,name,roman,type,length,start,width,pad\nH,1,区分,kubun,9,1,1,2,left-zero\n\
        H,2,名,mei,N,3,3,6,right-space\nD,1,区分,kubun,9,1,1,2,left-zero\nD,2,名,mei,N,3,3,6,right-space\n";
    let layout = layout(toml, fields);
    assert_eq!(places(&layout, &utf16("1東京都\n2山田　\n2太郎　\n")), []);
    assert_eq!(
        places(&layout, &utf16("1東京都\n5山田　\n2太郎　\n")),
        [place("LAY-007", 2, "", 10, 2)]
    );
}

/// Quotes of a record in another encoding are not judged: what is in them cannot be read.
#[test]
fn a_foreign_record_says_nothing_about_its_quotes() {
    let toml = "form = \"delimited\"\n[file]\nencoding = \"utf-8\"\nquoting = \"kokuho\"\nnewline = \"lf\"\n";
    let layout = layout(
        toml,
        "no,name,roman,type\n1,番号,bango,9\n2,氏名,shimei,N\n",
    );
    let mut bytes = "1,\"山田太郎\"\n".repeat(20).into_bytes();
    let at = bytes.len() as u64;
    bytes.extend(cp932("2,\"能登十三\"\n"));
    let found = places(&layout, &bytes);
    assert_eq!(found, [place("ENC-008", 21, "", at + 3, 1)]);
}

/// Two kana in UTF-8 are three characters of Shift_JIS more often than not.
#[test]
fn a_foreign_record_may_read_as_declared_by_chance() {
    let toml = "form = \"delimited\"\n[file]\nencoding = \"cp932\"\nrepertoire = \"cp932\"\nnewline = \"lf\"\n";
    let layout = layout(
        toml,
        "no,name,roman,type,length\n1,番号,bango,9,\n2,氏名,shimei,N,12\n",
    );
    let mut bytes = cp932(&"1,山田太郎\n".repeat(20));
    let at = bytes.len() as u64;
    bytes.extend("2,したさきしたさき\n".as_bytes());
    bytes.extend(cp932("3,能登十三\n"));
    let found = places(&layout, &bytes);
    assert_eq!(found, [place("ENC-008", 21, "", at + 2, 1)]);
    // Two may be what was meant.
    let mut short = cp932("1,山田太郎\n");
    short.extend("2,した\n".as_bytes());
    let found = places(&layout, &short);
    assert!(found.iter().all(|at| at.0 != "ENC-008"), "{found:?}");
}

/// A header row with one other name is told at that name.
#[test]
fn the_name_that_differs_is_the_place() {
    let toml = "form = \"delimited\"\n[file]\nencoding = \"utf-8\"\nheader = \"roman\"\nnewline = \"lf\"\n";
    let layout = layout(
        toml,
        "no,name,roman,type\n1,番号,bango,9\n2,氏名,shimei,N\n3,備考,biko,N\n",
    );
    assert_eq!(
        places(&layout, b"bango,\"shimai\",biko\n1,,\n"),
        [place("LAY-009", 0, "shimei", 7, 6)]
    );
}

/// A record that lost a byte before its last two fields is one finding, too.
#[test]
fn a_shift_that_breaks_two_fields_is_one_finding() {
    let toml =
        "form = \"fixed\"\nrecord_length = 24\n[file]\nencoding = \"cp932\"\nnewline = \"lf\"\n";
    let fields = "no,name,roman,type,length,start,width,pad,output\n1,名,mei,X,4,1,4,right-space,\n\
        2,日,hi,YYYYMMDD,8,5,8,none,required\n3,金額,kingaku,9,8,13,8,left-zero,required\n4,予備,yobi,DUMMY,4,21,4,,\n";
    let layout = layout(toml, fields);
    let good = "ABC 2024022900000012    \n";
    assert_eq!(places(&layout, good.as_bytes()), []);
    let found = places(&layout, "ABC 024022900000012     \n".as_bytes());
    assert_eq!(found, [place("LAY-014", 1, "", 4, 20)]);
    // Two faults of their own stay two.
    let found = places(&layout, "ABC 2024023000000x12    \n".as_bytes());
    assert_eq!(found.len(), 2, "{found:?}");
}

/// Byte 80 of UTF-8 becomes U+0080 in most decoders of CP932; a column of such values is one finding.
#[test]
fn a_garbled_column_with_u_0080_is_one_finding() {
    let toml = "form = \"delimited\"\n[file]\nencoding = \"utf-8\"\nnewline = \"lf\"\n";
    let layout = layout(
        toml,
        "no,name,roman,type,length\n1,番号,bango,9,\n2,住所,jusho,N,10\n",
    );
    // 一二三 and 最 as UTF-8 read by CPython: E4 B8 80 E4 BA 8C E4 B8 89, E6 9C 80.
    let text: String = (1..=20)
        .map(|n| format!("{n},荳\u{80}莠御ｸ画怙\n"))
        .collect();
    let found = places(&layout, text.as_bytes());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "ENC-009");
}

/// Found by fuzzing: records without newline among some that have one, cut at a chunk's end.
#[test]
fn fixed_records_without_newline_are_cut_alike_in_any_chunks() {
    let kind = |id: &str, value: &str| {
        format!(
            "[[kind]]\nid = \"{id}\"\ntitle = {{ ja = \"k\", en = \"k\" }}\nstart = 1\nvalue = \"{value}\"\n"
        )
    };
    let toml = format!(
        "form = \"fixed\"\nrecord_length = 10\nsequence = \"(H D* T)+\"\n[file]\nencoding = \"cp932\"\nnewline = \"none\"\n{}{}{}\
         [[total]]\nkind = \"T\"\nfield = \"kensu\"\ncounts = \"D\"\n[[total]]\nkind = \"T\"\nfield = \"kingaku\"\nsums = \"D.kingaku\"\n",
        kind("H", "1"),
        kind("D", "2"),
        kind("T", "8")
    );
    let fields = "kind,no,name,roman,type,start,width,output,pad\nH,1,区分,kubun,9,1,1,required,\nH,2,名,mei,C,2,9,,right-space\n\
        D,1,区分,kubun,9,1,1,required,\nD,2,金額,kingaku,9,2,4,required,\nD,3,氏名,shimei,N,6,5,,right-space\n\
        T,1,区分,kubun,9,1,1,,\nT,2,件数,kensu,9,2,4,,\nT,3,金額,kingaku,9,6,5,,\n";
    let layout = layout(&toml, fields);
    let bytes = b"1abcdefghi\r\n8000100010200000001\x32\r\n1abcdefghi\r\n8000100010\r\n1         \r\n2001\x81@\x8eR\x93c80001000101a9cdefghi";
    let whole = scanned(&layout, bytes, 1 << 20, 1);
    for chunk in 1..=bytes.len() {
        assert_eq!(scanned(&layout, bytes, chunk, 1), whole, "{chunk}");
    }
}

/// メ ends with 81, and `@` is 40: together they look like a full-width space to who reads from behind.
#[test]
fn padding_is_not_cut_out_of_characters() {
    let layout = fixed("crlf");
    let mut bytes = cp932("100001山田　ソｱｲｳ   \r\n100002山メ@");
    bytes.extend(b"   ");
    bytes.extend(cp932("ｱｲｳ   \r\n"));
    assert_eq!(
        places(&layout, &bytes),
        [place("VAL-004", 2, "shimei", 22 + 10, 1)]
    );
}

/// A record that may not stand twice in a row is told where the second one stands.
#[test]
fn a_repeated_record_is_told_at_its_place() {
    let kind = |id: &str, value: &str| {
        format!(
            "[[kind]]\nid = \"{id}\"\ntitle = {{ ja = \"k\", en = \"k\" }}\nfield = \"kubun\"\nvalue = \"{value}\"\n"
        )
    };
    let toml = format!(
        "form = \"delimited\"\nsequence = \"H D* T\"\n[file]\nencoding = \"utf-8\"\n{}{}{}",
        kind("H", "1"),
        kind("D", "2"),
        kind("T", "8")
    );
    let fields = "kind,no,name,roman,type\nH,1,区分,kubun,9\nD,1,区分,kubun,9\nD,2,名,mei,X\nT,1,区分,kubun,9\n";
    let layout = layout(&toml, fields);
    let bytes = b"1\r\n1\r\n2,a\r\n2,bc\r\n8\r\n";
    for chunk in 1..=bytes.len() {
        let (findings, ..) = scanned(&layout, bytes, chunk, 1);
        let found: Vec<_> = findings
            .into_iter()
            .map(|f| {
                let at = f.location;
                (f.rule, at.record, at.field, at.byte_offset, at.byte_length)
            })
            .collect();
        assert_eq!(found, [place("LAY-008", 2, "", 3, 1)], "{chunk}");
    }
}

/// A program that takes the second byte of 表 for a backslash doubles it, or drops it: the message says which.
#[test]
fn a_5c_that_was_taken_for_a_backslash_is_named() {
    let layout = layout(
        "form = \"delimited\"\n[file]\nencoding = \"cp932\"\nnewline = \"lf\"\n",
        "no,name,roman,type,length\n1,氏名,shimei,N,10\n",
    );
    let message = |bytes: &[u8]| {
        let (findings, ..) = scanned(&layout, bytes, 1 << 20, 1);
        assert_eq!(findings.len(), 1, "{findings:?}");
        findings[0].message.ja.clone()
    };
    let sound = cp932("山表示郎\n");
    let mut doubled = sound.clone();
    doubled.insert(4, b'\\');
    assert!(message(&doubled).contains("付け加えられた"));
    let mut lost = sound.clone();
    lost.remove(3);
    assert!(message(&lost).contains("取り除かれた"));
    assert!(message(&cp932("山表A示郎\n")).ends_with('）'));
}
