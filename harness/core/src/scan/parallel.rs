//! Scans chunks on several threads. Where a chunk ends is guessed (behind a newline outside quotes, or at a multiple of the
//! record length); the scan of the chunk proves the guess or refutes it, and then the rest is scanned again from the right
//! place. So the result is that of one thread.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
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

/// Reads, hands out and merges on the caller's thread; `threads` workers scan.
pub(super) fn scan<R: Read>(
    plan: &Plan<'_>,
    threads: usize,
    reader: &mut Reader<R>,
    merged: &mut Merged<'_, '_, '_, '_>,
) -> io::Result<()> {
    let (give, take) = channel::<Piece>();
    let (hand_back, finished) = channel::<Done>();
    let take = Arc::new(Mutex::new(take));
    thread::scope(|scope| {
        for _ in 0..threads {
            let (take, hand_back) = (Arc::clone(&take), hand_back.clone());
            scope.spawn(move || work(plan, &take, &hand_back));
        }
        drop(hand_back);
        let result = drive(plan, threads, reader, merged, &give, &finished);
        // Closing the channel ends the workers.
        drop(give);
        result
    })
}

fn work(plan: &Plan<'_>, take: &Mutex<Receiver<Piece>>, hand_back: &Sender<Done>) {
    let mut worker = Worker::new(plan);
    loop {
        let piece = match take.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return,
        };
        let Ok(piece) = piece else { return };
        let report = worker.scan(piece.chunk());
        if hand_back.send((piece, report)).is_err() {
            return;
        }
    }
}

fn drive<R: Read>(
    plan: &Plan<'_>,
    threads: usize,
    reader: &mut Reader<R>,
    merged: &mut Merged<'_, '_, '_, '_>,
    give: &Sender<Piece>,
    finished: &Receiver<Done>,
) -> io::Result<()> {
    let gone = || io::Error::other("a worker thread ended early");
    let mut cutter = PieceCutter {
        plan,
        buffer: Vec::new(),
        spare: Vec::new(),
        base: 0,
        index: 0,
        done: false,
    };
    let mut line = InOrder {
        plan,
        waiting: BTreeMap::new(),
        next: 0,
        expected: 0,
        rest: Vec::new(),
    };
    let mut out = 0;
    loop {
        while out < threads * 2 {
            let Some(piece) = cutter.next(reader)? else {
                break;
            };
            give.send(piece).map_err(|_| gone())?;
            out += 1;
        }
        if out == 0 {
            return Ok(());
        }
        let done = finished.recv().map_err(|_| gone())?;
        out -= 1;
        line.waiting.insert(done.0.index, done);
        line.merge(merged, &mut cutter.spare)?;
    }
}

/// Cuts the input into pieces.
struct PieceCutter<'p, 'j> {
    plan: &'p Plan<'j>,
    buffer: Vec<u8>,
    /// Buffers of pieces that are merged: fresh memory costs more than what is read into it.
    spare: Vec<Vec<u8>>,
    base: u64,
    index: u64,
    done: bool,
}

impl PieceCutter<'_, '_> {
    fn next<R: Read>(&mut self, reader: &mut Reader<R>) -> io::Result<Option<Piece>> {
        if self.done {
            return Ok(None);
        }
        let mut last = reader.fill(&mut self.buffer)?;
        let mut cut = self.cut(last);
        while cut.is_none() {
            last = reader.fill(&mut self.buffer)?;
            cut = self.cut(last);
        }
        let end = cut.unwrap_or(self.buffer.len());
        let mut next = self.spare.pop().unwrap_or_default();
        next.clear();
        next.extend_from_slice(self.buffer.get(end..).unwrap_or(&[]));
        self.buffer.truncate(end + self.lookahead());
        let piece = Piece {
            index: self.index,
            end,
            base: self.base,
            first: self.base == 0,
            last,
            bytes: std::mem::replace(&mut self.buffer, next),
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

    fn cut(&self, last: bool) -> Option<usize> {
        let bytes = self.buffer.as_slice();
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
struct InOrder<'p, 'j> {
    plan: &'p Plan<'j>,
    waiting: BTreeMap<u64, Done>,
    next: u64,
    /// Offset at which the next record starts.
    expected: u64,
    /// Bytes before the next piece that belong to a record which is not whole yet.
    rest: Vec<u8>,
}

impl InOrder<'_, '_> {
    fn merge(
        &mut self,
        merged: &mut Merged<'_, '_, '_, '_>,
        spare: &mut Vec<Vec<u8>>,
    ) -> io::Result<()> {
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
            spare.push(piece.bytes);
            merged.add(report)?;
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
