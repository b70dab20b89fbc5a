//! Reads chunks, has them scanned, merges what they showed in the order of the file.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use super::collect::Collect;
use super::columns::Columns;
use super::cross::Cross;
use super::diagnose::{self, Diagnosis};
use super::ending::Ending;
use super::facts::FileFacts;
use super::finish;
use super::keys::KeyStore;
use super::order::Orders;
use super::plan::{BadRepertoire, Plan};
use super::tally::{Spot, Tally};
use super::worker::{Chunk, Report, Worker};
use super::{Job, Options, Scratch};
use crate::check::Sink;
use crate::encoding::Encoding;
use crate::encoding::diagnosis::{Census, mismatch};
use crate::spec::layout::Form;

/// What has been merged so far.
pub(super) struct Merged<'p, 'j, 's, 'w> {
    pub(super) plan: &'p Plan<'j>,
    pub(super) tally: Tally,
    pub(super) facts: FileFacts,
    pub(super) diagnosis: Diagnosis,
    columns: Columns,
    orders: Orders,
    cross: Cross<'p, 'j>,
    keys: Vec<KeyStore<'s>>,
    lines: u64,
    last_record: Option<(Spot, Ending)>,
    occurrences: Option<&'w mut (dyn Write + Send)>,
    /// Counts over the whole file, when its beginning is not as declared.
    census: Option<Census>,
    /// Occurrences may turn out to be consequences: they are kept back.
    hold: bool,
    collect: &'s [&'s dyn Collect],
}

/// Occurrences beyond this many are written although they may be consequences of one cause.
const MAX_HELD: usize = 1 << 20;

pub(super) fn check(
    mut job: Job<'_>,
    options: &Options<'_>,
    input: impl Read + Send,
    sink: &mut Sink,
) -> io::Result<FileFacts> {
    let encoding = job.settings.encoding;
    let fixed = matches!(job.layout.form, Form::Fixed { .. });
    if fixed && encoding == Encoding::Iso2022Jp {
        // Escape sequences take part of the width, so a field does not begin where the layout says: there is no such file.
        let what =
            format!("{encoding} has no fixed positions; declare the encoding of the records");
        return Err(io::Error::new(io::ErrorKind::Unsupported, what));
    }
    let mut reader = Reader::new(input, options);
    let small = reader.is_small()?;
    reader.suspect(encoding);
    let options = &Options {
        quick: options.quick.or(Some(!small)),
        ..*options
    };
    let plan = Plan::new(&job, options).map_err(|BadRepertoire(expression)| {
        let what = format!("repertoire `{expression}` cannot be compiled");
        io::Error::new(io::ErrorKind::InvalidInput, what)
    })?;
    let mut merged = Merged::new(&plan, job.scratch, options, job.occurrences.take());
    merged.hold = reader.census.is_some();
    merged.file_name();
    if plan.threads > 1 && !plan.wide && !plan.measured {
        super::parallel::scan(&plan, &mut reader, &mut merged)?;
    } else {
        scan_here(&plan, &mut reader, &mut merged)?;
    }
    merged.facts.bytes = reader.bytes;
    merged.facts.sha256 = reader.digest();
    merged.census = reader.census.take();
    merged.finish(sink)
}

/// Scans on the caller's thread.
fn scan_here<R: Read>(
    plan: &Plan<'_>,
    reader: &mut Reader<R>,
    merged: &mut Merged<'_, '_, '_, '_>,
) -> io::Result<()> {
    let mut worker = Worker::alone(plan);
    let mut buffer = Vec::new();
    let mut base = 0;
    loop {
        let last = reader.fill(&mut buffer)?;
        let chunk = Chunk {
            bytes: &buffer,
            end: buffer.len(),
            base,
            first: base == 0,
            last,
        };
        let report = worker.scan(chunk);
        let consumed = report.consumed;
        merged.add(report)?;
        if last {
            return Ok(());
        }
        base += consumed as u64;
        buffer.drain(..consumed.min(buffer.len()));
    }
}

/// Files below this many bytes take the exact path alone.
const SMALL: usize = 32 << 10;

/// The input, in pieces.
pub(super) struct Reader<R> {
    input: R,
    chunk: usize,
    hasher: Option<Sha256>,
    census: Option<Census>,
    bytes: u64,
    /// Read ahead and not handed out yet.
    ahead: Vec<u8>,
}

impl<R: Read> Reader<R> {
    fn new(input: R, options: &Options<'_>) -> Self {
        let hasher = options.digest.then(Sha256::new);
        Self {
            input,
            chunk: options.chunk_size.max(1),
            hasher,
            census: None,
            bytes: 0,
            ahead: Vec::new(),
        }
    }

    /// True when the whole input is small.
    fn is_small(&mut self) -> io::Result<bool> {
        let limit = u64::try_from(SMALL).unwrap_or(u64::MAX);
        (&mut self.input).take(limit).read_to_end(&mut self.ahead)?;
        Ok(self.ahead.len() < SMALL)
    }

    /// Counts over the whole file when its beginning is not what was declared.
    fn suspect(&mut self, declared: Encoding) {
        let mut head = Census::default();
        head.feed(&self.ahead);
        if mismatch(declared, &head).is_some() {
            self.census = Some(Census::default());
        }
    }

