//! One pass over the bytes of a Shift_JIS slice: validity and a histogram of classes, without decoding.

use super::class::{Class, sjis};

/// What a pass saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassCounts {
    /// Units by class, at the class's number. ASCII bytes (controls too) of plain runs are counted in `ascii` instead.
    pub classes: [u64; Class::COUNT],
    /// Bytes below 80 that stand for themselves.
    pub ascii: u64,
    /// 0-based offset of the first unit whose class is not in the mask that was asked for.
    pub first_outside: Option<usize>,
}

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Counts the units of a slice that starts at a character. `allowed` is a mask of [`Class::bit`]s; ASCII is always allowed.
/// A broken lead byte before a byte below 80 counts alone, so that what follows keeps its meaning.
///
/// ```
/// use renkei_core::encoding::{class::Class, count_classes};
/// let seen = count_classes(b"A\x88\x9F\xFB\xFC", Class::X0208);
/// assert_eq!(seen.classes[Class::Level1 as usize], 1);
/// assert_eq!((seen.ascii, seen.first_outside), (1, Some(3)));
/// ```
pub fn count_classes(bytes: &[u8], allowed: u16) -> ClassCounts {
    let table = sjis();
    let mut seen = ClassCounts::default();
    let mut rest = bytes;
    loop {
        let run = ascii_run(rest);
        seen.ascii += run as u64;
        rest = rest.get(run..).unwrap_or(&[]);
        // Words of Japanese are runs of their own: stay here until the next ASCII byte.
        while let Some((&byte, tail)) = rest.split_first().filter(|(byte, _)| **byte >= 0x80) {
            let (class, after) = match (table.single[usize::from(byte)], tail.split_first()) {
                (Class::Lead, Some((&trail, after))) => match table.pair(byte, trail) {
                    Class::IllegalTrail if trail < 0x80 => (Class::IllegalTrail, tail),
                    class => (class, after),
                },
                (class, _) => (class, tail),
            };
            seen.classes[class as usize] += 1;
            if allowed & class.bit() == 0 && seen.first_outside.is_none() {
                seen.first_outside = Some(bytes.len() - rest.len());
            }
            rest = after;
        }
        if rest.is_empty() {
            return seen;
        }
    }
}

/// Length of the run of bytes below 80 at the start.
#[inline]
fn ascii_run(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let high = u64::from_le_bytes(*chunk) & HIGH_BITS;
        if high != 0 {
            return bytes.len() - rest.len() + (high.trailing_zeros() / 8) as usize;
        }
        rest = tail;
    }
    let plain = rest.iter().take_while(|byte| **byte < 0x80).count();
    bytes.len() - rest.len() + plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::encoding::{Dialect, Encoding, What, units};

    proptest! {
        /// The pass agrees with the strict decoder on validity and on the place of the first fault.
        #[test]
        fn the_pass_agrees_with_the_decoder(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'a'), 0x81_u8..0xFC], 0..60)) {
            let seen = count_classes(&bytes, Class::CP932);
            let fault = units(&bytes, Encoding::Cp932, Dialect::Ms).find(|u| matches!(u.what, What::Fault(_)));
            prop_assert_eq!(seen.first_outside, fault.map(|u| u.bytes.start));
            let all = units(&bytes, Encoding::Cp932, Dialect::Ms).count() as u64;
            prop_assert_eq!(seen.ascii + seen.classes.iter().sum::<u64>(), all);
        }
    }
}
