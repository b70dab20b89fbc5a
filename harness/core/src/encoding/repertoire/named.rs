//! The named sets that need no list from the user. Sizes and definitions are those of the measured table; kana sets that
//! are somebody's practice and not a standard say so.

use super::Sequence;
use super::ranges::Ranges;
use crate::encoding::class::{Class, sjis};
use crate::encoding::codes::{self, Code};
use crate::encoding::decode::sjis_pair;
use crate::encoding::dialect::Dialect;
use crate::encoding::label::Encoding;
use crate::encoding::scalar::{ScalarClass, scalar_class};
use crate::model::Bilingual;

/// A named set: its names (the first is the official one), what it is.
pub(super) struct Named {
    pub(super) names: &'static [&'static str],
    pub(super) ja: &'static str,
    pub(super) en: &'static str,
    make: fn(Dialect) -> Set,
}

/// Characters and two-scalar sequences.
pub(super) type Set = (Ranges, Vec<Sequence>);

impl Named {
    pub(super) fn title(&self) -> Bilingual {
        Bilingual::new(self.ja, self.en)
    }

    pub(super) fn set(&self, dialect: Dialect) -> Set {
        (self.make)(dialect)
    }
}

const fn named(
    names: &'static [&'static str],
    ja: &'static str,
    en: &'static str,
    make: fn(Dialect) -> Set,
) -> Named {
    Named {
        names,
        ja,
        en,
        make,
    }
}

/// Every named set.
pub(super) const NAMED: &[Named] = &[
    named(
        &["ascii"],
        "ASCII図形文字と空白",
        "ASCII, printable and space",
        |_| range(0x20, 0x7E),
    ),
    named(
        &["jisx0201-roman"],
        "JIS X 0201 ラテン文字（バイト20–7E）",
        "JIS X 0201 Roman (bytes 20-7E)",
        roman,
    ),
    named(
        &["jisx0201-kana", "half-kana"],
        "JIS X 0201 半角カナ",
        "JIS X 0201 half-width kana",
        |_| range(0xFF61, 0xFF9F),
    ),
    named(
        &["jisx0201"],
        "JIS X 0201 ラテン文字と半角カナ",
        "JIS X 0201, both halves",
        |d| {
            (
                roman(d).0.union(&Ranges::of([(0xFF61, 0xFF9F)])),
                Vec::new(),
            )
        },
    ),
    named(
        &["zengin"],
        "全銀系の半角文字（一実装の既定値。銀行ごとに確認する）",
        "half-width set of bank transfer files (one implementation's default; confirm with the bank)",
        |_| (zengin(), Vec::new()),
    ),
    named(&["jisx0208"], "JIS X 0208 全文字", "JIS X 0208", |d| {
        pairs(d, &X0208_PAIRS)
    }),
    named(
        &["jisx0208-nonkanji"],
        "JIS X 0208 非漢字（1–8区）",
        "JIS X 0208 rows 1-8",
        |d| pairs(d, &[Class::NonKanji]),
    ),
    named(
        &["jisx0208-level1"],
        "第1水準漢字（16–47区）",
        "JIS X 0208 level 1",
        |d| pairs(d, &[Class::Level1]),
    ),
    named(
        &["jisx0208-level2"],
        "第2水準漢字（48–84区）",
        "JIS X 0208 level 2",
        |d| pairs(d, &[Class::Level2]),
    ),
    named(
        &["nec13"],
        "NEC特殊文字（13区）",
        "NEC row 13",
        |d| pairs(d, &[Class::Nec13]),
    ),
    named(
        &["nec-ibm"],
        "NEC選定IBM拡張文字",
        "NEC selected IBM extensions",
        |d| pairs(d, &[Class::NecIbm]),
    ),
    named(&["ibm-ext"], "IBM拡張文字", "IBM extensions", |d| {
        pairs(d, &[Class::IbmExt])
    }),
    named(
        &["cp932"],
        "CP932（外字領域を除く）",
        "CP932 without its user-defined area",
        |d| singles_and(d, &CP932_PAIRS),
    ),
    named(
        &["cp932-no-ext"],
        "CP932から機種依存文字を除いたもの（ASCII・半角カナ・JIS X 0208）",
        "CP932 without vendor characters: ASCII, half-width kana, JIS X 0208",
        |d| singles_and(d, &X0208_PAIRS),
    ),
    named(
        &["cp932-udc"],
        "CP932の外字領域（U+E000–E757）",
        "user-defined area of CP932",
        |_| range(0xE000, 0xE757),
    ),
    named(
        &["jisx0213:2004", "jisx0213", "jisx0213:2012"],
        "JIS X 0213:2004",
        "JIS X 0213:2004",
        |d| x0213(d, true),
    ),
    named(
        &["jisx0213:2000"],
        "JIS X 0213:2000（2004年追加の10字を除く）",
        "JIS X 0213:2000",
        |d| x0213(d, false),
    ),
    named(
        &["jisx0212"],
        "JIS X 0212 補助漢字",
        "JIS X 0212 supplementary",
        |_| x0212(),
    ),
    named(
        &["hiragana"],
        "ひらがな（4区）",
        "hiragana of row 4",
        |_| range(0x3041, 0x3093),
    ),
    named(
        &["katakana"],
        "カタカナ（5区）",
        "katakana of row 5",
        |_| range(0x30A1, 0x30F6),
    ),
    named(
        &["full-kana"],
        "全角かなと長音・中点・濁点・全角空白（renkeiの定義）",
        "full-width kana with its marks and the full-width space (renkei's own definition)",
        |_| {
            (
                Ranges::of([
                    (0x3000, 0x3000),
                    (0x3041, 0x3093),
                    (0x309B, 0x309E),
                    (0x30A1, 0x30F6),
                    (0x30FB, 0x30FE),
                ]),
                Vec::new(),
            )
        },
    ),
    named(
        &["full-katakana"],
        "全角カタカナと長音・中点・全角空白（renkeiの定義）",
        "full-width katakana with its marks and the full-width space (renkei's own definition)",
        |_| {
            (
                Ranges::of([(0x3000, 0x3000), (0x30A1, 0x30F6), (0x30FB, 0x30FE)]),
                Vec::new(),
            )
        },
    ),
    named(
        &["no-control"],
        "制御文字・不可視文字・非文字・U+FFFDを除くすべて",
        "anything but controls, invisible characters, noncharacters and U+FFFD",
        |_| by_class(|class| !UNFIT.contains(&class)),
    ),
    named(
        &["any"],
        "すべてのスカラー値",
        "every scalar value",
        |_| by_class(|_| true),
    ),
    named(
        &["bmp"],
        "基本多言語面",
        "the basic multilingual plane",
        |_| (Ranges::of([(0, 0xD7FF), (0xE000, 0xFFFF)]), Vec::new()),
    ),
    named(
        &["private-use"],
        "私用領域のすべて",
        "all private use",
        |_| by_class(ScalarClass::is_private),
    ),
    named(
        &["ivs-selectors"],
        "異体字セレクタ（U+E0100–E01EF）",
        "ideographic variation selectors",
        |_| range(0xE0100, 0xE01EF),
    ),
    named(
        &["svs-selectors"],
        "標準異体字セレクタ（U+FE00–FE0F）",
        "standardised variation selectors",
        |_| range(0xFE00, 0xFE0F),
    ),
];

