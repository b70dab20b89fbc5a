//! Cuts fixed-width records. Length is the only structure such a file has, so a lost or added byte must be found in its own
//! record and not in all that follow.

use memchr::memchr2;

use super::delimited::Incomplete;
use super::ending::{Ending, ending};
use super::resync::{self, Around, MAX_SHIFT};
use crate::spec::layout::Newline;

/// How records are cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct FixedCutter {
    /// Bytes of a record.
    pub(super) length: usize,
    pub(super) newline: Newline,
    /// No record is longer than this.
    pub(super) limit: usize,
}

/// A record that was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FixedCut {
    /// End of the record, its newline excluded.
    pub(super) end: usize,
    /// Start of the next record.
    pub(super) next: usize,
    pub(super) ending: Ending,
}

impl FixedCutter {
    /// Cuts the record that starts at `start`. `around` tells whether the bytes at an offset look like a record.
    pub(super) fn record(
        &self,
        bytes: &[u8],
        start: usize,
        last: bool,
        around: &mut dyn Around,
    ) -> Result<FixedCut, Incomplete> {
        let rest = bytes.len() - start;
        if !last && rest < self.lookahead() {
            return Err(Incomplete);
        }
        if self.newline == Newline::None {
            Ok(self.without_newline(bytes, start, last, around))
        } else {
            self.with_newline(bytes, start, last)
        }
    }

    /// Bytes that must be there to decide where a record ends.
    fn lookahead(&self) -> usize {
        match self.newline {
            Newline::None => 3 * self.length + 2 * MAX_SHIFT + 2,
            _ => self.length + 2,
        }
    }

    fn with_newline(&self, bytes: &[u8], start: usize, last: bool) -> Result<FixedCut, Incomplete> {
        let expected_end = start + self.length;
        let head = bytes
            .get(start..expected_end.min(bytes.len()))
            .unwrap_or(&[]);
        let at_length = ending(bytes, expected_end, true).filter(|e| e.len() > 0);
        // A newline before its time ends the record, unless it is a foreign one inside a record of the right length.
        let mut from = 0;
        while let Some(found) = head
            .get(from..)
            .and_then(|rest| memchr2(b'\r', b'\n', rest))
        {
            let at = start + from + found;
            let early = ending(bytes, at, true).unwrap_or(Ending::Nothing);
            if early.is(self.newline) || at_length.is_none() {
                return Ok(FixedCut {
                    end: at,
                    next: at + early.len(),
                    ending: early,
                });
            }
            from += found + early.len().max(1);
        }
        if let Some(ending) = at_length {
            return Ok(FixedCut {
                end: expected_end,
                next: expected_end + ending.len(),
                ending,
            });
        }
        if expected_end >= bytes.len() {
            return Ok(FixedCut {
                end: bytes.len(),
                next: bytes.len(),
                ending: Ending::Nothing,
            });
        }
        self.late_newline(bytes, start, last)
    }

    /// No newline where it belongs: the record is too long, or the newline is missing.
    fn late_newline(&self, bytes: &[u8], start: usize, last: bool) -> Result<FixedCut, Incomplete> {
        let from = start + self.length;
        let horizon = bytes.len().min(start.saturating_add(self.limit));
        let rest = bytes.get(from..horizon).unwrap_or(&[]);
        let (end, found) = match memchr2(b'\r', b'\n', rest) {
            Some(found) if from + found + 1 < bytes.len() || last => {
                let found_at = from + found;
                (
                    found_at,
                    ending(bytes, found_at, true).unwrap_or(Ending::Nothing),
                )
            }
            None if last && horizon == bytes.len() => (horizon, Ending::Nothing),
            None if horizon < bytes.len() || horizon - start >= self.limit => {
                (horizon, Ending::Endless)
            }
            _ => return Err(Incomplete),
        };
        let extra = end - from;
        if extra.is_multiple_of(self.length) {
            return Ok(FixedCut {
                end: from,
                next: from,
                ending: Ending::Nothing,
            });
        }
        Ok(FixedCut {
            end,
            next: end + found.len(),
            ending: found,
        })
    }

