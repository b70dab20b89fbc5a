use renkei_core::model::Lang;
use renkei_core::model::{Ruler, RulerCell};

use super::{style, width};
use crate::{Options, view, visible, words};

/// One character of the ruler with the columns it needs.
struct Cell {
    position: String,
    hex: String,
    text: String,
    field: String,
    marked: bool,
    /// Something is missing before this cell.
    gap: bool,
    width: usize,
}

/// The rows of a byte ruler: position, hex, characters, caret, fields. The caret stands under the displayed width of
/// the marked bytes. Empty when the ruler has no cells.
pub(super) fn rows(
    ruler: &Ruler,
    place: Option<u64>,
    caret: anstyle::Style,
    lang: Lang,
    options: &Options,
) -> Vec<String> {
    let labels = [
        "text.ruler_column",
        "text.ruler_hex",
        "text.ruler_text",
        "text.ruler_field",
    ]
    .map(|key| words::get(lang, key));
    let label_width = labels
        .iter()
        .map(|label| width::of(label, options))
        .max()
        .unwrap_or(0);
    let indent = 6 + label_width + 2;
    let cells = window(
        cells(ruler, place, options),
        options.width.saturating_sub(indent + 6),
    );
    let Some(shown) = cells.get(..).filter(|cells| !cells.is_empty()) else {
        return Vec::new();
    };
    let row = |label: &str, columns: Vec<String>| {
        let label = style::paint(
            style::label(),
            width::pad(label, label_width, options),
            options,
        );
        format!("      {label}  {}", columns.join(" "))
            .trim_end()
            .to_owned()
    };
    let padded = |text: fn(&Cell) -> &str| {
        shown
            .iter()
            .map(|c| width::pad(text(c), c.width, options))
            .collect()
    };
    let [position, hex, text, field] = &labels;
    let mut rows = vec![
        row(position, padded(|c| &c.position)),
        row(hex, padded(|c| &c.hex)),
        row(text, padded(|c| &c.text)),
    ];
    let carets = carets(shown);
    if !carets.is_empty() {
        rows.push(format!(
            "{}{}",
            " ".repeat(indent),
            style::paint(caret, carets, options)
        ));
    }
    let fields = fields(shown, options);
    if !fields.is_empty() {
        rows.push(row(field, fields));
    }
    rows
}

fn cells(ruler: &Ruler, place: Option<u64>, options: &Options) -> Vec<Cell> {
    let mut at = ruler.record_offset.saturating_add(1);
    let gap = view::gap(ruler, place);
    let mut out = Vec::with_capacity(ruler.cells.len());
    for cell in &ruler.cells {
        let made = shown(cell, at, gap == Some(at), options);
        at = at.saturating_add(cell.hex.split_whitespace().count() as u64);
        out.push(made);
    }
    out
}

fn shown(cell: &RulerCell, at: u64, gap: bool, options: &Options) -> Cell {
    let position = at.to_string();
    // The mask of the document, U+00B7, is drawn one or two columns wide; an asterisk is always one.
    let hex = visible::line(&cell.hex).replace('\u{b7}', "*");
    let text = visible::line(&cell.text);
    let width = [&position, &hex, &text]
        .into_iter()
        .map(|t| width::of(t, options))
        .max()
        .unwrap_or(1)
        .max(1);
    Cell {
        position,
        hex,
        text,
        field: visible::line(&cell.field),
        marked: cell.marked,
        gap,
        width,
    }
}

/// The cells around the marked ones that fit into the columns; with more room on one side, that side shows more.
fn window(cells: Vec<Cell>, room: usize) -> Vec<Cell> {
    let first = cells.iter().position(|c| c.marked || c.gap).unwrap_or(0);
    let last = cells.iter().rposition(|c| c.marked).unwrap_or(first);
    let cost = |i: usize| cells.get(i).map(|c: &Cell| c.width + 1);
    let (mut from, mut to, mut used) = (first, first, 0);
    while let Some(next) = (to <= last)
        .then(|| cost(to))
        .flatten()
        .filter(|next| to == first || used + next <= room)
    {
        used += next;
        to += 1;
    }
    loop {
        let before = from
            .checked_sub(1)
            .and_then(cost)
            .filter(|more| used + more <= room);
        if let Some(more) = before {
            from -= 1;
            used += more;
        }
        let after = cost(to).filter(|more| used + more <= room);
        if let Some(more) = after {
            to += 1;
            used += more;
        }
        if before.is_none() && after.is_none() {
            break;
        }
    }
    cells.into_iter().skip(from).take(to - from).collect()
}

