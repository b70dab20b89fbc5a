//! Scans one chunk: cuts records, checks their fields, and keeps what later stages need. Chunks do not know of each other;
//! records and lines are counted from the chunk's start.

use std::ops::Range;

use super::checks::Check;
use super::columns::{Columns, weight};
use super::delimited::{Cut, Cutter, Ending, FieldCounts, Incomplete, QuoteFault};
use super::diagnose::{Diagnosis, Reading};
use super::evidence::{Cell, View};
use super::facts::FileFacts;
use super::field::{FieldChecker, Position, Say, title};
use super::fixed::{FixedCut, FixedCutter};
use super::keys::KeyEntries;
use super::number;
use super::plan::{FILE, Plan};
use super::quick::{Quick, Sound, Span};
use super::tally::{Detail, Spot, Tally};
use super::walk::Walk;
use crate::encoding::{Encoding, What, units};
use crate::mask::Sensitivity;
use crate::model::Bilingual;
use crate::spec::layout::{Empty, FieldType, Header, Newline, Output, Place, Quoting};

/// No record is longer than this; a record that is has no end worth looking for.
pub(super) const MAX_RECORD: usize = 1 << 20;

/// A part of the file.
#[derive(Clone, Copy)]
pub(super) struct Chunk<'a> {
    pub(super) bytes: &'a [u8],
    /// Records that start here or later belong to the next chunk; what follows is there to be looked at only.
    pub(super) end: usize,
    /// Offset in the file.
    pub(super) base: u64,
    pub(super) first: bool,
    pub(super) last: bool,
}

/// Records of one kind in a row.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// `None`: no known kind.
    pub(super) kind: Option<usize>,
    pub(super) count: u64,
    pub(super) spot: Spot,
    /// Sums and counts, one a total of the layout that counts this kind; `None` when a summand could not be read.
    pub(super) sums: Vec<(usize, Option<i128>)>,
    /// Totals that the (single) record states.
    pub(super) claims: Vec<Claim>,
}

/// A total as a record states it.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) total: usize,
    pub(super) stated: Option<i128>,
    /// For totals made of fields of the same record.
    pub(super) parts: Option<i128>,
    pub(super) spot: Spot,
    pub(super) detail: Detail,
}

/// What a chunk showed.
pub(super) struct Report {
    pub(super) tally: Tally,
    pub(super) facts: FileFacts,
    pub(super) segments: Vec<Segment>,
    pub(super) keys: Vec<KeyEntries>,
    pub(super) diagnosis: Diagnosis,
    pub(super) columns: Columns,
    /// The end of the last record.
    pub(super) last_record: Option<(Spot, Ending)>,
    /// Bytes up to the end of the last whole record.
    pub(super) consumed: usize,
    pub(super) lines: u64,
}

/// Scans chunks one after another.
pub(super) struct Worker<'p, 'j> {
    plan: &'p Plan<'j>,
    checker: FieldChecker<'p, 'j>,
    counts: FieldCounts,
    cells: Vec<Cell>,
    out: Report,
    /// Records so far in this chunk.
    records: u64,
    /// A record that was proven ahead, and where; its cells.
    ahead: Option<(usize, Sound)>,
    ahead_spans: Vec<Span>,
    spans: Vec<Span>,
    /// A record with characters beyond ASCII was read as declared.
    declared_seen: bool,
}

impl<'p, 'j> Worker<'p, 'j> {
    pub(super) fn new(plan: &'p Plan<'j>) -> Self {
        let most = plan.kinds.iter().map(|k| k.fields.len()).max().unwrap_or(0);
        Self {
            plan,
            checker: FieldChecker {
                plan,
                walk: Walk::default(),
            },
            counts: FieldCounts::new(plan.kinds.iter().map(|k| k.fields.len()).collect()),
            cells: Vec::new(),
            out: Self::blank(plan),
            records: 0,
            ahead: None,
            ahead_spans: vec![Span::default(); most],
            spans: vec![Span::default(); most],
            declared_seen: false,
        }
    }

