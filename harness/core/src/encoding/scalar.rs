//! What a Unicode scalar value is, in the same terms as the bytes of the Shift_JIS family, plus what only Unicode has:
//! private use, variation selectors, combining marks, noncharacters. One array look-up a character.

use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

use super::class::{Class, sjis};
use super::codes::{self, Code, PAIRS};

/// What a scalar value is. A character that several repertoires hold is of the first class that fits, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum ScalarClass {
    /// U+0000–001F, 007F, 0080–009F.
    Control = 0,
    /// U+0020–007E.
    Ascii = 1,
    /// U+FF61–FF9F: half-width kana.
    HalfKana = 2,
    /// JIS X 0208 rows 1–8, in Microsoft's and in the JIS mapping (both U+FF5E and U+301C).
    NonKanji = 3,
    /// 第1水準.
    Level1 = 4,
    /// 第2水準.
    Level2 = 5,
    /// NEC row 13.
    Nec13 = 6,
    /// IBM extensions (and NEC selected: the same characters).
    IbmExt = 7,
    /// JIS X 0213:2004 and in none of the above.
    X0213 = 8,
    /// An ideograph in none of the above, plane 2 and 3 included.
    Ideograph = 9,
    /// U+E000–E757: where CP932 maps its user-defined area.
    Udc = 10,
    /// The rest of U+E000–F8FF.
    PrivateBmp = 11,
    /// Planes 15 and 16.
    PrivatePlane = 12,
    /// U+FE00–FE0F: standardised variation selectors (SVS).
    Svs = 13,
    /// U+E0100–E01EF: variation selectors of ideographs (IVS).
    Ivs = 14,
    /// U+3099, 309A: combining 濁点 and 半濁点.
    KanaMark = 15,
    /// Other combining marks.
    Combining = 16,
    /// Invisible: U+00AD, 200B–200F, 2028–202E, 2060–206F, FEFF, tags.
    Format = 17,
    /// U+FFFD.
    Replacement = 18,
    /// U+FDD0–FDEF and the last two of each plane.
    Noncharacter = 19,
    /// Anything else.
    Other = 20,
}

impl ScalarClass {
    /// Number of classes.
    pub const COUNT: usize = 21;

    /// Every class, in the order of its number.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Control,
        Self::Ascii,
        Self::HalfKana,
        Self::NonKanji,
        Self::Level1,
        Self::Level2,
        Self::Nec13,
        Self::IbmExt,
        Self::X0213,
        Self::Ideograph,
        Self::Udc,
        Self::PrivateBmp,
        Self::PrivatePlane,
        Self::Svs,
        Self::Ivs,
        Self::KanaMark,
        Self::Combining,
        Self::Format,
        Self::Replacement,
        Self::Noncharacter,
        Self::Other,
    ];

    /// The name in evidence and in `repertoire show`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Ascii => "ascii",
            Self::HalfKana => "jisx0201-kana",
            Self::NonKanji => "jisx0208-nonkanji",
            Self::Level1 => "jisx0208-level1",
            Self::Level2 => "jisx0208-level2",
            Self::Nec13 => "nec13",
            Self::IbmExt => "ibm-ext",
            Self::X0213 => "jisx0213-only",
            Self::Ideograph => "ideograph",
            Self::Udc => "cp932-udc",
            Self::PrivateBmp => "private-use",
            Self::PrivatePlane => "private-use-plane",
            Self::Svs => "svs",
            Self::Ivs => "ivs",
            Self::KanaMark => "kana-mark",
            Self::Combining => "combining",
            Self::Format => "format",
            Self::Replacement => "replacement",
            Self::Noncharacter => "noncharacter",
            Self::Other => "other",
        }
    }

    /// This class as one bit, for masks of what is allowed.
    pub const fn bit(self) -> u32 {
        1 << self as u8
    }

    /// U+E000–F8FF and planes 15 and 16.
    pub const PRIVATE: u32 = Self::Udc.bit() | Self::PrivateBmp.bit() | Self::PrivatePlane.bit();

    /// True for private use.
    pub const fn is_private(self) -> bool {
        self.bit() & Self::PRIVATE != 0
    }

    /// True for what an IVS may follow: an ideograph of any repertoire. Level 1 and 2 hold nothing but ideographs.
    pub fn is_ideograph(self, c: char) -> bool {
        match self {
            Self::Level1 | Self::Level2 | Self::Ideograph => true,
            Self::NonKanji | Self::IbmExt | Self::X0213 => is_han(u32::from(c)),
            _ => false,
        }
    }
}

/// The class of a scalar value. Loops hoist the table: [`scalar_table`].
#[inline]
pub fn scalar_class(c: char) -> ScalarClass {
    scalar_table().class(c)
}

/// The table behind [`scalar_class`], built at first use (a few milliseconds).
pub fn scalar_table() -> &'static ScalarTable {
    static TABLE: LazyLock<ScalarTable> = LazyLock::new(build);
    &TABLE
}

/// Planes 0 and 2 as flat tables: one look-up a character.
#[derive(Debug)]
pub struct ScalarTable {
    bmp: Box<[ScalarClass; PAIRS]>,
    sip: Box<[ScalarClass; PAIRS]>,
}

impl ScalarTable {
    /// The class of a scalar value.
    #[inline]
    pub fn class(&self, c: char) -> ScalarClass {
        let value = u32::from(c);
        let low = usize::from(value as u16);
        match value >> 16 {
            0 => self.bmp[low],
            2 => self.sip[low],
            _ => by_rule(value),
        }
    }

