//! Faults of structure and across fields in delimited files.

use renkei_core::encoding::Encoding;
use renkei_core::spec::layout::digits;

use crate::delimited::{clean, lists, settings, told, written};
use crate::world::{Dice, Told, scan_all, spoilt};

/// Faults of structure and across fields.
#[test]
#[expect(clippy::too_many_lines, reason = "one file, many faults")]
fn structure() {
    for encoding in [Encoding::Cp932, Encoding::Utf8] {
        let layout = settings(encoding);
        let mut dice = Dice::new(23);
        let rows = clean(&mut dice, encoding, 300);
        let check = |name: &str, file: &[u8], wanted: &[Told]| {
            let (seen, _) = scan_all(&layout, &lists(), file);
            assert_eq!(seen, wanted, "{encoding} {name}");
        };
        let (file, places) = written(&rows);
        // A field too many, a field too few.
        let mut more = rows.clone();
        more[40].push(b"x".to_vec());
        let (bytes, places_more) = written(&more);
        let (from, to) = (places_more[40][0], places_more[40][21]);
        check(
            "21 fields",
            &bytes,
            &[told("LAY-002", 41, None, from, to - from)],
        );
        let mut fewer = rows.clone();
        fewer[40].remove(16);
        let (bytes, places_fewer) = written(&fewer);
        let (from, to) = (places_fewer[40][0], places_fewer[40][19]);
        check(
            "19 fields",
            &bytes,
            &[told("LAY-002", 41, None, from, to - from)],
        );
        // Another newline behind one record.
        let mut bytes = file.clone();
        let at = places[77][20];
        bytes.remove(at);
        check("LF", &bytes, &[told("LAY-004", 78, None, at, 1)]);
        // A blank line, and none at the end.
        let mut bytes = file.clone();
        let at = places[10][20] + 2;
        bytes.splice(at..at, *b"\r\n");
        check("blank line", &bytes, &[told("LAY-012", 12, None, at, 0)]);
        let bytes = &file[..file.len() - 2];
        check(
            "no last newline",
            bytes,
            &[told("LAY-005", 300, None, bytes.len(), 0)],
        );
        let bytes = [&file[..], b"\x1A"].concat();
        let eof = Told {
            record: None,
            ..told("LAY-006", 0, None, file.len(), 1)
        };
        check("EOF mark", &bytes, &[eof]);
        let bytes = [b"\xEF\xBB\xBF", &file[..]].concat();
        let bom = Told {
            record: None,
            ..told("ENC-002", 0, None, 0, 3)
        };
        check("BOM", &bytes, &[bom]);
        // A key twice.
        let mut twice = rows.clone();
        twice[200][0] = twice[100][0].clone();
        let (bytes, at) = written(&twice);
        let start = at[200][0] + usize::from(twice[200][0][0] == b'"');
        check(
            "key twice",
            &bytes,
            &[told("XRF-001", 201, Some("atenabango"), start, 15)],
        );
        // A condition between fields; a value that is needed under a condition, absent and blank.
        let mut late = rows.clone();
        late[9][18] = b"2026-04-01".to_vec();
        let (bytes, at) = written(&late);
        check(
            "order of days",
            &bytes,
            &[told("XRF-006", 10, Some("ido"), at[9][18], 10)],
        );
        for blank in ["", "　", "　　"] {
            let mut none = rows.clone();
            none[9][5].clear();
            none[9][6] = crate::world::bytes(blank, encoding);
            let (bytes, at) = written(&none);
            let length = none[9][6].len();
            check(
                "conditional",
                &bytes,
                &[told("VAL-002", 10, Some("fusho"), at[9][6], length)],
            );
        }
        // Check digits.
        for (field, rule, of) in [
            (
                0,
                "VAL-010",
                digits::addressee_number as fn(&[u8]) -> digits::Digit,
            ),
            (1, "VAL-009", digits::individual_number),
            (7, "VAL-011", digits::municipality_code),
            (14, "VAL-014", digits::corporate_number),
        ] {
            let mut wrong = rows.clone();
            let good = wrong
                .iter()
                .map(|r| {
                    String::from_utf8(r[field].clone())
                        .unwrap()
                        .replace('"', "")
                })
                .find(|v| !v.is_empty() && of(spoilt(v).as_bytes()) != digits::Digit::Right)
                .unwrap();
            let bad = spoilt(&good);
            if of(bad.as_bytes()) == digits::Digit::Undefined {
                continue;
            }
            wrong[150][field] = bad.clone().into_bytes();
            let (bytes, at) = written(&wrong);
            let name = layout.kinds[0].fields[field].roman.clone();
            check(
                "check digit",
                &bytes,
                &[told(rule, 151, Some(&name), at[150][field], bad.len())],
            );
        }
    }
}
