//! What happened to a text on its way: the sent and the received value side by side. Each difference gets the explanation
//! that predicts it exactly; `certain` only when no other one does.

use unicode_normalization::UnicodeNormalization;

use super::garbled::{Garble, undo};
use super::mapping::PAIRS;
use super::traces::MARKS;
use crate::encoding::scalar::{ScalarClass, is_han, scalar_class};
use crate::model::{Bilingual, Confidence};

/// Kanji that converters of the IBM-943 family fold silently into another one when writing (Java IBM943 and IBM943C, glibc
/// IBM943, ICU ibm-943 with fallback: measured, the same 39 in all four).
const FOLDED: &str = "俠侠剝剥啞唖嚙噛囊嚢塡填屛屏屢屡搔掻摑掴攢攅栅柵梎梍潑溌瀆涜焰焔瘦痩禱祷簞箪繈繦繡繍繫繋腁胼荆荊萊莱蔣蒋蟬蝉蠟蝋軀躯醬醤醱醗頰頬頹頽顚顛驒騨鷗鴎鹼鹸麴麹麵麺";

/// What happened to a part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// One symbol under the other table's code point (U+FF5E and U+301C …).
    Mapping,
    /// `\` and ¥, `~` and ‾: the two readings of 5C and 7E.
    YenSign,
    /// A variation selector is gone.
    SelectorDropped,
    /// A variation selector became a mark.
    SelectorReplaced,
    /// NFC was applied.
    Composed,
    /// NFD was applied.
    Decomposed,
    /// NFKC was applied: half-width kana to full width, ① to 1.
    Compatibility,
    /// A kanji became another one as IBM-943 converters fold it.
    FoldedKanji,
    /// A letter lost its accent, as Windows' best fit does.
    BestFit,
    /// A character beyond U+FFFF became marks or went away.
    SupplementaryLost,
    /// The text ends before a character beyond U+FFFF.
    CutAtSupplementary,
    /// A character became a mark.
    Replaced,
    /// A character became a number (`&#…;`).
    Referenced,
    /// A character is gone without trace.
    Dropped,
    /// The end is missing.
    Truncated,
    /// A kanji became another kanji: a variant table (縮退) or a change by hand.
    Substituted,
    /// The whole text was read in the wrong encoding.
    Garbled(Garble),
    /// Anything else.
    Changed,
}

impl DifferenceKind {
    /// What happened, for people.
    pub fn describe(self) -> Bilingual {
        let b = |ja: &str, en: &str| Bilingual::new(ja, en);
        match self {
            Self::Mapping => b("変換表の系統が違う", "different mapping tables"),
            Self::YenSign => b(
                "5C・7Eの読み方が違う（\\と¥、~と‾）",
                "5C or 7E read differently (\\ and ¥, ~ and ‾)",
            ),
            Self::SelectorDropped => {
                b("異体字セレクタが落ちた", "a variation selector was dropped")
            }
            Self::SelectorReplaced => b(
                "異体字セレクタが記号になった",
                "a variation selector became a mark",
            ),
            Self::Composed => b("NFCがかかった", "NFC was applied"),
            Self::Decomposed => b("NFDがかかった（濁点が分かれた）", "NFD was applied"),
            Self::Compatibility => b(
                "NFKCがかかった（半角カナ・丸数字などが変わった）",
                "NFKC was applied",
            ),
            Self::FoldedKanji => b(
                "IBM系の変換で別の漢字にまとめられた",
                "folded into another kanji by an IBM-943 converter",
            ),
            Self::BestFit => b(
                "近い文字に置き換えられた（ベストフィット）",
                "best-fit replacement",
            ),
            Self::SupplementaryLost => b(
                "U+10000以上の文字が失われた",
                "a character beyond U+FFFF was lost",
            ),
            Self::CutAtSupplementary => b(
                "U+10000以上の文字の前で切れた",
                "cut before a character beyond U+FFFF",
            ),
            Self::Replaced => b("文字が記号に置き換えられた", "a character became a mark"),
            Self::Referenced => b("文字が番号に置き換えられた", "a character became a number"),
            Self::Dropped => b("文字が消えた", "a character is gone"),
            Self::Truncated => b("末尾が切れた", "the end is missing"),
            Self::Substituted => b(
                "別の漢字に変わった（縮退など）",
                "another kanji (a variant)",
            ),
            Self::Garbled(garble) => garble.describe(),
            Self::Changed => b("値が違う", "the value differs"),
        }
    }
}

