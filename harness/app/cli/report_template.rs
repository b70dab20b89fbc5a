//! Templates of the user's own: documents with content controls, workbooks with named headings; what did not fit is said.

use std::path::Path;

use renkei_core::model::{Bilingual, Lang};
use renkei_import::workbook::{At, Sheet, Value, Workbook, read};
use renkei_report::docx;
use renkei_report::xlsx_template::{self, SheetSlot, SlotValue};

use crate::screen;
use crate::trouble::Trouble;

/// Sheets that explain a workbook: no template needs a place for them.
const EXPLAINING: [&str; 2] = ["コード表", "データ定義"];

/// A template with the slots of a document.
pub(super) fn document(
    template: &Path,
    document: &docx::Document,
    lang: Lang,
) -> Result<Vec<u8>, Trouble> {
    let (name, bytes) = load(template)?;
    let filled = docx::fill(&bytes, &document.slots());
    told(&name, filled, lang)
}

/// A template with the tables of a workbook of ours. The first table's slot is called `word`, the others as their sheets,
/// `_` for `-`: names of ranges have no hyphens.
pub(super) fn workbook(
    template: &Path,
    word: &str,
    made: &[u8],
    lang: Lang,
) -> Result<Vec<u8>, Trouble> {
    let (name, bytes) = load(template)?;
    let own = read(word, made).map_err(Trouble::Inputs)?;
    let filled = xlsx_template::fill(&bytes, &slots(word, &own));
    told(&name, filled, lang)
}

fn load(template: &Path) -> Result<(String, Vec<u8>), Trouble> {
    let bytes = std::fs::read(template).map_err(|error| Trouble::file(template, &error))?;
    Ok((template.display().to_string(), bytes))
}

fn slots(word: &str, own: &Workbook) -> Vec<SheetSlot> {
    let tables = own
        .sheets
        .iter()
        .filter(|sheet| !EXPLAINING.contains(&sheet.name.as_str()));
    let slot = |(at, sheet): (usize, &Sheet)| SheetSlot {
        name: match at {
            0 => word.to_owned(),
            _ => sheet.name.replace('-', "_"),
        },
        ..table(sheet)
    };
    tables.enumerate().map(slot).collect()
}

fn table(sheet: &Sheet) -> SheetSlot {
    let width = sheet.row(1).map(|(at, _)| at.column).max().unwrap_or(0);
    let value = |at: At| match sheet.cell(at).map(|cell| &cell.value) {
        Some(Value::Number(number)) => SlotValue::Number(*number),
        _ => SlotValue::Text(sheet.text(at).to_owned()),
    };
    let row = |row: u32| {
        (1..=width)
            .map(|column| value(At::new(row, column)))
            .collect()
    };
    SheetSlot {
        name: String::new(),
        headings: (1..=width)
            .map(|column| sheet.text(At::new(1, column)).trim().to_owned())
            .collect(),
        rows: sheet.rows().filter(|n| *n > 1).map(row).collect(),
    }
}

fn told(
    name: &str,
    filled: Result<docx::Filled, docx::TemplateFault>,
    lang: Lang,
) -> Result<Vec<u8>, Trouble> {
    let filled = filled.map_err(|fault| Trouble::input(name.to_owned(), fault.what, fault.fix))?;
    if !filled.missing.is_empty() {
        let slots = filled.missing.join(", ");
        let note = Bilingual::new(
            format!("{name}: 次の枠がないため内容を入れていません: {slots}"),
            format!("{name}: no place for these slots, their content is left out: {slots}"),
        );
        screen::note(note.get(lang));
    }
    if !filled.unknown.is_empty() {
        let tags = filled.unknown.join(", ");
        let note = Bilingual::new(
            format!("{name}: renkei が知らない枠はそのまま残しました: {tags}"),
            format!("{name}: slots that are none of ours stay as they are: {tags}"),
        );
        screen::note(note.get(lang));
    }
    Ok(filled.bytes)
}
