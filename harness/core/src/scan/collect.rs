//! Keys that are looked up between files: what one file refers to, and what another one holds. Like unique keys they go into
//! buckets by hash and spill to scratch; equal hashes are compared byte by byte, so the answer is exact.

use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};

use super::keys::{BUCKETS, KeyEntries, bucket_of, hash};
use super::scratch::{Scratch, Spill};
use super::tally::Spot;
use crate::encoding::{Dialect, Encoding, decode};

/// Bytes of keys that one collection keeps in memory before it spills.
const MEMORY: usize = 12 << 20;

/// Bytes of unreadable records that are kept to look for keys in.
const MAX_UNREAD: usize = 1 << 20;

/// Records count from 1 in 48 bits; the file's number stands above them.
const RECORD_BITS: u32 = 48;

/// A key to collect from the files of one layout.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Kind of record, index in the layout.
    pub kind: usize,
    /// Fields, indices in the kind.
    pub fields: Vec<usize>,
    /// For each field: leading zeros do not count, because one of the sides pads with them.
    pub unpadded: Vec<bool>,
    /// Places are kept, so that keys can be told about; else only the keys.
    pub places: bool,
}

/// The keys of one [`Wish`], from one file or from several.
pub struct Collection<'s> {
    wish: Wish,
    state: Mutex<State<'s>>,
}

struct State<'s> {
    spill: Spill<'s>,
    file: u64,
    encoding: Encoding,
    dialect: Dialect,
    /// Records that could not be read; a key may stand in any of them.
    unread: Vec<u8>,
    /// More of them than are kept.
    overflow: bool,
}

impl fmt::Debug for Collection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Collection").field(&self.wish).finish()
    }
}

impl<'s> Collection<'s> {
    /// An empty collection.
    pub fn new(wish: Wish, scratch: &'s dyn Scratch) -> Self {
        let state = State {
            spill: Spill::with_memory(BUCKETS, scratch, MEMORY),
            file: 0,
            encoding: Encoding::Utf8,
            dialect: Dialect::Ms,
            unread: Vec::new(),
            overflow: false,
        };
        Self {
            wish,
            state: Mutex::new(state),
        }
    }

    /// Keys that follow are those of the file with this number (below 65,536), in this encoding.
    pub fn open_file(&self, file: u16, encoding: Encoding, dialect: Dialect) {
        let mut state = self.lock();
        state.file = u64::from(file);
        state.encoding = encoding;
        state.dialect = dialect;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State<'s>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn merge_entries(&self, keys: &KeyEntries, records: u64, lines: u64) -> io::Result<()> {
        let mut state = self.lock();
        let file = state.file << RECORD_BITS;
        let mut own = Vec::new();
        keys.each(&mut |spot, key| {
            let unchanged = key.is_ascii() && !self.wish.unpadded.contains(&true);
            own.clear();
            if unchanged {
                own.extend_from_slice(key);
            } else {
                self.neutral(key, &state, &mut own);
            }
            let hash = hash(&own);
            let out = state.spill.bucket(bucket_of(hash));
            let spot = spot.shifted(records, lines);
            write_entry(out, hash, spot, file, &own, self.wish.places);
        });
        state.spill.relieve()
    }

    /// The key as it compares with that of a file in another encoding, or of another form.
    fn neutral(&self, key: &[u8], state: &State<'_>, out: &mut Vec<u8>) {
        let mut unpadded = self.wish.unpadded.iter();
        for (index, part) in key.split(|b| *b == 0).enumerate() {
            if index > 0 {
                out.push(0);
            }
            let zeros = match unpadded.next() {
                Some(true) => part.iter().take_while(|b| **b == b'0').count(),
                _ => 0,
            };
            // The last zero of a zero is its value.
            let zeros = zeros.min(part.len().saturating_sub(1));
            let part = part.get(zeros..).unwrap_or(part);
            match decode(part, state.encoding, state.dialect) {
                Ok(text) if !part.is_ascii() => out.extend_from_slice(text.as_bytes()),
                // Bytes that are no text are told of elsewhere; they compare as they are.
                _ => out.extend_from_slice(part),
            }
        }
    }
}

