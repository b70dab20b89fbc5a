//! What is certain of a set expression that names lists which nobody supplied.

use super::expression::{ExpressionFault, Parser};
use super::list::List;
use super::named::Set;
use super::ranges::Ranges;
use crate::encoding::dialect::Dialect;
use crate::encoding::encode::{Target, encode};
use crate::encoding::label::Encoding;

/// A letter (Thai) that no Japanese character set holds.
const OF_NO_JAPANESE_SET: char = '\u{E01}';

/// More unknown names than this are not tried out.
const MAX_UNKNOWN: usize = 6;

/// A set between what it surely holds and what it may hold.
#[derive(Clone, Debug)]
pub struct Bounds {
    certain: Ranges,
    possible: Ranges,
    /// Names of lists that nobody supplied.
    pub unknown: Vec<String>,
}

impl Bounds {
    /// Reads a set expression; names that nobody knows may stand for any set.
    ///
    /// # Errors
    /// What cannot be understood besides names.
    pub fn of(expression: &str, dialect: Dialect, lists: &[List]) -> Result<Self, ExpressionFault> {
        let read =
            |stand_ins: &[(String, bool)]| -> Result<Set, (ExpressionFault, Option<String>)> {
                let mut parser = Parser::new(expression, dialect, lists);
                parser.stand_ins = stand_ins;
                let set = parser.whole();
                set.map_err(|fault| (fault, parser.unknown))
            };
        let mut names: Vec<(String, bool)> = Vec::new();
        let first = loop {
            match read(&names) {
                Ok(set) => break set.0,
                Err((_, Some(name))) if names.len() < MAX_UNKNOWN => names.push((name, false)),
                Err((fault, _)) => return Err(fault),
            }
        };
        // Whether a character is in the set depends on the lists that hold it alone: all combinations say all.
        let (mut certain, mut possible) = (first.clone(), first);
        for chosen in 1..1_u32 << names.len() {
            for (at, (_, all)) in names.iter_mut().enumerate() {
                *all = chosen >> at & 1 == 1;
            }
            let set = read(&names).map_err(|(fault, _)| fault)?.0;
            certain = certain.intersection(&set);
            possible = possible.union(&set);
        }
        Ok(Self {
            certain,
            possible,
            unknown: names.into_iter().map(|(name, _)| name).collect(),
        })
    }

    /// Whether two expressions mean the same set; `None` where that hangs on unknown lists.
    pub fn same(&self, other: &Self) -> Option<bool> {
        let apart = |a: &Self, b: &Self| a.certain.difference(&b.possible).len() > 0;
        if apart(self, other) || apart(other, self) {
            return Some(false);
        }
        (self.unknown.is_empty() && other.unknown.is_empty()).then_some(true)
    }

    /// A character that is surely in the set and that an encoding cannot carry in a mapping dialect: that in which the set
    /// was read. A general limit (`any`, `bmp`, `no-control`) promises nothing.
    pub fn beyond(&self, encoding: Encoding, dialect: Dialect) -> Option<char> {
        if self.certain.contains(u32::from(OF_NO_JAPANESE_SET)) {
            return None;
        }
        let target = Target::new(encoding).dialect(dialect);
        self.certain
            .chars()
            .find(|c| encode(&c.to_string(), target).is_err())
    }

    /// Whether an encoding carries a set expression in one dialect or another; `None` where that hangs on unknown lists.
    ///
    /// # Errors
    /// As for [`Bounds::of`].
    pub fn carried(
        expression: &str,
        encoding: Encoding,
        lists: &[List],
    ) -> Result<Option<bool>, ExpressionFault> {
        let mut carried = Some(false);
        for dialect in Dialect::ALL {
            let set = Self::of(expression, dialect, lists)?;
            if set.beyond(encoding, dialect).is_none() {
                carried = None;
                if set.unknown.is_empty() {
                    return Ok(Some(true));
                }
            }
        }
        Ok(carried)
    }

    /// Whether the set holds one of these characters; `None` where that hangs on unknown lists.
    pub fn holds_some_of(&self, low: char, high: char) -> Option<bool> {
        let some = Ranges::of([(u32::from(low), u32::from(high))]);
        match (
            self.certain.intersection(&some).len() > 0,
            self.possible.intersection(&some).len() > 0,
        ) {
            (true, _) => Some(true),
            (_, false) => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(expression: &str) -> Bounds {
        Bounds::of(expression, Dialect::Ms, &[]).expect("the expression is right")
    }

    #[test]
    fn sets_are_compared_by_what_they_hold() {
        let same = |a, b| bounds(a).same(&bounds(b));
        assert_eq!(same("nec13 | jisx0208", "jisx0208 + nec13"), Some(true));
        assert_eq!(same("jisx0208", "jisx0208 - jisx0208-level2"), Some(false));
        assert_eq!(same("jisx0208 | our-list", "jisx0208"), None);
        assert_eq!(same("our-list", "our-list"), None);
        // Whatever the list holds, one side has the marks and the other does not.
        assert_eq!(
            same("jisx0208 + our-list", "jisx0208 - jisx0208-nonkanji"),
            Some(false)
        );
        assert_eq!(
            bounds("jisx0208 - ours | theirs").unknown,
            ["ours", "theirs"]
        );
        assert!(Bounds::of("標準の文字 を使う", Dialect::Ms, &[]).is_err());
    }

    #[test]
    fn named_sets_fit_the_encodings_they_come_from() {
        for (encoding, sets) in [
            (
                Encoding::Cp932,
                &[
                    "cp932",
                    "cp932-no-ext",
                    "jisx0208",
                    "nec13 | nec-ibm | ibm-ext",
                    "ascii | half-kana",
                    "cp932-udc",
                    "any",
                    "bmp",
                    "no-control",
                ][..],
            ),
            (
                Encoding::ShiftJisX0208,
                &[
                    "jisx0208",
                    "jisx0208 | ascii | half-kana",
                    "zengin",
                    "jisx0201",
                ],
            ),
            (
                Encoding::ShiftJis2004,
                &["jisx0213:2004", "jisx0208", "jisx0201"],
            ),
            (
                Encoding::EucJp,
                &["jisx0208", "jisx0212", "ascii", "jisx0201-kana"],
            ),
            (Encoding::Iso2022Jp, &["jisx0208", "ascii"]),
            (
                Encoding::JisX0201,
                &["jisx0201", "zengin", "half-kana", "ascii"],
            ),
            (Encoding::Utf8, &["jisx0213", "jisx0212", "cp932-udc"]),
        ] {
            for set in sets {
                let carried = Bounds::carried(set, encoding, &[]);
                assert_eq!(carried, Ok(Some(true)), "{encoding:?} {set}");
            }
        }
        for (encoding, set) in [
            (Encoding::Cp932, "jisx0213"),
            (Encoding::Cp932, "jisx0208 | U+20B9F"),
            (Encoding::ShiftJisX0208, "cp932"),
            (Encoding::ShiftJisX0208, "jisx0208 + nec13"),
            (Encoding::EucJp, "jisx0208 | U+20B9F"),
            (Encoding::Iso2022Jp, "jisx0208 | nec13 & our-list | U+20B9F"),
            (Encoding::JisX0201, "jisx0208 & jisx0208-level1"),
        ] {
            let carried = Bounds::carried(set, encoding, &[]);
            assert_eq!(carried, Ok(Some(false)), "{encoding:?} {set}");
        }
        let unknown = Bounds::carried("ours | jisx0208", Encoding::Cp932, &[]);
        assert_eq!(unknown, Ok(None));
    }
}
