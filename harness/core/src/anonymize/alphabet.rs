//! The characters that a pattern allows at any place: a digest in hexadecimal digits becomes another one.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Characters of a pattern, as ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Alphabet(Vec<(char, char)>);

impl Alphabet {
    /// The characters of a pattern; `None` when it cannot be read.
    pub(super) fn of(expression: &str) -> Option<Self> {
        let mut found = Self::default();
        found.collect(&regex_syntax::parse(expression).ok()?);
        Some(found)
    }

    pub(super) fn contains(&self, c: char) -> bool {
        self.0
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&c))
    }

    fn collect(&mut self, hir: &Hir) {
        match hir.kind() {
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).unwrap_or_default();
                self.0.extend(text.chars().map(|c| (c, c)));
            }
            HirKind::Class(Class::Unicode(class)) => {
                self.0
                    .extend(class.iter().map(|range| (range.start(), range.end())));
            }
            HirKind::Class(Class::Bytes(class)) => {
                let range = |r: &regex_syntax::hir::ClassBytesRange| {
                    (char::from(r.start()), char::from(r.end()))
                };
                self.0.extend(class.iter().map(range));
            }
            HirKind::Repetition(repeated) => self.collect(&repeated.sub),
            HirKind::Capture(group) => self.collect(&group.sub),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => {
                parts.iter().for_each(|part| self.collect(part));
            }
            HirKind::Empty | HirKind::Look(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_a_pattern_are_found() {
        let hex = Alphabet::of("^(?:sha256:)?[0-9a-f]{64}$").unwrap_or_default();
        assert!("0af9:sh".chars().all(|c| hex.contains(c)));
        assert!(!hex.contains('g') && !hex.contains('A'));
        assert!(Alphabet::of("漢+|か").unwrap_or_default().contains('漢'));
        assert_eq!(Alphabet::of("("), None);
    }
}
