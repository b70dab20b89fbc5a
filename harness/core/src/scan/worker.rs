//! Scans one chunk: cuts records, checks their fields, and keeps what later stages need. Chunks do not know of each other;
//! records and lines are counted from the chunk's start.

use super::columns::Columns;
use super::delimited::FieldCounts;
use super::diagnose::Diagnosis;
use super::ending::Ending;
use super::evidence::Cell;
use super::facts::FileFacts;
use super::field::{FieldChecker, Position};
use super::keys::KeyEntries;
use super::order::Orders;
use super::plan::Plan;
use super::quick::{Seen, Sound};
use super::tally::{Detail, Spot, Tally};
use super::walk::Walk;
use super::wide::Shadow;
use crate::spec::layout::Header;

mod delimited;
mod doubts;
mod fields;
mod fixed;
mod measured;
mod prove;
mod totals;
mod wide;

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
    /// Records that could not be read, while keys are collected.
    pub(super) unread: Vec<u8>,
    pub(super) diagnosis: Diagnosis,
    pub(super) columns: Columns,
    pub(super) orders: Orders,
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
    /// The cells of the record at hand as they were cut.
    shown: Vec<Cell>,
    out: Report,
    /// Records so far in this chunk.
    records: u64,
    /// A record that was proven ahead, and where; its fields.
    ahead: Option<(usize, Sound)>,
    seen_ahead: Seen,
    seen: Seen,
    /// A record with characters beyond ASCII was read as declared.
    declared_seen: bool,
    /// The chunk, one byte for each code unit, where records are cut on that.
    shadow: Option<Shadow>,
    /// Records whose fields were read.
    read: u64,
    /// It scans every chunk of the file, in order.
    alone: bool,
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
            shown: Vec::new(),
            out: Self::blank(plan),
            records: 0,
            ahead: None,
            seen_ahead: Seen::of(most),
            seen: Seen::of(most),
            declared_seen: false,
            shadow: None,
            read: 0,
            alone: false,
        }
    }

    /// A worker for every chunk of the file, in order: what it told once it only counts later.
    pub(super) fn alone(plan: &'p Plan<'j>) -> Self {
        Self {
            alone: true,
            ..Self::new(plan)
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
            keys: vec![KeyEntries::default(); plan.key_count],
            unread: Vec::new(),
            diagnosis: Diagnosis::default(),
            columns: Columns::default(),
            orders: Orders::chunk(plan),
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
        self.shadow = Shadow::of(body, start, self.plan.settings.encoding, chunk.last);
        let collects = self.plan.key_count > self.plan.layout.unique.len();
        while at < stop {
            // The first record may be a header row.
            if let Some(quick) = quick.filter(|_| at > start || !chunk.first)
                && let Some(next) = self.prove(quick, &inner, at)
            {
                at = next;
                continue;
            }
            let read = self.read;
            let next = if self.plan.measured {
                self.measured(&inner, at)
            } else if self.plan.record_length > 0 {
                self.fixed(&inner, at)
            } else {
                self.delimited(&inner, at, start)
            };
            match next {
                Ok(next) if next > at => {
                    if collects && read == self.read {
                        let record = inner.bytes.get(at..next).unwrap_or(&[]);
                        self.out.unread.extend_from_slice(record);
                    }
                    self.count_doubles(&inner, at..next);
                    at = next;
                }
                _ => break,
            }
        }
        self.out.consumed = if chunk.last { chunk.bytes.len() } else { at };
        self.out.facts.records = self.records;
        self.out.facts.non_ascii = self.plan.unit > 1
            || !chunk
                .bytes
                .get(..self.out.consumed)
                .unwrap_or(&[])
                .is_ascii();
        let mut next = Self::blank(self.plan);
        next.keys = self.out.keys.iter().map(KeyEntries::emptied).collect();
        if self.alone {
            next.tally = self.out.tally.following();
        }
        std::mem::replace(&mut self.out, next)
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
