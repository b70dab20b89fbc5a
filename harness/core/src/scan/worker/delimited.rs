//! The exact way for delimited records: header row, quoting, field count.

use super::{Chunk, MAX_RECORD, Worker};
use crate::mask::Sensitivity;
use crate::scan::checks::Check;
use crate::scan::delimited::{Cut, Cutter, Incomplete, QuoteFault};
use crate::scan::evidence::{Cell, View};
use crate::scan::field::{Position, Say, title};
use crate::scan::plan::FILE;
use crate::spec::layout::{Empty, Place, Quoting};

impl Worker<'_, '_> {
    pub(super) fn delimited(
        &mut self,
        chunk: &Chunk<'_>,
        at: usize,
        first_at: usize,
    ) -> Result<usize, Incomplete> {
        let settings = self.plan.settings;
        let cutter = Cutter {
            delimiter: settings.delimiter,
            newline: settings.newline,
            limit: MAX_RECORD,
        };
        let mut cells = std::mem::take(&mut self.cells);
        let cut = match &self.shadow {
            None => cutter.record(chunk.bytes, at, chunk.last, &self.counts, &mut cells),
            Some(shadow) => {
                let from = shadow.index(at);
                let cut = cutter.record(&shadow.bytes, from, chunk.last, &self.counts, &mut cells);
                cut.map(|mut cut| {
                    shadow.map(&mut cut, &mut cells);
                    cut
                })
            }
        };
        let result = cut.map(|cut| {
            self.delimited_record(chunk, at, &cut, &mut cells, chunk.first && at == first_at);
            cut.next
        });
        self.cells = cells;
        result
    }

