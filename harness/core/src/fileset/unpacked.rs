//! Unpacked files: one scratch stream for all of them, so that a set of many archives needs one open file.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::scan::{Scratch, ScratchStream};

/// The stream that unpacked files go to.
pub(super) struct Unpacked<'s> {
    scratch: &'s dyn Scratch,
    stream: Option<Shared>,
    end: u64,
}

type Shared = Arc<Mutex<Box<dyn ScratchStream>>>;

/// One unpacked file.
#[derive(Clone)]
pub(super) struct Span {
    stream: Shared,
    start: u64,
    pub(super) length: u64,
}

impl<'s> Unpacked<'s> {
    pub(super) fn new(scratch: &'s dyn Scratch) -> Self {
        Self {
            scratch,
            stream: None,
            end: 0,
        }
    }

    /// Bytes unpacked so far.
    pub(super) fn total(&self) -> u64 {
        self.end
    }

    /// Appends bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let stream = self.stream()?;
        let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
        stream.seek(SeekFrom::Start(self.end))?;
        stream.write_all(bytes)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// The file that was written since `start` (a former [`Self::total`]).
    pub(super) fn since(&mut self, start: u64) -> io::Result<Span> {
        Ok(Span {
            length: self.end.saturating_sub(start),
            stream: self.stream()?,
            start,
        })
    }

    fn stream(&mut self) -> io::Result<Shared> {
        if self.stream.is_none() {
            self.stream = Some(Arc::new(Mutex::new(self.scratch.create()?)));
        }
        let made = self.stream.clone();
        made.ok_or_else(|| io::Error::other("no scratch stream"))
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Span({}+{})", self.start, self.length)
    }
}

impl Span {
    pub(super) fn reader(&self) -> SpanReader {
        SpanReader {
            span: self.clone(),
            at: 0,
        }
    }
}

/// Reads a span.
pub(super) struct SpanReader {
    span: Span,
    at: u64,
}

impl Read for SpanReader {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let left = self.span.length.saturating_sub(self.at);
        let count = room.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let Some(room) = room.get_mut(..count).filter(|room| !room.is_empty()) else {
            return Ok(0);
        };
        let mut stream = self
            .span
            .stream
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        stream.seek(SeekFrom::Start(self.span.start + self.at))?;
        let read = stream.read(room)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for SpanReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.span.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let before = || io::Error::new(io::ErrorKind::InvalidInput, "before the start");
        self.at = at.ok_or_else(before)?;
        Ok(self.at)
    }
}
