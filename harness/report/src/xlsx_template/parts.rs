//! What a workbook's package says about its sheets, names and shared texts.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::docx::package::Parts;
use crate::docx::styles::attribute;

/// Rows and columns, 1-based, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) bottom: u32,
}

/// A defined name over one area of one sheet.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) refers_to: String,
    sheet: String,
    pub(super) area: Area,
}

/// See the module.
pub(super) struct Book {
    pub(super) names: Vec<Named>,
    pub(super) strings: Vec<String>,
    /// Part of each sheet by its name.
    sheets: BTreeMap<String, String>,
}

impl Book {
    /// `None` when the package is no workbook.
    pub(super) fn read(parts: &Parts) -> Option<Self> {
        let text = |name: &str| {
            let bytes = parts.get(name)?;
            std::str::from_utf8(bytes).ok()
        };
        let main = text("xl/workbook.xml")?;
        let relations = relations(text("xl/_rels/workbook.xml.rels")?)?;
        let strings = text("xl/sharedStrings.xml").map_or(Some(Vec::new()), shared)?;
        let mut sheets = BTreeMap::new();
        let mut names = Vec::new();
        let mut open: Option<(String, String)> = None;
        let mut reader = Reader::from_str(main);
        loop {
            match reader.read_event().ok()? {
                Event::Eof => break,
                Event::Start(e) | Event::Empty(e) if e.name().as_ref() == "sheet" => {
                    let part = attribute(&e, "r:id").and_then(|id| relations.get(&id).cloned());
                    if let (Some(name), Some(part)) = (attribute(&e, "name"), part) {
                        sheets.insert(name, part);
                    }
                }
                Event::Start(e) if e.name().as_ref() == "definedName" => {
                    open = attribute(&e, "name").map(|name| (name, String::new()));
                }
                Event::Text(e) => add(&mut open, &e),
                Event::GeneralRef(e) => {
                    if let Some((_, text)) = &mut open {
                        text.push_str(&entity(&e));
                    }
                }
                Event::End(e) if e.name().as_ref() == "definedName" => {
                    let (name, refers_to) = open.take()?;
                    let (sheet, area) = place(&refers_to).unwrap_or_else(nowhere);
                    names.push(Named {
                        name,
                        refers_to,
                        sheet,
                        area,
                    });
                }
                _ => {}
            }
        }
        Some(Self {
            names,
            strings,
            sheets,
        })
    }

    /// The part of the sheet that a name refers to.
    pub(super) fn part(&self, named: &Named) -> Option<&str> {
        self.sheets.get(&named.sheet).map(String::as_str)
    }
}

fn add(open: &mut Option<(String, String)>, text: &str) {
    if let Some((_, known)) = open {
        known.push_str(text);
    }
}

/// A character reference or predefined entity; what else may stand here is no character.
fn entity(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let known = quick_xml::escape::resolve_predefined_entity(reference);
    known.unwrap_or_default().to_owned()
}

/// A name that refers to something else than cells leads nowhere.
fn nowhere() -> (String, Area) {
    let area = Area {
        left: 1,
        right: 1,
        bottom: 1,
    };
    (String::new(), area)
}

/// `'シート 1'!$B$4:$J$4` as sheet and area.
fn place(refers_to: &str) -> Option<(String, Area)> {
    let (sheet, cells) = refers_to.trim().rsplit_once('!')?;
    let sheet = match sheet.strip_prefix('\'').and_then(|s| s.strip_suffix('\'')) {
        Some(quoted) => quoted.replace("''", "'"),
        None => sheet.to_owned(),
    };
    let cells = cells.replace('$', "");
    let (from, to) = cells.split_once(':').unwrap_or((&cells, &cells));
    let ((left, _), (right, bottom)) = (cell(from)?, cell(to)?);
    let area = Area {
        left,
        right,
        bottom,
    };
    (left <= right).then_some((sheet, area))
}

/// Column and row of `B4`, both 1-based.
pub(super) fn cell(reference: &str) -> Option<(u32, u32)> {
    let split = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at(split);
    let letter = |column: Option<u32>, c: char| {
        let value = u32::from(c.to_ascii_uppercase()).checked_sub(u32::from('A'))?;
        (value < 26).then_some(())?;
        column?.checked_mul(26)?.checked_add(value + 1)
    };
    let column = letters.chars().fold(Some(0), letter)?;
    let row = digits.parse().ok().filter(|row| *row > 0)?;
    (column > 0 && column <= 16_384).then_some((column, row))
}

fn relations(text: &str) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return Some(found),
            Event::Start(e) | Event::Empty(e) if e.name().as_ref() == "Relationship" => {
                if let (Some(id), Some(target)) = (attribute(&e, "Id"), attribute(&e, "Target")) {
                    let part = match target.strip_prefix('/') {
                        Some(absolute) => absolute.to_owned(),
                        None => format!("xl/{target}"),
                    };
                    found.insert(id, part);
                }
            }
            _ => {}
        }
    }
}

/// The shared texts; readings (`rPh`) are no part of them.
fn shared(text: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let (mut current, mut in_text, mut reading) = (String::new(), false, false);
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return Some(found),
            Event::Empty(e) if e.name().as_ref() == "si" => found.push(String::new()),
            Event::Start(e) => match e.name().as_ref() {
                "si" => current.clear(),
                "rPh" => reading = true,
                "t" => in_text = !reading,
                _ => {}
            },
            Event::Text(e) if in_text => current.push_str(&e),
            Event::GeneralRef(e) if in_text => current.push_str(&entity(&e)),
            Event::End(e) => match e.name().as_ref() {
                "si" => found.push(std::mem::take(&mut current)),
                "rPh" => reading = false,
                "t" => in_text = false,
                _ => {}
            },
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_sheets_and_cells() {
        let (sheet, area) = place("'課題 ''1'''!$B$4:$J$4").unwrap();
        assert_eq!(sheet, "課題 '1'");
        assert_eq!((area.left, area.right, area.bottom), (2, 10, 4));
        assert_eq!(cell("AA10"), Some((27, 10)));
        for wrong in ["", "A0", "1", "ZZZZ1", "あ1", "A-1"] {
            assert_eq!(cell(wrong), None, "{wrong}");
        }
        assert!(place("#REF!").is_none() && place("Sheet1!$B$4:$A$4").is_none());
    }
}
