//! What each byte and each pair of bytes of the Shift_JIS family is: a 64 K table, built once from encoding_rs and the
//! JIS X 0213 table. Validity, repertoire and width of a character come from one look-up, without decoding.

use std::sync::LazyLock;

use super::codes::{self, PAIRS};

/// What a byte or a pair of bytes of the Shift_JIS family is. Sixteen values, so that a histogram is 16 counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// 00–1F, 7F.
    Control = 0,
    /// 20–7E: ASCII, or the Roman half of JIS X 0201.
    Roman = 1,
    /// A1–DF: half-width kana.
    HalfKana = 2,
    /// 80, A0, FD, FE, FF: no character.
    Reserved = 3,
    /// JIS X 0208 rows 1–8.
    NonKanji = 4,
    /// JIS X 0208 rows 16–47, 第1水準.
    Level1 = 5,
    /// JIS X 0208 rows 48–84, 第2水準.
    Level2 = 6,
    /// 8740–879C: NEC row 13.
    Nec13 = 7,
    /// ED40–EEFC: NEC selected IBM extensions.
    NecIbm = 8,
    /// FA40–FC4B: IBM extensions.
    IbmExt = 9,
    /// F040–F9FC: user-defined, 外字.
    Udc = 10,
    /// Assigned in Shift_JIS-2004 alone.
    X0213Only = 11,
    /// Assigned nowhere.
    Unassigned = 12,
    /// A lead byte followed by a byte that can be no trail byte.
    IllegalTrail = 13,
    /// A lead byte; alone it is a truncated character.
    Lead = 14,
    /// The first byte of the pair is no lead byte: two characters, or none.
    NotAPair = 15,
}

impl Class {
    /// Number of classes.
    pub const COUNT: usize = 16;

    /// Every class, in the order of its number.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Control,
        Self::Roman,
        Self::HalfKana,
        Self::Reserved,
        Self::NonKanji,
        Self::Level1,
        Self::Level2,
        Self::Nec13,
        Self::NecIbm,
        Self::IbmExt,
        Self::Udc,
        Self::X0213Only,
        Self::Unassigned,
        Self::IllegalTrail,
        Self::Lead,
        Self::NotAPair,
    ];

    /// The name in evidence and in `repertoire show`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Roman => "jisx0201-roman",
            Self::HalfKana => "jisx0201-kana",
            Self::Reserved => "reserved-single",
            Self::NonKanji => "jisx0208-nonkanji",
            Self::Level1 => "jisx0208-level1",
            Self::Level2 => "jisx0208-level2",
            Self::Nec13 => "nec13",
            Self::NecIbm => "nec-ibm",
            Self::IbmExt => "ibm-ext",
            Self::Udc => "udc",
            Self::X0213Only => "jisx0213-only",
            Self::Unassigned => "unassigned",
            Self::IllegalTrail => "bad-trail",
            Self::Lead => "lead",
            Self::NotAPair => "two-singles",
        }
    }

    /// This class as one bit, for masks of what is allowed.
    pub const fn bit(self) -> u16 {
        1 << self as u8
    }

    /// The classes that are one whole character in CP932.
    pub const CP932: u16 =
        Self::X0208 | Self::Nec13.bit() | Self::NecIbm.bit() | Self::IbmExt.bit() | Self::Udc.bit();

    /// The classes that are one whole character in Shift_JIS as JIS X 0208 alone.
    pub const X0208: u16 = Self::Control.bit()
        | Self::Roman.bit()
        | Self::HalfKana.bit()
        | Self::NonKanji.bit()
        | Self::Level1.bit()
        | Self::Level2.bit();
}

/// The class of every single byte and every pair of the Shift_JIS family.
#[derive(Debug)]
pub struct SjisTable {
    /// Class of a byte on its own; a lead byte is [`Class::Lead`].
    pub single: [Class; 256],
    /// Class of a pair, at `first * 256 + second`.
    pub pair: Box<[Class; PAIRS]>,
}

impl SjisTable {
    /// Class of the pair `first second`.
    #[inline]
    pub fn pair(&self, first: u8, second: u8) -> Class {
        self.pair[usize::from(u16::from_be_bytes([first, second]))]
    }
}