/// One difference between a sent and a received text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What happened.
    pub kind: DifferenceKind,
    /// `certain` when no other explanation predicts the same.
    pub confidence: Confidence,
    /// 0-based byte offset in the sent text.
    pub at: usize,
    /// The sent part.
    pub sent: String,
    /// What was received in its place.
    pub received: String,
}

/// Compares a sent and a received text. Equal texts have no difference.
///
/// ```
/// use renkei_core::encoding::diagnosis::{compare, DifferenceKind};
/// let kinds = |a, b| compare(a, b).into_iter().map(|d| d.kind).collect::<Vec<_>>();
/// assert_eq!(kinds("一～二", "一〜二"), [DifferenceKind::Mapping]);
/// assert_eq!(kinds("葛\u{E0100}城", "葛城"), [DifferenceKind::SelectorDropped]);
/// assert_eq!(kinds("剝製", "剥製"), [DifferenceKind::FoldedKanji]);
/// ```
pub fn compare(sent: &str, received: &str) -> Vec<Difference> {
    if sent == received {
        return Vec::new();
    }
    if let Some((garble, text)) = undo(received).filter(|(_, text)| text == sent) {
        let (at, kind, confidence) = (0, DifferenceKind::Garbled(garble), Confidence::Certain);
        return vec![Difference {
            kind,
            confidence,
            at,
            sent: text,
            received: received.to_owned(),
        }];
    }
    let mut walk = Walk {
        sent,
        received,
        at: 0,
        got: 0,
        found: Vec::new(),
    };
    while walk.step() {}
    walk.found
}

/// An explanation of what stands here: its kind, and how many bytes of each text it accounts for.
type Guess = (DifferenceKind, usize, usize);

struct Walk<'a> {
    sent: &'a str,
    received: &'a str,
    at: usize,
    got: usize,
    found: Vec<Difference>,
}

impl<'a> Walk<'a> {
    fn rest(&self) -> (&'a str, &'a str) {
        (
            self.sent.get(self.at..).unwrap_or(""),
            self.received.get(self.got..).unwrap_or(""),
        )
    }

    /// Goes on by one character or one difference; false at the end.
    fn step(&mut self) -> bool {
        let (sent, received) = self.rest();
        let (Some(a), b) = (sent.chars().next(), received.chars().next()) else {
            if !received.is_empty() {
                self.report(
                    (DifferenceKind::Changed, 0, received.len()),
                    Confidence::Possible,
                );
            }
            return false;
        };
        // A mark after its base belongs to the base, so that NFC is seen on both.
        let marked = |text: &str| text.chars().nth(1).is_some_and(is_attached);
        if Some(a) == b && marked(sent) == marked(received) {
            self.at += a.len_utf8();
            self.got += a.len_utf8();
            return true;
        }
        let guesses = guesses(sent, received);
        let confidence = match guesses.as_slice() {
            [(DifferenceKind::Substituted | DifferenceKind::Changed, ..)] => Confidence::Possible,
            [(DifferenceKind::CutAtSupplementary | DifferenceKind::Dropped, ..)] => {
                Confidence::Probable
            }
            [_] => Confidence::Certain,
            _ => Confidence::Probable,
        };
        let best = guesses.first().copied().unwrap_or((
            DifferenceKind::Changed,
            sent.len(),
            received.len(),
        ));
        self.report(best, confidence);
        true
    }

    fn report(&mut self, (kind, took, gave): Guess, confidence: Confidence) {
        let (sent, received) = self.rest();
        self.found.push(Difference {
            kind,
            confidence,
            at: self.at,
            sent: sent.get(..took).unwrap_or(sent).to_owned(),
            received: received.get(..gave).unwrap_or(received).to_owned(),
        });
        self.at += took;
        self.got += gave;
    }
}

/// Everything that predicts what is received here, the likeliest first.
fn guesses(sent: &str, received: &str) -> Vec<Guess> {
    let mut found = Vec::new();
    found.extend(selector(sent, received));
    found.extend(one_for_one(sent, received));
    found.extend(normal_form(sent, received));
    found.extend(lost(sent, received));
    if found.is_empty() {
        found.extend(missing(sent, received).or_else(|| substituted(sent, received)));
    }
    found.dedup();
    found
}

fn is_attached(c: char) -> bool {
    matches!(
        scalar_class(c),
        ScalarClass::Ivs | ScalarClass::Svs | ScalarClass::KanaMark | ScalarClass::Combining
    ) || matches!(c, 'ﾞ' | 'ﾟ')
}

