//! ISO-2022-JP (RFC 1468) with the escapes of ISO-2022-JP-1 (JIS X 0212) and of CP50221 (half-width kana).

use super::{FaultKind, Unit, What, euc};
use crate::encoding::codes;
use crate::encoding::dialect::Dialect;

const ESC: u8 = 0x1B;

/// The character set that is switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::encoding) enum Set {
    Ascii,
    Roman,
    Kana,
    X0208,
    X0212,
}

impl Set {
    /// The escape sequences that switch to a set; the first one of a set is what we write.
    pub(in crate::encoding) const ESCAPES: [(&'static [u8], Self); 6] = [
        (b"\x1B(B", Self::Ascii),
        (b"\x1B(J", Self::Roman),
        (b"\x1B(I", Self::Kana),
        (b"\x1B$B", Self::X0208),
        (b"\x1B$@", Self::X0208),
        (b"\x1B$(D", Self::X0212),
    ];
}

/// The next unit, where to go on, and the state there. Escape sequences are no units; the unit after them carries only its
/// own bytes.
pub(super) fn next(
    bytes: &[u8],
    mut at: usize,
    mut set: Set,
    dialect: Dialect,
) -> Option<(Unit, usize, Set)> {
    loop {
        let rest = bytes.get(at..).unwrap_or(&[]);
        match rest.first() {
            None if set == Set::Ascii => return None,
            None => {
                return Some((
                    unit(at, 0, FaultKind::ShiftNotClosed.into()),
                    at,
                    Set::Ascii,
                ));
            }
            Some(&ESC) => match Set::ESCAPES
                .iter()
                .find(|(escape, _)| rest.starts_with(escape))
            {
                Some((escape, to)) => {
                    at += escape.len();
                    set = *to;
                }
                None => return Some((unit(at, 1, FaultKind::UnknownEscape.into()), at + 1, set)),
            },
            // RFC 1468: a line with two-byte characters switches to ASCII or Roman before its end.
            Some(&(b'\r' | b'\n')) if !matches!(set, Set::Ascii | Set::Roman) => {
                return Some((
                    unit(at, 0, FaultKind::ShiftNotClosed.into()),
                    at,
                    Set::Ascii,
                ));
            }
            Some(_) => {
                let (length, what) = character(rest, set, dialect);
                return Some((unit(at, length, what), at + length, set));
            }
        }
    }
}

fn unit(at: usize, length: usize, what: What) -> Unit {
    Unit {
        bytes: at..at + length,
        what,
    }
}

fn character(rest: &[u8], set: Set, dialect: Dialect) -> (usize, What) {
    match (rest, set) {
        ([0x80..=0xFF, ..], _) => (1, FaultKind::InvalidByte.into()),
        ([0x5C, ..], Set::Roman) => (1, What::Char('\u{A5}')),
        ([0x7E, ..], Set::Roman) => (1, What::Char('\u{203E}')),
        ([byte, ..], Set::Ascii | Set::Roman) => (1, What::Char(char::from(*byte))),
        ([byte @ 0x21..=0x5F, ..], Set::Kana) => (
            1,
            char::from_u32(0xFF40 + u32::from(*byte))
                .map_or(What::Fault(FaultKind::InvalidByte), What::Char),
        ),
        ([byte @ 0x00..=0x20, ..], Set::X0208 | Set::X0212 | Set::Kana) => {
            (1, What::Char(char::from(*byte)))
        }
        ([a @ 0x21..=0x7E, b @ 0x21..=0x7E, ..], Set::X0208) => {
            let code = euc::of_set1(u16::from_be_bytes([a | 0x80, b | 0x80]), dialect);
            (
                2,
                code.map_or(
                    What::Fault(FaultKind::Unassigned {
                        row: a - 0x20,
                        cell: b - 0x20,
                    }),
                    What::from,
                ),
            )
        }
        ([a @ 0x21..=0x7E, b @ 0x21..=0x7E, ..], Set::X0212) => {
            let code =
                codes::unpack(codes::euc3()[usize::from(u16::from_be_bytes([a | 0x80, b | 0x80]))]);
            (
                2,
                code.map_or(
                    What::Fault(FaultKind::Unassigned {
                        row: a - 0x20,
                        cell: b - 0x20,
                    }),
                    What::from,
                ),
            )
        }
        ([0x21..=0x7E], Set::X0208 | Set::X0212) => (1, FaultKind::TruncatedLead.into()),
        ([0x21..=0x7E, ..], Set::X0208 | Set::X0212) => (1, FaultKind::IllegalTrail.into()),
        _ => (1, FaultKind::InvalidByte.into()),
    }
}
