//! The byte ruler of a finding as rows of cells.

use renkei_core::model::{Lang, Ruler};
use serde::Serialize;

use crate::words;

/// The ruler.
#[derive(Debug, Serialize)]
pub(super) struct RulerView {
    title: String,
    cells: Vec<Cell>,
    fields: Vec<Field>,
    masked: bool,
}

#[derive(Debug, Serialize)]
struct Cell {
    /// 1-based column of its first byte in the record.
    position: u64,
    bytes: Vec<Byte>,
    text: String,
    /// ` class="…"`, or nothing.
    class: minijinja::Value,
    /// First of the cells that the finding is about.
    first_hit: bool,
}

#[derive(Debug, Serialize)]
struct Byte {
    /// `F-0004-byte-23`; the number is the 1-based column in the record.
    anchor: String,
    hex: String,
}

/// Cells of one field, side by side.
#[derive(Debug, Serialize)]
struct Field {
    name: String,
    span: usize,
}

/// The ruler with an id for each byte; none without cells.
pub(super) fn ruler(ruler: &Ruler, finding: &str, lang: Lang) -> Option<RulerView> {
    let mut at = ruler.record_offset.saturating_add(1);
    let from = at;
    let mut cells = Vec::with_capacity(ruler.cells.len());
    for (i, cell) in ruler.cells.iter().enumerate() {
        let position = at;
        let bytes: Vec<Byte> = (position..)
            .zip(cell.hex.split_whitespace())
            .map(|(column, hex)| Byte { anchor: format!("{finding}-byte-{column}"), hex: hex.to_owned() })
            .collect();
        at = at.saturating_add(bytes.len() as u64);
        let before = i.checked_sub(1).and_then(|b| ruler.cells.get(b)).is_some_and(|b| b.marked);
        let after = ruler.cells.get(i + 1).is_some_and(|b| b.marked);
        let class = class(cell.marked, before, after, cell.hex.contains('\u{b7}'));
        cells.push(Cell { position, bytes, text: cell.text.clone(), class, first_hit: cell.marked && !before });
    }
    if cells.is_empty() {
        return None;
    }
    let args = [
        ("from", from.to_string()),
        ("to", at.saturating_sub(1).max(from).to_string()),
        ("offset", format!("{} (0x{:X})", ruler.byte_offset, ruler.byte_offset)),
    ];
    Some(RulerView {
        title: words::fill(lang, "html.ruler_title", &args.each_ref().map(|(k, v)| (*k, v.as_str()))),
        cells,
        fields: fields(ruler),
        masked: ruler.cells.iter().any(|cell| cell.hex.contains('\u{b7}')),
    })
}

fn class(marked: bool, before: bool, after: bool, masked: bool) -> minijinja::Value {
    let names =
        [("rk-hit", marked), ("rk-hit-in", marked && before), ("rk-hit-on", marked && after), ("rk-masked", masked)];
    let names: Vec<&str> = names.iter().filter(|(_, holds)| *holds).map(|(name, _)| *name).collect();
    let text = if names.is_empty() { String::new() } else { format!(" class=\"{}\"", names.join(" ")) };
    minijinja::Value::from_safe_string(text)
}

fn fields(ruler: &Ruler) -> Vec<Field> {
    if ruler.cells.iter().all(|cell| cell.field.is_empty()) {
        return Vec::new();
    }
    ruler
        .cells
        .chunk_by(|a, b| a.field == b.field)
        .map(|run| Field { name: run.first().map(|c| c.field.clone()).unwrap_or_default(), span: run.len() })
        .collect()
}
