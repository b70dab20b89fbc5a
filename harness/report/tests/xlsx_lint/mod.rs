//! The checkable rules of 行政データにおける機械可読性に関するルール (2026-03-31), read back by an independent reader and
//! from the raw parts. Returns one line per rule broken; rule numbers are the government's.

use std::io::{Cursor, Read};

use calamine::{Data, Range, Reader, Xlsx};

/// Parts of the package as text: name and XML.
pub(crate) fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
    (0..package.len())
        .map(|i| {
            let mut part = package.by_index(i).unwrap();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            (part.name().unwrap().into_owned(), text)
        })
        .collect()
}

/// Every rule that the workbook breaks.
pub(crate) fn lint(bytes: &[u8]) -> Vec<String> {
    let mut broken = Vec::new();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let names = book.sheet_names();
    for sheet in ["コード表", "データ定義"] {
        if !names.iter().any(|name| name == sheet) {
            broken.push(format!("L3-02/L3-08: sheet {sheet} is missing"));
        }
    }
    let definitions = book.worksheet_range("データ定義").unwrap();
    for name in names {
        let range = book.worksheet_range(&name).unwrap();
        table(&name, &range, &mut broken);
        defined(&name, &range, &definitions, &mut broken);
        if book
            .worksheet_formula(&name)
            .unwrap()
            .used_cells()
            .next()
            .is_some()
        {
            broken.push(format!("L2-06 {name}: holds formulas"));
        }
    }
    for (part, xml) in parts(bytes) {
        raw(&part, &xml, &mut broken);
    }
    broken
}

fn table(sheet: &str, range: &Range<Data>, broken: &mut Vec<String>) {
    let mut say = |rule: &str, what: String| broken.push(format!("{rule} {sheet}: {what}"));
    if range.start() != Some((0, 0)) {
        say("L3-01", "does not start at A1".into());
        return;
    }
    let header: Vec<String> = range
        .rows()
        .next()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    for (i, name) in header.iter().enumerate() {
        if name.is_empty() || name.chars().all(|c| c.is_ascii_digit()) {
            say("L1-05", format!("column {i} has no meaningful header"));
        }
        if header[..i].contains(name) {
            say("L2-03", format!("header {name} occurs twice"));
        }
    }
    for (i, row) in range.rows().enumerate() {
        if row.iter().all(|cell| *cell == Data::Empty) {
            say("L1-03", format!("row {i} is empty"));
        }
        if i > 0 && row[0] == Data::Empty {
            say("L2-02", format!("row {i} leaves out its first column"));
        }
        for cell in row {
            if let Data::String(text) = cell {
                for (rule, what) in text_rules(text) {
                    say(rule, format!("row {i}: {what} in {text:?}"));
                }
            }
        }
    }
    for column in 0..header.len() {
        let numbers = range
            .rows()
            .skip(1)
            .filter(|row| matches!(row[column], Data::Float(_) | Data::Int(_)))
            .count();
        let dates = range
            .rows()
            .skip(1)
            .filter(|row| matches!(row[column], Data::DateTime(_)))
            .count();
        let texts = range
            .rows()
            .skip(1)
            .filter(|row| matches!(row[column], Data::String(_)))
            .count();
        if [numbers, dates, texts].iter().filter(|n| **n > 0).count() > 1 {
            say(
                "L2-01/L3-05",
                format!("column {} mixes types", header[column]),
            );
        }
    }
}

fn text_rules(text: &str) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let mut rule = |holds: bool, rule, what| {
        if !holds {
            found.push((rule, what));
        }
    };
    rule(!text.contains('\u{3000}'), "L1-06", "U+3000");
    rule(!text.contains("  "), "L1-06", "doubled space");
    rule(text.trim() == text, "L1-06", "space at an end");
    rule(!text.contains(['\n', '\r', '\t']), "L1-07", "line break");
    rule(!text.contains(','), "L1-07", "comma");
    rule(text.matches('、').count() < 2, "L1-07", "several 、");
    rule(text.matches('・').count() < 2, "L1-07", "several ・");
    let platform = |c: char| matches!(u32::from(c), 0x2150..=0x218F | 0x2460..=0x24FF | 0x3200..=0x33FF | 0xE000..=0xF8FF);
    rule(
        !text.contains(platform),
        "L1-08",
        "platform-dependent character",
    );
    rule(
        !text.contains(['\u{301C}', '\u{FF5E}']),
        "L1-08",
        "wave dash",
    );
    rule(
        !["同上", "〃", "\u{3003}"].contains(&text),
        "L2-02",
        "ditto mark",
    );
    rule(
        !text.starts_with("令和") && !text.starts_with("平成"),
        "L3-05",
        "era date",
    );
    found
}

/// L3-08: every column of every sheet is defined, in the same order.
fn defined(sheet: &str, range: &Range<Data>, definitions: &Range<Data>, broken: &mut Vec<String>) {
    let rows = definitions
        .rows()
        .skip(1)
        .filter(|row| row[0] == Data::String(sheet.to_owned()));
    let stated: Vec<String> = rows.clone().map(|row| row[1].to_string()).collect();
    let header: Vec<String> = range
        .rows()
        .next()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    if stated != header {
        broken.push(format!(
            "L3-08 {sheet}: columns {header:?}, defined {stated:?}"
        ));
    }
    for row in rows {
        if !row[2]
            .to_string()
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            || row[2] == Data::Empty
        {
            broken.push(format!("L3-08 {sheet}: physical name {}", row[2]));
        }
        if row[3] == Data::String("数値".into())
            && row[1] != Data::String("版番号".into())
            && row[4] == Data::Empty
        {
            broken.push(format!("L3-04 {sheet}: {} has no unit", row[1]));
        }
    }
}

/// What only the raw parts show: merged and hidden cells, objects, colours, macros, links.
fn raw(part: &str, xml: &str, broken: &mut Vec<String>) {
    let mut never = |rule: &str, what: &str| {
        if xml.contains(what) {
            broken.push(format!("{rule} {part}: {what}"));
        }
    };
    never("L1-12", "<mergeCell");
    never("L1-13", "state=\"hidden\"");
    if part.starts_with("xl/worksheets/") {
        never("L1-13", "hidden=\"1\"");
    }
    never("L1-13", "outlineLevel");
    never("L1-10", "<drawing");
    never("L1-10", "<legacyDrawing");
    never("L2-06", "<f>");
    never("7.1(1)", "<sheetProtection");
    never("7.1(1)", "externalLink");
    never("7.1(1)", "vbaProject");
    if part == "xl/styles.xml" {
        never("L1-11", "patternType=\"solid\"");
        never("L1-11", "<b/>");
        never("L1-11", "<color rgb=");
        let colours: std::collections::BTreeSet<&str> = xml
            .split("<fonts")
            .nth(1)
            .unwrap_or("")
            .split("</fonts>")
            .next()
            .unwrap_or("")
            .split("<color ")
            .skip(1)
            .collect();
        if colours.iter().any(|c| !c.starts_with("theme=\"1\"/>")) {
            broken.push(format!("L1-11 {part}: font colours {colours:?}"));
        }
    }
}
