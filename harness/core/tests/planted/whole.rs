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
