//! Cuts delimited text into records and fields on raw bytes. Strict: what the lenient readers swallow is a fault here, and
//! each fault has one way of going on, so that cutting never depends on how the file is read in chunks.

use memchr::{memchr, memchr2, memchr3};

use super::ending::{Ending, ending};
use super::evidence::Cell;
use crate::spec::layout::Newline;

/// How records are cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cutter {
    pub(super) delimiter: u8,
    pub(super) newline: Newline,
    /// A BOM-less UTF-8, Shift_JIS … file: bytes below 0x40 stand for themselves.
    pub(super) limit: usize,
}

/// The numbers of fields that record kinds have.
#[derive(Clone, Debug)]
pub(super) struct FieldCounts {
    all: Vec<usize>,
    most: usize,
}

impl FieldCounts {
    pub(super) fn new(all: Vec<usize>) -> Self {
        let most = all.iter().copied().max().unwrap_or(1);
        Self { all, most }
    }

    pub(super) fn fits(&self, count: usize) -> bool {
        self.all.contains(&count)
    }
}

/// A fault of quoting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteFault {
    /// Text stands behind the closing quote.
    TextAfterQuote,
    /// A quote stands in a field that is not quoted.
    StrayQuote,
    /// The closing quote is missing.
    Unclosed,
}

/// A record that was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// End of its last field.
    pub(super) end: usize,
    /// Start of the next record.
    pub(super) next: usize,
    pub(super) ending: Ending,
    /// Fault, field and offset.
    pub(super) quote: Option<(QuoteFault, usize, usize)>,
    /// Newlines inside fields.
    pub(super) inner_newlines: u64,
    /// First field that holds a newline outside quotes.
    pub(super) bare_newline: Option<usize>,
}

/// The record needs bytes that are not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Incomplete;

enum Field {
    /// End of the raw field; what follows is a delimiter, a newline or the end.
    At(usize),
    Incomplete,
}

impl Cutter {
    /// Cuts the record that starts at `start`. `counts` are the numbers of fields that record kinds have.
    pub(super) fn record(
        &self,
        bytes: &[u8],
        start: usize,
        last: bool,
        counts: &FieldCounts,
        cells: &mut Vec<Cell>,
    ) -> Result<Cut, Incomplete> {
        cells.clear();
        let mut cut = Cut {
            end: start,
            next: start,
            ending: Ending::Nothing,
            quote: None,
            inner_newlines: 0,
            bare_newline: None,
        };
        // Whether a record ends must not depend on how much of the file is here: beyond the limit there is no looking.
        let horizon = bytes.len().min(start.saturating_add(self.limit));
        let seen = bytes.get(..horizon).unwrap_or(bytes);
        let complete = last && horizon == bytes.len();
        let endless = horizon < bytes.len() || horizon - start >= self.limit;
        let mut at = start;
        loop {
            let mut cell = Cell::default();
            let end = match self.field(
                seen,
                at,
                complete,
                endless,
                &mut cell,
                &mut cut,
                cells.len(),
            ) {
                Field::At(end) => end,
                Field::Incomplete => return Err(Incomplete),
            };
            match seen.get(end) {
                Some(b) if *b == self.delimiter => {
                    cells.push(cell);
                    at = end + 1;
                }
                Some(b'\r' | b'\n') => {
                    let Some(ending) = ending(seen, end, complete || endless) else {
                        return Err(Incomplete);
                    };
                    if !ending.is(self.newline) && !counts.fits(cells.len() + 1) {
                        match self.bare(
                            seen,
                            end + ending.len(),
                            complete || endless,
                            cells.len() + 1,
                            counts,
                        ) {
                            Some(true) => {
                                // A newline inside the value: the field goes on.
                                self.go_on(
                                    seen,
                                    end + ending.len(),
                                    &mut cell,
                                    &mut cut,
                                    cells.len(),
                                );
                                at = cell.raw.end;
                                cells.push(cell);
                                match seen.get(at) {
                                    Some(b) if *b == self.delimiter => at += 1,
                                    _ => return Ok(finish(cut, seen, at, complete, endless)),
                                }
                                continue;
                            }
                            Some(false) => {}
                            None => return Err(Incomplete),
                        }
                    }
                    cells.push(cell);
                    cut.end = end;
                    cut.next = end + ending.len();
                    cut.ending = ending;
                    return Ok(cut);
                }
                _ if complete || endless => {
                    cells.push(cell);
                    return Ok(finish(cut, seen, end, complete, endless));
                }
                _ => return Err(Incomplete),
            }
        }
    }