    fn blank(plan: &Plan<'_>) -> Report {
        let kinds = plan.layout.kinds.iter().map(|k| (k.id.clone(), 0));
        Report {
            tally: Tally::new(plan.subjects.len(), plan.occurrences),
            facts: FileFacts {
                records_by_kind: kinds.collect(),
                ..FileFacts::default()
            },
            segments: Vec::new(),
            keys: plan
                .layout
                .unique
                .iter()
                .map(|_| KeyEntries::default())
                .collect(),
            diagnosis: Diagnosis::default(),
            columns: Columns::default(),
            last_record: None,
            consumed: 0,
            lines: 0,
        }
    }

    /// Scans a chunk up to its last whole record.
    pub(super) fn scan(&mut self, chunk: Chunk<'_>) -> Report {
        self.records = 0;
        let (start, records_end) = self.edges(&chunk);
        let body = chunk.bytes.get(..records_end).unwrap_or(&[]);
        let mut at = start;
        let stop = chunk.end.min(body.len());
        let inner = Chunk {
            bytes: body,
            ..chunk
        };
        let quick = self.plan.quick.as_ref().filter(|_| !self.may_be_utf8(body));
        self.ahead = None;
        self.declared_seen = false;
        while at < stop {
            // The first record may be a header row.
            if let Some(quick) = quick.filter(|_| at > start || !chunk.first)
                && let Some(next) = self.prove(quick, &inner, at)
            {
                at = next;
                continue;
            }
            let next = if self.plan.record_length > 0 {
                self.fixed(&inner, at)
            } else {
                self.delimited(&inner, at, start)
            };
            match next {
                Ok(next) if next > at => at = next,
                _ => break,
            }
        }
        self.out.consumed = if chunk.last { chunk.bytes.len() } else { at };
        let records = chunk.bytes.get(start..self.out.consumed).unwrap_or(&[]);
        self.out.columns.block(records, self.plan.settings.encoding);
        self.out.facts.records = self.records;
        self.out.facts.non_ascii = !chunk
            .bytes
            .get(..self.out.consumed)
            .unwrap_or(&[])
            .is_ascii();
        std::mem::replace(&mut self.out, Self::blank(self.plan))
    }

    /// True when bytes that are declared to be in another encoding are valid UTF-8 with characters beyond ASCII: then every
    /// record is looked at closely.
    fn may_be_utf8(&self, body: &[u8]) -> bool {
        if self.plan.settings.encoding == Encoding::Utf8 || body.is_ascii() {
            return false;
        }
        match simdutf8::compat::from_utf8(body) {
            Ok(_) => true,
            // A chunk may end inside a character.
            Err(error) => error.error_len().is_none(),
        }
    }

    /// Proves the record at `at` sound and takes it; `None`: the slow path must look at it.
    #[inline]
    fn prove(&mut self, quick: &Quick, chunk: &Chunk<'_>, at: usize) -> Option<usize> {
        let mut spans = std::mem::take(&mut self.spans);
        let sound = self.proven(quick, chunk, at, &mut spans);
        let taken = sound.filter(|sound| self.take(chunk, at, sound, &spans));
        self.spans = spans;
        taken.map(|sound| sound.next)
    }

    #[inline]
    fn proven(
        &mut self,
        quick: &Quick,
        chunk: &Chunk<'_>,
        at: usize,
        spans: &mut Vec<Span>,
    ) -> Option<Sound> {
        if self.plan.record_length == 0 {
            return quick.delimited(chunk.bytes, at, spans);
        }
        if self.plan.has_lines() {
            return quick.fixed(chunk.bytes, at, spans);
        }
        // Without newlines a record is proven only when the next one stands where it must: a lost byte may hide in filler.
        let sound = match self.ahead.take() {
            Some((place, sound)) if place == at => {
                std::mem::swap(spans, &mut self.ahead_spans);
                sound
            }
            _ => quick.fixed(chunk.bytes, at, spans)?,
        };
        let next = quick.fixed(chunk.bytes, sound.next, &mut self.ahead_spans)?;
        self.ahead = Some((sound.next, next));
        Some(sound)
    }

