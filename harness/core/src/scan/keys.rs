//! Uniqueness of keys over a whole file. Keys go into buckets by hash, which spill to scratch streams; equal hashes are
//! compared byte by byte, so the answer is exact and memory stays bounded.

use std::io;

use super::scratch::{Scratch, Spill};
use super::tally::Spot;

/// Keys of a chunk: one entry after another.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyEntries {
    bytes: Vec<u8>,
}

/// Bytes before the key in an entry: hash, record, line, offset, offset in record, length, length of the key.
const HEAD: usize = 8 * 4 + 4 * 3;

fn hash(bytes: &[u8]) -> u64 {
    // Multiply and fold, eight bytes at a time; keys come from the file, and a flood of equal hashes costs time, not truth.
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.try_into().map_or(0, u64::from_le_bytes);
        state = mix(state ^ word);
    }
    let mut tail = [0; 8];
    for (slot, byte) in tail.iter_mut().zip(chunks.remainder()) {
        *slot = *byte;
    }
    mix(state ^ u64::from_le_bytes(tail) ^ (bytes.len() as u64) << 56)
}

fn mix(word: u64) -> u64 {
    let wide = u128::from(word) * 0xD6E8_FEB8_6659_FD93;
    (wide as u64) ^ ((wide >> 64) as u64)
}

impl KeyEntries {
    /// Adds a key made of parts. A key without any value is no key.
    pub(super) fn add<'a>(&mut self, parts: impl Iterator<Item = &'a [u8]>, spot: Spot) {
        let start = self.bytes.len();
        self.bytes.resize(start + HEAD, 0);
        let mut filled = false;
        let mut many = false;
        for part in parts {
            // A byte that no value holds unreported keeps ("a", "bc") and ("ab", "c") apart.
            if many {
                self.bytes.push(0);
            }
            filled |= !part.is_empty();
            self.bytes.extend_from_slice(part);
            many = true;
        }
        if !filled {
            self.bytes.truncate(start);
            return;
        }
        let key = self.bytes.get(start + HEAD..).unwrap_or(&[]);
        let (hash, length) = (hash(key), key.len());
        let mut head = [0u8; HEAD];
        let words = [
            hash,
            spot.record.unwrap_or(0),
            spot.line.unwrap_or(0),
            spot.at,
        ];
        let halves = [spot.in_record as u32, spot.length as u32, length as u32];
        for (slot, word) in head.chunks_exact_mut(8).zip(words) {
            slot.copy_from_slice(&word.to_le_bytes());
        }
        for (slot, half) in head[32..].chunks_exact_mut(4).zip(halves) {
            slot.copy_from_slice(&half.to_le_bytes());
        }
        if let Some(slots) = self.bytes.get_mut(start..start + HEAD) {
            slots.copy_from_slice(&head);
        }
    }
}

/// One entry, read back.
#[derive(Clone, Copy, Debug)]
struct Entry<'a> {
    hash: u64,
    spot: Spot,
    key: &'a [u8],
}

fn entries(mut bytes: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    std::iter::from_fn(move || {
        let (head, rest) = bytes.split_at_checked(HEAD)?;
        let word = |at: usize| {
            head.get(at..at + 8)
                .and_then(|w| w.try_into().ok())
                .map_or(0, u64::from_le_bytes)
        };
        let half = |at: usize| {
            head.get(at..at + 4)
                .and_then(|w| w.try_into().ok())
                .map_or(0, u32::from_le_bytes)
        };
        let (key, after) = rest.split_at_checked(half(40) as usize)?;
        bytes = after;
        let line = word(16);
        let spot = Spot {
            record: Some(word(8)),
            line: (line > 0).then_some(line),
            at: word(24),
            in_record: u64::from(half(32)),
            length: u64::from(half(36)),
        };
        Some(Entry {
            hash: word(0),
            spot,
            key,
        })
    })
}

/// A key that occurs again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Duplicate {
    pub(super) spot: Spot,
    /// Record that has the key first.
    pub(super) first: u64,
    pub(super) key: Vec<u8>,
}

/// All keys of a file.
pub(super) struct KeyStore<'s> {
    spill: Spill<'s>,
}

const BUCKETS: usize = 64;

impl<'s> KeyStore<'s> {
    pub(super) fn new(scratch: &'s dyn Scratch) -> Self {
        Self {
            spill: Spill::new(BUCKETS, scratch),
        }
    }

    /// Takes the keys of the next chunk, which follows `records` records and `lines` lines.
    pub(super) fn merge(&mut self, chunk: &KeyEntries, records: u64, lines: u64) -> io::Result<()> {
        let mut rest = chunk.bytes.as_slice();
        while let Some((head, tail)) = rest.split_at_checked(HEAD) {
            let word = |at: usize| {
                head.get(at..at + 8)
                    .and_then(|w| w.try_into().ok())
                    .map_or(0, u64::from_le_bytes)
            };
            let length = head
                .get(40..44)
                .and_then(|w| w.try_into().ok())
                .map_or(0, u32::from_le_bytes) as usize;
            let (key, after) = tail.split_at_checked(length).unwrap_or((tail, &[]));
            let line = word(16);
            let bucket = (word(0) >> 58) as usize;
            let out = self.spill.bucket(bucket);
            out.extend_from_slice(head.get(..8).unwrap_or(&[]));
            out.extend_from_slice(&(word(8) + records).to_le_bytes());
            out.extend_from_slice(&(if line > 0 { line + lines } else { 0 }).to_le_bytes());
            out.extend_from_slice(head.get(24..).unwrap_or(&[]));
            out.extend_from_slice(key);
            rest = after;
        }
        self.spill.relieve()
    }

    /// Every key that occurs again, by record; calls `found` in no particular order of buckets, sorted within each.
    pub(super) fn duplicates(&mut self, found: &mut dyn FnMut(Duplicate)) -> io::Result<()> {
        for bucket in 0..BUCKETS {
            let bytes = self.spill.take(bucket)?;
            let mut all: Vec<Entry<'_>> = entries(&bytes).collect();
            all.sort_unstable_by(|a, b| {
                (a.hash, a.key, a.spot.record).cmp(&(b.hash, b.key, b.spot.record))
            });
            let mut first: Option<Entry<'_>> = None;
            for entry in all {
                match first {
                    Some(known) if known.hash == entry.hash && known.key == entry.key => {
                        found(Duplicate {
                            spot: entry.spot,
                            first: known.spot.record.unwrap_or(0),
                            key: entry.key.to_vec(),
                        })
                    }
                    _ => first = Some(entry),
                }
            }
        }
        Ok(())
    }
}
