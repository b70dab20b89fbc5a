//! Lists that users supply: MJ, MJ+, IVS collections, 外字. They are never bundled (their licences reach whoever ships them),
//! and a report names the version and the digest of what was used.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Sequence;
use super::ranges::Ranges;
use crate::model::{Bilingual, Problem, Problems};

/// A user-supplied list of characters and sequences.
///
/// Text in UTF-8: header lines `key: value` (`id` and `version` are required; `source`, `licence`), then one `U+XXXX`,
/// `U+XXXX-U+YYYY` or `U+XXXX U+YYYY` (a sequence) a line. What follows the first tab or `#` on a line is a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Name by which expressions refer to it.
    pub id: String,
    /// Version of the list.
    pub version: String,
    /// Where it comes from.
    pub source: String,
    /// Under which terms.
    pub licence: String,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    pub(super) ranges: Ranges,
    pub(super) sequences: Vec<Sequence>,
    notes: BTreeMap<char, String>,
}

/// A code point that two lists give to different characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The code point.
    pub code: char,
    /// What the first list says of it.
    pub first: String,
    /// What the second list says of it.
    pub second: String,
}

impl List {
    /// Reads a list.
    ///
    /// # Errors
    /// Every line that cannot be read, and missing header entries.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Problems> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            let message = Bilingual::new(
                "文字集合の一覧がUTF-8ではありません",
                "the list is not UTF-8",
            );
            let help = Bilingual::new("UTF-8で保存し直します", "save it as UTF-8");
            return Err(vec![Problem::of_file(file, message, help)]);
        };
        let mut draft = Draft::default();
        for (number, line) in (1..).zip(text.strip_prefix('\u{FEFF}').unwrap_or(text).lines()) {
            draft.line(file, number, line);
        }
        draft.finish(file, bytes)
    }

    /// What the list says of a character listed on a line of its own: glyph id, name, reading.
    pub fn note(&self, c: char) -> Option<&str> {
        self.notes.get(&c).map(String::as_str)
    }

    /// Code points that both lists name, and differently: 外字 of two products under one code. Comparing lists before any
    /// data flows is the only way to see them.
    pub fn clashes(&self, other: &Self) -> Vec<Clash> {
        let both = self.notes.iter().filter_map(|(code, first)| {
            let second = other.note(*code)?;
            (first != second).then(|| Clash {
                code: *code,
                first: first.clone(),
                second: second.to_owned(),
            })
        });
        both.collect()
    }

    /// Number of single characters and of sequences.
    pub fn len(&self) -> (u64, usize) {
        (self.ranges.len(), self.sequences.len())
    }

    /// True when the list names nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == (0, 0)
    }
}

#[derive(Default)]
struct Draft {
    header: [String; 4],
    ranges: Vec<(u32, u32)>,
    sequences: Vec<Sequence>,
    notes: BTreeMap<char, String>,
    problems: Problems,
}

const KEYS: [&str; 4] = ["id", "version", "source", "licence"];

impl Draft {
    fn line(&mut self, file: &str, number: usize, line: &str) {
        let (line, note) = line.split_once(['#', '\t']).unwrap_or((line, ""));
        let (line, note) = (line.trim(), note.trim());
        if line.is_empty() {
            return;
        }
        if let Some((key, value)) = line.split_once(':').filter(|_| !line.starts_with("U+")) {
            match KEYS
                .iter()
                .zip(&mut self.header)
                .find(|(known, _)| **known == key.trim())
            {
                Some((_, slot)) => *slot = value.trim().to_owned(),
                None => self.fault(file, number, line),
            }
            return;
        }
        match entry(line) {
            Some(Entry::Range(start, end)) => {
                self.ranges.push((start, end));
                if let Some(code) =
                    char::from_u32(start).filter(|_| start == end && !note.is_empty())
                {
                    self.notes.insert(code, note.to_owned());
                }
            }
            Some(Entry::Sequence(first, second)) => self.sequences.push((first, second)),
            None => self.fault(file, number, line),
        }
    }

