//! ダメ文字: characters of Shift_JIS whose second byte is 5C, in the hands of a program that takes that byte for a backslash.

use crate::encoding::class::{Class, sjis};

/// What was done with the 5C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// A second 5C stands behind the character.
    Doubled,
    /// The 5C was taken for an escape and dropped.
    Lost,
}

const BACKSLASH: u8 = 0x5C;

/// What speaks for one of both in a full-width value with a fault at byte `at` (0-based): the value reads as two-byte
/// characters throughout once that is undone, and in one way only. The value is in an encoding of the Shift_JIS family.
pub fn escape(value: &[u8], at: usize) -> Option<Escape> {
    let before = value.get(..at)?;
    if value.get(at) == Some(&BACKSLASH) && before.last() == Some(&BACKSLASH) {
        let rest = value.get(at + 1..)?;
        return (is_wide(before) && is_wide(rest)).then_some(Escape::Doubled);
    }
    let mut ways = (0..=at).step_by(2).filter(|lead| lost_behind(value, *lead));
    (ways.next().is_some() && ways.next().is_none()).then_some(Escape::Lost)
}

/// True when the value reads with a 5C behind the byte at `lead`.
fn lost_behind(value: &[u8], lead: usize) -> bool {
    let (Some(before), Some(first), Some(rest)) =
        (value.get(..lead), value.get(lead), value.get(lead + 1..))
    else {
        return false;
    };
    is_character(*first, BACKSLASH) && is_wide(before) && is_wide(rest)
}

fn is_wide(value: &[u8]) -> bool {
    let (pairs, rest) = value.as_chunks::<2>();
    rest.is_empty()
        && pairs
            .iter()
            .all(|[first, second]| is_character(*first, *second))
}

/// A character of JIS X 0208.
fn is_character(first: u8, second: u8) -> bool {
    let table = sjis();
    table.single[usize::from(first)] == Class::Lead
        && matches!(
            table.pair(first, second),
            Class::NonKanji | Class::Level1 | Class::Level2
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::{Encoding, Target, encode};

    fn cp932(text: &str) -> Vec<u8> {
        encode(text, Target::new(Encoding::Cp932)).unwrap()
    }

    #[test]
    fn a_lost_and_a_doubled_byte_are_told() {
        // 山表示郎 without the 5C of 表: 山, 95 8E, A6, 98 59.
        let mut lost = cp932("山表示郎");
        lost.remove(3);
        assert_eq!(escape(&lost, 4), Some(Escape::Lost));
        let mut doubled = cp932("山表示郎");
        doubled.insert(4, b'\\');
        assert_eq!(escape(&doubled, 4), Some(Escape::Doubled));
    }

    #[test]
    fn other_faults_say_nothing() {
        for (value, at) in [
            (&b""[..], 0),
            (b"A", 0),
            (b"\x8ER\\", 2),
            (b"\x8ER\xB1", 2),
            (b"\x95\x5C\x5C", 9),
        ] {
            assert_eq!(escape(value, at), None, "{value:?}");
        }
        assert_eq!(escape(&cp932("山田A太郎"), 4), None);
        assert_eq!(escape(&cp932("山田ｱ太郎"), 4), None);
    }
}
