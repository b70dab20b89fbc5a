//! A mapping guessed from the headings, to be read and corrected by the user; never applied by itself.

use std::collections::BTreeSet;

use crate::draft::quoted;
use crate::headings::{self, Header, Known};
use crate::reading::{is_nothing, one_line};
use crate::workbook::{Sheet, Workbook};

const fn known(id: &'static str, names: &'static [&'static str]) -> Known {
    Known { id, names }
}

const COLUMNS: &[Known] = &[
    known("no", &["項番", "No.", "No", "番号", "項目番号", "#", "seq"]),
    known(
        "kind",
        &["レコード種別", "レコード区分", "レコード", "種別"],
    ),
    known(
        "name",
        &[
            "項目名",
            "項目名称",
            "データ項目",
            "データ項目名",
            "フィールド名",
            "名称",
            "item",
            "name",
            "項目",
        ],
    ),
    known(
        "roman",
        &[
            "項目ID",
            "物理名",
            "英字名",
            "ローマ字",
            "カラム名",
            "フィールドID",
            "field",
            "変数名",
        ],
    ),
    known(
        "type",
        &[
            "型",
            "データ型",
            "属性",
            "タイプ",
            "文字種",
            "データ属性",
            "type",
            "形式",
        ],
    ),
    known(
        "width",
        &[
            "バイト数",
            "バイト長",
            "バイト",
            "レングス",
            "bytes",
            "width",
        ],
    ),
    known(
        "length",
        &[
            "桁数",
            "長さ",
            "文字数",
            "最大桁数",
            "サイズ",
            "length",
            "len",
            "桁",
        ],
    ),
    known(
        "start",
        &[
            "開始位置",
            "位置",
            "開始桁",
            "開始バイト",
            "先頭位置",
            "オフセット",
            "開始",
            "カラム位置",
            "start",
            "pos",
        ],
    ),
    known(
        "decimals",
        &["小数桁", "小数部", "小数点以下", "小数", "小数桁数"],
    ),
    known(
        "output",
        &["必須", "必須区分", "必須任意", "データ出力条件", "required"],
    ),
    known("pk", &["主キー", "キー", "PK"]),
    known("code", &["コード", "コードID", "コード表"]),
    known("fixed_value", &["固定値", "設定値"]),
    known("sample", &["サンプル値", "サンプル", "例", "記述例"]),
    known("note", &["備考", "説明", "内容", "項目説明", "摘要"]),
];

/// Words for types and what they usually mean; `?` asks the user.
const TYPES: &[(&str, &str)] = &[
    ("9", "9"),
    ("数字", "9"),
    ("数値", "9"),
    ("半角数字", "9"),
    ("整数", "9"),
    ("num", "9"),
    ("number", "9"),
    ("integer", "9"),
    ("int", "9"),
    ("x", "X"),
    ("文字", "X"),
    ("半角", "X"),
    ("半角文字", "X"),
    ("英数字", "X"),
    ("半角英数字", "X"),
    ("英数", "X"),
    ("char", "X"),
    ("文字列", "X"),
    ("半角英数", "X"),
    ("c", "C"),
    ("カナ", "C"),
    ("半角カナ", "C"),
    ("カナ文字", "C"),
    ("k", "N"),
    ("漢字", "N"),
    ("全角", "N"),
    ("全角文字", "N"),
    ("日本語", "N"),
    ("全角漢字", "N"),
    ("s9", "S9"),
    ("符号付数字", "S9"),
    ("符号付き整数", "S9"),
    ("9v", "9V"),
    ("小数", "9V"),
    ("decimal", "9V"),
    ("date", "DATE"),
    ("日付", "YYYYMMDD"),
    ("年月日", "YYYYMMDD"),
    ("yyyymmdd", "YYYYMMDD"),
    ("yymmdd", "YYMMDD"),
    ("mmdd", "MMDD"),
    ("和暦", "WAREKI"),
    ("time", "TIME"),
    ("時刻", "TIME"),
    ("year", "YEAR"),
    ("ゾーン", "ZONED"),
    ("ゾーン10進", "ZONED"),
    ("zoned", "ZONED"),
    ("予備", "DUMMY"),
    ("フィラー", "DUMMY"),
    ("filler", "DUMMY"),
    ("ダミー", "DUMMY"),
    ("空白", "DUMMY"),
];

/// Types that a layout may use (specs/README.md, fields.csv).
const PACK_TYPES: &[&str] = &[
    "X", "N", "9", "9V", "S9", "BLOB", "YEAR", "DATE", "TIME", "C", "DUMMY", "ZONED", "YYMMDD",
    "MMDD", "YYYYMMDD", "WAREKI",
];

/// True for a type that packs know.
pub(super) fn is_type(word: &str) -> bool {
    PACK_TYPES.contains(&word)
}

/// What a type word means, when it means only one thing. `N` stands for numbers with some vendors, for full-width text
/// in the standard.
pub(super) fn meaning(word: &str) -> Option<&'static str> {
    let folded = crate::workbook::fold(word);
    TYPES
        .iter()
        .find(|(known, _)| *known == folded)
        .map(|(_, t)| *t)
}

