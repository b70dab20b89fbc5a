//! UTF-8, with a reason for every fault (RFC 3629).

use super::{FaultKind, What};

/// The first unit and its length in bytes. A faulty sequence that is otherwise well shaped (overlong, surrogate, too large)
/// is one unit; a sequence that ends too early is the part that is there.
pub(super) fn first(rest: &[u8]) -> (usize, What) {
    // Three bytes, as nearly all Japanese text has: above the overlong forms, below the surrogates or beyond them.
    if let [a @ 0xE1..=0xEF, b @ 0x80..=0xBF, c @ 0x80..=0xBF, ..] = *rest
        && a != 0xED
    {
        let value = u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F);
        return (
            3,
            char::from_u32(value).map_or(What::Fault(FaultKind::Surrogate), What::Char),
        );
    }
    let Some(&lead) = rest.first() else {
        return (0, FaultKind::Truncated.into());
    };
    let (length, bits) = match lead {
        0x00..=0x7F => return (1, What::Char(char::from(lead))),
        0x80..=0xBF => return (1, FaultKind::UnexpectedContinuation.into()),
        0xC0..=0xDF => (2, lead & 0x1F),
        0xE0..=0xEF => (3, lead & 0x0F),
        0xF0..=0xF7 => (4, lead & 0x07),
        _ => return (1, FaultKind::InvalidByte.into()),
    };
    let follow = rest
        .iter()
        .skip(1)
        .take(length - 1)
        .take_while(|b| **b & 0xC0 == 0x80);
    let (count, value) = follow.fold((1, u32::from(bits)), |(count, value), byte| {
        (count + 1, value << 6 | u32::from(byte & 0x3F))
    });
    if count < length {
        return (count, FaultKind::Truncated.into());
    }
    let least = [0, 0, 0x80, 0x800, 0x1_0000][length];
    let what = match value {
        _ if value < least => FaultKind::Overlong.into(),
        0xD800..=0xDFFF => FaultKind::Surrogate.into(),
        _ => char::from_u32(value).map_or(What::Fault(FaultKind::TooLarge), What::Char),
    };
    (length, what)
}
