//! Files that are wrong as a whole, and parts of files that are.

use renkei_core::encoding::Encoding;
use renkei_core::spec::layout::Layout;

use crate::world::{Dice, bytes, layout, scan_all, scan_once};

const FIELDS: &str = "no,name,roman,type,length,pk,output,sensitive\n1,番号,bango,9,8,1,required,\n2,氏名,shimei,N,20,,required,name\n3,カナ,kana,X,30,,,kana\n4,住所,jusho,N,40,,,address\n";

fn settings(encoding: Encoding) -> Layout {
    layout(
        &format!(
            "form = \"delimited\"\n[file]\nencoding = \"{}\"\n",
            encoding.name()
        ),
        FIELDS,
    )
}

fn text(count: usize, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    (0..count)
        .map(|n| {
            let name = dice.pick(&crate::delimited::NAMES).replace('髙', "高");
            let street = dice
                .pick(&[
                    "東京都千代田区能楽町１－２－３",
                    "新宿区西新宿２丁目",
                    "大阪市北区中之島",
                ])
                .replace('－', "の");
            format!(
                "{n},{name},{},{street}\r\n",
                dice.pick(&["ﾔﾏﾀﾞ", "ｻﾄｳ ﾊﾅｺ", "ABC"])
            )
        })
        .collect()
}

