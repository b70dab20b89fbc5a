//! The reader of workbooks: values as people see them, refusals that name the place, no panic on any bytes.

use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;
use renkei_import::workbook::{self, At, Value};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::common::{archive, edit, official, rewrite, shown};

fn saved(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().expect("a workbook")
}

fn one_sheet(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    saved(|book| fill(book.add_worksheet().set_name("表").expect("a name")))
}

fn refused(name: &str, bytes: &[u8]) -> String {
    shown(&workbook::read(name, bytes).expect_err("must be refused"))
}

#[test]
fn values_are_what_people_see() {
    let bytes = one_sheet(|sheet| {
        let zeros = Format::new().set_num_format("00000");
        let day = Format::new().set_num_format("yyyy/m/d");
        let gone = Format::new().set_font_strikethrough();
        sheet.write(0, 0, "003").unwrap();
        sheet.write_with_format(1, 0, 12, &zeros).unwrap();
        sheet.write(2, 0, 10.5).unwrap();
        let at = ExcelDateTime::from_ymd(2023, 9, 29).unwrap();
        sheet.write_with_format(3, 0, &at, &day).unwrap();
        sheet.write(4, 0, true).unwrap();
        sheet
            .write(5, 0, Formula::new("A1&\"x\"").set_result("003x"))
            .unwrap();
        sheet.write_with_format(6, 0, "廃止", &gone).unwrap();
        sheet
            .merge_range(7, 0, 8, 2, "結合", &Format::new())
            .unwrap();
        sheet.set_row_hidden(2).unwrap();
        sheet.set_column_hidden(5).unwrap();
        sheet.write(0, 5, "隠れた列").unwrap();
    });
    let book = workbook::read("a.xlsx", &bytes).expect("readable");
    let sheet = &book.sheets[0];
    let seen: Vec<&str> = (1..=7).map(|row| sheet.text(At::new(row, 1))).collect();
    assert_eq!(
        seen,
        ["003", "00012", "10.5", "2023-09-29", "TRUE", "003x", "廃止"]
    );
    let cell = |text| sheet.cell(At::parse(text).unwrap()).unwrap();
    assert_eq!(cell("A2").value, Value::Number(12.0));
    assert_eq!(cell("A4").value, Value::Date("2023-09-29".to_owned()));
    assert!(cell("A6").formula && !cell("A1").formula);
    assert!(cell("A7").struck && !cell("A1").struck);
    assert_eq!(sheet.text(At::new(9, 3)), "");
    assert_eq!(sheet.merged_text(At::new(9, 3)), "結合");
    assert!(sheet.is_hidden(At::new(3, 1)) && sheet.is_hidden(At::new(1, 6)));
    assert!(!sheet.is_hidden(At::new(1, 1)));
    assert_eq!(sheet.rows().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(sheet.place(At::new(7, 2)), "a.xlsx 「表」 B7");
}

#[test]
fn a_formula_without_result_and_an_error_value_name_their_cells() {
    let bytes = one_sheet(|sheet| {
        sheet
            .write(6, 1, Formula::new("C7").set_result("9"))
            .unwrap();
        sheet
            .write(7, 1, Formula::new("C8").set_result("#REF!"))
            .unwrap();
    });
    let bytes = edit(&bytes, "xl/worksheets/sheet1.xml", |xml| {
        xml.replace("<v>9</v>", "")
    });
    let book = workbook::read("a.xlsx", &bytes).expect("readable");
    let text = shown(&book.sheets[0].unusable_cells());
    assert!(
        text.contains("a.xlsx 「表」 B7: 数式の計算結果が保存されていません"),
        "{text}"
    );
    assert!(
        text.contains("a.xlsx 「表」 B8: セルがエラー値 #REF! です"),
        "{text}"
    );
}

#[test]
fn macros_and_links_are_told_and_not_followed() {
    let bytes = one_sheet(|sheet| {
        sheet.write(0, 0, "値").unwrap();
    });
    let mut with_macro: Vec<(String, Vec<u8>)> = Vec::new();
    rewrite(&bytes, |name, content| {
        with_macro.push((name.to_owned(), content.clone()));
        Some(content)
    });
    with_macro.push(("xl/vbaProject.bin".to_owned(), b"\xD0\xCF".to_vec()));
    with_macro.push((
        "xl/externalLinks/externalLink1.xml".to_owned(),
        b"<x/>".to_vec(),
    ));
    let parts: Vec<(&str, &[u8])> = with_macro
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_slice()))
        .collect();
    let book = workbook::read("a.xlsm", &archive(&parts)).expect("readable");
    assert_eq!(book.sheets[0].text(At::new(1, 1)), "値");
    let text = shown(&book.notices);
    assert!(
        text.contains("マクロがあります") && text.contains("リンクがあります"),
        "{text}"
    );
}

