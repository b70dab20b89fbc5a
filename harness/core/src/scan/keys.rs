//! Keys that must be unique. Entries go to buckets by hash, which spill to scratch streams; equal hashes are compared byte by
//! byte, so the answer is exact and memory stays bounded.

use std::io;

use super::duplicates::{self, Found};
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
pub(super) struct Entry<'a> {
    pub(super) key: &'a [u8],
    place: &'a [u8],
    /// Where the next entry begins.
    end: usize,
}

impl<'a> Entry<'a> {
    pub(super) fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
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

/// The entries of a bucket one after another, chunk by chunk.
pub(super) struct Groups<'a> {
    bytes: &'a [u8],
    groups: Vec<Group>,
    at: usize,
    /// Where the entries of the chunk at hand end.
    end: usize,
}

impl<'a> Groups<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            groups: Vec::new(),
            at: 0,
            end: 0,
        }
    }

    /// The next entry and its offset.
    #[inline]
    pub(super) fn next_entry(&mut self) -> Option<(usize, Entry<'a>)> {
        while self.at >= self.end {
            let head = self.bytes.get(self.at..self.at + GROUP)?;
            let start = self.at + GROUP;
            self.groups.push(Group {
                start,
                records: long(head, 0),
                lines: long(head, 8),
            });
            (self.at, self.end) = (start, start + long(head, 16) as usize);
        }
        let at = self.at;
        let entry = Entry::at(self.bytes, at)?;
        self.at = entry.end;
        Some((at, entry))
    }

    /// Where in the file the key of an entry stands that came already; `at`: offset of the entry.
    pub(super) fn spot(&self, at: usize, entry: &Entry<'_>) -> Spot {
        let after = self.groups.partition_point(|group| group.start <= at);
        let group = after.checked_sub(1).and_then(|n| self.groups.get(n));
        entry.spot(group.copied().unwrap_or_default())
    }
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

    /// Every key that occurs again; `all`: with each place.
    pub(super) fn duplicates(&mut self, threads: usize, all: bool) -> io::Result<Found> {
        duplicates::find(&mut self.spill, threads, all)
    }
}
