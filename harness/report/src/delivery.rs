//! 納品一覧: every file of a delivery with its digest, and the virus check that people carry out. renkei never claims to
//! have checked for viruses: those columns are filled in by hand (procurement specification 7.1, note).

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::ReportError;
use crate::docx::package;
use crate::workbook::{Column, Table, Value, write};

/// Name of the list in the delivery's folder.
pub const DELIVERY_LIST: &str = "nouhin_ichiran.xlsx";
/// Headings of the columns that people fill in after the virus check.
pub const VIRUS_CHECK: [&str; 3] = [
    "検疫ソフト名",
    "定義年月日またはパターンファイル名",
    "検疫年月日",
];
/// An Office file may unpack to this many bytes.
const UNPACKED_LIMIT: u64 = 1024 * 1024 * 1024;

/// One file of a delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryRow {
    /// 成果物名, by hand where the file's name does not say it.
    pub title: String,
    /// Path below the delivery's folder, with `/`.
    pub file: String,
    /// Rows of a workbook's first table; `None` for other files.
    pub rows: Option<u64>,
    /// Length in bytes.
    pub bytes: u64,
    /// Digest of the content in hexadecimal.
    pub sha256: String,
    /// When the list was made, RFC 3339.
    pub made_at: String,
    /// 生成元実行番号: the runs that the file names.
    pub runs: BTreeSet<String>,
    /// 機密区分, by hand.
    pub class: String,
    /// The virus check, as [`VIRUS_CHECK`], by hand.
    pub check: [String; 3],
}

const COLUMNS: &[Column] = &[
    ("項番", "number", "数値", "番", "1から始まる番号", 8),
    (
        "成果物名",
        "title",
        "文字列",
        "",
        "成果物の名前。人が直してよい",
        24,
    ),
    (
        "ファイル名",
        "file",
        "文字列",
        "",
        "納品フォルダーから見た位置",
        32,
    ),
    ("形式", "kind", "文字列", "", "拡張子", 8),
    (
        "行数",
        "rows",
        "数値",
        "行",
        "ブックの最初の表の行数。見出しを除く",
        8,
    ),
    (
        "ファイルバイト数",
        "bytes",
        "数値",
        "バイト",
        "ファイルの長さ",
        14,
    ),
    (
        "SHA-256",
        "sha256",
        "文字列",
        "",
        "内容のダイジェスト（16進）",
        40,
    ),
    (
        "一覧の作成日時",
        "made_at",
        "文字列",
        "",
        "この行を書いた日時（RFC 3339）",
        24,
    ),
    (
        "生成元実行番号",
        "source_runs",
        "文字列",
        "",
        "ファイルの中に書かれた実行番号。空白で区切る",
        26,
    ),
    ("機密区分", "class", "文字列", "", "人が書き入れる", 14),
    (
        VIRUS_CHECK[0],
        "scanner",
        "文字列",
        "",
        "人が書き入れる。renkei は検疫をしない",
        22,
    ),
    (
        VIRUS_CHECK[1],
        "definitions",
        "文字列",
        "",
        "人が書き入れる",
        30,
    ),
    (
        VIRUS_CHECK[2],
        "scanned_on",
        "文字列",
        "",
        "人が書き入れる（2026-03-31 の形）",
        14,
    ),
];

/// The list as a workbook.
///
/// # Errors
/// The writer refuses the table.
pub fn delivery_workbook(rows: &[DeliveryRow]) -> Result<Vec<u8>, ReportError> {
    let values = |(number, row): (u64, &DeliveryRow)| -> Vec<Value> {
        let kind = row.file.rsplit_once('.').map_or("", |(_, kind)| kind);
        let count = row.rows.map_or_else(|| Value::from(""), Value::Number);
        let mut values = vec![
            Value::Number(number),
            row.title.as_str().into(),
            row.file.as_str().into(),
            kind.into(),
            count,
            Value::Number(row.bytes),
            row.sha256.as_str().into(),
            row.made_at.as_str().into(),
            Value::from(sources(&row.runs)),
            row.class.as_str().into(),
        ];
        values.extend(row.check.iter().map(|text| Value::from(text.as_str())));
        values
    };
    let table = Table {
        name: "納品一覧",
        columns: COLUMNS,
        rows: (1..).zip(rows).map(values).collect(),
    };
    write("納品一覧", vec![table], Vec::new())
}

/// True when an Office file's package opens and every part of XML in it is well-formed.
pub fn package_is_whole(bytes: &[u8]) -> bool {
    let Ok(parts) = package::unpack(bytes, UNPACKED_LIMIT) else {
        return false;
    };
    let xml = |name: &str| name.ends_with(".xml") || name.ends_with(".rels");
    parts.contains_key("[Content_Types].xml")
        && parts
            .iter()
            .filter(|(name, _)| xml(name))
            .all(|(_, part)| std::str::from_utf8(part).is_ok_and(well_formed))
}