#[test]
fn what_is_no_workbook_is_named() {
    let compound = |stream: &str| {
        let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        bytes.resize(512, 0);
        bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let fine = one_sheet(|sheet| {
        sheet.write(0, 0, "x").unwrap();
    });
    for (name, bytes, part) in [
        ("empty.xlsx", Vec::new(), "ファイルが空です"),
        ("secret.xlsx", compound("EncryptedPackage"), "暗号化"),
        ("old.xls", compound("Workbook"), "古い形式"),
        ("page.xls", b"<html><table>".to_vec(), "HTML"),
        ("a.pdf", b"%PDF-1.7".to_vec(), "PDF"),
        ("noise.xlsx", vec![7; 100], "Excelのブックではない"),
        ("noise.dat", vec![0; 100], "Excelのブックではない"),
        (
            "cut.xlsx",
            fine[..fine.len() / 2].to_vec(),
            "壊れているか、途中で切れて",
        ),
        ("other.zip", archive(&[("a.txt", b"x")]), "xl/workbook.xml"),
        ("b.xlsb", archive(&[("xl/workbook.bin", b"x")]), "xlsb"),
    ] {
        let text = refused(name, &bytes);
        assert!(text.starts_with(name) && text.contains(part), "{text}");
        assert!(text.contains("直し方"), "{text}");
    }
}

#[test]
fn absurd_sizes_are_refused_before_they_hurt() {
    let fine = one_sheet(|sheet| {
        sheet.write(0, 0, "x").unwrap();
    });
    let bomb = edit(&fine, "xl/worksheets/sheet1.xml", |xml| {
        xml.replace(
            "<sheetData>",
            &format!("<sheetData>{}", " ".repeat(129 << 20)),
        )
    });
    assert!(bomb.len() < 1 << 20);
    assert!(refused("bomb.xlsx", &bomb).contains("異常に大きい"));
    let far = edit(&fine, "xl/worksheets/sheet1.xml", |xml| {
        xml.replace("r=\"A1\"", "r=\"ZZZZ9\"")
    });
    assert!(refused("far.xlsx", &far).contains("ZZZZ9"));
    let deep = edit(&fine, "xl/worksheets/sheet1.xml", |xml| {
        xml.replace(
            "<sheetData>",
            &format!("{}<sheetData>", "<a>".repeat(100_000)),
        )
    });
    assert!(refused("deep.xlsx", &deep).contains("入れ子"));
    let laughs = edit(&fine, "xl/workbook.xml", |xml| {
        xml.replacen("?>", "?><!DOCTYPE x [<!ENTITY a \"ha\">]>", 1)
    });
    assert!(refused("laughs.xlsx", &laughs).contains("文書型宣言"));
}

/// The sheet's cells replaced by these.
fn with_rows(rows: &str) -> Vec<u8> {
    let fine = one_sheet(|sheet| {
        sheet.write(0, 0, "x").unwrap();
    });
    edit(&fine, "xl/worksheets/sheet1.xml", |xml| {
        let (head, rest) = xml.split_once("<sheetData>").unwrap();
        let (_, tail) = rest.split_once("</sheetData>").unwrap();
        format!("{head}<sheetData>{rows}</sheetData>{tail}")
    })
}

/// Small files that would become gigabytes, or keep a reader busy for hours.
#[test]
fn bombs_of_xml_are_refused_with_their_place() {
    let entity = "?><!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>";
    let fine = one_sheet(|sheet| {
        sheet.write(0, 0, "x").unwrap();
    });
    for part in [
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/_rels/workbook.xml.rels",
    ] {
        let bomb = edit(&fine, part, |xml| xml.replacen("?>", entity, 1));
        let text = refused("laughs.xlsx", &bomb);
        assert!(text.contains(part) && text.contains("文書型宣言"), "{text}");
    }
    // one long text, named by many cells
    let long = edit(&fine, "xl/sharedStrings.xml", |xml| {
        xml.replace("<t>x</t>", &format!("<t>{}</t>", "x".repeat(200_000)))
    });
    let text = refused("long.xlsx", &long);
    assert!(text.contains("セル A1 の文字が長すぎます"), "{text}");
    let cell = "<c t=\"s\"><v>0</v></c>";
    let rows = format!("<row>{}</row>", cell.repeat(1_000)).repeat(10);
    let many = edit(&with_rows(&rows), "xl/sharedStrings.xml", |xml| {
        xml.replace("<t>x</t>", &format!("<t>{}</t>", "x".repeat(30_000)))
    });
    let text = refused("many.xlsx", &many);
    assert!(
        text.contains("セルの文字の合計") && text.contains("「表」"),
        "{text}"
    );
    // formulas that lean on each other and grow
    let mut rows = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>xxxxxxxxxx</v></c></row>".to_owned();
    for row in 2..9 {
        let joined = vec![format!("A{}", row - 1); 5_000].join("&amp;");
        rows.push_str(&format!(
            "<row r=\"{row}\"><c r=\"A{row}\"><f>{joined}</f></c></row>"
        ));
    }
    let book = workbook::read("joined.xlsx", &with_rows(&rows)).expect("readable");
    assert!(shown(&book.sheets[0].unusable_cells()).contains("A4"));
    // rows and columns beyond those of Excel
    for rows in [
        "<row r=\"4294967295\"><c><v>1</v></c></row>".to_owned(),
        "<row r=\"1048576\"/><row><c><v>1</v></c></row>".to_owned(),
        format!("<row>{}</row>", "<c><v>1</v></c>".repeat(16_385)),
    ] {
        assert!(refused("far.xlsx", &with_rows(&rows)).contains("Excelの範囲の外"));
    }
    // a size that the sheet only claims
    let claimed = edit(&fine, "xl/worksheets/sheet1.xml", |xml| {
        xml.replace(
            "<dimension ref=\"A1\"/>",
            "<dimension ref=\"A1:XFD1000000000\"/>",
        )
    });
    assert_eq!(
        workbook::read("claimed.xlsx", &claimed).unwrap().sheets[0].last_row(),
        1
    );
    // millions of merged cells
    let merged = edit(&fine, "xl/worksheets/sheet1.xml", |xml| {
        let one = "<mergeCell ref=\"A1:B2\"/>".repeat(600_000);
        xml.replace(
            "</sheetData>",
            &format!("</sheetData><mergeCells>{one}</mergeCells>"),
        )
    });
    let text = refused("merged.xlsx", &merged);
    assert!(
        text.contains("結合セルが多すぎます") && text.contains("A1:B2"),
        "{text}"
    );
    let sheets = edit(&fine, "xl/workbook.xml", |xml| {
        let one = "<sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/>".repeat(2_000);
        xml.replace("<sheets>", &format!("<sheets>{one}"))
    });
    assert!(refused("sheets.xlsx", &sheets).contains("シートが多すぎます"));
}

#[test]
fn text_files_keep_their_rows() {
    let text = "項番,項目名\r\n\r\n1,\"二行の\n見出し\"\r\n\r\n2,b\r\n";
    let book = workbook::read("a.csv", text.as_bytes()).expect("readable");
    let sheet = &book.sheets[0];
    assert_eq!(sheet.rows().collect::<Vec<_>>(), [1, 3, 5]);
    assert_eq!(sheet.text(At::new(3, 2)), "二行の\n見出し");
    let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("項番\t項目名\n1\t桁数\n");
    let book = workbook::read("a.txt", &sjis).expect("readable");
    assert_eq!(book.sheets[0].text(At::new(2, 2)), "桁数");
    assert!(shown(&book.notices).contains("CP932"));
    assert!(refused("a.csv", b"a,\x81\x20\n").contains("UTF-8としてもCP932"));
}

/// An independent reader sees the same texts and numbers in the official workbooks.
#[test]
fn the_official_workbooks_read_as_another_reader_reads_them() {
    for name in [
        "jutogai_item_definition_20230929.xlsx",
        "jutogai_numbering_api_v2.0_202303.xlsx",
    ] {
        let Some(bytes) = official(name) else { return };
        let ours = workbook::read(name, &bytes).expect("readable");
        let mut theirs: Xlsx<_> = Xlsx::new(std::io::Cursor::new(&bytes)).expect("readable");
        let mut compared = 0;
        for sheet in &ours.sheets {
            let range = theirs.worksheet_range(&sheet.name).expect("the sheet");
            for (row, column, data) in range.used_cells() {
                let (top, left) = range.start().expect("cells");
                let at = At::new(
                    u32::try_from(row).unwrap() + top + 1,
                    u32::try_from(column).unwrap() + left + 1,
                );
                let cell = sheet.cell(at);
                match data {
                    Data::Empty => continue,
                    Data::String(text) if text.is_empty() => assert!(cell.is_none()),
                    Data::String(text) => {
                        let text = text.replace("\r\n", "\n");
                        assert_eq!(cell.expect("a cell").shown, text, "{}", sheet.place(at));
                    }
                    Data::Int(number) => {
                        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                        let number = *number as f64;
                        assert_eq!(cell.expect("a cell").value, Value::Number(number));
                    }
                    Data::Float(number) => {
                        assert_eq!(cell.expect("a cell").value, Value::Number(*number));
                    }
                    other => panic!("{other:?} at {}", sheet.place(at)),
                }
                compared += 1;
            }
        }
        assert!(compared > 500, "{compared}");
    }
}

static SAMPLE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
    one_sheet(|sheet| {
        for row in 0..6 {
            sheet.write(row, 0, row).unwrap();
            sheet.write(row, 1, "項目名").unwrap();
        }
        sheet
            .merge_range(7, 0, 8, 2, "結合", &Format::new())
            .unwrap();
    })
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Bytes of the archive changed anywhere.
    #[test]
    fn damaged_archives_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut bytes = SAMPLE.clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = workbook::read("a.xlsx", &bytes);
    }

    /// The XML of a part changed, so that the damage gets past the checksums of the archive.
    #[test]
    fn damaged_parts_never_panic(
        part in 0_usize..12,
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"<>/\"'&=:;!? A0sr-\x00\xff".to_vec())), 1..12),
    ) {
        let mut at_part = 0;
        let bytes = rewrite(&SAMPLE, |_, mut content| {
            if at_part == part && !content.is_empty() {
                for (at, value) in &changes {
                    let at = at.index(content.len());
                    content[at] = *value;
                }
            }
            at_part += 1;
            Some(content)
        });
        if let Ok(book) = workbook::read("a.xlsx", &bytes) {
            for sheet in &book.sheets {
                let _ = sheet.unusable_cells();
            }
        }
    }

    #[test]
    fn any_text_is_a_table_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = workbook::read("a.csv", &bytes);
    }
}