/// What the engine hands keys to; a [`Collection`] behind it.
pub trait Collect: fmt::Debug + Sync {
    /// What to collect.
    fn wish(&self) -> &Wish;

    /// Takes the keys of the next chunk, which follows `records` records and `lines` lines.
    ///
    /// # Errors
    /// Scratch cannot be written.
    fn merge(&self, keys: &KeyEntries, records: u64, lines: u64) -> io::Result<()>;

    /// Notes records that could not be read.
    fn unread(&self, records: &[u8]);
}

impl Collect for Collection<'_> {
    fn wish(&self) -> &Wish {
        &self.wish
    }

    fn merge(&self, keys: &KeyEntries, records: u64, lines: u64) -> io::Result<()> {
        self.merge_entries(keys, records, lines)
    }

    fn unread(&self, records: &[u8]) {
        let mut state = self.lock();
        if records.is_empty() || state.overflow {
            return;
        }
        if state.unread.len() + records.len() > MAX_UNREAD {
            state.overflow = true;
        } else {
            state.unread.extend_from_slice(records);
        }
    }
}

/// Bytes before the key in an entry with a place: hash, record, line, offset, offset in record, length, length of the key.
const HEAD: usize = 8 * 4 + 4 * 3;

/// One entry, read back.
#[derive(Clone, Copy, Debug)]
struct Entry<'a> {
    hash: u64,
    spot: Spot,
    key: &'a [u8],
}

/// The entry at an offset, and where the next one starts.
fn entry_at(bytes: &[u8], at: usize) -> Option<(Entry<'_>, usize)> {
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

/// Bytes before the key of an entry without a place: hash and length.
const LEAN: usize = 8 + 4;

fn write_entry(out: &mut Vec<u8>, hash: u64, spot: Spot, file: u64, key: &[u8], places: bool) {
    let length = u32::try_from(key.len()).unwrap_or(u32::MAX).to_le_bytes();
    out.extend_from_slice(&hash.to_le_bytes());
    if places {
        out.extend_from_slice(&(spot.record.unwrap_or(0) | file).to_le_bytes());
        out.extend_from_slice(&spot.line.unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&spot.at.to_le_bytes());
        out.extend_from_slice(&(spot.in_record as u32).to_le_bytes());
        out.extend_from_slice(&(spot.length as u32).to_le_bytes());
    }
    out.extend_from_slice(&length);
    out.extend_from_slice(key);
}

/// Hash and place of each key of a bucket without places, sorted by hash.
fn index(bytes: &[u8]) -> Vec<(u64, usize)> {
    let mut order = Vec::new();
    let mut at = 0;
    while let Some((head, rest)) = bytes.get(at..).and_then(|b| b.split_at_checked(LEAN)) {
        let word = head.first_chunk().map_or(0, |w| u64::from_le_bytes(*w));
        order.push((word, at + LEAN));
        let length = lean_length(head);
        if length > rest.len() {
            break;
        }
        at += LEAN + length;
    }
    order.sort_unstable();
    order
}

fn lean_length(head: &[u8]) -> usize {
    head.last_chunk()
        .map_or(0, |w| u32::from_le_bytes(*w) as usize)
}

/// The key whose bytes start at `at`.
fn lean_key(bytes: &[u8], at: usize) -> &[u8] {
    let head = at
        .checked_sub(LEAN)
        .and_then(|start| bytes.get(start..at))
        .unwrap_or(&[]);
    bytes.get(at..at + lean_length(head)).unwrap_or(&[])
}

/// A reference that was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dangling {
    /// Number of the file that holds it.
    pub file: u16,
    /// 1-based record.
    pub record: u64,
    /// 1-based line; `None` where there are no lines.
    pub line: Option<u64>,
    /// 0-based offset of the key's first field in the file.
    pub at: u64,
    /// 0-based offset of the key's first field in the record.
    pub in_record: u64,
    /// Length of the key's first field in bytes.
    pub length: u64,
    /// The key's parts, as UTF-8 text with a 0 byte between them.
    pub key: Vec<u8>,
    /// False when a record of the other file that cannot be read may hold the key.
    pub certain: bool,
}