    /// Appends up to a chunk of bytes; true when the input is at its end.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>) -> io::Result<bool> {
        let from = buffer.len();
        // The first piece holds a whole byte order mark.
        let wanted = self.chunk.max(4_usize.saturating_sub(from));
        let ahead = wanted.min(self.ahead.len());
        buffer.extend(self.ahead.drain(..ahead));
        let rest = (wanted - ahead) as u64;
        buffer.reserve(wanted);
        let read = (&mut self.input).take(rest).read_to_end(buffer)?;
        let fresh = buffer.get(from..).unwrap_or(&[]);
        self.bytes += fresh.len() as u64;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(fresh);
        }
        if let Some(census) = &mut self.census {
            census.feed(fresh);
        }
        Ok((read as u64) < rest)
    }

    fn digest(&mut self) -> String {
        let Some(hasher) = self.hasher.take() else {
            return String::new();
        };
        hasher
            .finalize()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect()
    }
}

impl<'p, 'j, 's, 'w> Merged<'p, 'j, 's, 'w> {
    fn new(
        plan: &'p Plan<'j>,
        scratch: &'s dyn Scratch,
        options: &Options<'s>,
        occurrences: Option<&'w mut (dyn Write + Send)>,
    ) -> Self {
        let kinds = plan.layout.kinds.iter().map(|k| (k.id.clone(), 0));
        Self {
            plan,
            tally: Tally::new(plan.subjects.len(), plan.occurrences),
            facts: FileFacts {
                records_by_kind: kinds.collect(),
                ..FileFacts::default()
            },
            diagnosis: Diagnosis::default(),
            columns: Columns::default(),
            orders: Orders::file(plan),
            cross: Cross::new(plan),
            keys: plan
                .layout
                .unique
                .iter()
                .filter(|_| options.unique)
                .map(|_| KeyStore::new(scratch))
                .collect(),
            lines: 0,
            last_record: None,
            occurrences,
            census: None,
            hold: false,
            collect: options.collect,
        }
    }

    pub(super) fn add(&mut self, mut report: Report) -> io::Result<()> {
        let (records, lines) = (self.facts.records, self.lines);
        for segment in &mut report.segments {
            segment.spot = segment.spot.shifted(records, lines);
            for claim in &mut segment.claims {
                claim.spot = claim.spot.shifted(records, lines);
            }
        }
        for (store, keys) in self.keys.iter_mut().zip(&report.keys) {
            store.merge(keys, records, lines)?;
        }
        let wished = report.keys.get(self.plan.layout.unique.len()..);
        for (collection, keys) in self.collect.iter().zip(wished.unwrap_or(&[])) {
            collection.merge(keys, records, lines)?;
            collection.unread(&report.unread);
        }
        if let Some((spot, ending)) = report.last_record {
            self.last_record = Some((spot.shifted(records, lines), ending));
        }
        self.diagnosis.merge(&report.diagnosis, records);
        self.columns.merge(&report.columns, records, lines);
        self.tally.merge(report.tally, records, lines);
        let (orders, behind) = (std::mem::take(&mut report.orders), (records, lines));
        self.orders
            .merge(self.plan, orders, behind, &mut self.tally);
        self.cross.segments(report.segments, &mut self.tally);
        self.facts.merge(&report.facts);
        self.lines += report.lines;
        self.write_occurrences()
    }

    fn write_occurrences(&mut self) -> io::Result<()> {
        let held = self.tally.occurrences.as_ref().map_or(0, Vec::len);
        if self.hold && held < MAX_HELD {
            return Ok(());
        }
        let Some(out) = &mut self.occurrences else {
            return Ok(());
        };
        let Some(mut all) = self.tally.occurrences.replace(Vec::new()) else {
            return Ok(());
        };
        all.sort_by_key(|o| {
            (
                o.spot.record.is_none() && o.spot.at > 0,
                o.spot.record,
                o.spot.at,
                o.check,
            )
        });
        for occurrence in all {
            finish::write_occurrence(self.plan, &occurrence, out)?;
        }
        Ok(())
    }

    fn finish(mut self, sink: &mut Sink) -> io::Result<FileFacts> {
        if let Some((spot, ending)) = self.last_record {
            self.facts.final_newline = ending.len() > 0;
            super::edges::final_newline(self.plan, spot, ending, &mut self.tally);
        }
        let end = self.last_record.map_or(Spot::default(), |(spot, _)| spot);
        self.cross.end(end, &mut self.tally);
        self.empty();
        self.duplicates()?;
        self.columns.conclude(self.plan, &mut self.tally);
        self.diagnosis
            .conclude(self.plan, &mut self.tally, &mut self.facts);
        if let Some(mut census) = self.census.take() {
            census.finish();
            diagnose::whole_file(self.plan, &census, &mut self.tally, &mut self.facts);
        }
        self.hold = false;
        self.write_occurrences()?;
        finish::findings(self.plan, self.tally, sink);
        Ok(self.facts)
    }

    fn duplicates(&mut self) -> io::Result<()> {
        for (index, store) in self.keys.iter_mut().enumerate() {
            finish::duplicates(self.plan, index, store, &mut self.tally)?;
        }
        Ok(())
    }

    fn file_name(&mut self) {
        finish::file_name(self.plan, &mut self.tally, &mut self.facts);
    }

    fn empty(&mut self) {
        if self.facts.records == 0 {
            finish::empty(self.plan, &mut self.tally, &self.facts);
        }
    }
}
