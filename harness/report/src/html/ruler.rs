//! The byte ruler of a finding as rows of cells.

use renkei_core::model::{Lang, Ruler};
use serde::Serialize;

use crate::view::gap;
use crate::words;

/// The ruler.
#[derive(Debug, Serialize)]
pub(super) struct RulerView {
    title: String,
    lines: Vec<Line>,
    masked: bool,
}

/// Bytes of one line: as many as fit beside each other on a page of A4.
const LINE_BYTES: usize = 30;

#[derive(Debug, Serialize)]
struct Line {
    cells: Vec<Cell>,
    fields: Vec<Field>,
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

/// The ruler with an id for each byte; none without cells. `place` is the finding's 0-based offset in the record: where no
/// byte is marked, something is missing there, and the gap before that byte is drawn.
pub(super) fn ruler(
    ruler: &Ruler,
    finding: &str,
    place: Option<u64>,
    lang: Lang,
) -> Option<RulerView> {
    let mut at = ruler.record_offset.saturating_add(1);
    let from = at;
    let gap = gap(ruler, place);
    let mut lines: Vec<Vec<(Cell, &str)>> = Vec::new();
    let mut used = LINE_BYTES;
    for (i, cell) in ruler.cells.iter().enumerate() {
        let position = at;
        let bytes: Vec<Byte> = (position..)
            .zip(cell.hex.split_whitespace())
            .map(|(column, hex)| Byte {
                anchor: format!("{finding}-byte-{column}"),
                hex: hex.to_owned(),
            })
            .collect();
        at = at.saturating_add(bytes.len() as u64);
        let before = i
            .checked_sub(1)
            .and_then(|b| ruler.cells.get(b))
            .is_some_and(|b| b.marked);
        let after = ruler.cells.get(i + 1).is_some_and(|b| b.marked);
        let before_gap = gap == Some(position);
        let class = class([
            ("rk-hit", cell.marked),
            ("rk-hit-in", cell.marked && before),
            ("rk-hit-on", cell.marked && after),
            ("rk-gap", before_gap),
            ("rk-masked", cell.hex.contains('\u{b7}')),
        ]);
        used += bytes.len();
        if used > LINE_BYTES || lines.is_empty() {
            used = bytes.len();
            lines.push(Vec::new());
        }
        let shown = Cell {
            position,
            bytes,
            text: cell.text.clone(),
            class,
            first_hit: before_gap || (cell.marked && !before),
        };
        if let Some(line) = lines.last_mut() {
            line.push((shown, &cell.field));
        }
    }
    if lines.is_empty() {
        return None;
    }
    let args = [
        ("from", from.to_string()),
        ("to", at.saturating_sub(1).max(from).to_string()),
        (
            "offset",
            format!("{} (0x{:X})", ruler.byte_offset, ruler.byte_offset),
        ),
    ];
    Some(RulerView {
        title: words::fill(
            lang,
            "html.ruler_title",
            &args.each_ref().map(|(k, v)| (*k, v.as_str())),
        ),
        lines: lines.into_iter().map(line).collect(),
        masked: ruler.cells.iter().any(|cell| cell.hex.contains('\u{b7}')),
    })
}

fn class(names: [(&str, bool); 5]) -> minijinja::Value {
    let names: Vec<&str> = names
        .iter()
        .filter(|(_, holds)| *holds)
        .map(|(name, _)| *name)
        .collect();
    let text = if names.is_empty() {
        String::new()
    } else {
        format!(" class=\"{}\"", names.join(" "))
    };
    minijinja::Value::from_safe_string(text)
}

fn line(cells: Vec<(Cell, &str)>) -> Line {
    let fields = if cells.iter().all(|(_, field)| field.is_empty()) {
        Vec::new()
    } else {
        let runs = cells.chunk_by(|a, b| a.1 == b.1);
        let named = |run: &[(Cell, &str)]| {
            run.first()
                .map(|(_, field)| (*field).to_owned())
                .unwrap_or_default()
        };
        runs.map(|run| Field {
            name: named(run),
            span: run.len(),
        })
        .collect()
    };
    Line {
        cells: cells.into_iter().map(|(cell, _)| cell).collect(),
        fields,
    }
}
