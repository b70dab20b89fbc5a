//! Records that are proven but for some fields: those alone are checked exactly.

use std::ops::Range;

use super::{Chunk, MAX_RECORD, Worker};
use crate::scan::checks::Check;
use crate::scan::diagnose::{LikeUtf8, surely_reads};
use crate::scan::evidence::{Cell, View};
use crate::scan::field::Position;
use crate::scan::quick::{Doubt, Seen, Sound};

impl Worker<'_, '_> {
    /// True when the fields in doubt are text in the declared encoding and hold more than spaces: bytes that cannot be read
    /// may be a record in another encoding, and a blank value counts as none.
    pub(super) fn legible(
        &self,
        chunk: &Chunk<'_>,
        start: usize,
        sound: &Sound,
        seen: &Seen,
    ) -> bool {
        let encoding = self.plan.settings.encoding;
        let reads = |doubt: &Doubt| {
            let span = seen.spans.get(doubt.field())?;
            let value = chunk.bytes.get(span.range())?;
            let more = value.is_empty() || !may_be_blank(value);
            Some(more && surely_reads(value, encoding))
        };
        sound.end - start <= MAX_RECORD
            && seen
                .doubts
                .iter()
                .all(|doubt| doubt.is_plain() || reads(doubt) == Some(true))
    }

    /// Checks the fields in doubt; true when they were sound all the same.
    pub(super) fn doubted(
        &mut self,
        view: &View<'_>,
        position: Position,
        seen: &Seen,
        like: LikeUtf8,
    ) -> bool {
        let plan = self.plan;
        let encoding = plan.settings.encoding;
        if !view.slice(&(view.start..view.end)).is_ascii() {
            self.out.diagnosis.read(like);
        }
        let kind = view.kind.unwrap_or(0);
        let fields = plan.kinds.get(kind).map_or(&[][..], |k| &k.fields);
        let mut cells = std::mem::take(&mut self.cells);
        cells.clear();
        let mut sound = true;
        for doubt in &seen.doubts {
            let Some(field) = fields.get(doubt.field()) else {
                continue;
            };
            if self.again(view, position, field.subject, doubt, seen) {
                sound = false;
                continue;
            }
            if cells.is_empty() {
                cells.extend(seen.spans.iter().map(|span| cell(view, span.range())));
            }
            let view = View {
                cells: &cells,
                ..*view
            };
            let Some(mut own) = cells.get(doubt.field()).cloned() else {
                continue;
            };
            let (value, spot) = (view.slice(&own.value), view.spot(position, &own.value));
            let tally = &mut self.out.tally;
            sound &= self
                .checker
                .check(&view, position, kind, doubt.field(), &mut own, tally);
            self.out.columns.look(field.subject, value, encoding, spot);
        }
        self.cells = cells;
        sound
    }

    /// Counts what is wrong with a field when all of it was told of the field before.
    fn again(
        &mut self,
        view: &View<'_>,
        position: Position,
        subject: u32,
        doubt: &Doubt,
        seen: &Seen,
    ) -> bool {
        let tally = &mut self.out.tally;
        let Some(value) = seen.spans.get(doubt.field()).filter(|_| doubt.is_plain()) else {
            return false;
        };
        match (doubt.character(), doubt.is_too_long()) {
            (Some((check, at)), false) => {
                tally.again(check, subject, || view.spot(position, &(at..at + 1)))
            }
            (None, _) => tally.again(Check::TooLong, subject, || {
                view.spot(position, &value.range())
            }),
            (Some((check, at)), true) => {
                tally.knows(Check::TooLong, subject)
                    && tally.again(check, subject, || view.spot(position, &(at..at + 1)))
                    && tally.again(Check::TooLong, subject, || {
                        view.spot(position, &value.range())
                    })
            }
        }
    }
}

/// A value as it was cut, its quotes around it.
fn cell(view: &View<'_>, value: Range<usize>) -> Cell {
    let before = value.start.checked_sub(1).filter(|at| *at >= view.start);
    let quoted = before.and_then(|at| view.bytes.get(at)) == Some(&b'"');
    let quote = usize::from(quoted);
    Cell {
        raw: value.start - quote..value.end + quote,
        value,
        quoted,
        newline: false,
        blank: false,
        absent: false,
    }
}

/// True for values of nothing but the bytes of spaces, full-width ones in Shift_JIS and UTF-8 included.
fn may_be_blank(value: &[u8]) -> bool {
    value
        .iter()
        .all(|byte| matches!(byte, b' ' | 0x81 | 0x40 | 0xE3 | 0x80))
}