    /// Takes a sound record; false when something across its fields needs the slow path.
    #[inline]
    fn take(&mut self, chunk: &Chunk<'_>, start: usize, sound: &Sound, spans: &[Span]) -> bool {
        let plan = self.plan;
        let Some(kind) = plan.kinds.get(sound.kind) else {
            return false;
        };
        // A record that states totals shows its surroundings when they are wrong.
        if !kind.claimed.is_empty() {
            return false;
        }
        let place = |index: usize| spans.get(index).map_or(0..0, |span| span.range());
        let value = |index: usize| chunk.bytes.get(place(index)).unwrap_or(&[]);
        if kind.has_conditions {
            for (field, span) in kind
                .fields
                .iter()
                .zip(spans)
                .filter(|(_, span)| span.from == span.to)
            {
                let _ = span;
                if field
                    .condition
                    .as_ref()
                    .is_some_and(|condition| condition.holds(&value))
                {
                    return false;
                }
            }
        }
        for rule in &kind.rules {
            if rule.when.as_ref().is_none_or(|when| when.holds(&value)) && !rule.then.holds(&value)
            {
                return false;
            }
        }
        let position = self.position();
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start,
            end: sound.end,
            cells: &[],
            kind: Some(sound.kind),
        };
        self.records += 1;
        self.out.facts.quoted_fields += sound.quoted;
        self.ending(&view, position, sound.ending, sound.next, chunk);
        self.out.lines += u64::from(sound.ending.len() > 0);
        if !self.declared_seen && !view.slice(&(start..sound.end)).is_ascii() {
            self.declared_seen = true;
            self.out.diagnosis.declared();
        }
        self.count_columns(&view, sound.kind, &place);
        self.count(&view, position, sound.kind, &place, true);
        if !kind.keys.is_empty() {
            self.remember_keys(&view, position, sound.kind, &place);
        }
        true
    }

    /// BOM and end-of-file mark; the bytes between them are records.
    fn edges(&mut self, chunk: &Chunk<'_>) -> (usize, usize) {
        let mut start = 0;
        if chunk.first {
            start = super::edges::bom(self.plan, chunk, &mut self.out);
        }
        let mut end = chunk.bytes.len();
        if chunk.last {
            end = super::edges::eof_mark(self.plan, chunk, start, &mut self.out);
        }
        (start, end)
    }

    fn position(&self) -> Position {
        Position {
            record: self.records + 1,
            line: self.plan.has_lines().then_some(self.out.lines + 1),
        }
    }

    fn delimited(
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
        let cut = cutter.record(chunk.bytes, at, chunk.last, &self.counts, &mut cells);
        let result = cut.map(|cut| {
            self.delimited_record(chunk, at, &cut, &mut cells, chunk.first && at == first_at);
            cut.next
        });
        self.cells = cells;
        result
    }

    fn delimited_record(
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

    fn data_record(
        &mut self,
        chunk: &Chunk<'_>,
        start: usize,
        cut: &Cut,
        cells: &mut Vec<Cell>,
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
        let kind = self.delimited_kind(chunk, cells);
        let known = kind.or(if plan.kinds.len() == 1 { Some(0) } else { None });
        let expected = known
            .and_then(|k| plan.kinds.get(k))
            .map_or(most, |k| k.fields.len());
        let shown: Vec<Cell> = cells.clone();
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start,
            end: cut.end,
            cells: &shown,
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
        self.quoting(&view, position);
        let skipped = cut.quote.map(|(_, field, _)| field).or(cut.bare_newline);
        self.fields(&view, position, kind, cells, skipped);
    }

    fn delimited_kind(&self, chunk: &Chunk<'_>, cells: &[Cell]) -> Option<usize> {
        let plan = self.plan;
        if let [only] = plan.kinds.as_slice()
            && only.place.is_none()
        {
            return Some(0);
        }
        let fits = |kind: &super::plan::KindPlan<'_>| match kind.place {
            Some(Place::Field(field)) => cells
                .get(field)
                .is_some_and(|c| chunk.bytes.get(c.value.clone()) == Some(kind.value.as_slice())),
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
    fn header(&mut self, chunk: &Chunk<'_>, start: usize, cut: &Cut, cells: &[Cell]) -> bool {
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start,
            end: cut.end,
            cells,
            kind: None,
        };
        super::header::judge(self.plan, &view, &mut self.out)
    }

    fn fixed(&mut self, chunk: &Chunk<'_>, at: usize) -> Result<usize, Incomplete> {
        let plan = self.plan;
        let cutter = FixedCutter {
            length: plan.record_length,
            newline: plan.settings.newline,
            limit: MAX_RECORD,
        };
        let cut = cutter.record(chunk.bytes, at, chunk.last, &mut |at| {
            self.looks_like_record(chunk, at)
        })?;
        self.fixed_record(chunk, at, cut);
        Ok(cut.next)
    }

    /// True when the bytes at an offset look like a record: its kind is known and all its fields are sound.
    fn looks_like_record(&mut self, chunk: &Chunk<'_>, at: usize) -> bool {
        let end = at + self.plan.record_length;
        if end > chunk.bytes.len() {
            return false;
        }
        let Some(kind) = self.fixed_kind(chunk, at, end) else {
            return false;
        };
        let mut cells = self.fixed_cells(kind, at, end);
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
        for (index, cell) in cells.iter_mut().enumerate() {
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
        faults == 0
    }

    fn fixed_kind(&self, chunk: &Chunk<'_>, start: usize, end: usize) -> Option<usize> {
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

    fn fixed_cells(&self, kind: usize, start: usize, end: usize) -> Vec<Cell> {
        let fields = self.plan.kinds.get(kind).map_or(&[][..], |k| &k.fields);
        let cell = |f: &super::plan::FieldPlan<'_>| {
            let at = (start + f.start).min(end)..(start + f.start + f.width).min(end);
            Cell {
                raw: at.clone(),
                value: at,
                quoted: false,
                newline: false,
            }
        };
        fields.iter().map(cell).collect()
    }

    fn fixed_record(&mut self, chunk: &Chunk<'_>, start: usize, cut: FixedCut) {
        let plan = self.plan;
        let position = self.position();
        self.records += 1;
        let length = cut.end - start;
        let kind = self.fixed_kind(chunk, start, cut.end);
        let mut cells = kind.map_or_else(Vec::new, |kind| self.fixed_cells(kind, start, cut.end));
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
        if let Some((field, shift)) = super::shift::find(self.plan, &mut self.checker, &view, kind)
        {
            super::shift::tell(
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
        self.fields(&view, position, kind, &mut cells, None);
    }

    /// Where a record of the wrong length lost or gained its bytes: the first field that is not sound although all before are.
    fn shift_hint(
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
        let field = super::shift::first_unsound(self.plan, &mut self.checker, &view, kind)?;
        let name = self.plan.layout.field_name(kind, field);
        Some(Bilingual::new(
            format!("。項目「{name}」の付近から位置がずれている"),
            format!("; positions shift near {name}"),
        ))
    }

    /// Checks the fields of a record of a known kind, and what goes across them.
    fn fields(
        &mut self,
        view: &View<'_>,
        position: Position,
        kind: usize,
        cells: &mut [Cell],
        skipped: Option<usize>,
    ) {
        let plan = self.plan;
        let Some(of) = plan.kinds.get(kind) else {
            return;
        };
        if self.is_foreign(view, position) {
            self.damaged(kind, view.spot(position, &(view.start..view.end)));
            return;
        }
        let mut sound = true;
        for (index, cell) in cells.iter_mut().enumerate() {
            let ok = Some(index) != skipped
                && self
                    .checker
                    .check(view, position, kind, index, cell, &mut self.out.tally);
            sound &= ok || Some(index) == skipped;
            if let Some(field) = of.fields.get(index) {
                let (value, spot) = (view.slice(&cell.value), view.spot(position, &cell.value));
                let encoding = plan.settings.encoding;
                self.out.columns.look(field.subject, value, encoding, spot);
            }
            if cell.newline && !plan.settings.newline_in_field && Some(index) != skipped {
                self.newline_in_field(view, position, index);
            }
        }
        let places: Vec<Range<usize>> = cells.iter().map(|c| c.value.clone()).collect();
        let place = |index: usize| places.get(index).cloned().unwrap_or(view.start..view.end);
        self.count_columns(view, kind, &place);
        let value = |index: usize| cells.get(index).map_or(&[][..], |c| view.slice(&c.value));
        for (field, cell) in of.fields.iter().zip(&*cells) {
            if let Some(condition) = &field.condition
                && cell.value.is_empty()
                && condition.holds(&value)
            {
                let of_layout = plan
                    .layout
                    .kinds
                    .get(kind)
                    .and_then(|k| k.fields.get(field_index(of, field)));
                let text = of_layout.map_or(String::new(), |f| match &f.output {
                    Output::Conditional(_, text) => text.clone(),
                    _ => String::new(),
                });
                let at = &cell.value;
                view.tell(
                    plan,
                    &mut self.out.tally,
                    position,
                    (Check::ConditionalMissing, field.subject),
                    (at, at, field.sensitivity),
                    || Say {
                        expected: text,
                        args: title(plan, field),
                        ..Say::default()
                    },
                );
            }
        }
        self.record_rules(view, position, kind, cells);
        self.count(view, position, kind, &place, sound);
        self.remember_keys(view, position, kind, &place);
    }

    /// Counts the values of a record that hold characters beyond ASCII, column by column.
    #[inline]
    fn count_columns(
        &mut self,
        view: &View<'_>,
        kind: usize,
        place: &impl Fn(usize) -> Range<usize>,
    ) {
        let weight = weight(view.base + view.start as u64);
        let Some(of) = self.plan.kinds.get(kind).filter(|_| weight > 0) else {
            return;
        };
        for (index, field) in of.fields.iter().enumerate() {
            self.out
                .columns
                .count(field.subject, view.slice(&place(index)), weight);
        }
    }

    /// True when the record is in another encoding from its first to its last byte: one hit, and nothing about its fields.
    fn is_foreign(&mut self, view: &View<'_>, position: Position) -> bool {
        let plan = self.plan;
        let settings = plan.settings;
        let bytes = view.slice(&(view.start..view.end));
        if bytes.is_ascii() {
            return false;
        }
        let fault = if super::diagnose::surely_reads(bytes, settings.encoding) {
            None
        } else {
            units(bytes, settings.encoding, settings.dialect)
                .find(|u| matches!(u.what, What::Fault(_)))
        };
        let reading = self
            .out
            .diagnosis
            .record(bytes, settings.encoding, fault.is_some());
        let (Reading::Foreign(_), Some(fault)) = (reading, fault) else {
            return false;
        };
        let at =
            view.start + fault.bytes.start..view.start + fault.bytes.end.max(fault.bytes.start + 1);
        view.tell(
            plan,
            &mut self.out.tally,
            position,
            (Check::MixedEncodings, FILE),
            (&at, &at, Sensitivity::Personal),
            || Say {
                expected: settings.encoding.name().to_owned(),
                observed: Some(reading.name().to_owned()),
                exposed: true,
                ..Say::default()
            },
        );
        true
    }

    fn record_rules(&mut self, view: &View<'_>, position: Position, kind: usize, cells: &[Cell]) {
        let plan = self.plan;
        let Some(of) = plan.kinds.get(kind) else {
            return;
        };
        let value = |index: usize| cells.get(index).map_or(&[][..], |c| view.slice(&c.value));
        for rule in &of.rules {
            if rule.when.as_ref().is_some_and(|when| !when.holds(&value)) || rule.then.holds(&value)
            {
                continue;
            }
            let at = cells
                .get(rule.field)
                .map_or(view.start..view.end, |c| c.value.clone());
            let sensitivity = of
                .fields
                .get(rule.field)
                .map_or(Sensitivity::Personal, |f| f.sensitivity);
            let text = plan.layout.rules.get(rule.rule);
            view.tell(
                plan,
                &mut self.out.tally,
                position,
                (Check::RecordCondition, rule.subject),
                (&at, &at, sensitivity),
                || {
                    let (id, message) = text.map_or((String::new(), Bilingual::default()), |r| {
                        (r.id.clone(), r.message.clone())
                    });
                    Say {
                        expected: text.map_or(String::new(), |r| r.text.clone()),
                        args: vec![("id", id), ("rule_ja", message.ja), ("rule_en", message.en)],
                        ..Say::default()
                    }
                },
            );
        }
    }

    /// Counts the record and adds its amounts to the segment.
    fn count(
        &mut self,
        view: &View<'_>,
        position: Position,
        kind: usize,
        place: &impl Fn(usize) -> Range<usize>,
        sound: bool,
    ) {
        let plan = self.plan;
        let Some(of) = plan.kinds.get(kind) else {
            return;
        };
        self.segment(Some(kind), view.spot(position, &(view.start..view.end)));
        if of.counted.is_empty() && of.claimed.is_empty() {
            return;
        }
        let value = |index: usize| view.slice(&place(index));
        let amount = |index: usize| {
            let zoned = of
                .fields
                .get(index)
                .is_some_and(|f| f.kind == FieldType::Zoned);
            if zoned {
                number::zoned(value(index))
            } else {
                number::integer(value(index))
            }
        };
        let Some(segment) = self.out.segments.last_mut() else {
            return;
        };
        for (plan, sum) in of.counted.iter().zip(&mut segment.sums) {
            if plan.when.as_ref().is_none_or(|when| when.holds(&value)) {
                let more = plan.field.map_or(Some(1), amount);
                sum.1 = sum.1.zip(more).and_then(|(a, b)| a.checked_add(b));
            } else if !sound && plan.when.is_some() {
                // The field that the condition looks at may be the broken one.
                sum.1 = None;
            }
        }
        for (total, field) in &of.claimed {
            let at = place(*field);
            let sensitivity = of
                .fields
                .get(*field)
                .map_or(Sensitivity::No, |f| f.sensitivity);
            let parts = plan.layout.totals.get(*total).and_then(|t| match &t.of {
                crate::spec::layout::TotalOf::Parts(parts) => {
                    parts.iter().try_fold(0i128, |sum, (plus, field)| {
                        let part = amount(*field)?;
                        sum.checked_add(if *plus { part } else { -part })
                    })
                }
                _ => None,
            });
            segment.claims.push(Claim {
                total: *total,
                stated: amount(*field),
                parts,
                spot: view.spot(position, &at),
                detail: Detail {
                    hex: view.hex(plan, &at, sensitivity, false),
                    ruler: Some(view.ruler(plan, &at, false)),
                    ..Detail::default()
                },
            });
        }
    }

    /// A record whose kind is known and whose fields are not: it counts, but sums with it cannot be told.
    fn damaged(&mut self, kind: usize, spot: Spot) {
        self.segment(Some(kind), spot);
        let Some(of) = self.plan.kinds.get(kind) else {
            return;
        };
        let Some(segment) = self.out.segments.last_mut() else {
            return;
        };
        for (plan, sum) in of.counted.iter().zip(&mut segment.sums) {
            sum.1 = match plan {
                p if p.field.is_none() && p.when.is_none() => sum.1.map(|n| n + 1),
                _ => None,
            };
        }
    }

    fn segment(&mut self, kind: Option<usize>, spot: Spot) {
        if let Some(count) = kind.and_then(|k| self.out.facts.records_by_kind.get_mut(k)) {
            count.1 += 1;
        }
        if let Some(last) = self.out.segments.last_mut()
            && last.kind == kind
            && last.claims.is_empty()
            && kind.is_none_or(|k| self.plan.kinds.get(k).is_some_and(|k| k.claimed.is_empty()))
        {
            last.count += 1;
            return;
        }
        let counted = kind
            .and_then(|k| self.plan.kinds.get(k))
            .map_or(&[][..], |k| &k.counted);
        let sums = counted.iter().map(|c| (c.total, Some(0))).collect();
        self.out.segments.push(Segment {
            kind,
            count: 1,
            spot,
            sums,
            claims: Vec::new(),
        });
    }

    fn remember_keys(
        &mut self,
        view: &View<'_>,
        position: Position,
        kind: usize,
        place: &impl Fn(usize) -> Range<usize>,
    ) {
        let Some(of) = self.plan.kinds.get(kind) else {
            return;
        };
        for (key, fields) in &of.keys {
            let first = fields.first().map_or(view.start..view.end, |f| place(*f));
            if let Some(entries) = self.out.keys.get_mut(*key) {
                let parts = fields.iter().map(|f| view.slice(&place(*f)));
                entries.add(parts, view.spot(position, &first));
            }
        }
    }

    /// A hit about a record as a whole.
    fn whole(
        &mut self,
        view: &View<'_>,
        position: Position,
        check: Check,
        say: impl FnOnce() -> Say,
    ) {
        let at = view.start..view.end;
        let plan = self.plan;
        self.out
            .tally
            .hit(check, FILE, view.spot(position, &at), || {
                let say = say();
                // The end of the record is what a wrong length shows; its beginning says which record it is.
                let end = view.end.saturating_sub(1).max(view.start)..view.end;
                Detail {
                    expected: say.expected,
                    observed: say.observed.unwrap_or_default(),
                    args: say.args,
                    ruler: Some(view.ruler(plan, &end, false)),
                    ..Detail::default()
                }
            });
    }

    fn unknown_kind(&mut self, view: &View<'_>, position: Position) {
        let plan = self.plan;
        let kinds: Vec<String> = plan
            .layout
            .kinds
            .iter()
            .filter_map(|k| k.discriminator.as_ref().map(|d| d.value.clone()))
            .collect();
        let place = plan.kinds.iter().find_map(|k| k.place);
        let width = plan.kinds.iter().map(|k| k.value.len()).max().unwrap_or(1);
        let at = match place {
            Some(Place::Byte(at)) => {
                (view.start + at).min(view.end)..(view.start + at + width).min(view.end)
            }
            Some(Place::Field(field)) => {
                let delimited = view.cells.get(field).map(|c| c.value.clone());
                let fixed = plan.kinds.first().and_then(|k| k.fields.get(field));
                delimited
                    .or_else(|| {
                        fixed.map(|f| {
                            (view.start + f.start).min(view.end)
                                ..(view.start + f.start + f.width).min(view.end)
                        })
                    })
                    .unwrap_or(view.start..view.end)
            }
            None => view.start..view.end,
        };
        view.tell(
            plan,
            &mut self.out.tally,
            position,
            (Check::UnknownKind, FILE),
            (&at, &at, Sensitivity::No),
            || Say {
                expected: kinds.join(" "),
                exposed: true,
                ..Say::default()
            },
        );
    }

    fn quote_fault(
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
        let at = at..(at + 1).min(view.end.max(at));
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

    fn newline_in_field(&mut self, view: &View<'_>, position: Position, field: usize) {
        let plan = self.plan;
        let Some(cell) = view.cells.get(field) else {
            return;
        };
        let known = view
            .kind
            .and_then(|k| plan.kinds.get(k))
            .and_then(|k| k.fields.get(field));
        let value = view.slice(&cell.raw);
        let offset = memchr::memchr2(b'\r', b'\n', value).unwrap_or(0);
        let length = super::delimited::ending(value, offset, true).map_or(1, Ending::len);
        let at = cell.raw.start + offset..cell.raw.start + offset + length;
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

    /// Newline behind a record.
    fn ending(
        &mut self,
        view: &View<'_>,
        position: Position,
        ending: Ending,
        next: usize,
        chunk: &Chunk<'_>,
    ) {
        let at = view.base + view.end as u64;
        let facts = &mut self.out.facts;
        match ending {
            Ending::Crlf => facts.crlf.add(at),
            Ending::Lf => facts.lf.add(at),
            Ending::Cr => facts.cr.add(at),
            Ending::Nothing | Ending::Endless => {}
        }
        let agreed = self.plan.settings.newline;
        let is_end = chunk.last && next >= chunk.bytes.len();
        let wrong = match (agreed, ending) {
            (_, Ending::Nothing) if is_end => false,
            (Newline::None, Ending::Nothing) => false,
            (Newline::None, _) => true,
            _ => !ending.is(agreed),
        };
        if wrong {
            let plan = self.plan;
            let range = view.end..view.end + ending.len();
            view.tell(
                plan,
                &mut self.out.tally,
                position,
                (Check::Newline, FILE),
                (&range, &range, Sensitivity::No),
                || Say {
                    expected: agreed.name().to_owned(),
                    observed: Some(ending.name().to_owned()),
                    exposed: true,
                    ..Say::default()
                },
            );
        }
        let range = view.end..view.end + ending.len();
        self.out.last_record = Some((view.spot(position, &range), ending));
    }

    fn quoting(&mut self, view: &View<'_>, position: Position) {
        let plan = self.plan;
        let settings = plan.settings;
        if settings.quoting == Quoting::Any && settings.empty != Empty::Quoted {
            return;
        }
        for (index, cell) in view.cells.iter().enumerate() {
            let value = view.slice(&cell.value);
            let needed = value
                .iter()
                .any(|b| *b == settings.delimiter || matches!(b, b'"' | b'\r' | b'\n'));
            let kokuho = needed
                || value.iter().any(|b| matches!(b, b',' | b' '))
                || has_kanji(value, settings);
            let wrong = match settings.quoting {
                Quoting::Always => {
                    !cell.quoted && !(value.is_empty() && settings.empty == Empty::Empty)
                }
                Quoting::Never => cell.quoted,
                Quoting::Minimal => cell.quoted && !needed && !value.is_empty(),
                Quoting::Kokuho => cell.quoted != kokuho && !(cell.quoted && value.is_empty()),
                Quoting::Any => false,
            } || (settings.empty == Empty::Quoted && value.is_empty() && !cell.quoted);
            if wrong {
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
                        expected: settings.quoting.name().to_owned(),
                        args: known.map_or(Vec::new(), |f| title(plan, f)),
                        ..Say::default()
                    },
                );
            }
        }
    }
}

fn field_index(kind: &super::plan::KindPlan<'_>, field: &super::plan::FieldPlan<'_>) -> usize {
    kind.fields
        .iter()
        .position(|f| f.subject == field.subject)
        .unwrap_or(0)
}

fn trim_spaces(value: &[u8]) -> &[u8] {
    let end = value
        .iter()
        .rposition(|b| *b != b' ')
        .map_or(0, |at| at + 1);
    value.get(..end).unwrap_or(value)
}

/// True when a value holds a two-byte (full-width) character.
fn has_kanji(value: &[u8], settings: &crate::spec::layout::FileSettings) -> bool {
    crate::encoding::units(value, settings.encoding, settings.dialect).any(|unit| match unit.what {
        crate::encoding::What::Char(c) => !c.is_ascii() && !crate::encoding::is_half_width(c),
        crate::encoding::What::Pair(..) => true,
        crate::encoding::What::Fault(_) => false,
    })
}

/// The names that a header row may hold.
pub(super) fn header_names(plan: &Plan<'_>, of: Header) -> Vec<String> {
    let fields = plan.layout.kinds.first().map_or(&[][..], |k| &k.fields);
    let name = |f: &crate::spec::layout::Field| match of {
        Header::Names => f.name.clone(),
        Header::Roman => f.roman.clone(),
        Header::Ids => f.item_id.clone(),
        Header::None => String::new(),
    };
    fields.iter().map(name).collect()
}
