//! Which program wrote this: converters to Shift_JIS differ in what they write for a few dozen contentious characters.
//! The table was measured with 23 converters and 56 characters (WHATWG, Java 17, Windows, CPython 3.11, glibc 2.36, ICU 72,
//! npm packages, Perl 5.36).

use std::sync::LazyLock;

use super::dialect::{Dialect, Duplicates};
use crate::model::Confidence;

/// Header: `codepoint` and the converters' names; then one character a line, what each writes as hex, `-` for "cannot".
const TABLE: &str = include_str!("tables/converters.tsv");

/// The ten characters that tell 22 of the 23 converters apart (Java IBM943 and IBM943C coincide on them).
pub const SHORT_PROBE: [char; 10] = [
    '\u{A9}', '\u{2170}', '\u{A5}', '\u{2014}', '\u{80}', '\u{A6}', '\u{2015}', '\u{2116}',
    '\u{2212}', '\u{FFE0}',
];

/// A converter of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converter {
    /// Its name.
    pub name: &'static str,
    /// What it writes, by character, in the order of [`probe_characters`]; `None` when it cannot write the character.
    writes: Vec<Option<Vec<u8>>>,
}

struct Table {
    characters: Vec<char>,
    converters: Vec<Converter>,
}

static PARSED: LazyLock<Table> = LazyLock::new(|| {
    let mut lines = TABLE.lines();
    let names = lines.next().unwrap_or("").split('\t').skip(1);
    let mut converters: Vec<Converter> = names
        .map(|name| Converter {
            name,
            writes: Vec::new(),
        })
        .collect();
    let mut characters = Vec::new();
    for line in lines {
        let mut cells = line.split('\t');
        let code = cells
            .next()
            .and_then(|c| c.strip_prefix("U+"))
            .and_then(|h| u32::from_str_radix(h, 16).ok());
        let Some(c) = code.and_then(char::from_u32) else {
            continue;
        };
        characters.push(c);
        for (converter, cell) in converters.iter_mut().zip(cells) {
            converter.writes.push(hex(cell));
        }
    }
    Table {
        characters,
        converters,
    }
});

fn hex(cell: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = cell
        .chars()
        .filter_map(|c| c.to_digit(16))
        .filter_map(|d| u8::try_from(d).ok())
        .collect();
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|d| d[0] << 4 | d[1]).collect();
    (!bytes.is_empty()).then_some(bytes)
}

/// The characters a probe file holds, in order.
pub fn probe_characters() -> &'static [char] {
    &PARSED.characters
}

/// Every converter of the table.
pub fn converters() -> &'static [Converter] {
    &PARSED.converters
}

impl Converter {
    /// What it writes for a character of the probe; `None` outside the probe, `Some(None)` when it cannot write it.
    pub fn writes(&self, c: char) -> Option<Option<&[u8]>> {
        let at = PARSED.characters.iter().position(|known| *known == c)?;
        self.writes.get(at).map(|bytes| bytes.as_deref())
    }

    /// The mapping dialect of what it writes; `None` for converters that mix.
    pub fn dialect(&self) -> Option<Dialect> {
        let puts = |c: char, pair: [u8; 2]| self.writes(c).flatten() == Some(&pair);
        match (
            puts('\u{FF5E}', [0x81, 0x60]),
            puts('\u{301C}', [0x81, 0x60]),
            puts('\u{2014}', [0x81, 0x5C]),
        ) {
            (true, false, false) => Some(Dialect::Ms),
            (false, true, false) => Some(Dialect::Jis),
            (false, true, true) if puts('\u{FFE0}', [0x81, 0x91]) => Some(Dialect::Ibm),
            (false, true, true) => Some(Dialect::Jis2014),
            _ => None,
        }
    }

    /// Which form of duplicate characters it writes.
    pub fn duplicates(&self) -> Option<Duplicates> {
        match (
            self.writes('\u{2170}').flatten(),
            self.writes('\u{2116}').flatten(),
        ) {
            (Some([0xEE, 0xEF]), _) => Some(Duplicates::NecSelected),
            (Some([0xFA, 0x40]), Some([0xFA, 0x59])) => Some(Duplicates::Ibm),
            (Some([0xFA, 0x40]), Some([0x87, 0x82])) => Some(Duplicates::Windows),
            _ => None,
        }
    }
}

/// What a converter was seen to write for a probe character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrote {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A mark instead of the character, a character reference, or nothing.
    Lost,
}

impl Wrote {
    /// Reads the bytes of a probe cell. `?`, FCFC, `&#…;` and an empty cell are what lossy converters leave; 〓 ＿ ■ □ are
    /// what people configure.
    pub fn from_cell(bytes: &[u8]) -> Self {
        let all_marks = bytes.chunks(1).all(|b| b == b"?");
        let pairs = [
            [0xFC, 0xFC],
            [0x81, 0xAC],
            [0x81, 0x51],
            [0x81, 0xA1],
            [0x81, 0xA0],
        ];
        let marks = pairs
            .iter()
            .any(|mark| !bytes.is_empty() && bytes.chunks(2).all(|pair| pair == mark));
        if all_marks || marks || bytes.starts_with(b"&#") {
            Self::Lost
        } else {
            Self::Bytes(bytes.to_vec())
        }
    }
}

