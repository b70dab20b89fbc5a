//! The parts of a split file as one stream, for what goes across their records: byte order marks, header rows and end-of-file
//! marks between them are stepped over, and places are told in the part that they are in.

use std::io::{self, Read};

use super::Bytes;
use crate::model::{Finding, Location};
use crate::scan::FileFacts;
use crate::spec::layout::{FileSettings, Header, Newline};

/// A part of the chain.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) name: String,
    /// Bytes left out at its start.
    skip: u64,
    /// Bytes taken after them.
    take: u64,
    /// Bytes put behind it.
    glue: Vec<u8>,
    /// Where it starts in the chain.
    start: u64,
    /// Records of the chain before it.
    records: u64,
}

/// Lays parts out; `heads` are the first bytes of each, long enough for a header row.
pub(super) fn lay_out(parts: &[(&str, &FileFacts, Vec<u8>)], settings: &FileSettings) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    let (mut start, mut records) = (0, 0);
    for (at, (name, facts, head)) in parts.iter().enumerate() {
        let is_last = at + 1 == parts.len();
        let skip = if at == 0 {
            0
        } else {
            let bom = mark_length(facts);
            let rest = head.get(bom..).unwrap_or(&[]);
            let row = if facts.header && settings.header != Header::None {
                row_length(rest)
            } else {
                0
            };
            (bom + row) as u64
        };
        let end = facts.bytes - u64::from(facts.eof_mark && !is_last).min(facts.bytes);
        let open = !is_last && !facts.final_newline && facts.records > 0;
        let glue: &[u8] = match settings.newline {
            Newline::None => b"",
            _ if !open => b"",
            Newline::Lf => b"\n",
            Newline::Cr => b"\r",
            _ => b"\r\n",
        };
        let part = Part {
            name: (*name).to_owned(),
            skip,
            take: end.saturating_sub(skip),
            glue: glue.to_vec(),
            start,
            records,
        };
        start += part.take + part.glue.len() as u64;
        records += facts.records;
        out.push(part);
    }
    out
}

fn mark_length(facts: &FileFacts) -> usize {
    match facts.bom {
        Some("utf-8") => 3,
        Some(_) => 2,
        None => 0,
    }
}

/// Length of the first row with its newline; newlines in quotes do not end it.
fn row_length(bytes: &[u8]) -> usize {
    let mut quoted = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return at + 1,
            b'\r' if !quoted => {
                let more = bytes.get(at + 1) == Some(&b'\n');
                return at + 1 + usize::from(more);
            }
            _ => {}
        }
    }
    bytes.len()
}

/// Longest header row that is looked for, in bytes.
pub(super) const HEAD: u64 = 1 << 20;

/// Opens the file at an index of the set.
pub(super) type Opener<'o> = dyn Fn(usize) -> io::Result<Box<dyn Bytes + 'o>> + Sync + 'o;

/// Reads parts one after another.
pub(super) struct Chain<'o> {
    parts: std::vec::IntoIter<(usize, Part)>,
    open: &'o Opener<'o>,
    current: Option<Box<dyn Read + Send + 'o>>,
}

impl<'o> Chain<'o> {
    pub(super) fn new(parts: Vec<(usize, Part)>, open: &'o Opener<'o>) -> Self {
        Self {
            parts: parts.into_iter(),
            open,
            current: None,
        }
    }
}

impl Read for Chain<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(current) = &mut self.current {
                let count = current.read(room)?;
                if count > 0 || room.is_empty() {
                    return Ok(count);
                }
            }
            let Some((file, part)) = self.parts.next() else {
                return Ok(0);
            };
            let mut input = (self.open)(file)?;
            input.seek(io::SeekFrom::Start(part.skip))?;
            let glue = io::Cursor::new(part.glue);
            self.current = Some(Box::new(input.take(part.take).chain(glue)));
        }
    }
}

/// Rules that go across records, the only ones that the chain is checked for.
const ACROSS: &[&str] = &[
    "LAY-008", "XRF-001", "XRF-003", "XRF-004", "XRF-005", "XRF-007", "XRF-008",
];

/// True for rules that go across records.
pub(super) fn goes_across(rule: &str) -> bool {
    ACROSS.contains(&rule)
}

/// The part that an offset of the chain, or else a record of it, is in.
fn part_of(parts: &[Part], at: Option<u64>, record: Option<u64>) -> Option<&Part> {
    let by_offset = at.and_then(|at| parts.iter().rev().find(|part| part.start <= at));
    by_offset.or_else(|| {
        record.and_then(|record| parts.iter().rev().find(|part| part.records < record.max(1)))
    })
}

/// Turns a place of the chain into one of the part it is in.
pub(super) fn localise(parts: &[Part], place: &mut Location) {
    let Some(part) = part_of(parts, place.byte_offset, place.record) else {
        return;
    };
    place.file = Some(part.name.clone());
    place.byte_offset = place
        .byte_offset
        .map(|at| at - part.start.min(at) + part.skip);
    place.record = place.record.map(|r| r - part.records.min(r));
    // Lines of the parts before are not counted.
    if part.start > 0 {
        place.line = None;
    }
}

/// Turns the places of a finding of the chain into those of its parts.
pub(super) fn localise_finding(parts: &[Part], finding: &mut Finding) {
    let shift = |at: u64| {
        part_of(parts, Some(at), None).map_or(at, |part| at - part.start.min(at) + part.skip)
    };
    if let Some(ruler) = &mut finding.ruler {
        ruler.byte_offset = shift(ruler.byte_offset);
    }
    localise(parts, &mut finding.location);
    for place in &mut finding.samples {
        localise(parts, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_row_ends_outside_quotes() {
        assert_eq!(row_length(b"a,b\r\n1,2\r\n"), 5);
        assert_eq!(row_length(b"\"a\nb\",c\n1"), 8);
        assert_eq!(row_length(b"abc"), 3);
    }

    #[test]
    fn places_are_told_in_their_part() {
        let facts = |bytes, records| FileFacts {
            bytes,
            records,
            header: true,
            final_newline: true,
            ..FileFacts::default()
        };
        let (a, b) = (facts(20, 2), facts(25, 3));
        let mut settings = FileSettings::default();
        settings.header = Header::Roman;
        let head = b"a,b\r\n1,2\r\n".to_vec();
        let parts = lay_out(&[("p1", &a, head.clone()), ("p2", &b, head)], &settings);
        let mut place = Location {
            record: Some(4),
            byte_offset: Some(26),
            ..Location::default()
        };
        localise(&parts, &mut place);
        assert_eq!(
            (place.file.as_deref(), place.record, place.byte_offset),
            (Some("p2"), Some(2), Some(11))
        );
    }
}
