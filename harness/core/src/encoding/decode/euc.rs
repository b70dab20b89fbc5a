//! EUC-JP: ASCII, code set 1 (JIS X 0208 and vendor rows), SS2 half-width kana, SS3 JIS X 0212.

use super::{FaultKind, What};
use crate::encoding::codes::{self, Code};
use crate::encoding::dialect::Dialect;

const SS2: u8 = 0x8E;
const SS3: u8 = 0x8F;

/// The first unit and its length in bytes. As in Shift_JIS, a byte below 80 after a broken lead byte is left alone.
pub(super) fn first(rest: &[u8], dialect: Dialect) -> (usize, What) {
    match *rest {
        [byte @ 0x00..=0x7F, ..] => (1, What::Char(char::from(byte))),
        [SS2] | [0xA1..=0xFE] | [SS3] | [SS3, 0xA1..=0xFE] => {
            (rest.len(), FaultKind::TruncatedLead.into())
        }
        [SS2, kana @ 0xA1..=0xDF, ..] => {
            let code = char::from_u32(0xFF61 + u32::from(kana - 0xA1));
            (
                2,
                code.map_or(What::Fault(FaultKind::InvalidByte), What::Char),
            )
        }
        [SS3, a @ 0xA1..=0xFE, b @ 0xA1..=0xFE, ..] => (
            3,
            found(
                codes::unpack(codes::euc3()[usize::from(u16::from_be_bytes([a, b]))]),
                a,
                b,
            ),
        ),
        [SS3, 0xA1..=0xFE, bad, ..] => (
            if bad < 0x80 { 2 } else { 3 },
            FaultKind::IllegalTrail.into(),
        ),
        [a @ 0xA1..=0xFE, b @ 0xA1..=0xFE, ..] => {
            (2, found(of_set1(u16::from_be_bytes([a, b]), dialect), a, b))
        }
        [SS2 | SS3 | 0xA1..=0xFE, bad, ..] => (
            if bad < 0x80 { 1 } else { 2 },
            FaultKind::IllegalTrail.into(),
        ),
        _ => (1, FaultKind::InvalidByte.into()),
    }
}

fn found(code: Option<Code>, a: u8, b: u8) -> What {
    code.map_or(
        What::Fault(FaultKind::Unassigned {
            row: a - 0xA0,
            cell: b - 0xA0,
        }),
        What::from,
    )
}

/// The character of a position of code set 1; both bytes are A1–FE.
pub(in crate::encoding) fn of_set1(pair: u16, dialect: Dialect) -> Option<Code> {
    match codes::unpack(codes::euc1()[usize::from(pair)])? {
        Code::One(c) => Some(Code::One(dialect.of_pair(to_sjis(pair), c))),
        two @ Code::Two(..) => Some(two),
    }
}

/// The Shift_JIS pair of the same row and cell (rows 1–94).
fn to_sjis(pair: u16) -> u16 {
    let [a, b] = pair.to_be_bytes();
    let (row, cell) = (a.saturating_sub(0xA0), b.saturating_sub(0xA0));
    let lead = row.saturating_sub(1) / 2;
    let position = cell
        .saturating_sub(1)
        .saturating_add(if row % 2 == 0 { 94 } else { 0 });
    let lead = lead + if lead < 31 { 0x81 } else { 0xC1 };
    u16::from_be_bytes([lead, position + if position < 63 { 0x40 } else { 0x41 }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::class::row_cell;

    #[test]
    fn positions_convert_both_ways() {
        for pair in (0xA1A1..=0xFEFEu16).filter(|p| matches!(p & 0xFF, 0xA1..=0xFE)) {
            let (row, cell) = row_cell(to_sjis(pair));
            assert_eq!(u16::from_be_bytes([row + 0xA0, cell + 0xA0]), pair);
        }
        assert_eq!(to_sjis(0xA1C1), 0x8160);
    }
}
