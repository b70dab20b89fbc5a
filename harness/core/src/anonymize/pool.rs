//! Characters that may stand for one another: of one class, as long in every encoding that matters, inside or outside the
//! same repertoire, and alike in the eyes of the checks.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::encoding::{Repertoire, ScalarClass, Target, encode, scalar_class};
use crate::mask::class;

/// What two characters share when one may stand for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Kin {
    letter: &'static str,
    class: ScalarClass,
    utf8: usize,
    /// Bytes in the encoding of the file; `None`: it cannot be written there.
    bytes: Option<usize>,
    /// NFC leaves it as it is.
    stable: bool,
    /// A kana that takes 濁点: what follows it decides what it is.
    takes_mark: bool,
    /// In the repertoire of the field.
    member: bool,
}

/// All characters by kin, for one encoding and one repertoire.
pub(super) struct Pools {
    target: Target,
    repertoire: Option<Repertoire>,
    by_kin: HashMap<Kin, Vec<char>>,
}

impl Pools {
    pub(super) fn new(target: Target, repertoire: Option<Repertoire>) -> Self {
        let mut pools = Self {
            target,
            repertoire,
            by_kin: HashMap::new(),
        };
        for c in (0x30..0x3_3480).filter_map(char::from_u32) {
            if is_replaced(c) {
                let kin = pools.kin(c);
                pools.by_kin.entry(kin).or_default().push(c);
            }
        }
        pools
    }

    /// The characters that may stand for `c`, in the order of their code points, and the place of `c` among them.
    pub(super) fn of(&self, c: char) -> Option<(&[char], usize)> {
        if !is_replaced(c) {
            return None;
        }
        let pool = self.by_kin.get(&self.kin(c))?;
        let at = pool.binary_search(&c).ok()?;
        Some((pool, at))
    }

    fn kin(&self, c: char) -> Kin {
        let mut buffer = [0; 4];
        let bytes = encode(c.encode_utf8(&mut buffer), self.target).ok();
        Kin {
            letter: class(c).unwrap_or_default(),
            class: scalar_class(c),
            utf8: c.len_utf8(),
            bytes: bytes.map(|b| b.len()),
            stable: std::iter::once(c).nfc().eq(std::iter::once(c)),
            takes_mark: takes_mark(c),
            member: self.repertoire.as_ref().is_none_or(|r| r.contains(c)),
        }
    }
}

/// Letters, digits, kana, kanji and 外字; what repeats or lengthens another character names nobody.
fn is_replaced(c: char) -> bool {
    let private = matches!(scalar_class(c), ScalarClass::Udc | ScalarClass::PrivateBmp);
    private
        || ((class(c).is_some() || c.is_alphanumeric())
            && !matches!(c, '々' | '〇' | '〆' | 'ー' | 'ｰ'))
}

fn takes_mark(c: char) -> bool {
    matches!(c, 'ｳ' | 'ｶ'..='ﾄ' | 'ﾊ'..='ﾎ')
        || [c, '\u{3099}'].into_iter().nfc().count() == 1
        || [c, '\u{309A}'].into_iter().nfc().count() == 1
}