    fn slot(&mut self, c: char) -> Option<&mut ScalarClass> {
        let value = u32::from(c);
        let low = usize::from(value as u16);
        match value >> 16 {
            0 => self.bmp.get_mut(low),
            2 => self.sip.get_mut(low),
            _ => None,
        }
    }
}

/// True for half-width characters: ASCII, half-width kana, and ¥ ‾ as JIS X 0201 has them.
pub fn is_half_width(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{FF61}'..='\u{FF9F}' | '\u{A5}' | '\u{203E}')
}

fn build() -> ScalarTable {
    let mut table = ScalarTable {
        bmp: codes::boxed(ScalarClass::Other),
        sip: codes::boxed(ScalarClass::Other),
    };
    for (value, (bmp, sip)) in (0..).zip(table.bmp.iter_mut().zip(table.sip.iter_mut())) {
        *bmp = by_rule(value);
        *sip = by_rule(0x2_0000 + value);
    }
    // Marks, controls and invisible characters stay what they are, whatever repertoire holds them.
    let plain = [ScalarClass::Ideograph, ScalarClass::Other];
    for value in codes::x0213_extra() {
        let Some(Code::One(c)) = codes::unpack(*value) else {
            continue;
        };
        if let Some(slot) = table.slot(c).filter(|slot| plain.contains(slot)) {
            *slot = ScalarClass::X0213;
        }
    }
    // The weakest class first: what comes later overwrites it.
    let order = [
        Class::NecIbm,
        Class::IbmExt,
        Class::Nec13,
        Class::NonKanji,
        Class::Level1,
        Class::Level2,
    ];
    for wanted in order {
        for (class, value) in sjis().pair.iter().zip(codes::cp932()) {
            if *class == wanted
                && let Some(Code::One(c)) = codes::unpack(*value)
                && let Some(slot) = table.slot(c)
            {
                *slot = of_class(wanted);
            }
        }
    }
    for c in "〜‖−—¢£¬".chars() {
        if let Some(slot) = table.slot(c) {
            *slot = ScalarClass::NonKanji;
        }
    }
    table
}

fn of_class(class: Class) -> ScalarClass {
    match class {
        Class::NonKanji => ScalarClass::NonKanji,
        Class::Level1 => ScalarClass::Level1,
        Class::Level2 => ScalarClass::Level2,
        Class::Nec13 => ScalarClass::Nec13,
        _ => ScalarClass::IbmExt,
    }
}

/// Classes that follow from the number alone.
fn by_rule(value: u32) -> ScalarClass {
    match value {
        0x00..=0x1F | 0x7F..=0x9F => ScalarClass::Control,
        0x20..=0x7E => ScalarClass::Ascii,
        0xFF61..=0xFF9F => ScalarClass::HalfKana,
        0xE000..=0xE757 => ScalarClass::Udc,
        0xE758..=0xF8FF => ScalarClass::PrivateBmp,
        0xFE00..=0xFE0F => ScalarClass::Svs,
        0x3099 | 0x309A => ScalarClass::KanaMark,
        0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF => ScalarClass::Format,
        0xFFFD => ScalarClass::Replacement,
        0xFDD0..=0xFDEF => ScalarClass::Noncharacter,
        _ if value & 0xFFFE == 0xFFFE => ScalarClass::Noncharacter,
        0xE_0000..=0xE_007F => ScalarClass::Format,
        0xE_0100..=0xE_01EF => ScalarClass::Ivs,
        0xF_0000.. => ScalarClass::PrivatePlane,
        _ if is_han(value) => ScalarClass::Ideograph,
        _ if char::from_u32(value).is_some_and(is_combining_mark) => ScalarClass::Combining,
        _ => ScalarClass::Other,
    }
}

/// Blocks of CJK ideographs: URO, extension A, compatibility, planes 2 and 3; and 々 〇.
pub(super) fn is_han(value: u32) -> bool {
    matches!(value, 0x3005 | 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_of_the_first_class_that_fits() {
        let expected = [
            ('亜', ScalarClass::Level1),
            ('腕', ScalarClass::Level1),
            ('弌', ScalarClass::Level2),
            ('々', ScalarClass::NonKanji),
            ('〜', ScalarClass::NonKanji),
            ('～', ScalarClass::NonKanji),
            ('①', ScalarClass::Nec13),
            ('髙', ScalarClass::IbmExt),
            ('𠮟', ScalarClass::X0213),
            ('𠮷', ScalarClass::Ideograph),
            ('ｶ', ScalarClass::HalfKana),
            ('\u{E000}', ScalarClass::Udc),
            ('\u{E758}', ScalarClass::PrivateBmp),
            ('\u{10DE92}', ScalarClass::PrivatePlane),
            ('\u{E0100}', ScalarClass::Ivs),
            ('\u{3099}', ScalarClass::KanaMark),
            ('\u{301}', ScalarClass::Combining),
            ('\u{FFFF}', ScalarClass::Noncharacter),
            ('é', ScalarClass::X0213),
            ('한', ScalarClass::Other),
        ];
        for (c, class) in expected {
            assert_eq!(scalar_class(c), class, "{c} U+{:04X}", u32::from(c));
        }
        for (i, class) in ScalarClass::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, i);
        }
    }
}