    fn without_newline(
        &self,
        bytes: &[u8],
        start: usize,
        last: bool,
        around: &mut dyn Around,
    ) -> FixedCut {
        let end = start + self.length;
        if end >= bytes.len() {
            // The last record; a newline behind a short one is not part of it.
            let tail = bytes.get(start..).unwrap_or(&[]);
            let body = tail
                .strip_suffix(b"\r\n")
                .or_else(|| tail.strip_suffix(b"\n"))
                .unwrap_or(tail);
            let cut = if tail.len() < self.length {
                body.len()
            } else {
                tail.len()
            };
            let ending = ending(bytes, start + cut, true).unwrap_or(Ending::Nothing);
            return FixedCut {
                end: start + cut,
                next: bytes.len(),
                ending,
            };
        }
        // A newline although none was agreed.
        let found = ending(bytes, end, true).unwrap_or(Ending::Nothing);
        if found.len() > 0 {
            return FixedCut {
                end,
                next: end + found.len(),
                ending: found,
            };
        }
        // The end of a piece of the file is no end of a record.
        let all = if last { bytes.len() } else { usize::MAX };
        let end = resync::end(start..end, all, around);
        FixedCut {
            end,
            next: end,
            ending: Ending::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::resync::Look;

    /// Records of `1` or `2` and three letters.
    struct Letters<'a>(&'a [u8]);

    impl Around for Letters<'_> {
        fn look(&mut self, at: usize) -> Look {
            let head = self.0.get(at..).unwrap_or(&[]);
            let kind = head.first().filter(|b| b"12".contains(b)).map(|_| 0);
            let letters = head.iter().take(4).skip(1);
            let sound =
                kind.is_some() && head.len() >= 4 && letters.clone().all(u8::is_ascii_alphabetic);
            Look { kind, sound }
        }

        fn follows(&self, _: Option<usize>, _: usize) -> bool {
            true
        }
    }

    fn cut(text: &str, newline: Newline) -> Vec<(&str, Ending)> {
        let cutter = FixedCutter {
            length: 4,
            newline,
            limit: 1 << 20,
        };
        let bytes = text.as_bytes();
        let mut around = Letters(bytes);
        let (mut at, mut out) = (0, Vec::new());
        while at < bytes.len() {
            let cut = cutter.record(bytes, at, true, &mut around).expect("whole");
            assert!(cut.next > at);
            out.push((&text[at..cut.end], cut.ending));
            at = cut.next;
        }
        out
    }

    #[test]
    fn with_newlines() {
        let (crlf, none) = (Ending::Crlf, Ending::Nothing);
        assert_eq!(
            cut("1abc\r\n2def", Newline::Crlf),
            [("1abc", crlf), ("2def", none)]
        );
        assert_eq!(
            cut("1ab\r\n2def\r\n", Newline::Crlf),
            [("1ab", crlf), ("2def", crlf)]
        );
        assert_eq!(
            cut("1abcx\r\n2def\r\n", Newline::Crlf),
            [("1abcx", crlf), ("2def", crlf)]
        );
        assert_eq!(
            cut("1abc2def\r\n", Newline::Crlf),
            [("1abc", none), ("2def", crlf)]
        );
        assert_eq!(
            cut("1a\nc\r\n2def\r\n", Newline::Crlf),
            [("1a\nc", crlf), ("2def", crlf)]
        );
        assert_eq!(
            cut("1abc\n2def\n", Newline::Crlf),
            [("1abc", Ending::Lf), ("2def", Ending::Lf)]
        );
    }

    #[test]
    fn a_lost_byte_is_found_in_its_own_record() {
        let none = Ending::Nothing;
        assert_eq!(
            cut("1ab2def1ghi", Newline::None),
            [("1ab", none), ("2def", none), ("1ghi", none)]
        );
        assert_eq!(
            cut("1abxc2def", Newline::None),
            [("1abxc", none), ("2def", none)]
        );
        assert_eq!(
            cut("1abc\r\n2def\r\n", Newline::None),
            [("1abc", Ending::Crlf), ("2def", Ending::Crlf)]
        );
        assert_eq!(
            cut("1abc2de", Newline::None),
            [("1abc", none), ("2de", none)]
        );
    }
}