fn selector(sent: &str, received: &str) -> Option<Guess> {
    let mut chars = sent.chars();
    let (base, selector) = (chars.next()?, chars.next()?);
    if !matches!(scalar_class(selector), ScalarClass::Ivs | ScalarClass::Svs)
        || !received.starts_with(base)
    {
        return None;
    }
    let took = base.len_utf8() + selector.len_utf8();
    let after = received.get(base.len_utf8()..)?;
    match after.chars().next() {
        Some(mark) if is_mark(mark) && !sent.get(took..)?.starts_with(mark) => Some((
            DifferenceKind::SelectorReplaced,
            took,
            base.len_utf8() + mark.len_utf8(),
        )),
        _ => Some((DifferenceKind::SelectorDropped, took, base.len_utf8())),
    }
}

fn one_for_one(sent: &str, received: &str) -> Option<Guess> {
    let (a, b) = (sent.chars().next()?, received.chars().next()?);
    let mapping = |(x, y): &(char, char)| (*x == a && *y == b) || (*y == a && *x == b);
    let yen = [('\\', '¥'), ('~', '‾'), ('\\', '＼'), ('~', '～')];
    let folded: Vec<char> = FOLDED.chars().collect();
    let latin = || !a.is_ascii() && b.is_ascii_alphabetic() && a.nfd().next() == Some(b);
    let kind = match () {
        () if PAIRS.iter().any(mapping) => DifferenceKind::Mapping,
        () if yen.iter().any(mapping) => DifferenceKind::YenSign,
        () if folded.chunks_exact(2).any(|pair| pair == [a, b]) => DifferenceKind::FoldedKanji,
        () if latin() => DifferenceKind::BestFit,
        () => return None,
    };
    Some((kind, a.len_utf8(), b.len_utf8()))
}

/// The first one or two characters, normalised, are what is received.
fn normal_form(sent: &str, received: &str) -> Vec<Guess> {
    let attached = |c: &&(usize, char)| is_attached(c.1);
    let chars: Vec<(usize, char)> = sent.char_indices().take(4).collect();
    let marks = chars.iter().skip(1).take_while(attached).count();
    let took = chars.get(marks + 1).map_or(sent.len(), |(at, _)| *at);
    let Some(part) = sent.get(..took) else {
        return Vec::new();
    };
    let forms: [(DifferenceKind, String); 3] = [
        (DifferenceKind::Composed, part.nfc().collect()),
        (DifferenceKind::Decomposed, part.nfd().collect()),
        (DifferenceKind::Compatibility, part.nfkc().collect()),
    ];
    let mut found: Vec<Guess> = Vec::new();
    for (at, (kind, form)) in forms.iter().enumerate() {
        // NFKC does what NFC does and more: it is a guess of its own only where it differs.
        let same = forms.iter().take(at).any(|(_, earlier)| earlier == form);
        let ends = received
            .get(form.len()..)
            .is_some_and(|rest| !rest.starts_with(is_attached));
        if form != part && !same && received.starts_with(form.as_str()) && ends {
            found.push((*kind, took, form.len()));
        }
    }
    found
}

fn is_mark(c: char) -> bool {
    MARKS.contains(&c) || matches!(c, '\u{FFFD}' | '\u{1A}')
}

/// Marks and numbers in place of a character.
fn lost(sent: &str, received: &str) -> Option<Guess> {
    let a = sent.chars().next()?;
    let supplementary = a > '\u{FFFF}';
    for reference in [
        format!("&#{};", u32::from(a)),
        format!("&#x{:X};", u32::from(a)),
        format!("U+{:04X}", u32::from(a)),
    ] {
        if received
            .to_ascii_uppercase()
            .starts_with(&reference.to_ascii_uppercase())
        {
            return Some((DifferenceKind::Referenced, a.len_utf8(), reference.len()));
        }
    }
    let mark = received.chars().next().filter(|c| is_mark(*c))?;
    let after = sent.get(a.len_utf8()..)?;
    // A surrogate pair becomes two marks; two marks for one character otherwise belong to the next one.
    let second = received.chars().nth(1) == Some(mark);
    let twice = supplementary && second && same_start(after, received.get(2 * mark.len_utf8()..)?);
    let gave = mark.len_utf8() * if twice { 2 } else { 1 };
    let kind = if supplementary {
        DifferenceKind::SupplementaryLost
    } else {
        DifferenceKind::Replaced
    };
    Some((kind, a.len_utf8(), gave))
}

fn same_start(a: &str, b: &str) -> bool {
    a.chars().next() == b.chars().next()
}

