//! Rows of item tables that are not one item each: merged cells, numbers of columns, titles, values that stand twice.

use rust_xlsxwriter::{Format, Workbook};

use crate::item_book::{Shape, book, items, write_codes, write_table};
use crate::item_table::{imported, loaded};

/// The table as it is made by `book`, with cells merged over two rows: (first row of the two, column, text), 0-based.
fn with_merged(merged: &[(u32, u16, &str)]) -> Vec<u8> {
    let mut made = Workbook::new();
    let sheet = made.add_worksheet().set_name("基本データリスト").unwrap();
    write_table(sheet, &items(), &Shape::default());
    for (row, column, text) in merged {
        let format = Format::new();
        sheet
            .merge_range(*row, *column, row + 1, *column, text, &format)
            .unwrap();
    }
    made.save_to_buffer().unwrap()
}

#[test]
fn a_name_merged_over_two_rows_is_told_at_the_row_without_one() {
    // row 9 and 10 of the sheet: 世帯区分, 廃止年月日
    let done = imported(&with_merged(&[(8, 3, "世帯区分と廃止日")]));
    let text = done.report.text(renkei_core::model::Lang::Ja);
    assert!(
        text.contains("D10: D9:D10 が1つのセルに結合されていて、この行だけの値がありません"),
        "{text}"
    );
    assert!(!done.report.is_complete());
    assert_eq!(done.report.sheets[0].rows_not_interpreted, 1, "{text}");
}

#[test]
fn a_row_that_only_goes_on_with_the_item_above_is_no_item() {
    let mut made = Workbook::new();
    let sheet = made.add_worksheet().set_name("基本データリスト").unwrap();
    write_table(sheet, &items(), &Shape::default());
    let format = Format::new();
    // all cells of 世帯区分 reach into the next row, which holds a second line of the explanation
    for column in 1..=21_u16 {
        for row in 9..=14 {
            sheet.write_blank(row, column, &format).unwrap();
        }
    }
    for (column, text) in [
        (3, "世帯区分"),
        (4, "setaikubun"),
        (5, "世帯情報"),
        (11, "9"),
        (12, "1"),
        (15, "必須"),
    ] {
        sheet
            .merge_range(8, column, 9, column, text, &format)
            .unwrap();
    }
    sheet.write(9, 17, "2行目の説明").unwrap();
    let done = imported(&made.save_to_buffer().unwrap());
    let text = done.report.text(renkei_core::model::Lang::Ja);
    assert!(
        text.contains("D10: 上の行の項目とセルが結合されています"),
        "{text}"
    );
    let pack = loaded(&done);
    let fields = &pack.layouts["世帯情報"].kinds[0].fields;
    assert_eq!(fields.len(), 3, "{text}");
    assert!(fields[2].note.contains("2行目の説明"), "{:?}", fields[2]);
}

#[test]
fn samples_of_several_lines_are_kept() {
    let mut all = items();
    all[1].sample = "・市：茅ケ崎市\n・町村：中井町";
    all[4].sample = "123456789012345\n234567890123456";
    let pack = loaded(&imported(&book(&all, &Shape::default())));
    let field = &pack.layouts["世帯情報"].kinds[0].fields[1];
    assert_eq!(
        (field.sample.as_str(), field.more_samples.as_slice()),
        ("茅ケ崎市", &["中井町".to_owned()][..])
    );
    let field = &pack.layouts["課税情報"].kinds[0].fields[0];
    assert_eq!(field.more_samples, ["234567890123456"]);
}

#[test]
fn a_value_that_stands_twice_in_a_list_is_told_and_hidden_lists_are_left_alone() {
    let mut made = Workbook::new();
    write_table(
        made.add_worksheet().set_name("基本データリスト").unwrap(),
        &items(),
        &Shape::default(),
    );
    let lists = made.add_worksheet().set_name("コード一覧（個別）").unwrap();
    write_codes(lists, 3);
    for (row, value, name) in [(7, "9", "廃止"), (8, "1", "個人")] {
        lists.write(row, 2, value).unwrap();
        lists.write(row, 3, name).unwrap();
    }
    let old = made.add_worksheet().set_name("旧コード").unwrap();
    write_codes(old, 3);
    old.write(7, 2, "5").unwrap();
    old.set_hidden(true);
    let done = imported(&made.save_to_buffer().unwrap());
    let text = done.report.text(renkei_core::model::Lang::Ja);
    assert!(
        text.contains("C9: コード一覧 0012 に値「1」が2回あります（「一般」と「個人」）"),
        "{text}"
    );
    assert!(
        text.contains("C8: コード一覧 0012 に値「9」が2回あります（「廃止」と「廃止」）"),
        "{text}"
    );
    assert_eq!(done.report.not_interpreted.len(), 1, "{text}");
    assert!(text.contains("旧コード: skipped"), "{text}");
    let pack = loaded(&done);
    let values: Vec<&str> = pack.code_lists["0012"]
        .values
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(values, ["1", "9"]);
}

#[test]
fn numbers_below_the_header_and_titles_above_a_table_are_no_items() {
    let mut made = Workbook::new();
    let sheet = made.add_worksheet().set_name("一覧").unwrap();
    sheet
        .write(0, 0, "■地方公共団体情報システム-（住民税）項目定義書")
        .unwrap();
    for (row, title, roman) in [(2_u32, "■世帯", "a"), (8, "◆異動", "b")] {
        sheet.write(row, 0, title).unwrap();
        for (at, heading) in [
            "データ項目ID",
            "データ項目",
            "データ項目（ローマ字）",
            "データ型",
            "桁数",
            "データ出力条件",
        ]
        .iter()
        .enumerate()
        {
            let column = u16::try_from(at).unwrap();
            sheet.write(row + 1, column, *heading).unwrap();
            sheet
                .write(row + 2, column, format!("({})", at + 1))
                .unwrap();
        }
        for (column, text) in [
            (0, "01000001"),
            (1, "番号"),
            (2, roman),
            (3, "X"),
            (4, "5"),
            (5, "必須"),
        ] {
            sheet.write(row + 3, column, text).unwrap();
        }
    }
    let done = imported(&made.save_to_buffer().unwrap());
    assert!(
        done.report.is_complete(),
        "{}",
        done.report.text(renkei_core::model::Lang::Ja)
    );
    let pack = loaded(&done);
    let ids: Vec<&str> = pack.layouts.keys().map(String::as_str).collect();
    assert_eq!(ids, ["世帯", "異動"]);
    assert!(
        pack.layouts
            .values()
            .all(|layout| layout.kinds[0].fields.len() == 1)
    );
}
