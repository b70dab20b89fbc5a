//! Workbooks of the form of an item table, with any content, anywhere.

use rust_xlsxwriter::{Format, Workbook, Worksheet};

pub(crate) const HEADINGS: &[(&str, &str)] = &[
    ("データ項目ID", ""),
    ("", ""),
    ("データ項目", ""),
    ("データ項目（ローマ字）", ""),
    ("グループ", "名称"),
    ("", "主キー"),
    ("", "外部キー"),
    ("クラス分類", "LV1"),
    ("", "LV2"),
    ("", "LV3"),
    ("データ型", ""),
    ("桁数", ""),
    ("コード", ""),
    ("繰り返し", ""),
    ("データ出力条件", ""),
    ("項目定義", ""),
    ("項目説明", ""),
    ("標準仕様書関連箇所", ""),
    ("実装類型", ""),
    ("サンプル値", ""),
    ("備考", ""),
];

/// One item as the table writes it.
#[derive(Clone, Default)]
pub(crate) struct Item {
    pub(crate) name: &'static str,
    pub(crate) roman: &'static str,
    pub(crate) group: &'static str,
    pub(crate) key: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) length: &'static str,
    pub(crate) code: &'static str,
    pub(crate) output: &'static str,
    pub(crate) description: &'static str,
    pub(crate) sample: &'static str,
}

pub(crate) fn item(
    group: &'static str,
    name: &'static str,
    roman: &'static str,
    kind: &'static str,
    length: &'static str,
    output: &'static str,
) -> Item {
    Item {
        name,
        roman,
        group,
        kind,
        length,
        output,
        ..Item::default()
    }
}

pub(crate) fn items() -> Vec<Item> {
    let mut all = vec![
        item("世帯情報", "世帯番号", "setaibango", "X", "15", "必須"),
        item(
            "世帯情報",
            "世帯主氏名",
            "setainushishimei",
            "Ｎ",
            "100",
            "任意",
        ),
        item("世帯情報", "世帯区分", "setaikubun", "9", "1", "必須"),
        item(
            "世帯情報",
            "廃止年月日",
            "haishinengappi",
            "DATE",
            "10",
            "条件付き必須",
        ),
        item("課税情報", "宛名番号", "atenabango", "X", "15", "必須"),
        item("課税情報", "税率", "zeiritsu", "9V", "3,2", "任意"),
        item("課税情報", "更正額", "koseigaku", "S9", "12", "任意"),
        item("課税情報", "課税年度", "kazeinendo", "YEAR", "4", "必須"),
    ];
    all[0].key = "○";
    all[4].key = "〇";
    all[2].code = "0012";
    all[3].description = "※※世帯区分「9」の場合は出力必須";
    all[1].sample = "－";
    all[1].code = "なし";
    all
}

pub(crate) fn cells(item: &Item, no: usize) -> Vec<String> {
    let text = |s: &str| s.to_owned();
    vec![
        text("010"),
        no.to_string(),
        text(item.name),
        text(item.roman),
        text(item.group),
        text(item.key),
        text("－"),
        text("大"),
        text("中"),
        text("小"),
        text(item.kind),
        text(item.length),
        text(item.code),
        text(""),
        text(item.output),
        text("定義"),
        text(item.description),
        text("0100001"),
        text("○"),
        text(item.sample),
        text(""),
    ]
}

/// Where the pieces of a table go.
#[derive(Clone)]
pub(crate) struct Shape {
    pub(crate) row: u32,
    pub(crate) column: u16,
    pub(crate) order: Vec<usize>,
    pub(crate) blank_rows: bool,
    pub(crate) spaced: bool,
    pub(crate) merged_groups: bool,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            row: 4,
            column: 1,
            order: (0..HEADINGS.len()).collect(),
            blank_rows: false,
            spaced: false,
            merged_groups: false,
        }
    }
}

pub(crate) fn write_table(sheet: &mut Worksheet, items: &[Item], shape: &Shape) {
    let spaced = |text: &str| {
        if shape.spaced && !text.is_empty() {
            let half = text.chars().count() / 2;
            text.chars()
                .enumerate()
                .map(|(at, c)| {
                    if at == half {
                        format!("\n　{c}")
                    } else {
                        c.to_string()
                    }
                })
                .collect()
        } else {
            text.to_owned()
        }
    };
    for (at, which) in shape.order.iter().enumerate() {
        let column = shape.column + u16::try_from(at).unwrap();
        let (top, below) = HEADINGS[*which];
        sheet.write(shape.row, column, spaced(top)).unwrap();
        sheet.write(shape.row + 1, column, spaced(below)).unwrap();
    }
    let mut row = shape.row + 2;
    let mut group_from = row;
    for (no, item) in items.iter().enumerate() {
        if shape.blank_rows && no % 3 == 1 {
            row += 2;
        }
        for (at, which) in shape.order.iter().enumerate() {
            let column = shape.column + u16::try_from(at).unwrap();
            let text = &cells(item, no + 1)[*which];
            if *which == 4 && shape.merged_groups {
                let next = items.get(no + 1).map(|i| i.group);
                if next != Some(item.group) {
                    if row > group_from {
                        sheet
                            .merge_range(group_from, column, row, column, text, &Format::new())
                            .unwrap();
                    } else {
                        sheet.write(row, column, text).unwrap();
                    }
                }
            } else if *which == 1 {
                sheet
                    .write(row, column, u32::try_from(no + 1).unwrap())
                    .unwrap();
            } else if !text.is_empty() {
                sheet.write(row, column, text).unwrap();
            }
        }
        row += 1;
        if items
            .get(no + 1)
            .is_some_and(|next| next.group != item.group)
        {
            group_from = row;
        }
    }
    for column in 0..22 {
        sheet.write(row, column, "e").unwrap();
    }
}

pub(crate) fn write_codes(sheet: &mut Worksheet, row: u32) {
    for (at, text) in ["コードID", "コード名", "コード値", "コード値の内容", "備考"]
        .iter()
        .enumerate()
    {
        sheet.write(row, u16::try_from(at).unwrap(), *text).unwrap();
    }
    let zeros = Format::new().set_num_format("0000");
    sheet.write_with_format(row + 2, 0, 12, &zeros).unwrap();
    sheet.write(row + 2, 1, "世帯区分").unwrap();
    for (at, (value, name)) in [("1", "一般"), ("9", "廃止")].iter().enumerate() {
        let row = row + 2 + u32::try_from(at).unwrap();
        sheet.write(row, 2, *value).unwrap();
        sheet.write(row, 3, *name).unwrap();
    }
}

pub(crate) fn book(items: &[Item], shape: &Shape) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("凡例）列項目説明").unwrap();
    for (at, text) in ["項番", "項目名", "記載内容", "備考"].iter().enumerate() {
        sheet.write(2, u16::try_from(at).unwrap(), *text).unwrap();
        sheet.write(3, u16::try_from(at).unwrap(), "説明").unwrap();
    }
    write_table(
        book.add_worksheet().set_name("基本データリスト").unwrap(),
        items,
        shape,
    );
    write_codes(
        book.add_worksheet().set_name("コード一覧（個別）").unwrap(),
        3,
    );
    book.save_to_buffer().unwrap()
}
