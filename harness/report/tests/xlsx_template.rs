//! Tables put into workbooks of the user's own.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its workbook is not as expected"
)]

use calamine::{Data, Reader, Xlsx};
use renkei_report::xlsx_template::{SheetSlot, SlotValue, fill};
use rust_xlsxwriter::{Color, Format, Workbook};

/// A form of the user's own: a title, headings in another order, a column that is none of ours, a note beside it.
fn template(below: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("表紙")
        .unwrap()
        .write(0, 0, "表紙")
        .unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("リスク & '1' 表").unwrap();
    sheet.write(0, 0, "○○市 リスク管理表").unwrap();
    for (at, heading) in (1u16..).zip(["対応策", "部署", "リスク番号", "件数"]) {
        sheet.write(3, at, heading).unwrap();
    }
    let filled = Format::new().set_background_color(Color::Yellow);
    sheet.write_blank(4, 1, &filled).unwrap();
    sheet.write(5, 6, "欄外の注記").unwrap();
    sheet.write(9, 1, below).unwrap();
    book.define_name("risk", "='リスク & ''1'' 表'!$B$4:$E$4")
        .unwrap();
    book.define_name("other", "='表紙'!$A$1").unwrap();
    book.save_to_buffer().unwrap()
}

fn slot(rows: usize) -> SheetSlot {
    let text = |t: &str| SlotValue::Text(t.into());
    let row = |n: usize| {
        vec![
            text(&format!("R-{n:03}")),
            SlotValue::Number(f64::from(u32::try_from(n).unwrap())),
            text("<&> 改行\nと\u{202e}向き"),
        ]
    };
    SheetSlot {
        name: "risk".into(),
        headings: ["リスク番号", "件数", "対応策"].map(str::to_owned).into(),
        rows: (1..=rows).map(row).collect(),
    }
}

fn cells(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range("リスク & '1' 表").unwrap();
    let end = range.end().unwrap();
    let whole = range.range((0, 0), end);
    whole.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn rows_go_below_the_headings_and_everything_else_stays() {
    let made = fill(&template("あとがき"), &[slot(3)]).unwrap();
    assert_eq!(made.missing, Vec::<String>::new());
    assert_eq!(made.unknown, ["other", "risk: 部署"]);
    let cells = cells(&made.bytes);
    assert_eq!(cells[0][0], Data::String("○○市 リスク管理表".into()));
    assert_eq!(cells[4][3], Data::String("R-001".into()));
    assert_eq!(cells[6][4], Data::Float(3.0));
    assert_eq!(cells[5][1], Data::String("<&> 改行\nと[U+202E]向き".into()));
    assert_eq!(cells[5][2], Data::Empty);
    assert_eq!(cells[5][6], Data::String("欄外の注記".into()));
    assert_eq!(cells[9][1], Data::String("あとがき".into()));
    // No rows leave the form as it is, and a filled form cannot be filled over.
    assert_eq!(
        fill(&template("x"), &[slot(0)]).unwrap().missing,
        Vec::<String>::new()
    );
    let again = fill(&made.bytes, &[slot(3)]).unwrap_err();
    assert!(again.what.ja.contains("セル B5"), "{}", again.what.ja);
}

#[test]
fn templates_that_cannot_be_filled_say_why() {
    let told = |bytes: &[u8], slots: &[SheetSlot]| fill(bytes, slots).unwrap_err();
    let way = told(&template("あとがき"), &[slot(6)]);
    assert!(
        way.what.ja.contains("B10") && way.what.en.contains("6 rows"),
        "{way:?}"
    );
    let named = SheetSlot {
        name: "matrix".into(),
        ..slot(1)
    };
    let none = told(&template(""), std::slice::from_ref(&named));
    assert!(none.fix.en.contains("matrix"), "{none:?}");
    let other = SheetSlot {
        headings: vec!["ほか".into()],
        ..slot(1)
    };
    assert!(told(&template(""), &[other]).what.ja.contains("見出し"));
    for broken in [&b""[..], b"PK\x03\x04", b"not a workbook"] {
        assert!(told(broken, &[slot(1)]).what.en.contains("not a workbook"));
    }
    let whole = template("");
    for cut in (0..whole.len()).step_by(97) {
        let _ = fill(&whole[..cut], &[slot(1)]);
    }
    // One slot of two has a place: the other is told, not lost without a word.
    assert_eq!(
        fill(&template(""), &[slot(1), named]).unwrap().missing,
        ["matrix"]
    );
}