fn carets(cells: &[Cell]) -> String {
    let mut out = String::new();
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            let joined = cell.marked && cells.get(i - 1).is_some_and(|before| before.marked);
            out.push(if joined { '^' } else { ' ' });
        }
        if cell.gap {
            out.push('^');
            out.push_str(&" ".repeat(cell.width.saturating_sub(1)));
        } else {
            out.push_str(&if cell.marked { "^" } else { " " }.repeat(cell.width));
        }
    }
    out.trim_end().to_owned()
}

/// One bracket per run of cells of the same field: `|shimei`. Nothing when no cell lies in a field.
fn fields(cells: &[Cell], options: &Options) -> Vec<String> {
    if cells.iter().all(|c| c.field.is_empty()) {
        return Vec::new();
    }
    cells
        .chunk_by(|a, b| a.field == b.field)
        .map(|run| {
            let columns = run.iter().map(|c| c.width).sum::<usize>() + run.len() - 1;
            let name = run.first().map(|c| c.field.as_str()).unwrap_or_default();
            let text = if name.is_empty() {
                String::new()
            } else {
                format!("|{name}")
            };
            width::pad(&width::cut(&text, columns, options), columns, options)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(hex: &str, text: &str, field: &str, marked: bool) -> RulerCell {
        RulerCell {
            hex: hex.into(),
            text: text.into(),
            field: field.into(),
            marked,
        }
    }

    #[test]
    fn the_caret_stands_under_the_marked_bytes() {
        let cells = vec![
            cell("B3", "ｳ", "kana", false),
            cell("EE E0", "髙", "shimei", true),
            cell("8B B4", "橋", "shimei", false),
        ];
        let ruler = Ruler {
            byte_offset: 1_020,
            record_offset: 20,
            cells,
        };
        let rows = rows(
            &ruler,
            Some(21),
            anstyle::Style::new(),
            Lang::Ja,
            &Options::default(),
        );
        let expected = [
            "      桁    21 22    24",
            "      16進  B3 EE E0 8B B4",
            "      文字  ｳ  髙    橋",
            "               ^^^^^",
            "      項目  .. |shimei",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn what_is_missing_has_its_caret_too() {
        let cells = vec![
            cell("2C", ",", "", false),
            cell("2C", ",", "", false),
            cell("31", "1", "next", false),
        ];
        let ruler = Ruler {
            byte_offset: 1_020,
            record_offset: 20,
            cells,
        };
        let at = |place| {
            rows(
                &ruler,
                place,
                anstyle::Style::new(),
                Lang::Ja,
                &Options::default(),
            )
        };
        assert_eq!(
            at(Some(21)).get(3).map(String::as_str),
            Some("               ^")
        );
        assert_eq!(
            at(Some(23)).len(),
            at(None).len(),
            "a place outside the ruler has no caret"
        );
    }

    #[test]
    fn a_long_window_is_cut_around_the_mark() {
        let mut cells: Vec<RulerCell> = (0..64).map(|_| cell("41", "A", "", false)).collect();
        cells.push(cell("0D", "[CR]", "", true));
        let ruler = Ruler {
            byte_offset: 0,
            record_offset: 0,
            cells,
        };
        let options = Options {
            width: 40,
            ..Options::default()
        };
        let rows = rows(&ruler, None, anstyle::Style::new(), Lang::En, &options);
        assert!(
            rows.iter().all(|row| width::of(row, &options) <= 40),
            "{rows:#?}"
        );
        assert!(rows.iter().any(|row| row.contains("[CR]")));
        assert_eq!(rows.len(), 4);
    }
}