    /// The first delimiter, newline or quote from `at`, or the end. Eight bytes at a time, since fields are short.
    fn stop(&self, seen: &[u8], mut at: usize) -> usize {
        const ONES: u64 = 0x0101_0101_0101_0101;
        let needles = [self.delimiter, b'\n', b'\r', b'"'].map(|b| ONES * u64::from(b));
        while let Some(eight) = seen.get(at..at + 8).and_then(|e| e.try_into().ok()) {
            let word = u64::from_le_bytes(eight);
            // The lowest bit that is set belongs to the first byte that equals a needle.
            let hits = needles.iter().fold(0, |hits, needle| {
                let zero = word ^ needle;
                hits | zero.wrapping_sub(ONES) & !zero
            }) & (ONES << 7);
            if hits != 0 {
                return at + hits.trailing_zeros() as usize / 8;
            }
            at += 8;
        }
        let rest = seen.get(at..).unwrap_or(&[]);
        let is_stop = |b: &u8| *b == self.delimiter || matches!(b, b'\n' | b'\r' | b'"');
        at + rest.iter().position(is_stop).unwrap_or(rest.len())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the state of one loop, kept in its caller"
    )]
    fn field(
        &self,
        seen: &[u8],
        at: usize,
        complete: bool,
        endless: bool,
        cell: &mut Cell,
        cut: &mut Cut,
        index: usize,
    ) -> Field {
        if seen.get(at) == Some(&b'"') {
            return self.quoted(seen, at, complete, endless, cell, cut, index);
        }
        let mut end = self.stop(seen, at);
        let stray = Some(end).filter(|end| seen.get(*end) == Some(&b'"'));
        if stray.is_some() {
            let rest = seen.get(end..).unwrap_or(&[]);
            end += memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        }
        if end == seen.len() && !complete && !endless {
            return Field::Incomplete;
        }
        if let Some(stray) = stray {
            cut.quote = cut.quote.or(Some((QuoteFault::StrayQuote, index, stray)));
        }
        *cell = Cell {
            raw: at..end,
            value: at..end,
            quoted: false,
            ..Cell::default()
        };
        Field::At(end)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the state of one loop, kept in its caller"
    )]
    fn quoted(
        &self,
        seen: &[u8],
        at: usize,
        complete: bool,
        endless: bool,
        cell: &mut Cell,
        cut: &mut Cut,
        index: usize,
    ) -> Field {
        let mut from = at + 1;
        loop {
            let rest = seen.get(from..).unwrap_or(&[]);
            let Some(found) = memchr(b'"', rest) else {
                if complete || endless {
                    return self.unclosed(seen, at, cell, cut, index);
                }
                return Field::Incomplete;
            };
            let close = from + found;
            match seen.get(close + 1) {
                Some(b'"') => from = close + 2,
                None if !complete && !endless => return Field::Incomplete,
                Some(b) if *b != self.delimiter && !matches!(b, b'\r' | b'\n') => {
                    let inside = seen.get(at + 1..close).unwrap_or(&[]);
                    // The quote that seems to close belongs to a later record, or opens the next field.
                    if memchr2(b'\n', b'\r', inside).is_some()
                        || inside.last() == Some(&self.delimiter)
                    {
                        return self.unclosed(seen, at, cell, cut, index);
                    }
                    let rest = seen.get(close..).unwrap_or(&[]);
                    let end = match memchr3(self.delimiter, b'\n', b'\r', rest) {
                        Some(length) => close + length,
                        None if complete || endless => seen.len(),
                        None => return Field::Incomplete,
                    };
                    cut.quote = cut
                        .quote
                        .or(Some((QuoteFault::TextAfterQuote, index, close + 1)));
                    *cell = Cell {
                        raw: at..end,
                        value: at..end,
                        quoted: true,
                        ..Cell::default()
                    };
                    return Field::At(end);
                }
                _ => {
                    let inside = seen.get(at + 1..close).unwrap_or(&[]);
                    let newlines = newlines(inside);
                    cut.inner_newlines += newlines;
                    *cell = Cell {
                        raw: at..close + 1,
                        value: at + 1..close,
                        quoted: true,
                        newline: newlines > 0,
                        ..Cell::default()
                    };
                    return Field::At(close + 1);
                }
            }
        }
    }

    /// The closing quote is missing: the field ends where an unquoted one would.
    fn unclosed(
        &self,
        seen: &[u8],
        at: usize,
        cell: &mut Cell,
        cut: &mut Cut,
        index: usize,
    ) -> Field {
        let rest = seen.get(at..).unwrap_or(&[]);
        let end = at + memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        cut.quote = cut.quote.or(Some((QuoteFault::Unclosed, index, at)));
        *cell = Cell {
            raw: at..end,
            value: (at + 1).min(end)..end,
            quoted: true,
            ..Cell::default()
        };
        Field::At(end)
    }

    /// True when the text up to the next agreed newline completes the record, so that the newline before it belongs to a
    /// value. `None`: that newline is not here yet.
    fn bare(
        &self,
        seen: &[u8],
        from: usize,
        whole: bool,
        have: usize,
        counts: &FieldCounts,
    ) -> Option<bool> {
        let rest = seen.get(from..).unwrap_or(&[]);
        let mut at = 0;
        let mut fields = have;
        loop {
            let next = rest
                .get(at..)
                .and_then(|tail| memchr3(self.delimiter, b'\n', b'\r', tail));
            let Some(length) = next else {
                return whole.then(|| counts.fits(fields) && fields > have);
            };
            at += length;
            if rest.get(at) == Some(&self.delimiter) {
                fields += 1;
                at += 1;
                if fields > counts.most {
                    return Some(false);
                }
                continue;
            }
            let ending = ending(rest, at, whole)?;
            if ending.is(self.newline) {
                return Some(counts.fits(fields) && fields > have);
            }
            if counts.fits(fields) {
                // A second foreign newline where a record could end: the file simply has other newlines.
                return Some(false);
            }
            at += ending.len();
        }
    }

    /// Takes the rest of a value behind a newline in it.
    fn go_on(&self, seen: &[u8], from: usize, cell: &mut Cell, cut: &mut Cut, index: usize) {
        cut.inner_newlines += 1;
        cut.bare_newline = cut.bare_newline.or(Some(index));
        let mut at = from;
        loop {
            let rest = seen.get(at..).unwrap_or(&[]);
            at += memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
            match ending(seen, at, true) {
                Some(ending) if !matches!(ending, Ending::Nothing) && !ending.is(self.newline) => {
                    cut.inner_newlines += 1;
                    at += ending.len();
                }
                _ => break,
            }
        }
        cell.raw.end = at;
        cell.value.end = at;
        cell.newline = true;
    }
}