/// The table, built at first use (about a millisecond).
pub fn sjis() -> &'static SjisTable {
    static TABLE: LazyLock<SjisTable> = LazyLock::new(|| {
        let mut pair = codes::boxed(Class::NotAPair);
        for (code, slot) in (0..=u16::MAX).zip(pair.iter_mut()) {
            *slot = pair_class(code);
        }
        SjisTable {
            single: std::array::from_fn(|i| single_class(i as u8)),
            pair,
        }
    });
    &TABLE
}

/// True for 81–9F and E0–FC.
pub const fn is_lead(byte: u8) -> bool {
    matches!(byte, 0x81..=0x9F | 0xE0..=0xFC)
}

/// True for 40–7E and 80–FC.
pub const fn is_trail(byte: u8) -> bool {
    matches!(byte, 0x40..=0x7E | 0x80..=0xFC)
}

/// The row (区) and cell (点) of a legal pair, 1-based; leads F0–FC continue with rows 95–120 as Microsoft counts them.
pub const fn row_cell(pair: u16) -> (u8, u8) {
    let [lead, trail] = pair.to_be_bytes();
    let position = trail.saturating_sub(if trail < 0x7F { 0x40 } else { 0x41 });
    let row = lead.saturating_sub(if lead <= 0x9F { 0x81 } else { 0xC1 });
    (
        (row.wrapping_mul(2))
            .wrapping_add(position / 94)
            .wrapping_add(1),
        position % 94 + 1,
    )
}

/// The plane (面), row and cell of a legal pair in JIS X 0213, 1-based: leads F0–FC hold plane 2.
pub fn plane_row_cell(pair: u16) -> (u8, u8, u8) {
    let (row, cell) = row_cell(pair);
    // Plane 2 uses rows 1 8 3 4 5 12 13 14 15 78, then 79 to 94 (JIS X 0213 annex 1).
    const FIRST: [u8; 10] = [1, 8, 3, 4, 5, 12, 13, 14, 15, 78];
    match row {
        1..=94 => (1, row, cell),
        _ => {
            let n = row - 95;
            (
                2,
                FIRST
                    .get(usize::from(n))
                    .copied()
                    .unwrap_or(n.wrapping_add(69)),
                cell,
            )
        }
    }
}

fn single_class(byte: u8) -> Class {
    match byte {
        0x00..=0x1F | 0x7F => Class::Control,
        0x20..=0x7E => Class::Roman,
        0xA1..=0xDF => Class::HalfKana,
        _ if is_lead(byte) => Class::Lead,
        _ => Class::Reserved,
    }
}

fn pair_class(code: u16) -> Class {
    let [lead, trail] = code.to_be_bytes();
    if !is_lead(lead) {
        return Class::NotAPair;
    }
    if !is_trail(trail) {
        return Class::IllegalTrail;
    }
    let in_cp932 = codes::cp932()[usize::from(code)] != 0;
    let in_x0213 = codes::x0213_extra()[usize::from(code)] != 0;
    match (row_cell(code).0, in_cp932) {
        (95..=114, _) => Class::Udc,
        (115.., true) => Class::IbmExt,
        (89..=92, true) => Class::NecIbm,
        (13, true) => Class::Nec13,
        (1..=8, true) => Class::NonKanji,
        (16..=47, true) => Class::Level1,
        (48..=84, true) => Class::Level2,
        _ if in_x0213 => Class::X0213Only,
        _ => Class::Unassigned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(class: Class) -> usize {
        sjis().pair.iter().filter(|c| **c == class).count()
    }

    /// The figures of the measured table of positions (11,280 legal pairs).
    #[test]
    fn counts_are_those_measured() {
        let expected = [
            (Class::NonKanji, 524),
            (Class::Level1, 2965),
            (Class::Level2, 3390),
            (Class::Nec13, 83),
            (Class::NecIbm, 374),
            (Class::IbmExt, 388),
            (Class::Udc, 1880),
            (Class::X0213Only, 1639),
            (Class::Unassigned, 37),
            (Class::IllegalTrail, 4080),
        ];
        for (class, n) in expected {
            assert_eq!(count(class), n, "{}", class.name());
        }
        for (i, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, i);
        }
    }

    #[test]
    fn rows_and_cells() {
        assert_eq!(row_cell(0x8140), (1, 1));
        assert_eq!(row_cell(0x889F), (16, 1));
        assert_eq!(row_cell(0xFCFC), (120, 94));
        assert_eq!(plane_row_cell(0xF09F), (2, 8, 1));
        assert_eq!(plane_row_cell(0xFCF4), (2, 94, 86));
    }
}
