//! Workbooks with inline texts, written cell by cell, and the item table that the tests import.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

/// A cell: text, number, or a formula without a saved result.
#[derive(Clone, Copy)]
pub(super) enum Cell {
    None,
    Text(&'static str),
    Number(u32),
    Formula(&'static str),
}
pub(super) use Cell::{Formula, None as No, Number, Text};

/// A sheet: name, rows with the number of their first cell, merged ranges.
pub(super) type Sheet<'a> = (&'a str, Vec<(u32, Vec<Cell>)>, &'a [&'a str]);

fn letters(column: usize) -> String {
    let last = char::from(b'A' + u8::try_from(column % 26).expect("a letter"));
    match column / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letters(more - 1)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A workbook with inline texts, as programs write it that do not compute.
pub(super) fn workbook(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, text: &str| {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("an entry");
        zip.write_all(text.as_bytes()).expect("its content");
    };
    let (mut list, mut relations) = (String::new(), String::new());
    for (at, (name, rows, merged)) in sheets.iter().enumerate() {
        let id = at + 1;
        write!(
            list,
            "<sheet name=\"{name}\" sheetId=\"{id}\" r:id=\"rId{id}\"/>"
        )
        .expect("text");
        write!(relations, "<Relationship Id=\"rId{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>").expect("text");
        let mut xml = String::from("<worksheet><sheetData>");
        for (row, cells) in rows {
            write!(xml, "<row r=\"{row}\">").expect("text");
            for (column, cell) in cells.iter().enumerate() {
                let at = format!("{}{row}", letters(column));
                match cell {
                    No => Ok(()),
                    Text(text) => write!(xml, "<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(text)),
                    Number(number) => write!(xml, "<c r=\"{at}\"><v>{number}</v></c>"),
                    Formula(text) => write!(xml, "<c r=\"{at}\"><f>{}</f></c>", escaped(text)),
                }
                .expect("text");
            }
            xml.push_str("</row>");
        }
        xml.push_str("</sheetData><mergeCells>");
        for range in *merged {
            write!(xml, "<mergeCell ref=\"{range}\"/>").expect("text");
        }
        xml.push_str("</mergeCells></worksheet>");
        put(&format!("xl/worksheets/sheet{id}.xml"), &xml);
    }
    put(
        "xl/workbook.xml",
        &format!("<workbook xmlns:r=\"r\"><sheets>{list}</sheets></workbook>"),
    );
    put(
        "xl/_rels/workbook.xml.rels",
        &format!("<Relationships>{relations}</Relationships>"),
    );
    zip.finish().expect("an archive").into_inner()
}

/// Moved and added columns, ids as numbers and split, full-width types and digits, marks for "nothing", a remark that reads
/// like a heading, a group that is stated once, two groups in one sheet, notes below the table.
#[expect(clippy::too_many_lines, reason = "a workbook is a long list")]
pub(super) fn items(kind_of_amount: Cell) -> Vec<Sheet<'static>> {
    let head = vec![
        Text("データ型"),
        Text("改定区分"),
        Text("データ項目\n（ローマ字）"),
        Text("データ項目ID"),
        No,
        Text("グループ"),
        No,
        No,
        Text("データ項目"),
        Text("桁　数"),
        Text("コード"),
        Text("繰り返し"),
        Text("データ出力\n条件"),
        Text("項目説明"),
        Text("サンプル値"),
    ];
    let sub = vec![
        No,
        No,
        No,
        No,
        No,
        Text("名称"),
        Text("主キー"),
        Text("外部キー"),
    ];
    let rows = vec![
        (
            1,
            vec![Text("■地方公共団体情報システム-（介護保険）項目定義書")],
        ),
        (
            2,
            vec![
                Text("凡例"),
                No,
                No,
                No,
                No,
                No,
                No,
                No,
                Text("項目説明：※※で始まる記載は条件を示す"),
            ],
        ),
        (3, head),
        (4, sub),
        (
            5,
            vec![
                Text("Ｘ"),
                No,
                Text("kanribango"),
                Text("０１２"),
                Number(1),
                Text("受給者情報"),
                Text("○"),
                Text("－"),
                Text("管理番号"),
                Text("１０"),
                Text("-"),
                No,
                Text("必須"),
                No,
                Text("0000000001"),
            ],
        ),
        (
            6,
            vec![
                Text("Ｎ"),
                Text("追加"),
                Text("shimei"),
                Text("012"),
                Text("2"),
                No,
                No,
                No,
                Text("氏名"),
                Number(20),
                No,
                No,
                Text("必須"),
                No,
                Text("見本　太郎"),
            ],
        ),
        (
            7,
            vec![
                Text("X"),
                No,
                Text("kubun"),
                Text("012"),
                Number(3),
                No,
                No,
                No,
                Text("異動区分"),
                Number(1),
                Number(7),
                No,
                Text("必須"),
                No,
                Text("1"),
            ],
        ),
        (
            8,
            vec![
                Text("DATE"),
                No,
                Text("idobi"),
                Text("012"),
                Number(4),
                No,
                No,
                No,
                Text("異動日"),
                Number(10),
                No,
                No,
                Text("条件付き\n必須"),
                Text("・不詳日を許容する\n※※異動区分が「２：変更」の場合は出力必須"),
                Text("2024-02-29"),
            ],
        ),
        (9, vec![Text("■支給情報")]),
        (
            10,
            vec![
                Text("Ｘ"),
                No,
                Text("kanribango"),
                Number(1_200_005),
                No,
                Text("支給情報"),
                Text("〇"),
                Text("○"),
                Text("管理番号"),
                Text("10桁"),
                No,
                No,
                Text("必須"),
            ],
        ),
        (
            11,
            vec![
                kind_of_amount,
                No,
                Text("kingaku"),
                Number(1_200_006),
                No,
                No,
                No,
                No,
                Text("支給額"),
                Number(9),
                No,
                No,
                Text("任意"),
            ],
        ),
        (
            12,
            vec![
                Text("９Ｖ"),
                No,
                Text("ritsu"),
                Number(1_200_007),
                No,
                No,
                No,
                No,
                Text("支給率"),
                Text("３，２"),
                No,
                No,
                Text("任意"),
            ],
        ),
        (
            13,
            vec![
                Text("X"),
                No,
                Text("seibetsu"),
                Number(1_200_008),
                No,
                No,
                No,
                No,
                Text("性別"),
                Number(1),
                Text("住民記録_007"),
                No,
                Text("任意"),
            ],
        ),
        (
            15,
            vec![No, No, Text("※1 データ型の詳細は凡例を参照すること")],
        ),
    ];
    let lists = vec![
        (1, vec![Text("コード一覧表"), No, Text("業務名")]),
        (2, vec![No, No, Text("介護保険")]),
        (
            4,
            vec![
                Text("コードID"),
                Text("コード名"),
                Text("コード値"),
                Text("コード値の内容"),
                Text("備考"),
            ],
        ),
        (
            5,
            vec![Text("007"), Text("異動区分"), Number(1), Text("新規")],
        ),
        (
            6,
            vec![Number(7), Text("異動区分"), Text("２"), Text("変更")],
        ),
    ];
    let linked = vec![
        (
            1,
            vec![
                Text("業務名"),
                Text("コードID"),
                Text("コード名"),
                Text("コード値"),
                Text("コード値の内容"),
            ],
        ),
        (
            2,
            vec![
                Text("住民記録"),
                Text("007"),
                Text("性別"),
                Text("1"),
                Text("男"),
            ],
        ),
        (3, vec![No, No, No, Text("2"), Text("女")]),
    ];
    vec![
        ("コード一覧（連携）", linked, &[]),
        (
            "介護保険",
            rows,
            &[
                "A3:A4", "B3:B4", "C3:C4", "D3:E4", "F3:H3", "I3:I4", "A9:O9", "F5:F8",
            ],
        ),
        ("コード一覧（個別）", lists, &[]),
    ]
}
