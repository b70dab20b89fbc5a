//! Texts that nobody takes for a person's: words that say "example", cut to what field, repertoire and encoding allow.

use super::file::Places;
use super::random::Random;
use crate::encoding::{Repertoire, Target, encode};
use crate::spec::layout::{Field, FieldType, FileSettings, LengthUnit, WidthClass};

const NAMES: &[&str] = &[
    "架空　太郎",
    "見本　花子",
    "試験　一郎",
    "例示　次郎",
    "仮名　三子",
    "架空　見本",
    "架空",
    "見本",
    "試験",
    "例示",
    "例",
];
const KANA: &[&str] = &[
    "カクウ　タロウ",
    "ミホン　ハナコ",
    "シケン　イチロウ",
    "レイジ　ジロウ",
    "カクウ",
    "ミホン",
    "レイ",
    "ア",
];
const PLACES: &[&str] = &[
    "架空市見本町",
    "例示郡試験村",
    "見本町一丁目",
    "架空県",
    "架空市",
    "見本町",
    "架空",
    "例",
];
const HALF_KANA: &[&str] = &[
    "ｶｸｳ ﾀﾛｳ",
    "ﾐﾎﾝ ﾊﾅｺ",
    "ｼｹﾝ ｲﾁﾛｳ",
    "ﾚｲｼﾞ ｼﾞﾛｳ",
    "ｶｸｳ",
    "ﾐﾎﾝ",
    "ﾚｲ",
    "ｱ",
];
const LATIN: &[&str] = &["MIHON TARO", "KAKU HANAKO", "TEST", "REI", "A"];

/// What a text must fit into.
pub(super) struct Limits<'a> {
    pub(super) unit: LengthUnit,
    /// Most of that unit.
    pub(super) length: Option<usize>,
    /// Most positions of a fixed record; 0: as many as one likes.
    pub(super) width: usize,
    /// How positions are counted.
    pub(super) places: Places,
    /// The settings of the file.
    pub(super) settings: &'a FileSettings,
    pub(super) target: Target,
    pub(super) repertoire: Option<&'a Repertoire>,
}

impl Limits<'_> {
    /// Positions that the text takes.
    pub(super) fn taken(&self, text: &str) -> Option<usize> {
        self.places.taken(text, self.settings)
    }

    /// ASCII characters that fill the width.
    pub(super) fn digits(&self) -> usize {
        self.width / self.places.of_ascii()
    }

    /// True when the text fits and every character may stand in the field.
    pub(super) fn allow(&self, text: &str) -> bool {
        let Ok(bytes) = encode(text, self.target) else {
            return false;
        };
        let length = match self.unit {
            LengthUnit::Chars | LengthUnit::Graphemes => text.chars().count(),
            LengthUnit::Utf16 => text.encode_utf16().count(),
            LengthUnit::Bytes => bytes.len(),
        };
        let inside = |set: &Repertoire| text.chars().all(|c| set.contains(c));
        self.length.is_none_or(|most| length <= most)
            && (self.width == 0 || self.taken(text).is_some_and(|n| n <= self.width))
            && self.repertoire.is_none_or(inside)
    }
}

/// A text for a field of type X, N or C.
pub(super) fn of(field: &Field, limits: &Limits<'_>, random: &mut Random) -> Option<String> {
    let half = field.width_class == Some(WidthClass::Half);
    if field.kind == FieldType::X || half && field.kind == FieldType::N {
        return digits(field, limits, random);
    }
    let lists: &[&[&str]] = match field.kind {
        FieldType::C => &[HALF_KANA, LATIN],
        _ if names(
            field,
            &["カナ", "仮名", "フリガナ", "ふりがな", "kana", "yomi"],
        ) =>
        {
            &[KANA]
        }
        _ if names(
            field,
            &["住所", "町", "市", "都道府県", "番地", "方書", "所在"],
        ) =>
        {
            &[PLACES]
        }
        _ => &[NAMES],
    };
    let list = random.pick(lists)?;
    let start = random.below(list.len());
    let turned = (0..list.len()).filter_map(|at| list.get((start + at) % list.len()));
    let mut fitting = turned.chain(lists.iter().flat_map(|l| l.iter()));
    let word = fitting
        .find(|word| limits.allow(word))
        .map(|w| (*w).to_owned());
    word.or_else(|| digits(field, limits, random))
}

fn names(field: &Field, words: &[&str]) -> bool {
    words
        .iter()
        .any(|w| field.name.contains(w) || field.roman.contains(w))
}

/// Digits (full-width ones in full-width fields), at most ten.
fn digits(field: &Field, limits: &Limits<'_>, random: &mut Random) -> Option<String> {
    let exact = field.pad == crate::spec::layout::Pad::None && limits.width > 0;
    let most = if exact {
        limits.digits()
    } else {
        limits.length.unwrap_or(10).min(10)
    };
    (1..=most).rev().find_map(|count| {
        let plain = random.digits(count);
        let text: String = match (field.width_class, field.kind) {
            (Some(WidthClass::Full), _) | (None, FieldType::N) => {
                plain.chars().filter_map(wide).collect()
            }
            _ => plain,
        };
        limits.allow(&text).then_some(text)
    })
}

fn wide(c: char) -> Option<char> {
    char::from_u32(u32::from(c) + 0xFEE0)
}