fn finish(mut cut: Cut, seen: &[u8], end: usize, complete: bool, endless: bool) -> Cut {
    cut.end = end;
    let ending = ending(seen, end, true).unwrap_or(Ending::Nothing);
    cut.ending = if ending == Ending::Nothing && endless && !complete {
        Ending::Endless
    } else {
        ending
    };
    cut.next = end + cut.ending.len();
    cut
}

/// Number of newlines in a value; CRLF is one.
fn newlines(value: &[u8]) -> u64 {
    let mut count = 0;
    let mut at = 0;
    while let Some(found) = value.get(at..).and_then(|rest| memchr2(b'\n', b'\r', rest)) {
        count += 1;
        at += found + ending(value, at + found, true).map_or(1, |e| e.len().max(1));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    type Seen<'a> = (Vec<&'a str>, Ending, Option<QuoteFault>);

    fn cut<'a>(text: &'a str, fields: usize) -> Vec<Seen<'a>> {
        let cutter = Cutter {
            delimiter: b',',
            newline: Newline::Crlf,
            limit: 1 << 20,
        };
        let (mut at, mut cells, mut out) = (0, Vec::new(), Vec::new());
        while at < text.len() {
            let cut = cutter
                .record(
                    text.as_bytes(),
                    at,
                    true,
                    &FieldCounts::new(vec![fields]),
                    &mut cells,
                )
                .expect("whole");
            let values = cells.iter().map(|c| &text[c.value.clone()]).collect();
            out.push((values, cut.ending, cut.quote.map(|q| q.0)));
            assert!(cut.next > at);
            at = cut.next;
        }
        out
    }

    #[test]
    fn well_formed() {
        let expected: Vec<Seen<'_>> = vec![
            (vec!["a", "", "b\"\",\r\nc"], Ending::Crlf, None),
            (vec!["", "", ""], Ending::Nothing, None),
        ];
        assert_eq!(cut("a,\"\",\"b\"\",\r\nc\"\r\n,,", 3), expected);
    }

    #[test]
    fn foreign_newlines_end_a_record_or_stand_in_a_value() {
        assert_eq!(cut("a,b\nc,d\n", 2).len(), 2);
        assert_eq!(
            cut("a,b\nc,d\r\n", 3),
            [(vec!["a", "b\nc", "d"], Ending::Crlf, None)]
        );
        let lf_file: Vec<Seen<'_>> = vec![
            (vec!["a"], Ending::Lf, None),
            (vec!["b", "c"], Ending::Lf, None),
        ];
        assert_eq!(cut("a\nb,c\n", 2), lf_file);
    }

    #[test]
    fn quote_faults_stay_in_their_record() {
        assert_eq!(
            cut("\"a\"b,c\r\n", 2),
            [(
                vec!["\"a\"b", "c"],
                Ending::Crlf,
                Some(QuoteFault::TextAfterQuote)
            )]
        );
        assert_eq!(
            cut("a\"b,c\r\n", 2),
            [(
                vec!["a\"b", "c"],
                Ending::Crlf,
                Some(QuoteFault::StrayQuote)
            )]
        );
        let unclosed: Vec<Seen<'_>> = vec![
            (vec!["a", "b"], Ending::Crlf, Some(QuoteFault::Unclosed)),
            (vec!["c", "d"], Ending::Crlf, None),
        ];
        assert_eq!(cut("\"a,b\r\n\"c\",d\r\n", 2), unclosed);
        assert_eq!(cut("\"a,b\r\nc,d\r\n", 2), unclosed);
        // The quote that seems to close opens the next field.
        assert_eq!(
            cut("\"a,\"b\"\r\n", 2),
            [(vec!["a", "b"], Ending::Crlf, Some(QuoteFault::Unclosed))]
        );
    }

    #[test]
    fn a_part_of_a_record_is_incomplete_and_an_endless_one_is_cut() {
        let cutter = Cutter {
            delimiter: b',',
            newline: Newline::Crlf,
            limit: 16,
        };
        let mut cells = Vec::new();
        for part in ["a", "a,", "a\r", "\"a\r\n", "\"a\"", "a\nb", ""] {
            let found = cutter.record(
                part.as_bytes(),
                0,
                false,
                &FieldCounts::new(vec![3]),
                &mut cells,
            );
            assert_eq!(found, Err(Incomplete), "{part:?}");
        }
        let long = "x".repeat(40);
        let cut = cutter.record(
            long.as_bytes(),
            0,
            false,
            &FieldCounts::new(vec![1]),
            &mut cells,
        );
        assert_eq!(cut.map(|c| (c.end, c.ending)), Ok((16, Ending::Endless)));
    }
}