const X0208_PAIRS: [Class; 3] = [Class::NonKanji, Class::Level1, Class::Level2];
const CP932_PAIRS: [Class; 6] = [
    Class::NonKanji,
    Class::Level1,
    Class::Level2,
    Class::Nec13,
    Class::NecIbm,
    Class::IbmExt,
];
const UNFIT: [ScalarClass; 4] = [
    ScalarClass::Control,
    ScalarClass::Format,
    ScalarClass::Noncharacter,
    ScalarClass::Replacement,
];

fn range(start: u32, end: u32) -> Set {
    (Ranges::of([(start, end)]), Vec::new())
}

fn roman(dialect: Dialect) -> Set {
    if dialect == Dialect::Jis {
        return (
            Ranges::of([(0x20, 0x5B), (0xA5, 0xA5), (0x5D, 0x7D), (0x203E, 0x203E)]),
            Vec::new(),
        );
    }
    range(0x20, 0x7E)
}

/// Space ( ) - . digits, upper case, ｱ–ﾝ, ｦ, ﾞ, ﾟ.
fn zengin() -> Ranges {
    Ranges::of([
        (0x20, 0x20),
        (0x28, 0x29),
        (0x2D, 0x2E),
        (0x30, 0x39),
        (0x41, 0x5A),
        (0xFF66, 0xFF66),
        (0xFF71, 0xFF9F),
    ])
}

fn pairs(dialect: Dialect, classes: &[Class]) -> Set {
    let codes = (0..=u16::MAX)
        .zip(sjis().pair.iter())
        .filter(|(_, class)| classes.contains(class));
    let chars = codes.filter_map(
        |(pair, _)| match sjis_pair(pair, Encoding::Cp932, dialect) {
            Ok(Code::One(c)) => Some(c),
            _ => None,
        },
    );
    (Ranges::of_chars(chars), Vec::new())
}

fn singles_and(dialect: Dialect, classes: &[Class]) -> Set {
    let singles = Ranges::of([(0x20, 0x7E), (0xFF61, 0xFF9F)]);
    (pairs(dialect, classes).0.union(&singles), Vec::new())
}

/// The double-byte characters of JIS X 0213. Converters disagree on FF5E/7E and FF3C/5C only; those follow the dialect.
fn x0213(dialect: Dialect, with_2004: bool) -> Set {
    let (mut chars, mut sequences) = (Vec::new(), Vec::new());
    for (pair, extra) in (0..=u16::MAX).zip(codes::x0213_extra().iter()) {
        if codes::is_added_2004(*extra) && !with_2004 {
            continue;
        }
        if sjis().pair[usize::from(pair)] >= Class::Unassigned {
            continue;
        }
        match sjis_pair(pair, Encoding::ShiftJis2004, dialect) {
            Ok(Code::One(c)) => chars.push(c),
            Ok(Code::Two(a, b)) => sequences.push((a, b)),
            Err(_) => {}
        }
    }
    (Ranges::of_chars(chars), sequences)
}

fn x0212() -> Set {
    let chars = codes::euc3()
        .iter()
        .filter_map(|value| match codes::unpack(*value) {
            Some(Code::One(c)) => Some(c),
            _ => None,
        });
    (Ranges::of_chars(chars), Vec::new())
}

fn by_class(wanted: impl Fn(ScalarClass) -> bool) -> Set {
    let all = ('\0'..=char::MAX).filter(|c| wanted(scalar_class(*c)));
    (Ranges::of_chars(all), Vec::new())
}