    fn fault(&mut self, file: &str, line: usize, text: &str) {
        let message = Bilingual::new(
            format!("「{text}」は一覧の行として読めません"),
            format!("`{text}` is not a line of a list"),
        );
        let help = Bilingual::new(
            "U+XXXX、U+XXXX-U+YYYY、U+XXXX U+E01XX（列）、または id: version: source: licence: のどれかを書きます",
            "write U+XXXX, U+XXXX-U+YYYY, U+XXXX U+E01XX (a sequence), or id: version: source: licence:",
        );
        self.problems.push(Problem {
            file: file.to_owned(),
            line,
            column: 0,
            message,
            help,
            rule: String::new(),
        });
    }

    fn finish(mut self, file: &str, bytes: &[u8]) -> Result<List, Problems> {
        let [id, version, source, licence] = self.header;
        for (key, value) in [("id", &id), ("version", &version)] {
            if value.is_empty() {
                let message = Bilingual::new(
                    format!("先頭に{key}:がありません"),
                    format!("the header has no {key}:"),
                );
                let help = Bilingual::new(
                    format!("先頭に「{key}: …」を書きます"),
                    format!("add a line `{key}: …` at the top"),
                );
                self.problems.push(Problem::of_file(file, message, help));
            }
        }
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let sha256 = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.sequences.sort_unstable();
        self.sequences.dedup();
        Ok(List {
            id,
            version,
            source,
            licence,
            sha256,
            ranges: Ranges::of(self.ranges),
            sequences: self.sequences,
            notes: self.notes,
        })
    }
}

enum Entry {
    Range(u32, u32),
    Sequence(char, char),
}

fn entry(line: &str) -> Option<Entry> {
    if let Some((first, second)) = line.split_once(' ') {
        return Some(Entry::Sequence(
            code_point(first)?,
            code_point(second.trim())?,
        ));
    }
    let (start, end) = range(line)?;
    Some(Entry::Range(start, end))
}

/// `U+XXXX` or `U+XXXX-U+YYYY`, in order and without surrogates.
pub(super) fn range(text: &str) -> Option<(u32, u32)> {
    let (start, end) = text.split_once('-').unwrap_or((text, text));
    let (start, end) = (u32::from(code_point(start)?), u32::from(code_point(end)?));
    (start <= end && !(start < 0xD800 && end > 0xDFFF)).then_some((start, end))
}

fn code_point(text: &str) -> Option<char> {
    let hex = text.strip_prefix("U+")?;
    let digits = (4..=6).contains(&hex.len()) && hex.bytes().all(|b| b.is_ascii_hexdigit());
    digits
        .then(|| u32::from_str_radix(hex, 16).ok().and_then(char::from_u32))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_identity() {
        let text = "id: gaiji-a\nversion: 3\nsource: A市\nlicence: 内部\n# note\nU+E000-U+E003\tname\nU+845B U+E0100\n";
        let list = List::parse("a.txt", text.as_bytes()).expect("reads");
        assert_eq!(
            (list.id.as_str(), list.version.as_str(), list.len()),
            ("gaiji-a", "3", (4, 1))
        );
        assert_eq!(list.sha256.len(), 64);
    }

    #[test]
    fn one_code_for_two_characters_is_a_clash() {
        let list = |rows: &str| {
            List::parse("l", format!("id: l\nversion: 1\n{rows}").as_bytes()).expect("reads")
        };
        let ours = list("U+E000\tMJ000001 髙の異体字\nU+E001\tGJ000002\nU+E002\n");
        let theirs = list("U+E000\t渡の異体字\nU+E001\tGJ000002\nU+E002\tx\n");
        let clashes: Vec<char> = ours.clashes(&theirs).into_iter().map(|c| c.code).collect();
        assert_eq!(clashes, ['\u{E000}']);
    }

    #[test]
    fn every_fault_is_found_with_its_line() {
        let faults = List::parse("a.txt", b"version: 1\nU+E00\nU+0041-U+0040\nU+D800\n")
            .expect_err("faulty");
        let lines: Vec<usize> = faults.iter().map(|p| p.line).collect();
        assert_eq!(lines, [2, 3, 4, 0]);
    }
}