/// A mapping for the first sheets that have a table of fields; `None` when no sheet looks like one.
pub(crate) fn guess(book: &Workbook, only: &[String]) -> Option<String> {
    let tables: Vec<(&Sheet, Header)> = book
        .sheets
        .iter()
        .filter(|sheet| only.is_empty() || only.contains(&sheet.name))
        .filter_map(|sheet| Some((sheet, table(sheet)?)))
        .collect();
    let (first, header) = tables.first()?;
    let fixed = ["start", "width"]
        .iter()
        .any(|id| header.columns.contains_key(id));
    let mut out = String::from(
        "# renkei spec import が見出しから推し量った対応。確かめて直し、--mapping で渡す。# 要確認 の行は必ず見る\n",
    );
    out.push_str(if fixed {
        "form = \"fixed\"                # fixed | delimited\n# record_length = 120           # バイト。書かなければ項目の幅の合計\nencoding = \"cp932\"             # 要確認: 表にない\nnewline = \"crlf\"               # 要確認: 表にない。crlf | lf | none\nlength_unit = \"bytes\"\n"
    } else {
        "form = \"delimited\"            # fixed | delimited\nencoding = \"utf-8\"             # 要確認: 表にない\nnewline = \"crlf\"               # 要確認: 表にない\nlength_unit = \"chars\"          # 要確認: 桁数は文字数か（bytes なら バイト数）\nheader = \"none\"                # none | names | roman\n"
    });
    if !first.name.is_empty() {
        let names: Vec<String> = tables
            .iter()
            .map(|(sheet, _)| quoted(&sheet.name))
            .collect();
        out.push_str(&format!("sheets = [{}]\n", names.join(", ")));
    }
    let kinds = kinds(&tables);
    out.push_str(&format!(
        "kind_by = \"{}\"               # none | column | sheet\n",
        kinds.0
    ));
    out.push_str("\n[columns]                     # 列 = 見出し\n");
    for (id, (column, _)) in &header.columns {
        let at = (header.first..=header.last)
            .map(|row| first.text(crate::workbook::At::new(row, *column)))
            .find(|text| !text.is_empty())
            .unwrap_or("");
        if *id != "kind" || kinds.0 == "column" {
            out.push_str(&format!("{id} = {}\n", quoted(&one_line(at))));
        }
    }
    types(&tables, &mut out);
    if kinds.0 != "none" {
        for (at, kind) in kinds.1.iter().enumerate() {
            out.push_str(&format!("\n[kinds.K{}]\nmatch = {}\nstart = 1\nvalue = \"{}\"                   # 要確認: この種別のレコードの先頭の値\n", at + 1, quoted(kind), at + 1));
        }
    }
    Some(out)
}

/// A table of fields: a name and a length or width, and a type or a position.
fn table(sheet: &Sheet) -> Option<Header> {
    for second in ["width", "length", "start"] {
        for third in ["type", "start"] {
            if let Ok(header) = headings::find(sheet, 1, COLUMNS, &["name", second, third]) {
                return Some(header);
            }
        }
    }
    None
}

fn kinds(tables: &[(&Sheet, Header)]) -> (&'static str, Vec<String>) {
    if tables.len() > 1 {
        let names = tables.iter().map(|(sheet, _)| sheet.name.clone()).collect();
        return ("sheet", names);
    }
    let mut seen: Vec<String> = Vec::new();
    for (sheet, header) in tables {
        for row in sheet.rows().filter(|row| *row > header.last) {
            let text = one_line(header.text(sheet, row, "kind"));
            if !is_nothing(&text) && !seen.contains(&text) {
                seen.push(text);
            }
        }
    }
    // a column that says something else in every other row is no record kind
    if seen.len() > 1 && seen.len() <= 12 {
        ("column", seen)
    } else {
        ("none", Vec::new())
    }
}

fn types(tables: &[(&Sheet, Header)], out: &mut String) {
    let mut words: BTreeSet<String> = BTreeSet::new();
    for (sheet, header) in tables {
        for row in sheet.rows().filter(|row| *row > header.last) {
            let word = one_line(header.text(sheet, row, "type"));
            if !is_nothing(&word) && word.chars().count() <= 20 {
                words.insert(word);
            }
        }
    }
    out.push_str("\n[types]                       # 型の言葉 = X N 9 9V S9 C ZONED YYYYMMDD …\n");
    for word in words {
        match meaning(&word) {
            Some(known) => out.push_str(&format!("{} = \"{known}\"\n", quoted(&word))),
            None => out.push_str(&format!("# 要確認: {} = \"\"\n", quoted(&word))),
        }
    }
}
