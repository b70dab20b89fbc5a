//! Looks for keys that occur again, bucket by bucket, on several threads.

use std::collections::BinaryHeap;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::keys::{BUCKETS, Entry, Groups, hash};
use super::scratch::Spill;
use super::tally::Spot;
use crate::check::MAX_SAMPLES;

/// A key that occurs again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Duplicate {
    pub(super) spot: Spot,
    /// Record that has the key first.
    pub(super) first: u64,
    pub(super) key: Vec<u8>,
}

/// A duplicate, ordered by its record.
struct ByRecord(Duplicate);

impl PartialEq for ByRecord {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for ByRecord {}

impl PartialOrd for ByRecord {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ByRecord {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.spot.record.cmp(&other.0.spot.record)
    }
}

/// The first duplicates of a file and the number of all, so that a file of nothing but duplicates takes no memory.
pub(super) struct Found {
    first: BinaryHeap<ByRecord>,
    pub(super) count: u64,
    /// Every place, when every occurrence is wanted.
    pub(super) all: Option<Vec<Spot>>,
}

impl Found {
    fn new(all: bool) -> Self {
        Self {
            first: BinaryHeap::new(),
            count: 0,
            all: all.then(Vec::new),
        }
    }

    fn add(&mut self, duplicate: Duplicate) {
        self.count += 1;
        if let Some(all) = &mut self.all {
            all.push(duplicate.spot);
        }
        self.keep(ByRecord(duplicate));
    }

    fn keep(&mut self, duplicate: ByRecord) {
        self.first.push(duplicate);
        if self.first.len() > MAX_SAMPLES {
            self.first.pop();
        }
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        if let (Some(all), Some(more)) = (&mut self.all, other.all) {
            all.extend(more);
        }
        other.first.into_iter().for_each(|found| self.keep(found));
    }

    /// The first duplicates in the order of the file.
    pub(super) fn take_first(&mut self) -> impl ExactSizeIterator<Item = Duplicate> + use<> {
        let first = std::mem::take(&mut self.first).into_sorted_vec();
        first.into_iter().map(|found| found.0)
    }
}

/// Every key that occurs again; `all`: with each place.
pub(super) fn find(spill: &mut Spill<'_>, threads: usize, all: bool) -> io::Result<Found> {
    let queue = Mutex::new((0..BUCKETS, spill));
    let search = || -> io::Result<Found> {
        let mut found = Found::new(all);
        loop {
            let bytes = {
                let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(bucket) = queue.0.next() else {
                    return Ok(found);
                };
                queue.1.take(bucket)?
            };
            again(&bytes, &mut found);
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(search)).collect();
        let mut found = search()?;
        for other in others {
            let part = other.join();
            found.merge(part.map_err(|_| io::Error::other("a search for keys ended early"))??);
        }
        Ok(found)
    })
}

/// Bytes of an entry with a key of usual length.
const USUAL: usize = 24;

/// Every key that occurs again in a bucket.
fn again(bytes: &[u8], found: &mut Found) {
    let mut groups = Groups::of(bytes);
    let mut known = Known::new(bytes.len() / USUAL);
    while let Some((at, entry)) = groups.next_entry() {
        if let Some(first) = known.find_or_add(bytes, entry.key, at) {
            found.add(Duplicate {
                spot: groups.spot(at, &entry),
                first: Entry::at(bytes, first)
                    .and_then(|entry| groups.spot(first, &entry).record)
                    .unwrap_or(0),
                key: entry.key.to_vec(),
            });
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
    use crate::scan::keys::{KeyEntries, KeyStore};

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
        let mut found = store.duplicates(2, true).expect("in memory");
        let seen: Vec<_> = found
            .take_first()
            .map(|d| (d.spot.record, d.first))
            .collect();
        assert_eq!(seen, [(Some(13), 11), (Some(15), 11)]);
        assert_eq!((found.count, found.all.map(|all| all.len())), (2, Some(2)));
    }
}
