//! Mapping dialects in text: which of the contentious characters occur, and which tables explain a difference.

use crate::encoding::dialect::Dialect;

/// Pairs of scalar values that stand for one Shift_JIS position: Microsoft's (or IBM's) first, then the JIS one.
pub(super) const PAIRS: [(char, char); 8] = [
    ('\u{FF5E}', '\u{301C}'),
    ('\u{FF0D}', '\u{2212}'),
    ('\u{2225}', '\u{2016}'),
    ('\u{2015}', '\u{2014}'),
    ('\u{FFE0}', '\u{A2}'),
    ('\u{FFE1}', '\u{A3}'),
    ('\u{FFE2}', '\u{AC}'),
    ('\u{FFE4}', '\u{A6}'),
];

/// The Shift_JIS position of each of [`PAIRS`].
const POSITIONS: [u16; 8] = [
    0x8160, 0x817C, 0x8161, 0x815C, 0x8191, 0x8192, 0x81CA, 0xFA55,
];

/// How often each member of [`PAIRS`] occurs in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappingCensus {
    counts: [[u64; 2]; 8],
}

impl MappingCensus {
    /// Counts a text. Text without characters of U+00A0–00FF, U+2010–22FF, U+3010–301F or U+FF00–FFEF costs one pass.
    pub fn feed(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_ascii()) {
            self.feed_char(c);
        }
    }

    /// Counts a block of UTF-8 that begins and ends at a character: the same as [`MappingCensus::feed`], by searching for the
    /// few lead bytes that matter.
    pub fn feed_utf8(&mut self, block: &[u8]) {
        for at in memchr::memchr3_iter(0xC2, 0xE2, 0xEF, block) {
            let (pair, side) = match block.get(at..).unwrap_or(&[]) {
                [0xEF, 0xBD, 0x9E, ..] => (0, 0),
                [0xEF, 0xBC, 0x8D, ..] => (1, 0),
                [0xE2, 0x88, 0x92, ..] => (1, 1),
                [0xE2, 0x88, 0xA5, ..] => (2, 0),
                [0xE2, 0x80, 0x96, ..] => (2, 1),
                [0xE2, 0x80, 0x95, ..] => (3, 0),
                [0xE2, 0x80, 0x94, ..] => (3, 1),
                [0xEF, 0xBF, 0xA0, ..] => (4, 0),
                [0xC2, 0xA2, ..] => (4, 1),
                [0xEF, 0xBF, 0xA1, ..] => (5, 0),
                [0xC2, 0xA3, ..] => (5, 1),
                [0xEF, 0xBF, 0xA2, ..] => (6, 0),
                [0xC2, 0xAC, ..] => (6, 1),
                [0xEF, 0xBF, 0xA4, ..] => (7, 0),
                [0xC2, 0xA6, ..] => (7, 1),
                _ => continue,
            };
            self.counts[pair][side] += 1;
        }
        let wave_dashes = memchr::memmem::find_iter(block, "\u{301C}").count() as u64;
        self.counts[0][1] += wave_dashes;
    }

    /// Counts one character.
    #[inline]
    pub fn feed_char(&mut self, c: char) {
        if matches!(c, '\u{A2}'..='\u{AC}' | '\u{2014}'..='\u{2016}' | '\u{2212}' | '\u{2225}' | '\u{301C}' | '\u{FF0D}' | '\u{FF5E}' | '\u{FFE0}'..='\u{FFE4}')
        {
            for ((ms, jis), counts) in PAIRS.iter().zip(&mut self.counts) {
                counts[0] += u64::from(*ms == c);
                counts[1] += u64::from(*jis == c);
            }
        }
    }

    /// Adds what a later part of the file showed.
    pub fn merge(&mut self, later: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(later.counts) {
            mine[0] += theirs[0];
            mine[1] += theirs[1];
        }
    }

    /// Pairs of which both members occur: Microsoft's and its count, the JIS one and its count.
    pub fn mixed(&self) -> Vec<((char, u64), (char, u64))> {
        let both = PAIRS
            .iter()
            .zip(&self.counts)
            .filter(|(_, [a, b])| *a > 0 && *b > 0);
        both.map(|((ms, jis), [a, b])| ((*ms, *a), (*jis, *b)))
            .collect()
    }
}

/// Which dialects explain how one side's characters became the other's, by elimination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialectHypotheses {
    left: Vec<(Dialect, Dialect)>,
    changed: u32,
}

impl Default for DialectHypotheses {
    fn default() -> Self {
        let all = Dialect::ALL
            .into_iter()
            .flat_map(|a| Dialect::ALL.into_iter().map(move |b| (a, b)));
        Self {
            left: all.collect(),
            changed: 0,
        }
    }
}

impl DialectHypotheses {
    /// Takes a character of the sent text and what was received in its place; characters without a contentious position
    /// teach nothing.
    pub fn observe(&mut self, sent: char, received: char) {
        let Some(((ms, _), position)) = PAIRS
            .iter()
            .zip(POSITIONS)
            .find(|((a, b), _)| *a == sent || *b == sent)
        else {
            return;
        };
        self.left.retain(|(writer, reader)| {
            writer.of_pair(position, *ms) == sent && reader.of_pair(position, *ms) == received
        });
        self.changed += u32::from(sent != received);
    }

    /// The pairs of dialects (writer's table, reader's table) that explain everything seen.
    pub fn left(&self) -> &[(Dialect, Dialect)] {
        &self.left
    }

    /// True when a difference was seen and one explanation is left.
    pub fn is_certain(&self) -> bool {
        self.changed > 0 && self.left.len() == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_members_make_a_mix() {
        let mut census = MappingCensus::default();
        census.feed("一〜二 三～四 五～六 −");
        assert_eq!(census.mixed(), [(('～', 2), ('〜', 1))]);
        let mut later = MappingCensus::default();
        later.feed("－");
        census.merge(&later);
        assert_eq!(census.mixed().len(), 2);
    }

    #[test]
    fn dialects_are_left_by_elimination() {
        let mut seen = DialectHypotheses::default();
        seen.observe('～', '〜');
        assert!(!seen.is_certain());
        seen.observe('￠', '\u{A2}');
        assert_eq!(seen.left().len(), 2);
        seen.observe('―', '―');
        assert_eq!(seen.left(), [(Dialect::Ms, Dialect::Jis)]);
        assert!(seen.is_certain());
        seen.observe('￠', '￠');
        assert!(seen.left().is_empty());
    }
}
