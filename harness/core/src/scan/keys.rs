//! Keys that must be unique. Entries go to buckets by hash, which spill to scratch streams; equal hashes are compared byte by
//! byte, so the answer is exact and memory stays bounded.

use std::io;

use super::scratch::{Scratch, Spill};
use super::tally::Spot;

pub(super) const BUCKETS: usize = 64;

/// Keys of a chunk, by bucket: one entry after another. Only the engine looks inside.
#[derive(Clone, Debug, Default)]
pub struct KeyEntries {
    buckets: Vec<Vec<u8>>,
    /// The key that is being put together.
    key: Vec<u8>,
}

/// Bytes before the key in an entry: offset, record and line in the chunk, offset in the record, length, length of the key.
const HEAD: usize = 8 + 4 * 5;
/// Bytes before the entries of a chunk in a bucket: records and lines before the chunk, bytes of its entries.
const GROUP: usize = 8 * 3;

pub(super) fn hash(bytes: &[u8]) -> u64 {
    // Multiply and fold, eight bytes at a time; keys come from the file, and a flood of equal hashes costs time, not truth.
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.try_into().map_or(0, u64::from_le_bytes);
        state = mix(state ^ word);
    }
    let tail = chunks
        .remainder()
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte));
    mix(state ^ tail ^ (bytes.len() as u64) << 56)
}

fn mix(word: u64) -> u64 {
    let wide = u128::from(word) * 0xD6E8_FEB8_6659_FD93;
    (wide as u64) ^ ((wide >> 64) as u64)
}

pub(super) fn bucket_of(hash: u64) -> usize {
    (hash >> 58) as usize
}

impl KeyEntries {
    /// Adds a key made of parts. A key without any value is no key. The spot counts from the chunk's start.
    pub(super) fn add<'a>(&mut self, mut parts: impl Iterator<Item = &'a [u8]>, spot: Spot) {
        let first = parts.next().unwrap_or(&[]);
        let Some(second) = parts.next() else {
            return self.put(first, spot);
        };
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        key.extend_from_slice(first);
        let mut filled = !first.is_empty();
        for part in std::iter::once(second).chain(parts) {
            // A byte that no value holds unreported keeps ("a", "bc") and ("ab", "c") apart.
            key.push(0);
            filled |= !part.is_empty();
            key.extend_from_slice(part);
        }
        if filled {
            self.put(&key, spot);
        }
        self.key = key;
    }

    /// Calls `found` with the place and the bytes of each key, bucket by bucket.
    pub(super) fn each(&self, found: &mut dyn FnMut(Spot, &[u8])) {
        let chunk = Group::default();
        for bytes in &self.buckets {
            let mut at = 0;
            while let Some(key) = key_at(bytes, at) {
                found(spot_at(bytes, at, chunk), key);
                at += HEAD + key.len();
            }
        }
    }

    fn put(&mut self, key: &[u8], spot: Spot) {
        if key.is_empty() {
            return;
        }
        if self.buckets.is_empty() {
            self.buckets = vec![Vec::new(); BUCKETS];
        }
        let Some(bucket) = self.buckets.get_mut(bucket_of(hash(key))) else {
            return;
        };
        let mut head = [0u8; HEAD];
        // Chunks are smaller than 4 GiB.
        let words = [
            spot.record.unwrap_or(0) as u32,
            spot.line.unwrap_or(0) as u32,
            spot.in_record as u32,
            spot.length as u32,
            key.len() as u32,
        ];
        head[..8].copy_from_slice(&spot.at.to_le_bytes());
        for (slot, word) in head[8..].chunks_exact_mut(4).zip(words) {
            slot.copy_from_slice(&word.to_le_bytes());
        }
        bucket.extend_from_slice(&head);
        bucket.extend_from_slice(key);
    }
}

fn long(bytes: &[u8], at: usize) -> u64 {
    let word = bytes.get(at..at + 8).and_then(|w| w.try_into().ok());
    word.map_or(0, u64::from_le_bytes)
}

fn word(bytes: &[u8], at: usize) -> u64 {
    let word = bytes.get(at..at + 4).and_then(|w| w.try_into().ok());
    u64::from(word.map_or(0, u32::from_le_bytes))
}

/// The key of the entry at an offset.
fn key_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let (head, rest) = bytes.get(at..)?.split_at_checked(HEAD)?;
    rest.get(..word(head, 24) as usize)
}

/// Where a chunk's entries begin in a bucket, and what came before the chunk.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    start: usize,
    records: u64,
    lines: u64,
}

