//! The exact way for fixed-width records: length, kind, shifts.

use super::{Chunk, MAX_RECORD, Worker};
use crate::model::Bilingual;
use crate::scan::checks::Check;
use crate::scan::delimited::Incomplete;
use crate::scan::evidence::{Cell, View};
use crate::scan::field::{Position, Say};
use crate::scan::fixed::{FixedCut, FixedCutter};
use crate::scan::resync::{Around, Look};
use crate::spec::layout::Place;

/// The bytes around a record, in the eyes of a worker.
struct Neighbours<'w, 'p, 'j, 'c> {
    worker: &'w mut Worker<'p, 'j>,
    chunk: &'c Chunk<'c>,
}

impl Around for Neighbours<'_, '_, '_, '_> {
    fn look(&mut self, at: usize) -> Look {
        self.worker.look(self.chunk, at)
    }

    fn follows(&self, before: Option<usize>, kind: usize) -> bool {
        before.is_none_or(|before| self.worker.plan.may_follow(before, kind))
    }
}

impl Worker<'_, '_> {
    pub(super) fn fixed(&mut self, chunk: &Chunk<'_>, at: usize) -> Result<usize, Incomplete> {
        let plan = self.plan;
        let cutter = FixedCutter {
            length: plan.record_length,
            newline: plan.settings.newline,
            limit: MAX_RECORD,
        };
        let mut around = Neighbours {
            worker: self,
            chunk,
        };
        let cut = cutter.record(chunk.bytes, at, chunk.last, &mut around)?;
        self.fixed_record(chunk, at, cut);
        Ok(cut.next)
    }

    /// What the bytes at an offset look like as a record: its kind, and whether all its fields are sound.
    pub(super) fn look(&mut self, chunk: &Chunk<'_>, at: usize) -> Look {
        let end = at + self.plan.record_length;
        if end > chunk.bytes.len() {
            return Look::default();
        }
        let Some(kind) = self.fixed_kind(chunk, at, end) else {
            return Look::default();
        };
        let mut cells = self.fixed_cells(kind, at, end);
        self.leave_out(chunk, kind, &mut cells);
        self.out.tally.dry = true;
        let before = self.out.tally.hits;
        let shown = cells.clone();
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start: at,
            end,
            cells: &shown,
            kind: Some(kind),
        };
        for (index, cell) in cells.iter_mut().enumerate().filter(|(_, c)| !c.absent) {
            self.checker.check(
                &view,
                Position {
                    record: 0,
                    line: None,
                },
                kind,
                index,
                cell,
                &mut self.out.tally,
            );
        }
        let faults = self.out.tally.hits - before;
        self.out.tally.hits = before;
        self.out.tally.dry = false;
        Look {
            kind: Some(kind),
            sound: faults == 0,
        }
    }

    pub(super) fn fixed_kind(&self, chunk: &Chunk<'_>, start: usize, end: usize) -> Option<usize> {
        let record = chunk.bytes.get(start..end).unwrap_or(&[]);
        self.plan.kinds.iter().position(|kind| match kind.place {
            None => true,
            Some(Place::Byte(at)) => record
                .get(at..)
                .is_some_and(|rest| rest.starts_with(&kind.value)),
            Some(Place::Field(field)) => kind.fields.get(field).is_some_and(|f| {
                let value = record.get(f.start..f.start + f.width).unwrap_or(&[]);
                value
                    .strip_suffix(b" ")
                    .map_or(value, |_| trim_spaces(value))
                    == kind.value.as_slice()
            }),
        })
    }

    pub(super) fn fixed_cells(&self, kind: usize, start: usize, end: usize) -> Vec<Cell> {
        let fields = self.plan.kinds.get(kind).map_or(&[][..], |k| &k.fields);
        let cell = |f: &crate::scan::plan::FieldPlan<'_>| {
            let at = (start + f.start).min(end)..(start + f.start + f.width).min(end);
            Cell {
                raw: at.clone(),
                value: at,
                quoted: false,
                ..Cell::default()
            }
        };
        fields.iter().map(cell).collect()
    }

    pub(super) fn fixed_record(&mut self, chunk: &Chunk<'_>, start: usize, cut: FixedCut) {
        let plan = self.plan;
        let position = self.position();
        self.records += 1;
        let length = cut.end - start;
        let kind = self.fixed_kind(chunk, start, cut.end);
        let mut cells = kind.map_or_else(Vec::new, |kind| self.fixed_cells(kind, start, cut.end));
        if let Some(kind) = kind {
            self.leave_out(chunk, kind, &mut cells);
        }
        let shown = cells.clone();
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start,
            end: cut.end,
            cells: &shown,
            kind,
        };
        self.ending(&view, position, cut.ending, cut.next, chunk);
        self.out.lines += u64::from(cut.ending.len() > 0);
        if length == 0 {
            self.whole(&view, position, Check::BlankRecord, Say::default);
            return;
        }
        if length != plan.record_length {
            let hint = kind.and_then(|kind| self.shift_hint(chunk, kind, start, cut.end));
            self.whole(&view, position, Check::RecordLength, || {
                let (ja, en) = hint.map_or((String::new(), String::new()), |h| (h.ja, h.en));
                Say {
                    expected: plan.record_length.to_string(),
                    observed: Some(length.to_string()),
                    args: vec![("hint_ja", ja), ("hint_en", en)],
                    ..Say::default()
                }
            });
            match kind {
                Some(kind) => self.damaged(kind, view.spot(position, &(start..cut.end))),
                None => self.segment(None, view.spot(position, &(start..cut.end))),
            }
            return;
        }
        let Some(kind) = kind else {
            self.unknown_kind(&view, position);
            self.segment(None, view.spot(position, &(start..cut.end)));
            return;
        };
        if let Some((field, shift)) =
            crate::scan::shift::find(self.plan, &mut self.checker, &view, kind)
        {
            crate::scan::shift::tell(
                self.plan,
                &view,
                position,
                kind,
                (field, shift),
                &mut self.out.tally,
            );
            self.damaged(kind, view.spot(position, &(start..cut.end)));
            return;
        }
        if self.foreign(&view, position, kind) {
            return;
        }
        self.fields(&view, position, kind, &mut cells, None);
    }

    /// Where a record of the wrong length lost or gained its bytes: the first field that is not sound although all before are.
    pub(super) fn shift_hint(
        &mut self,
        chunk: &Chunk<'_>,
        kind: usize,
        start: usize,
        end: usize,
    ) -> Option<Bilingual> {
        let cells = self.fixed_cells(kind, start, end);
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start,
            end,
            cells: &cells,
            kind: Some(kind),
        };
        let field = crate::scan::shift::first_unsound(self.plan, &mut self.checker, &view, kind)?;
        let name = self.plan.layout.field_name(kind, field);
        Some(Bilingual::new(
            format!("。項目「{name}」の付近から位置がずれている"),
            format!("; positions shift near {name}"),
        ))
    }
}

fn trim_spaces(value: &[u8]) -> &[u8] {
    let end = value
        .iter()
        .rposition(|b| *b != b' ')
        .map_or(0, |at| at + 1);
    value.get(..end).unwrap_or(value)
}