/// Calls `found` for every key of `from` that is not in `to`, in no particular order. Both are empty afterwards.
///
/// # Errors
/// Scratch cannot be read.
pub fn dangling(
    from: &Collection<'_>,
    to: &Collection<'_>,
    found: &mut dyn FnMut(Dangling),
) -> io::Result<()> {
    let (mut from, mut to) = (from.lock(), to.lock());
    for bucket in 0..BUCKETS {
        let there = to.spill.take(bucket)?;
        let known = index(&there);
        let here = from.spill.take(bucket)?;
        let mut at = 0;
        while let Some((entry, next)) = entry_at(&here, at) {
            at = next;
            let first = known.partition_point(|(hash, _)| *hash < entry.hash);
            let mut equal = known.get(first..).unwrap_or(&[]).iter();
            let holds = equal
                .by_ref()
                .take_while(|(hash, _)| *hash == entry.hash)
                .any(|(_, at)| lean_key(&there, *at) == entry.key);
            if !holds {
                let record = entry.spot.record.unwrap_or(0);
                found(Dangling {
                    file: u16::try_from(record >> RECORD_BITS).unwrap_or(u16::MAX),
                    record: record & ((1 << RECORD_BITS) - 1),
                    line: entry.spot.line,
                    at: entry.spot.at,
                    in_record: entry.spot.in_record,
                    length: entry.spot.length,
                    key: entry.key.to_vec(),
                    certain: !to.may_hold(entry.key),
                });
            }
        }
    }
    Ok(())
}

impl State<'_> {
    /// True when the key may stand in a record that could not be read.
    fn may_hold(&self, key: &[u8]) -> bool {
        if self.overflow {
            return true;
        }
        if self.unread.is_empty() {
            return false;
        }
        // Other encodings would have to be decoded out of damage.
        let comparable = key.is_ascii() || self.encoding == Encoding::Utf8;
        !comparable
            || key
                .split(|b| *b == 0)
                .all(|part| memchr::memmem::find(&self.unread, part).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::InMemory;
    use crate::scan::keys::KeyEntries;

    fn collection(places: bool, unpadded: bool) -> Collection<'static> {
        let wish = Wish {
            kind: 0,
            fields: vec![0],
            unpadded: vec![unpadded],
            places,
        };
        Collection::new(wish, &InMemory)
    }

    fn fill(collection: &Collection<'_>, file: u16, encoding: Encoding, keys: &[&[u8]]) {
        collection.open_file(file, encoding, Dialect::Ms);
        let mut chunk = KeyEntries::default();
        for (record, key) in (1u64..).zip(keys) {
            let spot = Spot {
                record: Some(record),
                at: record * 10,
                ..Spot::default()
            };
            chunk.add(std::iter::once(*key), spot);
        }
        collection.merge(&chunk, 100, 0).expect("in memory");
    }

    fn missing(from: &Collection<'_>, to: &Collection<'_>) -> Vec<(u16, u64, u64, bool)> {
        let mut seen = Vec::new();
        dangling(from, to, &mut |d| {
            seen.push((d.file, d.record, d.at, d.certain));
        })
        .expect("in memory");
        seen.sort_unstable();
        seen
    }

    #[test]
    fn references_are_found_across_encodings_and_paddings() {
        let (from, to) = (collection(true, true), collection(false, true));
        let abe = "阿部".as_bytes();
        fill(&from, 3, Encoding::Utf8, &[b"0007", b"8", abe, b"", b"000"]);
        let sjis = b"\x88\xA2\x95\x94";
        fill(&to, 0, Encoding::Cp932, &[b"7", sjis, b"9"]);
        assert_eq!(
            missing(&from, &to),
            [(3, 102, 20, true), (3, 105, 50, true)]
        );
    }

    #[test]
    fn a_record_that_cannot_be_read_may_hold_the_key() {
        let (from, to) = (collection(true, false), collection(false, false));
        fill(&from, 1, Encoding::Utf8, &[b"123", b"456"]);
        to.unread(b"x,123,y");
        assert_eq!(
            missing(&from, &to),
            [(1, 101, 10, false), (1, 102, 20, true)]
        );
    }
}
