//! Expected and observed side by side, character by character: what cannot be seen has a token, every difference its code
//! points, and the whole says how deep it goes (another form, a look-alike, another character).

use renkei_core::model::{Finding, Lang};
use unicode_normalization::UnicodeNormalization;

use super::case::{code_points, kind_chip, section as table};
use crate::html::{anchor, safe};
use crate::{chars, visible, words};

/// Longer values are not compared: a reader would not find the place.
const LONGEST: usize = 400;

/// A run of characters of both sides: equal, or what stands on either side of a difference.
#[derive(Debug, PartialEq, Eq)]
enum Part<'t> {
    Equal(&'t str),
    Differs(Vec<&'t str>, Vec<&'t str>),
}

/// The findings of a case whose expectation and observation are versions of one text.
pub(super) fn section(findings: &[&Finding], lang: Lang) -> String {
    let mut rows = String::new();
    for finding in findings {
        if let Some(parts) = compare(&finding.expected, &finding.observed) {
            rows.push_str(&row(finding, &parts, lang));
        }
    }
    let columns = [
        "finding",
        "expected_text",
        "observed_text",
        "differs_in",
        "differing",
    ];
    table("differing_text", "", &columns, &rows, lang)
}

fn row(finding: &Finding, parts: &[Part<'_>], lang: Lang) -> String {
    let side = |left: bool| -> String {
        parts
            .iter()
            .map(|part| match part {
                Part::Equal(text) => safe(&shown(text)),
                Part::Differs(a, b) => marked(if left { a } else { b }),
            })
            .collect()
    };
    let mut list = String::new();
    for part in parts {
        let Part::Differs(a, b) = part else { continue };
        let codes = |side: &[&str]| match side {
            [] => words::get(lang, "site.nothing_there"),
            side => side
                .iter()
                .map(|t| code_points(t))
                .collect::<Vec<_>>()
                .join(" "),
        };
        let both: String = [a.concat(), b.concat()].concat();
        let kinds: Vec<String> = chars::kinds(&both)
            .into_iter()
            .map(|kind| kind_chip(kind, lang))
            .collect();
        list.push_str(&format!(
            "<li>{} → {} {}</li>",
            codes(a),
            codes(b),
            kinds.join(" ")
        ));
    }
    let depth = words::of(lang, "depth", depth(&finding.expected, &finding.observed));
    format!(
        "<tr class=\"rk-pairs\"><th scope=\"row\"><a href=\"#{}\">{}</a></th><td>{}</td><td>{}</td><td>{}</td><td><ul>{list}</ul></td></tr>",
        anchor(&finding.id),
        safe(&finding.id),
        side(true),
        side(false),
        safe(&depth),
    )
}

/// With a sign for each space: a full-width one differs from two half-width ones.
fn shown(text: &str) -> String {
    visible::line(text)
        .replace(' ', "\u{2423}")
        .replace('\u{3000}', "\u{25a1}")
}

fn marked(parts: &[&str]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    format!("<mark>{}</mark>", safe(&shown(&parts.concat())))
}

/// How deep two texts differ: the first level on which they are equal decides.
fn depth(expected: &str, observed: &str) -> &'static str {
    let nfc = |text: &str| text.nfc().collect::<String>();
    let nfkc = |text: &str| text.nfkc().collect::<String>();
    let base = |text: &str| -> String {
        let kept = |c: &char| !matches!(u32::from(*c), 0xFE00..=0xFE0F | 0xE0100..=0xE01EF);
        text.nfkc().filter(kept).map(look_alike).collect()
    };
    if nfc(expected) == nfc(observed) {
        "normal_form"
    } else if nfkc(expected) == nfkc(observed) {
        "width"
    } else if base(expected) == base(observed) {
        "look_alike"
    } else {
        "characters"
    }
}

/// One member for each family that mapping tables exchange.
fn look_alike(c: char) -> char {
    match c {
        '\u{301C}' | '\u{FF5E}' => '~',
        '\u{2212}' | '\u{2010}'..='\u{2015}' | '\u{2500}' | '\u{30FC}' => '-',
        '\u{00A5}' | '\u{FFE5}' => '\\',
        '\u{2016}' | '\u{2225}' => '\u{2016}',
        other => other,
    }
}

