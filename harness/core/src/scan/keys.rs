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
            while let Some(entry) = Entry::at(bytes, at) {
                found(entry.spot(chunk), entry.key);
                at = entry.end;
            }
        }
    }

    /// Empty, with room for as many keys as these.
    pub(super) fn emptied(&self) -> Self {
        let room = |bucket: &Vec<u8>| Vec::with_capacity(bucket.len() + bucket.len() / 4);
        Self {
            buckets: self.buckets.iter().map(room).collect(),
            key: Vec::new(),
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
        let mut place = Place::default();
        // What is nearly always equal or near to another number takes one byte as a difference.
        let (record, line) = (spot.record.unwrap_or(0), spot.line.unwrap_or(0));
        place.put(spot.at);
        place.put(record);
        place.put(zigzag(line.wrapping_sub(record)));
        place.put(spot.in_record);
        place.put(zigzag(spot.length.wrapping_sub(key.len() as u64)));
        let mut head = Place::default();
        head.put(place.length as u64);
        head.put(key.len() as u64);
        bucket.extend_from_slice(head.bytes());
        bucket.extend_from_slice(key);
        bucket.extend_from_slice(place.bytes());
    }
}

/// Five numbers of 64 bits take at most so many bytes.
const LONGEST: usize = 5 * 10;

/// Numbers of seven bits a byte, the low ones first (LEB128).
struct Place {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            bytes: [0; LONGEST],
            length: 0,
        }
    }
}

impl Place {
    fn put(&mut self, mut number: u64) {
        loop {
            let more = number > 0x7F;
            if let Some(slot) = self.bytes.get_mut(self.length) {
                *slot = number as u8 & 0x7F | u8::from(more) << 7;
                self.length += 1;
            }
            number >>= 7;
            if !more {
                return;
            }
        }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}

/// The number at an offset, and the offset behind it.
fn number(bytes: &[u8], mut at: usize) -> Option<(u64, usize)> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        number |= u64::from(byte & 0x7F).checked_shl(shift)?;
        shift += 7;
        if byte < 0x80 {
            return Some((number, at));
        }
    }
}

/// A difference as a number that is small when it is near zero, on either side.
fn zigzag(difference: u64) -> u64 {
    difference << 1 ^ ((difference as i64 >> 63) as u64)
}

fn unzigzag(number: u64) -> u64 {
    number >> 1 ^ (number & 1).wrapping_neg()
}

fn long(bytes: &[u8], at: usize) -> u64 {
    let word = bytes.get(at..at + 8).and_then(|w| w.try_into().ok());
    word.map_or(0, u64::from_le_bytes)
}

/// A key with its place: length of the place, length of the key, key, place.
struct Entry<'a> {
    key: &'a [u8],
    place: &'a [u8],
    /// Where the next entry begins.
    end: usize,
}

impl<'a> Entry<'a> {
    fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        let (place, at) = number(bytes, at)?;
        let (length, at) = number(bytes, at)?;
        let (key, rest) = bytes.get(at..)?.split_at_checked(length as usize)?;
        Some(Self {
            key,
            place: rest.get(..place as usize)?,
            end: at + key.len() + place as usize,
        })
    }

    fn spot(&self, group: Group) -> Spot {
        let mut at = 0;
        let mut next = || {
            let (number, end) = number(self.place, at).unwrap_or((0, at));
            at = end;
            number
        };
        let (in_chunk, record) = (next(), next());
        let line = unzigzag(next()).wrapping_add(record);
        Spot {
            record: Some(record + group.records),
            line: (line > 0).then_some(line + group.lines),
            at: in_chunk,
            in_record: next(),
            length: unzigzag(next()).wrapping_add(self.key.len() as u64),
        }
    }
}

/// Where a chunk's entries begin in a bucket, and what came before the chunk.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    start: usize,
    records: u64,
    lines: u64,
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

/// Bytes of an entry with a key of usual length.
const USUAL: usize = 24;

/// Every key that occurs again in a bucket.
fn again(bytes: &[u8], found: &mut dyn FnMut(Duplicate)) {
    let mut groups: Vec<Group> = Vec::new();
    let mut known = Known::new(bytes.len() / USUAL);
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
            && let Some(entry) = Entry::at(bytes, at)
        {
            if let Some(known) = known.find_or_add(bytes, entry.key, at) {
                let after = groups.partition_point(|group| group.start <= known);
                let of = after.checked_sub(1).and_then(|n| groups.get(n));
                let first = Entry::at(bytes, known).map(|e| e.spot(*of.unwrap_or(&group)));
                found(Duplicate {
                    spot: entry.spot(group),
                    first: first.and_then(|spot| spot.record).unwrap_or(0),
                    key: entry.key.to_vec(),
                });
            }
            at = entry.end;
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
            if slot & !OFFSET == tag && Entry::at(bytes, known).is_some_and(|e| e.key == key) {
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
            let entry = Entry::at(bytes, (slot & OFFSET) as usize);
            let mut place = hash(entry.map_or(&[], |e| e.key)) as usize & self.mask;
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