/// A whole file in another encoding is one finding, not a thousand.
#[test]
fn another_encoding() {
    let tried = [
        Encoding::Utf8,
        Encoding::Cp932,
        Encoding::EucJp,
        Encoding::Iso2022Jp,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
    ];
    let mut faults = Vec::new();
    for declared in tried {
        for written in tried.into_iter().filter(|w| *w != declared) {
            let lines = text(1_500, 3);
            let file: Vec<u8> = lines.iter().flat_map(|l| bytes(l, written)).collect();
            let how = (1 << 16, 1);
            let (_, findings) = scan_once(&settings(declared), &Default::default(), &file, how);
            let seen: Vec<_> = findings
                .iter()
                .map(|f| (f.rule.as_str(), f.observed.as_str(), f.count))
                .collect();
            if seen != [("ENC-007", written.name(), 1)] {
                faults.push(format!(
                    "{declared} declared, {written} written: {:?}",
                    &seen[..seen.len().min(6)]
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Clean files in every encoding.
#[test]
fn every_encoding_is_read() {
    for encoding in [
        Encoding::Utf8,
        Encoding::Cp932,
        Encoding::EucJp,
        Encoding::Iso2022Jp,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::ShiftJis2004,
        Encoding::ShiftJisX0208,
    ] {
        let file: Vec<u8> = text(800, 5)
            .iter()
            .flat_map(|l| bytes(l, encoding))
            .collect();
        let (_, findings) = scan_all(&settings(encoding), &Default::default(), &file);
        let seen: Vec<_> = findings
            .iter()
            .map(|f| (&f.rule, &f.location, &f.observed))
            .collect();
        assert!(seen.is_empty(), "{encoding}: {seen:?}");
    }
}

/// Records of another process: one finding for the range.
#[test]
fn records_in_another_encoding() {
    for (declared, other) in [
        (Encoding::Utf8, Encoding::Cp932),
        (Encoding::Cp932, Encoding::Utf8),
        (Encoding::Utf8, Encoding::EucJp),
    ] {
        let lines = text(3_000, 5);
        let mut file = Vec::new();
        let mut start = 0;
        for (n, line) in lines.iter().enumerate() {
            let spliced = (1_000..1_500).contains(&n);
            if n == 1_000 {
                start = file.len() as u64;
            }
            file.extend(bytes(line, if spliced { other } else { declared }));
        }
        let (told, findings) = scan_all(&settings(declared), &Default::default(), &file);
        let seen: Vec<_> = findings
            .iter()
            .map(|f| {
                (
                    f.rule.as_str(),
                    f.count,
                    f.location.record,
                    f.observed.clone(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [(
                "ENC-008",
                500,
                Some(1_001),
                format!("{} #1001-1500", other.name())
            )],
            "{declared} {other}"
        );
        assert!(told.first().is_some_and(|t| t.at >= start));
    }
}

/// Settings that a vendor may need: each is silent on what was agreed and tells what was not.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of settings")]
fn settings_decide() {
    let one = |settings: &str, fields: &str, value: &[u8]| {
        let toml = format!("form = \"delimited\"\n[file]\n{settings}\n");
        let layout = layout(
            &toml,
            &format!("no,name,roman,type,length,class,sensitive\n{fields}\n"),
        );
        let file = [b"1,".as_slice(), value, b"\r\n"].concat();
        let file = file.repeat(900);
        let (_, findings) = scan_all(&layout, &Default::default(), &file);
        findings
            .into_iter()
            .map(|f| (f.rule, f.count, f.expected))
            .collect::<Vec<_>>()
    };
    let told = |rule: &str, expected: &str| vec![(rule.to_owned(), 900, expected.to_owned())];
    let n = "1,番号,bango,9,3,,\n2,氏名,shimei,N,10,,";
    let cp = "encoding = \"cp932\"";
    // Duplicates of CP932: 髙 as Windows and as CPython write it.
    for (form, windows, nec) in [
        ("windows", true, false),
        ("nec", false, true),
        ("any", true, true),
    ] {
        let settings = format!("{cp}\nduplicates = \"{form}\"");
        let expected = |silent: bool| {
            if silent {
                Vec::new()
            } else {
                told("ENC-021", form)
            }
        };
        assert_eq!(
            one(&settings, n, b"\xFB\xFC\x8B\xB4"),
            expected(windows),
            "{form}"
        );
        assert_eq!(
            one(&settings, n, b"\xEE\xE0\x8B\xB4"),
            expected(nec),
            "{form}"
        );
    }
    // Width class of a field, beside its type.
    for (class, value, rule) in [
        ("mixed", "A山", ""),
        ("full", "A山", "VAL-004"),
        ("half", "山", "VAL-004"),
        ("half", "A-1", ""),
    ] {
        let fields = format!("1,番号,bango,9,3,,\n2,値,atai,X,10,{class},");
        let rules: Vec<String> = one("", &fields, value.as_bytes())
            .into_iter()
            .map(|f| f.0)
            .collect();
        assert_eq!(rules.join(" "), rule, "{class} {value}");
    }
    // Length units: fits in characters, not in bytes; a selector counts or does not.
    let long = "1,番号,bango,9,3,,\n2,値,atai,N,4,,";
    let value = "辻\u{E0100}辻\u{E0100}辻".as_bytes();
    assert_eq!(one("length_unit = \"graphemes\"", long, value), []);
    assert_eq!(
        one("length_unit = \"chars\"", long, value),
        told("VAL-003", "N4")
    );
    assert_eq!(
        one("length_unit = \"utf16\"", long, value),
        told("VAL-003", "N4")
    );
    assert_eq!(
        one("length_unit = \"bytes\"", long, "山田".as_bytes()),
        told("VAL-003", "N4")
    );
    // Selectors.
    assert_eq!(
        one("svs = \"forbid\"", n, "神\u{FE00}".as_bytes()),
        told("ENC-010", "")
    );
    assert_eq!(
        one(
            "svs = \"allow\"\nivs = \"forbid\"",
            n,
            "神\u{FE00}".as_bytes()
        ),
        []
    );
    assert_eq!(
        one("ivs = \"forbid\"", n, "辻\u{E0100}".as_bytes()),
        told("ENC-010", "")
    );
    // Normalisation, substitution marks, private use.
    assert_eq!(
        one("normalisation = \"as-is\"", n, "か\u{3099}".as_bytes()),
        []
    );
    assert_eq!(one("private_use = \"allow\"", n, "\u{E000}".as_bytes()), []);
    let name = "1,番号,bango,9,3,,\n2,氏名,shimei,N,10,,name";
    assert_eq!(
        one("substitution_marks = \"■\"", name, "山■".as_bytes()),
        []
    );
    assert_eq!(
        one("substitution_marks = \"■\"", name, "山〓".as_bytes()),
        told("ENC-006", "■")
    );
    // Dialects: 8160 is U+FF5E or U+301C.
    let dialect = |d: &str| format!("{cp}\ndialect = \"{d}\"\nrepertoire = \"U+301C | U+5C71\"");
    assert_eq!(one(&dialect("jis"), n, b"\x8E\x52\x81\x60"), []);
    assert_eq!(
        one(&dialect("ms"), n, b"\x8E\x52\x81\x60"),
        told("ENC-003", "U+301C | U+5C71")
    );
}

/// A column that was converted twice is one finding, which explains what its characters break.
#[test]
fn a_column_converted_twice() {
    let garbled = |name: &str| -> String {
        let utf8 = name.as_bytes();
        let read =
            renkei_core::encoding::units(utf8, Encoding::Cp932, renkei_core::encoding::Dialect::Ms);
        read.map(|unit| match unit.what {
            renkei_core::encoding::What::Char(c) => c,
            _ => '・',
        })
        .collect()
    };
    let mut file = Vec::new();
    for (n, line) in text(2_000, 9).iter().enumerate() {
        let mut fields: Vec<String> = line.trim_end().split(',').map(str::to_owned).collect();
        if n % 2 == 0 {
            fields[1] = garbled(&fields[1]);
        }
        file.extend_from_slice((fields.join(",") + "\r\n").as_bytes());
    }
    let (_, findings) = scan_all(&settings(Encoding::Utf8), &Default::default(), &file);
    let seen: Vec<_> = findings
        .iter()
        .map(|f| (f.rule.as_str(), f.location.field.as_deref()))
        .collect();
    assert_eq!(seen, [("ENC-009", Some("shimei"))]);
    assert!(findings[0].count >= 900 && !findings[0].explains.is_empty());
}
