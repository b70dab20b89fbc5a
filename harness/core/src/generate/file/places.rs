//! Positions of a fixed record: bytes, or characters where the layout counts those; UTF-16 in its own code units.

use super::target;
use crate::encoding::{Encoding, encode, units};
use crate::spec::layout::{FileSettings, Layout, WidthUnit};

/// How a layout counts positions in the encoding that holds.
#[derive(Clone, Copy)]
pub(in crate::generate) struct Places {
    chars: bool,
    encoding: Encoding,
}

impl Places {
    pub(in crate::generate) fn of(layout: &Layout, settings: &FileSettings) -> Self {
        Self {
            chars: layout.width_unit == WidthUnit::Chars,
            encoding: settings.encoding,
        }
    }

    /// Positions that one ASCII character takes.
    pub(in crate::generate) fn of_ascii(self) -> usize {
        match self.encoding {
            Encoding::Utf16Le | Encoding::Utf16Be if !self.chars => 2,
            _ => 1,
        }
    }

    /// True when a position is a byte that stands for itself.
    pub(in crate::generate) fn are_plain_bytes(self) -> bool {
        !self.chars && self.encoding.is_splittable_on_bytes()
    }

    /// Encoded text, position by position.
    pub(super) fn cut(self, bytes: &[u8], settings: &FileSettings) -> Vec<Vec<u8>> {
        if !self.chars {
            return bytes.iter().map(|byte| vec![*byte]).collect();
        }
        units(bytes, settings.encoding, settings.dialect)
            .filter_map(|unit| bytes.get(unit.bytes).map(<[u8]>::to_vec))
            .collect()
    }

    /// Bytes of the first `count` positions; `None` when there are fewer.
    pub(super) fn reach(
        self,
        bytes: &[u8],
        count: usize,
        settings: &FileSettings,
    ) -> Option<usize> {
        if !self.chars {
            return (count <= bytes.len()).then_some(count);
        }
        let mut found = units(bytes, settings.encoding, settings.dialect);
        found
            .nth(count.saturating_sub(1))
            .map(|unit| unit.bytes.end)
    }

    /// `count` positions filled with an ASCII character; a rest that is smaller than it stays cut off.
    pub(super) fn filled(self, with: char, count: usize, settings: &FileSettings) -> Vec<Vec<u8>> {
        let one = encode(with.encode_utf8(&mut [0; 4]), target(settings)).unwrap_or_default();
        let one = self.cut(&one, settings);
        one.iter().cycle().take(count).cloned().collect()
    }

    /// Number of positions that a text takes; `None` when it cannot be written.
    pub(in crate::generate) fn taken(self, text: &str, settings: &FileSettings) -> Option<usize> {
        let bytes = encode(text, target(settings)).ok()?;
        Some(self.cut(&bytes, settings).len())
    }
}
