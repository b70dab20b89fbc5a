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
pub(super) const HEAD: usize = 8 * 4 + 4 * 3;

pub(super) fn hash(bytes: &[u8]) -> u64 {
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
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

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
pub(super) struct Entry<'a> {
    pub(super) hash: u64,
    pub(super) spot: Spot,
    pub(super) key: &'a [u8],
}

/// The entry at an offset, and where the next one starts.
pub(super) fn entry_at(bytes: &[u8], at: usize) -> Option<(Entry<'_>, usize)> {
    let (head, rest) = bytes.get(at..)?.split_at_checked(HEAD)?;
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
    let length = half(40) as usize;
    let key = rest.get(..length)?;
    let line = word(16);
    let spot = Spot {
        record: Some(word(8)),
        line: (line > 0).then_some(line),
        at: word(24),
        in_record: u64::from(half(32)),
        length: u64::from(half(36)),
    };
    Some((
        Entry {
            hash: word(0),
            spot,
            key,
        },
        at + HEAD + length,
    ))
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

pub(super) const BUCKETS: usize = 64;

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
            // Hashes and places are sorted, not entries: nearly all hashes are alone, and those are done with.
            let mut order: Vec<(u64, usize)> = Vec::new();
            let mut at = 0;
            while let Some((entry, next)) = entry_at(&bytes, at) {
                order.push((entry.hash, at));
                at = next;
            }
            order.sort_unstable();
            for equal in order
                .chunk_by(|a, b| a.0 == b.0)
                .filter(|equal| equal.len() > 1)
            {
                let mut same: Vec<Entry<'_>> = equal
                    .iter()
                    .filter_map(|(_, at)| entry_at(&bytes, *at))
                    .map(|(entry, _)| entry)
                    .collect();
                same.sort_unstable_by(|a, b| (a.key, a.spot.record).cmp(&(b.key, b.spot.record)));
                for group in same.chunk_by(|a, b| a.key == b.key) {
                    let Some((first, again)) = group.split_first() else {
                        continue;
                    };
                    for entry in again {
                        found(Duplicate {
                            spot: entry.spot,
                            first: first.spot.record.unwrap_or(0),
                            key: entry.key.to_vec(),
                        });
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::InMemory;

    #[test]
    fn duplicates_are_exact_and_know_their_first_record() {
        let mut store = KeyStore::new(&InMemory);
        let mut chunk = KeyEntries::default();
        let keys: [[&[u8]; 2]; 5] = [
            [b"a", b"bc"],
            [b"ab", b"c"],
            [b"a", b"bc"],
            [b"", b""],
            [b"a", b"bc"],
        ];
        for (record, key) in (1..).zip(keys) {
            chunk.add(
                key.into_iter(),
                Spot {
                    record: Some(record),
                    ..Spot::default()
                },
            );
        }
        store.merge(&chunk, 10, 0).expect("in memory");
        let mut seen = Vec::new();
        store
            .duplicates(&mut |d| seen.push((d.spot.record, d.first)))
            .expect("in memory");
        assert_eq!(seen, [(Some(13), 11), (Some(15), 11)]);
    }
}
