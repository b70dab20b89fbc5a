//! Repertoires: which characters may occur. Named sets, expressions over them, lists from the user; compiled for one
//! look-up a character.

mod bounds;
mod expression;
mod list;
mod named;
mod ranges;
mod report;

pub use bounds::Bounds;
pub use expression::ExpressionFault;
use expression::Parser;
pub use list::{Clash, List};
pub use report::{Difference, Outside, Summary, catalogue};

use super::class::sjis;
use super::codes::Code;
use super::decode::{sjis_pair, sjis_single};
use super::dialect::Dialect;
use super::label::Encoding;
use super::scalar::{ScalarClass, scalar_class};
use ranges::Ranges;

/// A character that is two scalar values: a base and its selector or mark.
pub type Sequence = (char, char);

/// A compiled set of characters.
#[derive(Clone, Debug)]
pub struct Repertoire {
    expression: String,
    ranges: Ranges,
    sequences: Vec<Sequence>,
    bmp: Box<[u64]>,
    lists: Vec<List>,
}

impl Repertoire {
    /// Compiles a set expression. `dialect` decides between U+FF5E and U+301C and their like in the sets that are defined
    /// by positions; `lists` are the user's.
    ///
    /// # Errors
    /// The first thing in the expression that cannot be understood.
    ///
    /// ```
    /// use renkei_core::encoding::{Dialect, Repertoire};
    /// let set = Repertoire::compile("cp932-no-ext - jisx0208-level2 | U+9AD9", Dialect::Ms, &[]).unwrap();
    /// assert!(set.contains('亜') && set.contains('髙') && !set.contains('弌') && !set.contains('①'));
    /// ```
    pub fn compile(
        expression: &str,
        dialect: Dialect,
        lists: &[List],
    ) -> Result<Self, ExpressionFault> {
        let mut parser = Parser::new(expression, dialect, lists);
        let (ranges, sequences) = parser.whole()?;
        let used = parser
            .used
            .iter()
            .filter_map(|at| lists.get(*at))
            .cloned()
            .collect();
        Ok(Self::of(
            expression.trim().to_owned(),
            ranges,
            sequences,
            used,
        ))
    }

    fn of(
        expression: String,
        ranges: Ranges,
        mut sequences: Vec<Sequence>,
        lists: Vec<List>,
    ) -> Self {
        sequences.sort_unstable();
        sequences.dedup();
        let mut bmp = vec![0_u64; 1024].into_boxed_slice();
        for value in ranges
            .as_slice()
            .iter()
            .flat_map(|(a, b)| *a..=(*b).min(0xFFFF))
        {
            if let Some(word) = bmp.get_mut(value as usize >> 6) {
                *word |= 1 << (value & 63);
            }
        }
        Self {
            expression,
            ranges,
            sequences,
            bmp,
            lists,
        }
    }

    /// The expression it was compiled from.
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// User-supplied lists the expression named.
    pub fn lists(&self) -> &[List] {
        &self.lists
    }

    /// True when the character alone is in the set.
    #[inline]
    pub fn contains(&self, c: char) -> bool {
        let value = u32::from(c);
        match self.bmp.get(value as usize >> 6) {
            Some(word) => word >> (value & 63) & 1 == 1,
            None => self.ranges.contains(value),
        }
    }

    /// True when the two scalar values together are one character of the set.
    pub fn contains_sequence(&self, first: char, second: char) -> bool {
        self.sequences.binary_search(&(first, second)).is_ok()
    }

    /// The set as one look-up per byte or pair of an encoding of the Shift_JIS family or JIS X 0201.
    pub fn bytes(&self, encoding: Encoding, dialect: Dialect) -> ByteRepertoire {
        let mut pair = vec![false; 65_536].into_boxed_slice();
        for ((code, class), slot) in (0..=u16::MAX).zip(sjis().pair.iter()).zip(pair.iter_mut()) {
            if *class >= super::class::Class::Unassigned || encoding == Encoding::JisX0201 {
                continue;
            }
            *slot = match sjis_pair(code, encoding, dialect) {
                Ok(Code::One(c)) => self.contains(c),
                Ok(Code::Two(a, b)) => self.contains_sequence(a, b),
                Err(_) => false,
            };
        }
        let single = (0..=u8::MAX)
            .map(|b| sjis_single(b, encoding, dialect).is_some_and(|c| self.contains(c)));
        ByteRepertoire {
            single: single.collect(),
            pair,
        }
    }

    fn is_mark(c: char) -> bool {
        let class = scalar_class(c);
        matches!(
            class,
            ScalarClass::Svs | ScalarClass::Ivs | ScalarClass::KanaMark | ScalarClass::Combining
        ) || matches!(c, '\u{2E5}' | '\u{2E9}')
    }
}

/// A repertoire over the bytes of an encoding whose characters have one or two bytes.
#[derive(Clone, Debug)]
pub struct ByteRepertoire {
    single: Box<[bool]>,
    pair: Box<[bool]>,
}

impl ByteRepertoire {
    /// True when the single byte is a character of the set.
    #[inline]
    pub fn single(&self, byte: u8) -> bool {
        self.single.get(usize::from(byte)).copied().unwrap_or(false)
    }

    /// True when the pair is a character of the set.
    #[inline]
    pub fn pair(&self, first: u8, second: u8) -> bool {
        self.pair
            .get(usize::from(u16::from_be_bytes([first, second])))
            .copied()
            .unwrap_or(false)
    }
}

#[cfg(test)]
mod tests;
