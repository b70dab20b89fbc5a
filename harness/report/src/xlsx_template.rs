//! Tables put into a workbook of the user's own. A slot is a defined name (名前の定義) over the headings of a table: the
//! columns whose headings are ours are filled below them, in the order and the format of the template; everything else
//! stays as it is. What already stands where rows would go is never overwritten.

mod parts;
mod sheet;

use std::collections::BTreeSet;

use renkei_core::model::Bilingual;

use crate::docx::{Filled, TemplateFault, package};
use parts::{Book, Named};

/// A template may unpack to this many bytes: far above a workbook with tables, far below what hurts.
const UNPACKED_LIMIT: u64 = 256 * 1024 * 1024;

/// A table for a slot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetSlot {
    /// Its name, as the template defines it.
    pub name: String,
    /// Headings of its columns.
    pub headings: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<SlotValue>>,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum SlotValue {
    /// Text; an empty one leaves the cell blank.
    Text(String),
    /// A number.
    Number(f64),
}

/// Puts tables into a template (xlsx).
///
/// # Errors
/// It is no workbook, carries macros, has none of the slots, a slot's headings are none of ours, or something stands where
/// the rows would go.
pub fn fill(template: &[u8], slots: &[SheetSlot]) -> Result<Filled, TemplateFault> {
    let mut parts = package::unpack(template, UNPACKED_LIMIT).map_err(|e| not_a_workbook(&e))?;
    if parts.keys().any(|name| name.ends_with("vbaProject.bin")) {
        return Err(macros());
    }
    let book = Book::read(&parts).ok_or_else(|| not_a_workbook("xl/workbook.xml"))?;
    let (mut missing, mut unknown) = (Vec::new(), Vec::new());
    let mut filled = 0;
    for slot in slots {
        let Some(named) = book.names.iter().find(|named| named.name == slot.name) else {
            missing.push(slot.name.clone());
            continue;
        };
        let part = book
            .part(named)
            .filter(|part| parts.contains_key(*part))
            .ok_or_else(|| lost(named))?
            .to_owned();
        let text = parts.get(&part).cloned().unwrap_or_default();
        let text = String::from_utf8(text).map_err(|_| not_a_workbook(&part))?;
        let sheet = sheet::Sheet::read(&text).ok_or_else(|| not_a_workbook(&part))?;
        let headings = sheet.headings(named.area, &book.strings);
        let known = |heading: &String| slot.headings.iter().position(|own| own == heading);
        let columns: Vec<(u32, usize)> = headings
            .iter()
            .filter_map(|(column, heading)| known(heading).map(|at| (*column, at)))
            .collect();
        if columns.is_empty() {
            return Err(no_heading(slot));
        }
        let foreign = headings
            .iter()
            .filter(|(_, heading)| known(heading).is_none());
        unknown.extend(foreign.map(|(_, heading)| format!("{}: {heading}", slot.name)));
        let first = named.area.bottom.saturating_add(1);
        if let Some(cell) = sheet.in_the_way(first, slot.rows.len(), &columns) {
            return Err(in_the_way(slot, &cell));
        }
        let made = sheet
            .filled(first, slot, &columns)
            .ok_or_else(|| not_a_workbook(&part))?;
        parts.insert(part, made.into_bytes());
        filled += 1;
    }
    if filled == 0 {
        return Err(no_slot(slots));
    }
    let own: BTreeSet<&str> = slots.iter().map(|slot| slot.name.as_str()).collect();
    let foreign = book.names.iter().map(|named| named.name.as_str());
    let foreign = foreign.filter(|name| !own.contains(name) && !name.starts_with("_xlnm."));
    unknown.extend(foreign.map(str::to_owned));
    unknown.sort();
    unknown.dedup();
    let bytes = package::archive(&parts).map_err(|e| not_a_workbook(&e))?;
    Ok(Filled {
        bytes,
        missing,
        unknown,
    })
}

fn not_a_workbook(detail: &str) -> TemplateFault {
    TemplateFault {
        what: Bilingual::new(
            format!("Excelのブック（xlsx）として読めません: {detail}"),
            format!("not a workbook (xlsx): {detail}"),
        ),
        fix: Bilingual::new(
            "Microsoft 365 または LibreOffice で .xlsx 形式で保存し直してください",
            "save it again as .xlsx with Microsoft 365 or LibreOffice",
        ),
    }
}

fn macros() -> TemplateFault {
    TemplateFault {
        what: Bilingual::new("ひな形にマクロがあります", "the template carries macros"),
        fix: Bilingual::new(
            "マクロのない .xlsx で保存し直してください",
            "save it as .xlsx without macros",
        ),
    }
}

fn lost(named: &Named) -> TemplateFault {
    TemplateFault {
        what: Bilingual::new(
            format!(
                "名前 {} の指す範囲がありません: {}",
                named.name, named.refers_to
            ),
            format!(
                "the name {} refers to no range: {}",
                named.name, named.refers_to
            ),
        ),
        fix: Bilingual::new(
            "「名前の管理」で、表の見出しの範囲を指すように直してください",
            "make it refer to the headings of a table (Name Manager)",
        ),
    }
}

fn no_heading(slot: &SheetSlot) -> TemplateFault {
    let headings = slot.headings.join(", ");
    TemplateFault {
        what: Bilingual::new(
            format!("名前 {} の範囲に renkei の見出しがありません", slot.name),
            format!(
                "the range of {} has none of the headings of renkei",
                slot.name
            ),
        ),
        fix: Bilingual::new(
            format!("範囲のいちばん下の行に見出しを置いてください（{headings}）"),
            format!("write headings into the last row of the range ({headings})"),
        ),
    }
}

fn in_the_way(slot: &SheetSlot, cell: &str) -> TemplateFault {
    let rows = slot.rows.len();
    TemplateFault {
        what: Bilingual::new(
            format!(
                "名前 {} の表は{rows}行必要ですが、セル {cell} に内容または結合があります",
                slot.name
            ),
            format!(
                "the table of {} needs {rows} rows, but cell {cell} holds something or is merged",
                slot.name
            ),
        ),
        fix: Bilingual::new(
            "見出しの下を空けてください。注記は表の上か右に置きます",
            "leave the rows below the headings empty; notes go above the table or beside it",
        ),
    }
}

fn no_slot(slots: &[SheetSlot]) -> TemplateFault {
    let names: Vec<&str> = slots.iter().map(|slot| slot.name.as_str()).collect();
    let names = names.join(", ");
    TemplateFault {
        what: Bilingual::new(
            "ひな形に差込み先の名前がありません",
            "the template defines none of the slots",
        ),
        fix: Bilingual::new(
            format!(
                "表の見出しの範囲に名前を付けてください（数式タブの「名前の定義」。名前: {names}）"
            ),
            format!(
                "give the range of a table's headings one of these names (Formulas, Define Name): {names}"
            ),
        ),
    }
}
