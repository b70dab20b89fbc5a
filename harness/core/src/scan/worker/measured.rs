//! Fixed records whose widths are characters, and fixed records in UTF-16: positions are found by walking over characters.

use super::{Chunk, MAX_RECORD, Worker};
use crate::encoding::{What, units};
use crate::scan::checks::Check;
use crate::scan::delimited::Incomplete;
use crate::scan::ending::Ending;
use crate::scan::evidence::{Cell, View};
use crate::scan::field::Say;
use crate::spec::layout::{Newline, Place, WidthUnit};

/// A record and where its positions are.
struct Measured {
    end: usize,
    next: usize,
    ending: Ending,
    /// Offset of each position; the last one is the end of the record.
    borders: Vec<usize>,
}

impl Measured {
    fn border(&self, position: usize) -> usize {
        self.borders.get(position).copied().unwrap_or(self.end)
    }
}

impl Worker<'_, '_> {
    /// Takes the record that starts at `at`.
    pub(super) fn measured(&mut self, chunk: &Chunk<'_>, at: usize) -> Result<usize, Incomplete> {
        let record = self.measure(chunk, at)?;
        self.measured_record(chunk, at, &record);
        Ok(record.next)
    }

    fn measure(&self, chunk: &Chunk<'_>, at: usize) -> Result<Measured, Incomplete> {
        let plan = self.plan;
        let (encoding, dialect) = (plan.settings.encoding, plan.settings.dialect);
        let by_chars = plan.layout.width_unit == WidthUnit::Chars;
        let lines = plan.settings.newline != Newline::None;
        let seen = chunk.bytes.get(at..).unwrap_or(&[]);
        let mut borders = vec![at];
        let mut end = None;
        let mut walk = units(seen, encoding, dialect);
        for unit in &mut walk {
            let place = at + unit.bytes.start..at + unit.bytes.end;
            let full = borders.len() > plan.record_length;
            let newline = matches!(unit.what, What::Char('\r' | '\n'));
            let over = if lines { newline } else { full };
            if over || unit.bytes.end > MAX_RECORD {
                end = Some(place.start);
                break;
            }
            if by_chars {
                borders.push(place.end);
            } else {
                borders.extend(place.start + 1..=place.end);
            }
        }
        let Some(end) = end else {
            if !chunk.last {
                return Err(Incomplete);
            }
            let end = chunk.bytes.len();
            return Ok(Measured {
                end,
                next: end,
                ending: Ending::Nothing,
                borders,
            });
        };
        let behind = chunk.bytes.get(end..).unwrap_or(&[]);
        let two = plan.unit * 2;
        if behind.len() < two && !chunk.last {
            return Err(Incomplete);
        }
        let mut walk = units(behind.get(..two).unwrap_or(behind), encoding, dialect);
        let ending = match (walk.next().map(|u| u.what), walk.next().map(|u| u.what)) {
            (Some(What::Char('\n')), _) => Ending::Lf,
            (Some(What::Char('\r')), Some(What::Char('\n'))) => Ending::Crlf,
            (Some(What::Char('\r')), _) => Ending::Cr,
            _ if lines => Ending::Endless,
            _ => Ending::Nothing,
        };
        Ok(Measured {
            end,
            next: end + ending.len() * plan.unit,
            ending,
            borders,
        })
    }

    fn measured_record(&mut self, chunk: &Chunk<'_>, start: usize, record: &Measured) {
        let plan = self.plan;
        let position = self.position();
        self.records += 1;
        let length = record.borders.len() - 1;
        let kind = self.measured_kind(chunk, record);
        let fields = kind.and_then(|k| plan.kinds.get(k)).map(|k| &k.fields);
        let cell = |f: &crate::scan::plan::FieldPlan<'_>| {
            let at = record.border(f.start)..record.border(f.start + f.width);
            Cell {
                raw: at.clone(),
                value: at,
                ..Cell::default()
            }
        };
        let mut cells: Vec<Cell> =
            fields.map_or_else(Vec::new, |all| all.iter().map(cell).collect());
        if let Some(kind) = kind {
            self.leave_out(chunk, kind, &mut cells);
        }
        let shown = cells.clone();
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start,
            end: record.end,
            cells: &shown,
            kind,
        };
        self.ending(&view, position, record.ending, record.next, chunk);
        self.out.lines += u64::from(record.ending.len() > 0);
        let whole = view.spot(position, &(start..record.end));
        match kind {
            _ if length == 0 => self.whole(&view, position, Check::BlankRecord, Say::default),
            _ if length != plan.record_length => {
                self.whole(&view, position, Check::RecordLength, || Say {
                    expected: plan.record_length.to_string(),
                    observed: Some(length.to_string()),
                    args: vec![("hint_ja", String::new()), ("hint_en", String::new())],
                    ..Say::default()
                });
                match kind {
                    Some(kind) => self.damaged(kind, whole),
                    None => self.segment(None, whole),
                }
            }
            None => {
                self.unknown_kind(&view, position);
                self.segment(None, whole);
            }
            Some(kind) if self.foreign(&view, position, kind) => {}
            Some(kind) => self.fields(&view, position, kind, &mut cells, None),
        }
    }

    fn measured_kind(&self, chunk: &Chunk<'_>, record: &Measured) -> Option<usize> {
        let text = |from: usize, to: usize| {
            let at = record.border(from)..record.border(to);
            self.as_compared(chunk.bytes.get(at).unwrap_or(&[]))
        };
        let by_chars = self.plan.layout.width_unit == WidthUnit::Chars;
        self.plan.kinds.iter().position(|kind| match kind.place {
            None => true,
            Some(Place::Byte(at)) => {
                // Discriminators are ASCII: a byte a character, or a code unit of the file.
                let width = kind.value.len() * if by_chars { 1 } else { self.plan.unit };
                text(at, at + width).as_ref() == kind.value
            }
            Some(Place::Field(field)) => kind
                .fields
                .get(field)
                .is_some_and(|f| text(f.start, f.start + f.width).trim_ascii_end() == kind.value),
        })
    }

    /// Marks the fields of a record that are not there because their condition (`when`) does not hold.
    pub(super) fn leave_out(&self, chunk: &Chunk<'_>, kind: usize, cells: &mut [Cell]) {
        let Some(of) = self.plan.kinds.get(kind).filter(|k| k.has_variants) else {
            return;
        };
        let texts: Vec<Vec<u8>> = cells
            .iter()
            .map(|c| {
                let value = chunk.bytes.get(c.value.clone()).unwrap_or(&[]);
                self.as_compared(value).trim_ascii_end().to_vec()
            })
            .collect();
        let value = |index: usize| texts.get(index).map_or(&[][..], Vec::as_slice);
        for (field, cell) in of.fields.iter().zip(cells) {
            if field.when.as_ref().is_some_and(|when| !when.holds(&value)) {
                cell.absent = true;
                cell.raw.end = cell.raw.start;
                cell.value = cell.raw.clone();
            }
        }
    }
}
