//! Lines in another encoding than the file's: their names are replaced as text of that encoding, so that what a check finds
//! out about them stays.

use std::ops::Range;

use crate::encoding::{Encoding, What, decode, units};
use crate::spec::layout::FileSettings;

/// So many kana or kanji of three bytes in a row of valid UTF-8 are no chance.
const LEAST: usize = 2;

/// The lines of a file that are in another encoding.
pub(super) struct Lines {
    /// Bytes of the file, in their order, and which of the settings hold for them.
    lines: Vec<(Range<usize>, usize)>,
    /// The settings of the file with the other encodings.
    pub(super) settings: Vec<FileSettings>,
}

impl Lines {
    pub(super) fn of(own: &FileSettings, bytes: &[u8]) -> Self {
        let mut found = Self {
            lines: Vec::new(),
            settings: Vec::new(),
        };
        if !own.encoding.is_splittable_on_bytes() {
            return found;
        }
        let mut start = 0;
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let range = start..start + line.len();
            start = range.end;
            let Some(encoding) = other(own, line) else {
                continue;
            };
            let known = found.settings.iter().position(|s| s.encoding == encoding);
            let at = known.unwrap_or_else(|| {
                let mut settings = own.clone();
                settings.encoding = encoding;
                found.settings.push(settings);
                found.settings.len() - 1
            });
            found.lines.push((range, at));
        }
        found
    }

    /// Which of the other settings hold for the byte at a place.
    pub(super) fn at(&self, at: usize) -> Option<usize> {
        let before = self.lines.partition_point(|(range, _)| range.start <= at);
        let (range, settings) = self.lines.get(before.checked_sub(1)?)?;
        (at < range.end).then_some(*settings)
    }
}

/// The encoding of a line, if it is surely another one.
fn other(settings: &FileSettings, line: &[u8]) -> Option<Encoding> {
    if line.is_ascii() {
        return None;
    }
    if settings.encoding != Encoding::Utf8 {
        let text = std::str::from_utf8(line).ok()?;
        let long = text.chars().filter(|c| c.len_utf8() == 3).count();
        return (long >= LEAST).then_some(Encoding::Utf8);
    }
    let all = units(line, settings.encoding, settings.dialect);
    let (mut faults, mut sound) = (0, 0);
    for unit in all {
        match unit.what {
            What::Fault(_) => faults += 1,
            What::Char(c) if !c.is_ascii() => sound += 1,
            _ => {}
        }
    }
    let sure = faults > sound && decode(line, Encoding::Cp932, settings.dialect).is_ok();
    sure.then_some(Encoding::Cp932)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_of_another_encoding_are_taken_for_one() {
        let of = |encoding, line: &[u8]| {
            let mut settings = FileSettings::default();
            settings.encoding = encoding;
            other(&settings, line)
        };
        let cp932 = b"1,\x8E\x52\x93\x63,2";
        assert_eq!(of(Encoding::Utf8, cp932), Some(Encoding::Cp932));
        assert_eq!(of(Encoding::Cp932, cp932), None);
        assert_eq!(
            of(Encoding::Cp932, "1,山田".as_bytes()),
            Some(Encoding::Utf8)
        );
        assert_eq!(of(Encoding::Utf8, "1,山田".as_bytes()), None);
        // One cut character among sound ones; kana of one byte that look like UTF-8.
        assert_eq!(
            of(Encoding::Utf8, b"\xE5\xB1\xB1\xE7\x94,\xE5\xB1\xB1"),
            None
        );
        assert_eq!(of(Encoding::Cp932, b"\xC2\xB1\xC3\xB2"), None);
    }
}