    pub(super) fn delimited_record(
        &mut self,
        chunk: &Chunk<'_>,
        start: usize,
        cut: &Cut,
        cells: &mut Vec<Cell>,
        is_first: bool,
    ) {
        let header = is_first && self.header(chunk, start, cut, cells);
        let mut position = self.position();
        if header {
            position.record = 0;
        } else {
            self.records += 1;
        }
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start,
            end: cut.end,
            cells,
            kind: None,
        };
        self.ending(&view, position, cut.ending, cut.next, chunk);
        self.out.facts.quoted_fields += cells.iter().filter(|c| c.quoted).count() as u64;
        if !header {
            self.data_record(chunk, start, cut, cells, position);
        }
        self.out.lines += cut.inner_newlines + u64::from(cut.ending.len() > 0);
    }

    pub(super) fn data_record(
        &mut self,
        chunk: &Chunk<'_>,
        start: usize,
        cut: &Cut,
        cells: &mut [Cell],
        position: Position,
    ) {
        let plan = self.plan;
        let most = plan.kinds.iter().map(|k| k.fields.len()).max().unwrap_or(1);
        if cut.end == start && most > 1 {
            let view = View {
                bytes: chunk.bytes,
                base: chunk.base,
                start,
                end: cut.end,
                cells: &[],
                kind: None,
            };
            self.whole(&view, position, Check::BlankRecord, Say::default);
            return;
        }
        // What people see of a record is the fields as they were cut; a check may shorten its own.
        let mut shown = std::mem::take(&mut self.shown);
        shown.clear();
        shown.extend_from_slice(cells);
        self.filled_record(chunk, start, cut, (cells, &shown), position);
        self.shown = shown;
    }

    /// A record that is not blank.
    fn filled_record(
        &mut self,
        chunk: &Chunk<'_>,
        start: usize,
        cut: &Cut,
        (cells, shown): (&mut [Cell], &[Cell]),
        position: Position,
    ) {
        let plan = self.plan;
        let most = plan.kinds.iter().map(|k| k.fields.len()).max().unwrap_or(1);
        let kind = self.delimited_kind(chunk, cells);
        let known = kind.or(if plan.kinds.len() == 1 { Some(0) } else { None });
        let expected = known
            .and_then(|k| plan.kinds.get(k))
            .map_or(most, |k| k.fields.len());
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start,
            end: cut.end,
            cells: shown,
            kind: known,
        };
        if let Some((fault, field, at)) = cut.quote {
            self.quote_fault(&view, position, fault, field, at);
        }
        if let Some(field) = cut.bare_newline {
            self.newline_in_field(&view, position, field);
        }
        let Some(kind) = kind else {
            if cut.quote.is_none() {
                self.unknown_kind(&view, position);
            }
            self.segment(None, view.spot(position, &(start..cut.end)));
            return;
        };
        if cells.len() != expected {
            if cut.quote.is_none() {
                let found = cells.len();
                self.whole(&view, position, Check::FieldCount, || Say {
                    expected: expected.to_string(),
                    observed: Some(found.to_string()),
                    ..Say::default()
                });
            }
            self.damaged(kind, view.spot(position, &(start..cut.end)));
            return;
        }
        if self.foreign(&view, position, kind) {
            return;
        }
        self.quoting(&view, position);
        let skipped = cut.quote.map(|(_, field, _)| field).or(cut.bare_newline);
        self.fields(&view, position, kind, cells, skipped);
    }

    pub(super) fn delimited_kind(&self, chunk: &Chunk<'_>, cells: &[Cell]) -> Option<usize> {
        let plan = self.plan;
        if let [only] = plan.kinds.as_slice()
            && only.place.is_none()
        {
            return Some(0);
        }
        let fits = |kind: &crate::scan::plan::KindPlan<'_>| match kind.place {
            Some(Place::Field(field)) => cells.get(field).is_some_and(|c| {
                let value = chunk.bytes.get(c.value.clone()).unwrap_or(&[]);
                self.reads_as(value, &kind.value)
            }),
            Some(Place::Byte(at)) if plan.wide => cells.first().is_some_and(|c| {
                let value = chunk.bytes.get(c.raw.clone()).unwrap_or(&[]);
                let text = self.as_compared(value);
                text.get(at..)
                    .is_some_and(|rest| rest.starts_with(&kind.value))
            }),
            Some(Place::Byte(at)) => cells.first().is_some_and(|c| {
                chunk
                    .bytes
                    .get(c.raw.start + at..)
                    .is_some_and(|rest| rest.starts_with(&kind.value))
            }),
            None => true,
        };
        plan.kinds.iter().position(fits)
    }

    /// Judges the header row; true when the first row is one.
    pub(super) fn header(
        &mut self,
        chunk: &Chunk<'_>,
        start: usize,
        cut: &Cut,
        cells: &[Cell],
    ) -> bool {
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start,
            end: cut.end,
            cells,
            kind: None,
        };
        crate::scan::header::judge(self.plan, &view, &mut self.out)
    }

    pub(super) fn quoting(&mut self, view: &View<'_>, position: Position) {
        let plan = self.plan;
        let settings = plan.settings;
        if settings.quoting == Quoting::Any && settings.empty != Empty::Quoted {
            return;
        }
        for (index, cell) in view.cells.iter().enumerate() {
            let value = &*self.as_compared(view.slice(&cell.value));
            let needed = value
                .iter()
                .any(|b| *b == settings.delimiter || matches!(b, b'"' | b'\r' | b'\n'));
            let kokuho = needed
                || value.iter().any(|b| matches!(b, b',' | b' '))
                || has_kanji(value, settings);
            let wrong = match settings.quoting {
                Quoting::Always => {
                    !cell.quoted && (!value.is_empty() || settings.empty != Empty::Empty)
                }
                Quoting::Never => cell.quoted,
                Quoting::Minimal => cell.quoted && !needed && !value.is_empty(),
                Quoting::Kokuho => cell.quoted != kokuho && !(value.is_empty() && cell.quoted),
                Quoting::Any => false,
            };
            let empty = settings.empty == Empty::Quoted && value.is_empty() && !cell.quoted;
            if wrong || empty {
                let known = view
                    .kind
                    .and_then(|k| plan.kinds.get(k))
                    .and_then(|k| k.fields.get(index));
                let (subject, sensitivity) = known.map_or((FILE, Sensitivity::Personal), |f| {
                    (f.subject, f.sensitivity)
                });
                let raw = &cell.raw;
                view.tell(
                    plan,
                    &mut self.out.tally,
                    position,
                    (Check::Quoting, subject),
                    (raw, raw, sensitivity),
                    || Say {
                        expected: match empty {
                            true => "empty=quoted".to_owned(),
                            false => settings.quoting.name().to_owned(),
                        },
                        args: known.map_or(Vec::new(), |f| title(plan, f)),
                        ..Say::default()
                    },
                );
            }
        }
    }

    pub(super) fn quote_fault(
        &mut self,
        view: &View<'_>,
        position: Position,
        fault: QuoteFault,
        field: usize,
        at: usize,
    ) {
        let plan = self.plan;
        let (ja, en) = match fault {
            QuoteFault::TextAfterQuote => (
                "閉じ引用符の後に文字がある",
                "text follows the closing quote",
            ),
            QuoteFault::StrayQuote => (
                "引用符で始まらない項目の中に引用符がある",
                "a quote stands in a field that does not begin with one",
            ),
            QuoteFault::Unclosed => ("閉じ引用符がない", "the closing quote is missing"),
        };
        let known = view
            .kind
            .and_then(|k| plan.kinds.get(k))
            .and_then(|k| k.fields.get(field));
        let subject = known.map_or(FILE, |f| f.subject);
        let sensitivity = known.map_or(Sensitivity::Personal, |f| f.sensitivity);
        let at = at..(at + plan.unit).min(view.end.max(at));
        let value = view.cells.get(field).map_or(at.clone(), |c| c.raw.clone());
        view.tell(
            plan,
            &mut self.out.tally,
            position,
            (Check::QuoteFault, subject),
            (&at, &value, sensitivity),
            || Say {
                args: vec![("what_ja", ja.to_owned()), ("what_en", en.to_owned())],
                ..Say::default()
            },
        );
    }

    pub(super) fn newline_in_field(&mut self, view: &View<'_>, position: Position, field: usize) {
        let plan = self.plan;
        let Some(cell) = view.cells.get(field) else {
            return;
        };
        let known = view
            .kind
            .and_then(|k| plan.kinds.get(k))
            .and_then(|k| k.fields.get(field));
        let value = view.slice(&cell.raw);
        let (encoding, dialect) = (plan.settings.encoding, plan.settings.dialect);
        let found = crate::scan::wide::first_newline(value, encoding, dialect);
        let at = cell.raw.start + found.start..cell.raw.start + found.end;
        self.out.facts.newlines_in_fields += 1;
        let sensitivity = known.map_or(Sensitivity::Personal, |f| f.sensitivity);
        let subject = known.map_or(FILE, |f| f.subject);
        view.tell(
            plan,
            &mut self.out.tally,
            position,
            (Check::NewlineInField, subject),
            (&at, &cell.raw, sensitivity),
            || Say {
                exposed: true,
                args: known.map_or(Vec::new(), |f| title(plan, f)),
                ..Say::default()
            },
        );
    }
}

/// True when a value holds a two-byte (full-width) character.
fn has_kanji(value: &[u8], settings: &crate::spec::layout::FileSettings) -> bool {
    let encoding = crate::scan::wide::comparing(settings.encoding);
    crate::encoding::units(value, encoding, settings.dialect).any(|unit| match unit.what {
        crate::encoding::What::Char(c) => !c.is_ascii() && !crate::encoding::is_half_width(c),
        crate::encoding::What::Pair(..) => true,
        crate::encoding::What::Fault(_) => false,
    })
}
