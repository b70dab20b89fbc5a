//! UTF-16 in either byte order (RFC 2781). U+FEFF is a character like any other here; the BOM is another rule's business.

use super::{FaultKind, What};

/// The first unit and its length in bytes.
pub(super) fn first(rest: &[u8], read: fn([u8; 2]) -> u16) -> (usize, What) {
    let [a, b, tail @ ..] = rest else {
        return (1, FaultKind::Truncated.into());
    };
    let one = read([*a, *b]);
    let two = match tail {
        [c, d, ..] => Some(read([*c, *d])),
        _ => None,
    };
    let units = std::iter::once(one).chain(two.filter(|_| matches!(one, 0xD800..=0xDBFF)));
    match char::decode_utf16(units).next() {
        Some(Ok(c)) => (c.len_utf16() * 2, What::Char(c)),
        _ => (2, FaultKind::Surrogate.into()),
    }
}
