//! Room for what does not fit into memory. The core knows no files: whoever calls hands in streams.

use std::io::{self, Read, Seek, SeekFrom, Write};

/// A stream that can be written, sought and read back.
pub trait ScratchStream: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> ScratchStream for T {}

/// Gives scratch streams; they vanish when dropped.
pub trait Scratch: Sync {
    /// A new, empty stream.
    ///
    /// # Errors
    /// When there is no room for one.
    fn create(&self) -> io::Result<Box<dyn ScratchStream>>;
}

/// Scratch in memory, for small inputs and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct InMemory;

impl Scratch for InMemory {
    fn create(&self) -> io::Result<Box<dyn ScratchStream>> {
        Ok(Box::new(io::Cursor::new(Vec::new())))
    }
}

/// Bytes kept in memory over all buckets before they go to the scratch stream.
const MEMORY: usize = 48 << 20;

/// Byte sequences by bucket, in memory as long as they are few.
pub(super) struct Spill<'s> {
    buckets: Vec<Vec<u8>>,
    /// Where parts of each bucket lie in the stream.
    written: Vec<Vec<(u64, usize)>>,
    scratch: &'s dyn Scratch,
    stream: Option<Box<dyn ScratchStream>>,
    end: u64,
    memory: usize,
}

impl<'s> Spill<'s> {
    pub(super) fn new(buckets: usize, scratch: &'s dyn Scratch) -> Self {
        Self::with_memory(buckets, scratch, MEMORY)
    }

    /// The same with another limit, in bytes.
    pub(super) fn with_memory(buckets: usize, scratch: &'s dyn Scratch, memory: usize) -> Self {
        Self {
            memory,
            buckets: vec![Vec::new(); buckets],
            written: vec![Vec::new(); buckets],
            scratch,
            stream: None,
            end: 0,
        }
    }

    /// The bucket to append to.
    pub(super) fn bucket(&mut self, bucket: usize) -> &mut Vec<u8> {
        let at = bucket % self.buckets.len().max(1);
        &mut self.buckets[at]
    }

    /// Writes the buckets out when they have grown too large.
    pub(super) fn relieve(&mut self) -> io::Result<()> {
        let held: usize = self.buckets.iter().map(Vec::len).sum();
        if held <= self.memory {
            return Ok(());
        }
        if self.stream.is_none() {
            self.stream = Some(self.scratch.create()?);
        }
        let Some(stream) = &mut self.stream else {
            return Ok(());
        };
        stream.seek(SeekFrom::Start(self.end))?;
        for (bucket, written) in self.buckets.iter_mut().zip(&mut self.written) {
            if bucket.is_empty() {
                continue;
            }
            stream.write_all(bucket)?;
            written.push((self.end, bucket.len()));
            self.end += bucket.len() as u64;
            bucket.clear();
        }
        Ok(())
    }

    /// All bytes of a bucket, in the order of writing; the bucket is empty afterwards.
    pub(super) fn take(&mut self, bucket: usize) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        for (at, length) in self
            .written
            .get_mut(bucket)
            .map(std::mem::take)
            .unwrap_or_default()
        {
            let Some(stream) = &mut self.stream else {
                break;
            };
            let from = out.len();
            out.resize(from + length, 0);
            stream.seek(SeekFrom::Start(at))?;
            stream.read_exact(out.get_mut(from..).unwrap_or(&mut []))?;
        }
        if let Some(held) = self.buckets.get_mut(bucket) {
            out.append(held);
        }
        Ok(out)
    }
}