/// Runs that a cell names; the rest is counted.
const NAMED: usize = 10;

fn sources(runs: &BTreeSet<String>) -> String {
    let named: Vec<&str> = runs.iter().take(NAMED).map(String::as_str).collect();
    match runs.len().saturating_sub(NAMED) {
        0 => named.join(" "),
        more => format!("{} 他{more}件", named.join(" ")),
    }
}

/// Runs (`20261120-093000-a1b2`) that a file names: in its text, or in the parts of an Office file. Runs that were given
/// names of another form are not known here.
pub fn runs_of(file: &str, bytes: &[u8]) -> BTreeSet<String> {
    let office = file.ends_with(".xlsx") || file.ends_with(".docx");
    if !office {
        return runs_in(&String::from_utf8_lossy(bytes));
    }
    let parts = package::unpack(bytes, UNPACKED_LIMIT).unwrap_or_default();
    let texts = parts.iter().filter(|(name, _)| name.ends_with(".xml"));
    texts
        .flat_map(|(_, part)| runs_in(&String::from_utf8_lossy(part)))
        .collect()
}

fn runs_in(text: &str) -> BTreeSet<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_run = |word: &&str| {
        let mut parts = word.split('-');
        let digits = |part: Option<&str>, n: usize| {
            part.is_some_and(|p| p.len() == n && p.bytes().all(|b| b.is_ascii_digit()))
        };
        let (day, time) = (digits(parts.next(), 8), digits(parts.next(), 6));
        let last = parts.next().is_some_and(|p| (1..=8).contains(&p.len()));
        day && time && last && parts.next().is_none()
    };
    let words = text.split(|c: char| !word(c)).filter(|w| w.len() >= 17);
    words.filter(is_run).map(str::to_owned).collect()
}

fn well_formed(text: &str) -> bool {
    let mut reader = Reader::from_str(text);
    let mut open = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return open == 0,
            Ok(Event::Start(_)) => open += 1,
            Ok(Event::End(_)) => open = open.saturating_sub(1),
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// Numbers of figures and tables (`表4-1`, `図3-2`, `表M-1`) in the captions and text of a Word document.
pub fn figures_of(docx: &[u8]) -> BTreeSet<String> {
    let parts = package::unpack(docx, UNPACKED_LIMIT).unwrap_or_default();
    let main = parts.get("word/document.xml").map(Vec::as_slice);
    let main = std::str::from_utf8(main.unwrap_or_default()).unwrap_or_default();
    let mut reader = Reader::from_str(main);
    let mut text = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Text(part)) => text.push_str(&part),
            Ok(Event::End(e)) if e.name().as_ref() == "w:p" => text.push('\n'),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    numbers(&text)
}

fn numbers(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, kind) in text
        .char_indices()
        .filter(|(_, c)| matches!(c, '表' | '図'))
    {
        let rest = text.get(at + kind.len_utf8()..).unwrap_or_default();
        let part = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-';
        let end = rest.find(|c: char| !part(c));
        let number = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let parts: Vec<&str> = number.split('-').collect();
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if matches!(parts.as_slice(), [a, b] if !a.is_empty() && digits(b)) {
            found.insert(format!("{kind}{number}"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_figures_are_found_in_text() {
        let found = numbers("表4-1 判定。表は図2-10を見る。表- 表3 表1-2-3 表M-1 表4-A");
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["図2-10", "表4-1", "表M-1"]
        );
    }

    #[test]
    fn the_runs_that_a_file_names_are_found() {
        let text = "<a id=\"20261120-093000-a1b2\">20261120-093000-a1b2 2026-11-20 20261120-0930 x20261121-093000-c</a>";
        let one = BTreeSet::from(["20261120-093000-a1b2".to_owned()]);
        assert_eq!(runs_of("report.html", text.as_bytes()), one);
        let row = DeliveryRow {
            runs: one.clone(),
            ..DeliveryRow::default()
        };
        let book = delivery_workbook(&[row]).unwrap_or_default();
        assert_eq!(runs_of("nouhin.xlsx", &book), one);
        let many = (10..25).map(|n| format!("202611{n}-000000-a")).collect();
        assert!(
            sources(&many).ends_with("20261119-000000-a 他5件"),
            "{}",
            sources(&many)
        );
    }

    #[test]
    fn a_broken_package_is_not_whole() {
        let whole = delivery_workbook(&[DeliveryRow::default()]).unwrap_or_default();
        assert!(package_is_whole(&whole));
        assert!(!package_is_whole(&whole[..whole.len() / 2]) && !package_is_whole(b""));
    }
}