/// The parts of two texts, when they are equal for the most part; `None` where one is no version of the other.
fn compare<'t>(expected: &'t str, observed: &'t str) -> Option<Vec<Part<'t>>> {
    // Digests differ everywhere and say nothing character by character.
    let digests = expected.contains("SHA-256") && observed.contains("SHA-256");
    if expected.is_empty() || observed.is_empty() || expected == observed || digests {
        return None;
    }
    let (a, b) = (chars::clusters(expected), chars::clusters(observed));
    if a.len().max(b.len()) > LONGEST {
        return None;
    }
    let parts = aligned(&a, &b);
    let equal = parts
        .iter()
        .filter(|part| matches!(part, Part::Equal(_)))
        .count();
    let alike = equal * 2 > a.len().max(b.len()) || depth(expected, observed) != "characters";
    alike.then_some(parts)
}

/// By the longest common subsequence.
fn aligned<'t>(a: &[&'t str], b: &[&'t str]) -> Vec<Part<'t>> {
    let width = b.len() + 1;
    let mut common = vec![0u16; (a.len() + 1) * width];
    let at = |table: &[u16], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let best = if x == y {
                at(&common, i + 1, j + 1) + 1
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(cell) = common.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut parts: Vec<Part<'t>> = Vec::new();
    loop {
        let (x, y) = (a.get(i).copied(), b.get(j).copied());
        let (left, right) = match (x, y) {
            (None, None) => return parts,
            (Some(x), Some(y)) if x == y => {
                parts.push(Part::Equal(x));
                (i, j) = (i + 1, j + 1);
                continue;
            }
            (Some(x), None) => (Some(x), None),
            (None, y) => (None, y),
            (Some(x), Some(_)) if at(&common, i + 1, j) >= at(&common, i, j + 1) => (Some(x), None),
            (Some(_), y) => (None, y),
        };
        i += usize::from(left.is_some());
        j += usize::from(right.is_some());
        match parts.last_mut() {
            Some(Part::Differs(a, b)) => {
                a.extend(left);
                b.extend(right);
            }
            _ => parts.push(Part::Differs(
                left.into_iter().collect(),
                right.into_iter().collect(),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_one_text_are_compared_and_nothing_else() {
        let of = |a, b| compare(a, b).map(|parts| parts.len());
        assert_eq!(of("E0003", "E0002"), Some(5));
        assert_eq!(of("forbid", "utf-8"), None);
        assert_eq!(of("401 | 403", "200"), None);
        assert_eq!(of("", "x"), None);
        assert_eq!(of("same", "same"), None);
        // No common character, and still one text.
        assert!(of("\u{30ac}", "\u{30ab}\u{3099}").is_some());
        assert!(of("ABC", "ＡＢＣ").is_some());
        let long = "漢".repeat(LONGEST + 1);
        assert_eq!(of(&long, "漢"), None);
    }

    #[test]
    fn the_level_of_a_difference_is_named() {
        assert_eq!(depth("ガ", "カ\u{3099}"), "normal_form");
        assert_eq!(depth("ｶﾞ", "ガ"), "width");
        assert_eq!(depth("山 田", "山\u{3000}田"), "width");
        assert_eq!(depth("〜", "～"), "look_alike");
        assert_eq!(depth("葛", "葛\u{e0100}"), "look_alike");
        assert_eq!(depth("高", "髙"), "characters");
    }

    #[test]
    fn what_stands_only_on_one_side_is_a_part_of_its_own() {
        let (a, b) = (["山", "田"], ["山", "\u{3000}", "田", "\r"]);
        assert_eq!(
            aligned(&a, &b),
            [
                Part::Equal("山"),
                Part::Differs(vec![], vec!["\u{3000}"]),
                Part::Equal("田"),
                Part::Differs(vec![], vec!["\r"]),
            ]
        );
        assert_eq!(marked(&["\r", "\u{3000}", " "]), "<mark>[CR]□␣</mark>");
    }
}
