//! Scans pieces of a file on several threads. Where a piece ends is guessed (behind a newline outside quotes, or at a multiple
//! of the record length); the scan of the piece proves the guess or refutes it, and then the rest is scanned again from the
//! right place. So the result is that of one thread.
//!
//! Each thread reads a piece, scans it and merges what it showed, so that the bytes stay in the caches of one core and no
//! thread is there to wait for others only.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use memchr::{memchr_iter, memrchr, memrchr_iter};

use super::plan::Plan;
use super::run::{Merged, Reader};
use super::worker::{Chunk, MAX_RECORD, Report, Worker};
use crate::spec::layout::Newline;

/// A piece of the file on its way to a worker and back.
struct Piece {
    index: u64,
    bytes: Vec<u8>,
    end: usize,
    base: u64,
    first: bool,
    last: bool,
}

impl Piece {
    fn chunk(&self) -> Chunk<'_> {
        Chunk {
            bytes: &self.bytes,
            end: self.end,
            base: self.base,
            first: self.first,
            last: self.last,
        }
    }
}

type Done = (Piece, Report);

/// Reads, scans and merges on as many threads as the plan says, the caller's among them.
pub(super) fn scan<'p, 'j, R: Read + Send>(
    plan: &'p Plan<'j>,
    reader: &mut Reader<R>,
    merged: &mut Merged<'p, 'j, '_, '_>,
) -> io::Result<()> {
    let crew = Crew {
        plan,
        source: Mutex::new(PieceCutter::new(plan, reader)),
        line: Mutex::new(InOrder::new(plan, merged)),
        moved: Condvar::new(),
    };
    thread::scope(|scope| {
        for _ in 1..plan.threads {
            scope.spawn(|| crew.work());
        }
        crew.work();
    });
    let line = crew.line.into_inner();
    line.unwrap_or_else(PoisonError::into_inner).outcome
}

/// What the threads share: where pieces come from and where reports go.
struct Crew<'c, 'p, 'j, 's, 'w, R> {
    plan: &'p Plan<'j>,
    source: Mutex<PieceCutter<'c, 'p, 'j, R>>,
    line: Mutex<InOrder<'c, 'p, 'j, 's, 'w>>,
    /// The line moved on, or came to its end by an error.
    moved: Condvar,
}

impl<R: Read> Crew<'_, '_, '_, '_, '_, R> {
    fn work(&self) {
        let _alarm = Alarm(self);
        let mut worker = Worker::new(self.plan);
        let mut buffer = Vec::new();
        loop {
            let piece = match lock(&self.source).next(buffer) {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(error) => return self.stop(error),
            };
            // Pieces that wait for one before them take memory.
            let ahead = 2 * self.plan.threads as u64;
            let line = self.moved.wait_while(lock(&self.line), |line| {
                line.outcome.is_ok() && piece.index >= line.next + ahead
            });
            if line
                .unwrap_or_else(PoisonError::into_inner)
                .outcome
                .is_err()
            {
                return;
            }
            let report = worker.scan(piece.chunk());
            let mut line = lock(&self.line);
            line.waiting.insert(piece.index, (piece, report));
            if let Err(error) = line.merge() {
                drop(line);
                return self.stop(error);
            }
            buffer = line.spare.pop().unwrap_or_default();
            drop(line);
            self.moved.notify_all();
        }
    }

    /// Ends the work of all threads.
    fn stop(&self, error: io::Error) {
        lock(&self.line).outcome = Err(error);
        self.moved.notify_all();
    }
}

/// Wakes the threads that wait for one that ends early.
struct Alarm<'a, 'c, 'p, 'j, 's, 'w, R: Read>(&'a Crew<'c, 'p, 'j, 's, 'w, R>);

impl<R: Read> Drop for Alarm<'_, '_, '_, '_, '_, '_, R> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0
                .stop(io::Error::other("a thread that scans ended early"));
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Cuts the input into pieces.
struct PieceCutter<'c, 'p, 'j, R> {
    plan: &'p Plan<'j>,
    reader: &'c mut Reader<R>,
    /// Bytes behind the last piece that are read already.
    rest: Vec<u8>,
    base: u64,
    index: u64,
    done: bool,
}

impl<'c, 'p, 'j, R: Read> PieceCutter<'c, 'p, 'j, R> {
    fn new(plan: &'p Plan<'j>, reader: &'c mut Reader<R>) -> Self {
        Self {
            plan,
            reader,
            rest: Vec::new(),
            base: 0,
            index: 0,
            done: false,
        }
    }

