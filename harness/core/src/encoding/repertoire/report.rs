//! What `renkei repertoire show | check | diff` print, as values.

use super::list::List;
use super::named::NAMED;
use super::{Ranges, Repertoire};
use crate::encoding::scalar::{ScalarClass, scalar_class};
use crate::model::Bilingual;

/// What a set holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The expression.
    pub expression: String,
    /// Number of single characters.
    pub characters: u64,
    /// Number of characters of two scalar values.
    pub sequences: usize,
    /// Ranges of scalar values, both ends included, sorted.
    pub ranges: Vec<(u32, u32)>,
    /// Number of single characters by class, classes without any left out.
    pub classes: Vec<(ScalarClass, u64)>,
    /// A few visible characters, spread over the set.
    pub sample: String,
    /// User-supplied lists in it.
    pub lists: Vec<List>,
}

/// A character of a text that is not in a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// 0-based byte offset in the text.
    pub at: usize,
    /// The character, with its selector or mark.
    pub what: String,
    /// Class of its first scalar value.
    pub class: ScalarClass,
}

/// How two sets differ.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What only the first holds.
    pub only_first: Repertoire,
    /// What only the second holds.
    pub only_second: Repertoire,
    /// Number of single characters both hold.
    pub common: u64,
}

/// The named sets: names (the first is the official one) and what each is.
pub fn catalogue() -> Vec<(&'static [&'static str], Bilingual)> {
    NAMED
        .iter()
        .map(|named| (named.names, named.title()))
        .collect()
}

/// Characters of a sample.
const SAMPLE: usize = 20;

impl Repertoire {
    /// What the set holds.
    pub fn summary(&self) -> Summary {
        let mut classes = [0_u64; ScalarClass::COUNT];
        for c in self.ranges.chars() {
            classes[scalar_class(c) as usize] += 1;
        }
        Summary {
            expression: self.expression.clone(),
            characters: self.ranges.len(),
            sequences: self.sequences.len(),
            ranges: self.ranges.as_slice().to_vec(),
            classes: ScalarClass::ALL
                .into_iter()
                .zip(classes)
                .filter(|(_, n)| *n > 0)
                .collect(),
            sample: self.sample(),
            lists: self.lists.clone(),
        }
    }

    fn sample(&self) -> String {
        let visible = |c: &char| {
            let class = scalar_class(*c);
            !class.is_private()
                && !matches!(
                    class,
                    ScalarClass::Control | ScalarClass::Format | ScalarClass::Noncharacter
                )
        };
        let step = usize::try_from(self.ranges.len())
            .unwrap_or(usize::MAX)
            .div_ceil(SAMPLE)
            .max(1);
        self.ranges
            .chars()
            .filter(visible)
            .step_by(step)
            .take(SAMPLE)
            .collect()
    }

    /// The characters of a text that are not in the set, in order. A base with its selector or mark is one character: it is
    /// in the set when the sequence is, or when both scalar values are.
    pub fn check<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Outside> + 'a {
        let mut chars = text.char_indices().peekable();
        std::iter::from_fn(move || {
            loop {
                let (at, c) = chars.next()?;
                let mark = chars
                    .next_if(|(_, next)| Self::is_mark(*next))
                    .map(|(_, next)| next);
                let inside = match mark {
                    None => self.contains(c),
                    Some(mark) => {
                        self.contains_sequence(c, mark) || (self.contains(c) && self.contains(mark))
                    }
                };
                if !inside {
                    let what = std::iter::once(c).chain(mark).collect();
                    return Some(Outside {
                        at,
                        what,
                        class: scalar_class(c),
                    });
                }
            }
        })
    }

    /// How this set and another differ.
    pub fn diff(&self, other: &Self) -> Difference {
        let only = |a: &Self, b: &Self| {
            let sequences = a
                .sequences
                .iter()
                .filter(|s| !b.sequences.contains(s))
                .copied()
                .collect();
            let name = format!("({}) - ({})", a.expression, b.expression);
            Self::of(
                name,
                Ranges::difference(&a.ranges, &b.ranges),
                sequences,
                Vec::new(),
            )
        };
        Difference {
            only_first: only(self, other),
            only_second: only(other, self),
            common: self.ranges.intersection(&other.ranges).len(),
        }
    }
}