fn spot_at(bytes: &[u8], at: usize, group: Group) -> Spot {
    let head = bytes.get(at..at + HEAD).unwrap_or(&[]);
    let line = word(head, 12);
    Spot {
        record: Some(word(head, 8) + group.records),
        line: (line > 0).then_some(line + group.lines),
        at: long(head, 0),
        in_record: word(head, 16),
        length: word(head, 20),
    }
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

impl<'s> KeyStore<'s> {
    pub(super) fn new(scratch: &'s dyn Scratch) -> Self {
        Self {
            spill: Spill::new(BUCKETS, scratch),
        }
    }

    /// Takes the keys of the next chunk, which follows `records` records and `lines` lines.
    pub(super) fn merge(&mut self, chunk: &KeyEntries, records: u64, lines: u64) -> io::Result<()> {
        for (at, entries) in chunk.buckets.iter().enumerate() {
            if entries.is_empty() {
                continue;
            }
            let out = self.spill.bucket(at);
            for word in [records, lines, entries.len() as u64] {
                out.extend_from_slice(&word.to_le_bytes());
            }
            out.extend_from_slice(entries);
        }
        self.spill.relieve()
    }

    /// Every key that occurs again, bucket by bucket, in the order of the file within each.
    pub(super) fn duplicates(&mut self, found: &mut dyn FnMut(Duplicate)) -> io::Result<()> {
        for bucket in 0..BUCKETS {
            again(&self.spill.take(bucket)?, found);
        }
        Ok(())
    }
}

/// Every key that occurs again in a bucket.
fn again(bytes: &[u8], found: &mut dyn FnMut(Duplicate)) {
    let mut groups: Vec<Group> = Vec::new();
    let mut known = Known::new(bytes.len() / (HEAD + 8));
    let mut at = 0;
    while let Some(head) = bytes.get(at..at + GROUP) {
        let group = Group {
            start: at + GROUP,
            records: long(head, 0),
            lines: long(head, 8),
        };
        let end = group.start + long(head, 16) as usize;
        groups.push(group);
        at = group.start;
        while at < end
            && let Some(key) = key_at(bytes, at)
        {
            if let Some(first) = known.find_or_add(bytes, key, at) {
                let after = groups.partition_point(|group| group.start <= first);
                let of = after.checked_sub(1).and_then(|n| groups.get(n));
                found(Duplicate {
                    spot: spot_at(bytes, at, group),
                    first: spot_at(bytes, first, *of.unwrap_or(&group))
                        .record
                        .unwrap_or(0),
                    key: key.to_vec(),
                });
            }
            at += HEAD + key.len();
        }
    }
}

/// The different keys of a bucket: a table with open addressing, of offsets and the parts of hashes that fit beside them.
struct Known {
    /// 0: free; otherwise 24 bits of the hash and 40 of the offset, which is never 0.
    slots: Vec<u64>,
    mask: usize,
    held: usize,
}

const OFFSET: u64 = (1 << 40) - 1;

impl Known {
    fn new(expected: usize) -> Self {
        let size = (expected * 3 / 2 + 16).next_power_of_two();
        Self {
            slots: vec![0; size],
            mask: size - 1,
            held: 0,
        }
    }

    /// The offset of the entry that has the key already; otherwise the entry at `at` is the first.
    fn find_or_add(&mut self, bytes: &[u8], key: &[u8], at: usize) -> Option<usize> {
        if self.held * 4 >= self.slots.len() * 3 {
            self.grow(bytes);
        }
        let hash = hash(key);
        let mut place = hash as usize & self.mask;
        // The bits of the bucket and of the place are the same for neighbours; those between tell more.
        let tag = hash >> 34 << 40;
        while let Some(slot) = self.slots.get(place).copied().filter(|slot| *slot != 0) {
            let known = (slot & OFFSET) as usize;
            if slot & !OFFSET == tag && key_at(bytes, known) == Some(key) {
                return Some(known);
            }
            place = (place + 1) & self.mask;
        }
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = tag | at as u64 & OFFSET;
            self.held += 1;
        }
        None
    }

    fn grow(&mut self, bytes: &[u8]) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        self.mask = size - 1;
        for slot in old.into_iter().filter(|slot| *slot != 0) {
            let key = key_at(bytes, (slot & OFFSET) as usize).unwrap_or(&[]);
            let mut place = hash(key) as usize & self.mask;
            while self.slots.get(place).is_some_and(|slot| *slot != 0) {
                place = (place + 1) & self.mask;
            }
            if let Some(free) = self.slots.get_mut(place) {
                *free = slot;
            }
        }
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