/// Something is missing: the end, or one character.
fn missing(sent: &str, received: &str) -> Option<Guess> {
    let a = sent.chars().next()?;
    if received.is_empty() {
        let kind = if a > '\u{FFFF}' {
            DifferenceKind::CutAtSupplementary
        } else {
            DifferenceKind::Truncated
        };
        return Some((kind, sent.len(), 0));
    }
    let after = sent.get(a.len_utf8()..)?;
    let goes_on = after
        .chars()
        .zip(received.chars())
        .take(2)
        .all(|(x, y)| x == y)
        && !after.is_empty();
    let kind = if a > '\u{FFFF}' {
        DifferenceKind::SupplementaryLost
    } else {
        DifferenceKind::Dropped
    };
    goes_on.then_some((kind, a.len_utf8(), 0))
}

fn substituted(sent: &str, received: &str) -> Option<Guess> {
    let (a, b) = (sent.chars().next()?, received.chars().next()?);
    let left = |text: &str, c: char| text.get(c.len_utf8()..).map(|rest| rest.chars().count());
    if left(sent, a) != left(received, b) {
        return None;
    }
    let both = is_han(u32::from(a)) && is_han(u32::from(b));
    Some((
        if both {
            DifferenceKind::Substituted
        } else {
            DifferenceKind::Changed
        },
        a.len_utf8(),
        b.len_utf8(),
    ))
}

#[cfg(test)]
mod tests {
    use super::DifferenceKind as K;
    use super::*;

    fn kinds(sent: &str, received: &str) -> Vec<K> {
        compare(sent, received)
            .into_iter()
            .map(|d| d.kind)
            .collect()
    }

    #[test]
    fn each_cause_is_named() {
        let cases: &[(&str, &str, K)] = &[
            ("一～二", "一〜二", K::Mapping),
            ("１－２", "１−２", K::Mapping),
            ("C:\\a", "C:¥a", K::YenSign),
            ("葛\u{E0100}城", "葛城", K::SelectorDropped),
            ("葛\u{E0100}", "葛", K::SelectorDropped),
            ("葛\u{E0100}城", "葛?城", K::SelectorReplaced),
            ("神\u{FA19}社", "神\u{795E}社", K::Composed),
            ("なか\u{3099}の", "ながの", K::Composed),
            ("ながの", "なか\u{3099}の", K::Decomposed),
            ("ﾔﾏﾀﾞ", "ﾔﾏダ", K::Compatibility),
            ("㈱A", "(株)A", K::Compatibility),
            ("剝製", "剥製", K::FoldedKanji),
            ("José", "Jose", K::BestFit),
            ("吉𠮷田", "吉??田", K::SupplementaryLost),
            ("吉𠮷田", "吉?田", K::SupplementaryLost),
            ("吉𠮷田", "吉田", K::SupplementaryLost),
            ("吉𠮷田", "吉", K::CutAtSupplementary),
            ("髙橋", "?橋", K::Replaced),
            ("髙橋", "〓橋", K::Replaced),
            ("髙橋", "&#39641;橋", K::Referenced),
            ("髙橋一郎", "橋一郎", K::Dropped),
            ("髙橋一郎", "髙橋", K::Truncated),
            ("髙橋", "高橋", K::Substituted),
            ("山口健太", "螻ｱ蜿｣蛛･螟ｪ", K::Garbled(Garble::Utf8AsCp932)),
        ];
        for (sent, received, kind) in cases {
            assert_eq!(kinds(sent, received), [*kind], "{sent} -> {received}");
        }
        assert!(compare("同じ", "同じ").is_empty());
    }

    #[test]
    fn several_differences_are_told_apart() {
        assert_eq!(
            kinds("髙橋～﨑", "高橋〜?"),
            [K::Substituted, K::Mapping, K::Replaced]
        );
        assert_eq!(kinds("髙髙", "??"), [K::Replaced, K::Replaced]);
        assert_eq!(kinds("山田", "山田太郎"), [K::Changed]);
    }

    #[test]
    fn certainty_needs_a_single_explanation() {
        let confidence = |a: &str, b: &str| compare(a, b).first().map(|d| d.confidence);
        assert_eq!(confidence("剝", "剥"), Some(Confidence::Certain));
        // FFE0 to A2 is the JIS table, and also NFKC.
        assert_eq!(confidence("￠", "\u{A2}"), Some(Confidence::Probable));
        assert_eq!(confidence("髙", "高"), Some(Confidence::Possible));
    }
}
