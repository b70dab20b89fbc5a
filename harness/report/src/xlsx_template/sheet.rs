//! One sheet of a template: its rows and cells where they stand in the text, and the same text with rows put in.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};

use super::parts::{Area, cell};
use super::{SheetSlot, SlotValue};
use crate::docx::styles::attribute;

/// A cell of the template.
struct Cell {
    column: u32,
    /// Its bytes, tags included.
    at: Range<usize>,
    style: Option<String>,
    kind: String,
    /// Text of its value, formula or inline text.
    text: String,
}

/// A row of the template.
struct Row {
    /// Its bytes, tags included.
    at: Range<usize>,
    /// Attributes without its number and spans, which no longer hold.
    attributes: String,
    cells: Vec<Cell>,
}

/// See the module.
pub(super) struct Sheet<'a> {
    text: &'a str,
    rows: BTreeMap<u32, Row>,
    /// Bytes between the tags of `sheetData`, or of the whole tag when it is empty.
    data: Range<usize>,
    empty_data: bool,
    dimension: Option<Range<usize>>,
    merged: Vec<(u32, u32, u32, u32)>,
}

impl<'a> Sheet<'a> {
    /// `None` when the text is no sheet.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut sheet = Self {
            text,
            rows: BTreeMap::new(),
            data: 0..0,
            empty_data: false,
            dimension: None,
            merged: Vec::new(),
        };
        let mut reader = Reader::from_str(text);
        let (mut before, mut row, mut reading) = (0usize, 0u32, false);
        loop {
            let event = reader.read_event().ok()?;
            let after = usize::try_from(reader.buffer_position()).ok()?;
            match &event {
                Event::Eof => break,
                Event::Start(e) => {
                    match e.name().as_ref() {
                        "sheetData" => sheet.data = after..after,
                        "dimension" => sheet.dimension = Some(before..after),
                        "row" => row = sheet.open_row(e, row, before)?,
                        "c" => sheet.open_cell(e, row, before..after)?,
                        "v" | "f" | "t" => reading = true,
                        _ => {}
                    };
                }
                Event::Empty(e) => match e.name().as_ref() {
                    "sheetData" => (sheet.data, sheet.empty_data) = (before..after, true),
                    "dimension" => sheet.dimension = Some(before..after),
                    "row" => {
                        row = sheet.open_row(e, row, before)?;
                        sheet.rows.get_mut(&row)?.at.end = after;
                    }
                    "c" => sheet.open_cell(e, row, before..after)?,
                    "f" => sheet.last(row)?.text.push('='),
                    "mergeCell" => sheet
                        .merged
                        .extend(attribute(e, "ref").and_then(|r| area(&r))),
                    _ => {}
                },
                Event::Text(e) if reading => sheet.last(row)?.text.push_str(e),
                Event::GeneralRef(_) if reading => sheet.last(row)?.text.push('&'),
                Event::End(e) => match e.name().as_ref() {
                    "sheetData" => sheet.data.end = before,
                    "row" => sheet.rows.get_mut(&row)?.at.end = after,
                    "c" => sheet.last(row)?.at.end = after,
                    "v" | "f" | "t" => reading = false,
                    _ => {}
                },
                _ => {}
            }
            before = after;
        }
        (sheet.data.end > 0).then_some(sheet)
    }

    fn open_row(&mut self, e: &BytesStart<'_>, before: u32, at: usize) -> Option<u32> {
        let number = match attribute(e, "r") {
            Some(number) => number.parse().ok()?,
            None => before.checked_add(1)?,
        };
        let mut attributes = String::new();
        for attribute in e.attributes().flatten() {
            let name = attribute.key.as_ref();
            if !matches!(name, "r" | "spans") {
                let _ = write!(
                    attributes,
                    " {name}=\"{}\"",
                    attribute.value.replace('"', "&quot;")
                );
            }
        }
        let row = Row {
            at: at..at,
            attributes,
            cells: Vec::new(),
        };
        self.rows.insert(number, row);
        Some(number)
    }

    fn open_cell(&mut self, e: &BytesStart<'_>, row: u32, at: Range<usize>) -> Option<()> {
        let cells = &mut self.rows.get_mut(&row)?.cells;
        let column = match attribute(e, "r") {
            Some(reference) => cell(&reference)?.0,
            None => cells
                .last()
                .map_or(Some(1), |last| last.column.checked_add(1))?,
        };
        cells.push(Cell {
            column,
            at,
            style: attribute(e, "s"),
            kind: attribute(e, "t").unwrap_or_default(),
            text: String::new(),
        });
        Some(())
    }

    fn last(&mut self, row: u32) -> Option<&mut Cell> {
        self.rows.get_mut(&row)?.cells.last_mut()
    }

    /// Headings in the last row of an area, by column.
    pub(super) fn headings(&self, area: Area, strings: &[String]) -> Vec<(u32, String)> {
        let cells = self.rows.get(&area.bottom).map(|row| row.cells.as_slice());
        let within = |c: &&Cell| (area.left..=area.right).contains(&c.column);
        let text = |c: &Cell| match c.kind.as_str() {
            "s" => c
                .text
                .parse()
                .ok()
                .and_then(|at: usize| strings.get(at))
                .cloned(),
            _ => Some(c.text.clone()),
        };
        let all = cells.unwrap_or_default().iter().filter(within);
        all.filter_map(|c| text(c).map(|t| (c.column, t.trim().to_owned())))
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    /// A cell that holds something, or a merged one, where rows would go.
    pub(super) fn in_the_way(
        &self,
        first: u32,
        rows: usize,
        columns: &[(u32, usize)],
    ) -> Option<String> {
        let last = first.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX));
        for (row, of) in self.rows.range(first..last) {
            let held =
                |c: &&Cell| !c.text.is_empty() && columns.iter().any(|(n, _)| *n == c.column);
            if let Some(found) = of.cells.iter().find(held) {
                return Some(format!("{}{row}", letters(found.column)));
            }
        }
        let crosses = |(left, top, right, bottom): &&(u32, u32, u32, u32)| {
            *bottom >= first
                && *top < last
                && columns
                    .iter()
                    .any(|(column, _)| (*left..=*right).contains(column))
        };
        let merged = self.merged.iter().find(crosses);
        merged.map(|(left, top, ..)| format!("{}{top}", letters(*left)))
    }

    /// The text with the slot's rows from row `first` on, in the formats that the cells of row `first` have.
    pub(super) fn filled(
        &self,
        first: u32,
        slot: &SheetSlot,
        columns: &[(u32, usize)],
    ) -> Option<String> {
        let style = |column: u32| {
            let cells = &self.rows.get(&first)?.cells;
            let found = cells.iter().find(|c| c.column == column)?;
            found.style.clone()
        };
        let mut made: BTreeMap<u32, String> = BTreeMap::new();
        for (number, values) in (first..).zip(&slot.rows) {
            let mut cells: BTreeMap<u32, String> = BTreeMap::new();
            let known = self.rows.get(&number);
            for old in known.iter().flat_map(|row| &row.cells) {
                cells.insert(old.column, self.text.get(old.at.clone())?.to_owned());
            }
            for (column, at) in columns {
                let value = values.get(*at)?;
                cells.insert(*column, element(*column, number, style(*column), value));
            }
            let attributes = known.map_or("", |row| row.attributes.as_str());
            let cells: String = cells.into_values().collect();
            made.insert(
                number,
                format!("<row r=\"{number}\"{attributes}>{cells}</row>"),
            );
        }
        for (number, row) in &self.rows {
            let old = self.text.get(row.at.clone())?.to_owned();
            made.entry(*number).or_insert(old);
        }
        let rows: String = made.into_values().collect();
        let data = if self.empty_data {
            format!("<sheetData>{rows}</sheetData>")
        } else {
            rows
        };
        let mut out = self.text.to_owned();
        out.replace_range(self.data.clone(), &data);
        // The size of the sheet as it was; optional, and readers that trust it would stop too early.
        if let Some(at) = self
            .dimension
            .clone()
            .filter(|at| at.end <= self.data.start)
        {
            out.replace_range(at, "");
        }
        Some(out)
    }
}

fn element(column: u32, row: u32, style: Option<String>, value: &SlotValue) -> String {
    let at = format!("{}{row}", letters(column));
    let style = style.map_or_else(String::new, |s| format!(" s=\"{}\"", escape(s.as_str())));
    match value {
        SlotValue::Number(number) => format!("<c r=\"{at}\"{style}><v>{number}</v></c>"),
        SlotValue::Text(text) if text.is_empty() => format!("<c r=\"{at}\"{style}/>"),
        SlotValue::Text(text) => {
            let text: String = crate::visible::block(text).chars().take(32_000).collect();
            format!(
                "<c r=\"{at}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                escape(text.as_str())
            )
        }
    }
}

/// `AA` for 27.
fn letters(column: u32) -> String {
    let mut rest = column;
    let mut out = Vec::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        out.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    out.iter().rev().collect()
}

fn area(reference: &str) -> Option<(u32, u32, u32, u32)> {
    let (from, to) = reference.split_once(':')?;
    let ((left, top), (right, bottom)) = (cell(from)?, cell(to)?);
    Some((left, top, right, bottom))
}