/// Who may have written a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identification {
    /// Converters that agree with everything seen.
    pub candidates: Vec<&'static Converter>,
    /// The nearest converters when none agrees, with the characters on which they do not.
    pub nearest: Vec<(&'static Converter, Vec<char>)>,
    /// `certain` when one converter is left (and something was seen), `possible` when several are or none agrees.
    pub confidence: Confidence,
}

/// Names the converters that write what was seen.
///
/// ```
/// use renkei_core::encoding::fingerprint::{identify, Wrote};
/// let seen = [('髙', Wrote::Bytes(vec![0xEE, 0xE0])), ('\u{2116}', Wrote::Bytes(vec![0x87, 0x82]))];
/// let names: Vec<_> = identify(&seen).candidates.iter().map(|c| c.name).collect();
/// assert_eq!(names, ["CPython cp932", "npm encoding-japanese"]);
/// ```
pub fn identify(seen: &[(char, Wrote)]) -> Identification {
    let judged: Vec<(&Converter, Vec<char>)> = converters()
        .iter()
        .map(|c| (c, differing(c, seen)))
        .collect();
    let known = seen.iter().any(|(c, _)| probe_characters().contains(c));
    let candidates: Vec<&Converter> = judged
        .iter()
        .filter(|(_, bad)| known && bad.is_empty())
        .map(|(c, _)| *c)
        .collect();
    let best = judged.iter().map(|(_, bad)| bad.len()).min().unwrap_or(0);
    let nearest = if candidates.is_empty() && known {
        judged
            .into_iter()
            .filter(|(_, bad)| bad.len() == best)
            .collect()
    } else {
        Vec::new()
    };
    let confidence = if candidates.len() == 1 {
        Confidence::Certain
    } else {
        Confidence::Possible
    };
    Identification {
        candidates,
        nearest,
        confidence,
    }
}

fn differing(converter: &Converter, seen: &[(char, Wrote)]) -> Vec<char> {
    let differs = |(c, wrote): &&(char, Wrote)| match (converter.writes(*c), wrote) {
        (None, _) | (Some(None), Wrote::Lost) => false,
        (Some(Some(expected)), Wrote::Bytes(bytes)) => expected != bytes,
        _ => true,
    };
    seen.iter().filter(differs).map(|(c, _)| *c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(converter: &Converter, characters: &[char]) -> Vec<(char, Wrote)> {
        let wrote = |c: char| match converter.writes(c).flatten() {
            Some(bytes) => Wrote::Bytes(bytes.to_vec()),
            None => Wrote::Lost,
        };
        characters.iter().map(|c| (*c, wrote(*c))).collect()
    }

    #[test]
    fn the_table_is_complete() {
        assert_eq!((converters().len(), probe_characters().len()), (23, 56));
        assert!(converters().iter().all(|c| c.writes.len() == 56));
    }

    /// Each column is named by its whole column, and by the ten characters except where the table itself says so.
    #[test]
    fn every_column_names_its_converter() {
        for converter in converters() {
            let whole = identify(&column(converter, probe_characters()));
            assert_eq!(whole.candidates, [converter], "{}", converter.name);
            assert_eq!(whole.confidence, Confidence::Certain);
            // U+00A9 is not in the table of 56: nine of the ten probes are judged here.
            let short = identify(&column(converter, &SHORT_PROBE));
            assert!(short.candidates.contains(&converter), "{}", converter.name);
        }
    }

    #[test]
    fn an_unknown_converter_is_compared_with_the_nearest() {
        let Some(java) = converters()
            .iter()
            .find(|c| c.name.starts_with("Java Windows-31J"))
        else {
            panic!("the table has Java");
        };
        let mut seen = column(java, probe_characters());
        for (c, wrote) in &mut seen {
            if *c == '葛' {
                *wrote = Wrote::Bytes(vec![0x81, 0x40]);
            }
        }
        let found = identify(&seen);
        assert_eq!(
            (found.candidates.len(), found.confidence),
            (0, Confidence::Possible)
        );
        assert_eq!(found.nearest, [(java, vec!['葛'])]);
        assert!(identify(&[]).candidates.is_empty());
    }

    #[test]
    fn families_have_their_dialect() {
        let of = |name: &str| {
            converters()
                .iter()
                .find(|c| c.name == name)
                .map(|c| (c.dialect(), c.duplicates()))
        };
        assert_eq!(
            of("WHATWG (encoding_rs)"),
            Some((Some(Dialect::Ms), Some(Duplicates::Windows)))
        );
        assert_eq!(of("Java Shift_JIS"), Some((Some(Dialect::Jis2014), None)));
        assert_eq!(of("CPython shift_jis"), Some((Some(Dialect::Jis), None)));
        assert_eq!(of("Java IBM943"), Some((None, Some(Duplicates::Ibm))));
        assert_eq!(
            of("ICU ibm-943"),
            Some((Some(Dialect::Ibm), Some(Duplicates::Ibm)))
        );
    }

    #[test]
    fn marks_are_losses() {
        for cell in [&b"?"[..], b"??", b"\xFC\xFC", b"", b"&#169;", b"\x81\xAC"] {
            assert_eq!(Wrote::from_cell(cell), Wrote::Lost, "{cell:?}");
        }
        assert_eq!(
            Wrote::from_cell(b"\x81\x60"),
            Wrote::Bytes(vec![0x81, 0x60])
        );
    }
}
