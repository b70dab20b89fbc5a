//! Against CPython's codecs: every one- and two-byte sequence (65,792 rows) where the oracle file lies beside the project,
//! and digests of the whole decoded tables everywhere.
#![expect(clippy::panic, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::class::{Class, is_lead, is_trail, plane_row_cell, sjis};
use super::*;

/// `shared/data` beside one of the folders above this crate.
fn oracle() -> Option<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found: Option<PathBuf> = here
        .ancestors()
        .map(|dir| dir.join("shared/data/sjis_oracle.tsv"))
        .find(|path| path.exists());
    #[expect(clippy::disallowed_methods, reason = "a test reads its oracle")]
    found.map(|path| std::fs::read_to_string(path).expect("readable"))
}

fn text_of(cell: &str) -> Option<String> {
    let hex = cell.strip_prefix("U+")?;
    Some(
        hex.split('+')
            .map(|h| char::from_u32(u32::from_str_radix(h, 16).expect("hex")).expect("scalar"))
            .collect(),
    )
}

fn bytes_of(cell: &str) -> Vec<u8> {
    (0..cell.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&cell[i..i + 2], 16).expect("hex"))
        .collect()
}

struct Row<'a> {
    bytes: Vec<u8>,
    cells: Vec<&'a str>,
}

/// CPython reads the five reserved bytes as characters; we report them.
fn has_reserved(row: &Row<'_>) -> bool {
    match row.cells[1] {
        "two-singles" => row
            .bytes
            .iter()
            .any(|b| sjis().single[usize::from(*b)] == Class::Reserved),
        "single" => row.cells[6] == "reserved-single",
        _ => false,
    }
}

fn check_decoding(row: &Row<'_>) {
    let books = [
        (2, Encoding::Cp932, Dialect::Ms),
        (3, Encoding::ShiftJisX0208, Dialect::Jis),
        (4, Encoding::ShiftJis2004, Dialect::Jis),
    ];
    for (column, encoding, dialect) in books {
        let expected = if has_reserved(row) {
            None
        } else {
            text_of(row.cells[column])
        };
        let decoded = decode(&row.bytes, encoding, dialect).ok();
        assert_eq!(decoded, expected, "{} in {encoding}", row.cells[0]);
    }
}

fn check_class(row: &Row<'_>) {
    let class = match row.bytes[..] {
        [byte] => sjis().single[usize::from(byte)],
        [a, b] => sjis().pair(a, b),
        _ => panic!("one or two bytes"),
    };
    assert_eq!(class.name(), row.cells[6], "{}", row.cells[0]);
    if let ([a, b], "pair") = (&row.bytes[..], row.cells[1]) {
        let (plane, r, cell) = plane_row_cell(u16::from_be_bytes([*a, *b]));
        assert_eq!(
            format!("{plane}-{r:02}-{cell:02}"),
            row.cells[5],
            "{}",
            row.cells[0]
        );
    }
}

fn check_encoding(row: &Row<'_>) {
    if row.cells[1] == "two-singles" || has_reserved(row) {
        return;
    }
    let python = Target::new(Encoding::Cp932).duplicates(Duplicates::NecSelected);
    let x0213 = Target::new(Encoding::ShiftJis2004).dialect(Dialect::Jis);
    for (text, back, target) in [(2, 7, python), (4, 9, x0213)] {
        if let Some(text) = text_of(row.cells[text]) {
            assert_eq!(
                encode(&text, target),
                Ok(bytes_of(row.cells[back])),
                "{}",
                row.cells[0]
            );
        }
    }
}

#[test]
fn every_row_of_the_oracle() {
    let Some(oracle) = oracle() else {
        #[expect(
            clippy::print_stderr,
            reason = "a test that could not run must be seen"
        )]
        {
            eprintln!(
                "NOT CHECKED: no shared/data/sjis_oracle.tsv above this crate; only the digests were compared"
            );
        }
        return;
    };
    let mut rows = 0;
    for line in oracle.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let row = Row {
            bytes: bytes_of(cells[0]),
            cells,
        };
        check_class(&row);
        check_decoding(&row);
        check_encoding(&row);
        rows += 1;
    }
    assert_eq!(rows, 65_792);
}

/// Digest of `bytes TAB text LF` over every single byte and every legal pair, first 16 hex digits.
fn digest(encoding: Encoding, dialect: Dialect) -> String {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        if let Ok(text) = decode(bytes, encoding, dialect) {
            hash.update(bytes);
            hash.update(format!("\t{text}\n"));
        }
    };
    (0..=u8::MAX).for_each(|byte| add(&[byte]));
    for (a, b) in (0..=u8::MAX).flat_map(|a| (0..=u8::MAX).map(move |b| (a, b))) {
        if is_lead(a) && is_trail(b) {
            add(&[a, b]);
        }
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The same digests, computed when the oracle had been compared row by row.
#[test]
fn digests_of_the_tables() {
    let expected = [
        (Encoding::Cp932, Dialect::Ms, "dfb1efe2c46b5d34"),
        (Encoding::Cp932, Dialect::Ibm, "83c6f7489344afdf"),
        (Encoding::ShiftJisX0208, Dialect::Jis, "df1e73be997db3e1"),
        (Encoding::ShiftJis2004, Dialect::Jis, "3ecd9bb8163ca2f2"),
        (Encoding::ShiftJis2004, Dialect::Jis2014, "5aba9c6f7d0bf538"),
    ];
    let found: Vec<String> = expected.iter().map(|(e, d, _)| digest(*e, *d)).collect();
    let wanted: Vec<&str> = expected.iter().map(|(.., digest)| *digest).collect();
    assert_eq!(found, wanted);
}
