//! Characters that may stand for one another: of one class, as long in every encoding that matters, inside or outside the
//! same repertoire, and alike in the eyes of the checks.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::encoding::{Repertoire, ScalarClass, Target, encode, scalar_class};
use crate::mask::class;

/// What two characters share when one may stand for the other, in any file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Kin {
    letter: &'static str,
    class: ScalarClass,
    utf8: usize,
    /// NFC leaves it as it is.
    stable: bool,
    /// A kana that takes 濁点: what follows it decides what it is.
    takes_mark: bool,
}

/// What they share in one file: the length in its encoding (`None`: it cannot be written there), and whether the
/// repertoire of the field holds it.
type Standing = (Option<usize>, bool);

/// Characters by kin, in the order of their code points.
static ALL: LazyLock<HashMap<Kin, Vec<char>>> = LazyLock::new(|| {
    let mut all: HashMap<Kin, Vec<char>> = HashMap::new();
    let ranges = [0x30..0xA000, 0xE000..0x1_0000, 0x2_0000..0x3_3480];
    for c in ranges.into_iter().flatten().filter_map(char::from_u32) {
        if is_replaced(c) {
            all.entry(kin(c)).or_default().push(c);
        }
    }
    all
});

fn kin(c: char) -> Kin {
    // Unified ideographs are stable; asking for each takes long.
    let unified = matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{2F7FF}');
    Kin {
        letter: class(c).unwrap_or_default(),
        class: scalar_class(c),
        utf8: c.len_utf8(),
        stable: unified || std::iter::once(c).nfc().eq(std::iter::once(c)),
        takes_mark: !unified && takes_mark(c),
    }
}

/// Characters of one kin by their standing.
type Parts = HashMap<Standing, Rc<Vec<char>>>;

/// Pools for one encoding and one repertoire, made as they are needed.
pub(super) struct Pools {
    target: Target,
    repertoire: Option<Repertoire>,
    parts: RefCell<HashMap<Kin, Parts>>,
}

impl Pools {
    pub(super) fn new(target: Target, repertoire: Option<Repertoire>) -> Self {
        Self {
            target,
            repertoire,
            parts: RefCell::default(),
        }
    }

    /// The characters that may stand for `c`, in the order of their code points, and the place of `c` among them.
    pub(super) fn of(&self, c: char) -> Option<(Rc<Vec<char>>, usize)> {
        if !is_replaced(c) {
            return None;
        }
        let kin = kin(c);
        let mut parts = self.parts.borrow_mut();
        let parts = parts.entry(kin).or_insert_with(|| self.split(kin));
        let pool = parts.get(&self.standing(c))?;
        let at = pool.binary_search(&c).ok()?;
        Some((Rc::clone(pool), at))
    }

    fn split(&self, kin: Kin) -> Parts {
        let mut parts: HashMap<Standing, Vec<char>> = HashMap::new();
        for c in ALL.get(&kin).into_iter().flatten() {
            parts.entry(self.standing(*c)).or_default().push(*c);
        }
        let shared = |(standing, chars)| (standing, Rc::new(chars));
        parts.into_iter().map(shared).collect()
    }

    fn standing(&self, c: char) -> Standing {
        let mut buffer = [0; 4];
        let bytes = encode(c.encode_utf8(&mut buffer), self.target).ok();
        let member = self.repertoire.as_ref().is_none_or(|r| r.contains(c));
        (bytes.map(|b| b.len()), member)
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