    /// The next piece, in a buffer that is used again: fresh memory costs more than what is read into it.
    fn next(&mut self, mut buffer: Vec<u8>) -> io::Result<Option<Piece>> {
        if self.done {
            return Ok(None);
        }
        buffer.clear();
        buffer.extend_from_slice(&self.rest);
        let (last, end) = loop {
            let last = self.reader.fill(&mut buffer)?;
            if let Some(end) = self.cut(&buffer, last) {
                break (last, end);
            }
        };
        self.rest.clear();
        self.rest
            .extend_from_slice(buffer.get(end..).unwrap_or(&[]));
        buffer.truncate(end + self.lookahead());
        let piece = Piece {
            index: self.index,
            end,
            base: self.base,
            first: self.base == 0,
            last,
            bytes: buffer,
        };
        self.base += end as u64;
        self.index += 1;
        self.done = last;
        Ok(Some(piece))
    }

    /// Bytes behind a piece that its last record may look at.
    fn lookahead(&self) -> usize {
        if self.plan.record_length == 0 {
            0
        } else {
            3 * self.plan.record_length + 64
        }
    }

    fn cut(&self, bytes: &[u8], last: bool) -> Option<usize> {
        if last {
            return Some(bytes.len());
        }
        let usable = bytes.len().checked_sub(self.lookahead())?;
        let head = bytes.get(..usable)?;
        let found = match (self.plan.record_length, self.plan.settings.newline) {
            (0, _) => outside_quotes(head),
            (length, Newline::None) => Some(usable - usable % length),
            _ => memrchr(b'\n', head).map(|at| at + 1),
        };
        match found.filter(|at| *at > 0) {
            // Nothing to cut at in sight: any place will do, since the scan finds the right one.
            None if bytes.len() > 2 * MAX_RECORD => Some(usable).filter(|at| *at > 0),
            found => found,
        }
    }
}

/// Behind the last newline that an even number of quotes stands before.
fn outside_quotes(bytes: &[u8]) -> Option<usize> {
    let mut quotes = memchr_iter(b'"', bytes).count();
    let mut end = bytes.len();
    for at in memrchr_iter(b'\n', bytes) {
        quotes -= memchr_iter(b'"', bytes.get(at..end)?).count();
        if quotes.is_multiple_of(2) {
            return Some(at + 1);
        }
        end = at;
    }
    None
}

/// Merges reports in the order of the file.
struct InOrder<'c, 'p, 'j, 's, 'w> {
    plan: &'p Plan<'j>,
    merged: &'c mut Merged<'p, 'j, 's, 'w>,
    outcome: io::Result<()>,
    waiting: BTreeMap<u64, Done>,
    /// Buffers of pieces that are merged.
    spare: Vec<Vec<u8>>,
    next: u64,
    /// Offset at which the next record starts.
    expected: u64,
    /// Bytes before the next piece that belong to a record which is not whole yet.
    rest: Vec<u8>,
}

impl<'c, 'p, 'j, 's, 'w> InOrder<'c, 'p, 'j, 's, 'w> {
    fn new(plan: &'p Plan<'j>, merged: &'c mut Merged<'p, 'j, 's, 'w>) -> Self {
        Self {
            plan,
            merged,
            outcome: Ok(()),
            waiting: BTreeMap::new(),
            spare: Vec::new(),
            next: 0,
            expected: 0,
            rest: Vec::new(),
        }
    }

    /// Merges what waits, as far as nothing is missing before it.
    fn merge(&mut self) -> io::Result<()> {
        while let Some((piece, report)) = self.waiting.remove(&self.next) {
            self.next += 1;
            let (piece, report) = if self.expected == piece.base && self.rest.is_empty() {
                (piece, report)
            } else {
                self.again(piece)
            };
            let reached = piece.base + report.consumed as u64;
            self.rest = piece
                .bytes
                .get(report.consumed..piece.end)
                .map_or(Vec::new(), <[u8]>::to_vec);
            self.expected = reached;
            self.spare.push(piece.bytes);
            self.merged.add(report)?;
        }
        Ok(())
    }

    /// Scans a piece from where the last record really ended.
    fn again(&mut self, piece: Piece) -> (Piece, Report) {
        let mut bytes = std::mem::take(&mut self.rest);
        let skip = usize::try_from(self.expected.saturating_sub(piece.base)).unwrap_or(usize::MAX);
        let before = bytes.len();
        bytes.extend_from_slice(piece.bytes.get(skip..).unwrap_or(&[]));
        let end = (before + piece.end).saturating_sub(skip);
        let piece = Piece {
            bytes,
            end,
            base: self.expected,
            first: self.expected == 0,
            ..piece
        };
        let report = Worker::new(self.plan).scan(piece.chunk());
        (piece, report)
    }
}
