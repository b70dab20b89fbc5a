//! SPC-007 pattern-cannot-match: see the page.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::{Facts, fields};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::Bilingual;
use crate::spec::layout::{CodeList, Field, FieldType, Format, Pad};

/// SPC-007
pub(super) const RULE: Rule = Rule {
    code: "SPC-007",
    name: "pattern-cannot-match",
    source: include_str!("pattern_cannot_match.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    for (place, field) in fields(facts) {
        let list = facts.draft.pack.code_lists.get(&field.code);
        let list = list.filter(|list| !list.open && !list.values.is_empty());
        let found = match &field.format {
            Format::Regex(regex, expression) => impossible(field, regex, expression, place.fixed)
                .or_else(|| no_code_matches(list?, regex))
                .map(|reason| (expression.clone(), reason)),
            _ => no_code_fits(field, list, place.fixed),
        };
        let Some((expected, reason)) = found else {
            continue;
        };
        out.push(
            place
                .hit(&RULE)
                .expected(expected)
                .arg("reason_ja", reason.ja)
                .arg("reason", reason.en),
        );
    }
}

fn no_code_matches(list: &CodeList, regex: &regex::Regex) -> Option<Bilingual> {
    let none = !list.values.keys().any(|value| regex.is_match(value));
    none.then(|| {
        Bilingual::new(
            "コード一覧の値がどれも合いません",
            "no value of its code list matches",
        )
    })
}

/// A text field too short for every value of its list; numbers may be written without their leading zeros.
fn no_code_fits(
    field: &Field,
    list: Option<&CodeList>,
    fixed: bool,
) -> Option<(String, Bilingual)> {
    let is_text = matches!(field.kind, FieldType::X | FieldType::N | FieldType::C);
    let limit = limit(field, fixed).filter(|_| is_text)?;
    let shortest = list?.values.keys().map(|v| v.chars().count()).min()?;
    (shortest > limit).then(|| {
        (
            format!("{} {limit}", field.kind.name()),
            Bilingual::new(
                format!("コード一覧の値は最短でも{shortest}文字です"),
                format!("the shortest value of its code list has {shortest} characters"),
            ),
        )
    })
}

fn limit(field: &Field, fixed: bool) -> Option<usize> {
    if fixed {
        return Some(field.width);
    }
    field.length.map(|length| length as usize)
}

/// Why no value of the field matches, where it can be proved.
fn impossible(
    field: &Field,
    regex: &regex::Regex,
    expression: &str,
    fixed: bool,
) -> Option<Bilingual> {
    if let Some(value) = &field.fixed_value
        && !regex.is_match(value)
    {
        return Some(Bilingual::new(
            format!("固定値「{value}」が合いません"),
            format!("the fixed value `{value}` does not match"),
        ));
    }
    let hir = regex_syntax::parse(expression).ok()?;
    if lengths(&hir, ANY).is_none() {
        return Some(Bilingual::new(
            "どの文字列にも合わない式です",
            "it matches nothing at all",
        ));
    }
    let kind = field.kind.name();
    let Some((least, most)) = lengths(&hir, characters(field)) else {
        return Some(Bilingual::new(
            format!("型{kind}に使える文字では合いません"),
            format!("no characters of type {kind} match it"),
        ));
    };
    // A character is at least one byte, one UTF-16 unit; what cannot fit as characters fits in no unit of these.
    let limit = limit(field, fixed)?;
    if least > limit {
        return Some(Bilingual::new(
            format!("最短でも{least}文字で、桁数は{limit}です"),
            format!("the shortest match has {least} characters, the field {limit}"),
        ));
    }
    let must_fill = fixed && field.pad == Pad::None;
    match most {
        // Four bytes are the most that a character takes in any encoding.
        Some(most) if must_fill && most.saturating_mul(4) < limit => Some(Bilingual::new(
            format!("最長でも{most}文字で、詰め物のない幅{limit}バイトを満たせません"),
            format!("the longest match has {most} characters and cannot fill {limit} bytes"),
        )),
        _ => None,
    }
}

/// Ranges of characters.
type Ranges = &'static [(char, char)];

const ANY: Ranges = &[('\0', char::MAX)];

/// Characters that values of the field can have at all; wider than what is agreed, so that only a proof is told.
fn characters(field: &Field) -> Ranges {
    match (field.kind, field.width_class) {
        (FieldType::X, None) => &[
            ('\0', '\u{FF}'),
            ('\u{203E}', '\u{203E}'),
            ('\u{FF61}', '\u{FF9F}'),
        ],
        (FieldType::N, None) => &[('\0', ' '), ('\u{7F}', '\u{FF60}'), ('\u{FFA0}', char::MAX)],
        (FieldType::Integer, _) => &[('0', '9')],
        (FieldType::Signed | FieldType::Decimal, _) => &[('+', '.'), ('0', '9')],
        _ => ANY,
    }
}

/// Least and most characters of a match; no most when there is none, nothing when nothing matches.
fn lengths(hir: &Hir, of: Ranges) -> Option<(usize, Option<usize>)> {
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, Some(0)),
        HirKind::Literal(literal) => {
            // Bytes that are no text stand for at least one character.
            let text = std::str::from_utf8(&literal.0).ok();
            let fits = |c: char| of.iter().any(|(from, to)| (*from..=*to).contains(&c));
            if !text.is_none_or(|text| text.chars().all(fits)) {
                return None;
            }
            let count = text.map_or(1, |text| text.chars().count());
            (count, Some(count))
        }
        HirKind::Class(class) => {
            class.minimum_len()?;
            let overlaps = match class {
                Class::Unicode(set) => set.iter().any(|r| {
                    of.iter()
                        .any(|(from, to)| r.start() <= *to && *from <= r.end())
                }),
                Class::Bytes(_) => true,
            };
            overlaps.then_some((1, Some(1)))?
        }
        HirKind::Repetition(repetition) => {
            let Some((least, most)) = lengths(&repetition.sub, of) else {
                return (repetition.min == 0).then_some((0, Some(0)));
            };
            let times = |n: usize, count: u32| n.saturating_mul(count as usize);
            let end = repetition.max.and_then(|max| Some(times(most?, max)));
            (
                times(least, repetition.min),
                end.or(if most == Some(0) { Some(0) } else { None }),
            )
        }
        HirKind::Capture(capture) => return lengths(&capture.sub, of),
        HirKind::Concat(parts) => {
            let all: Vec<_> = parts
                .iter()
                .map(|part| lengths(part, of))
                .collect::<Option<_>>()?;
            let least = all
                .iter()
                .map(|(least, _)| *least)
                .fold(0, usize::saturating_add);
            let most = all
                .iter()
                .try_fold(0usize, |sum, (_, most)| Some(sum.saturating_add((*most)?)));
            (least, most)
        }
        HirKind::Alternation(parts) => {
            let any: Vec<_> = parts.iter().filter_map(|part| lengths(part, of)).collect();
            let least = any.iter().map(|(least, _)| *least).min()?;
            let most = any
                .iter()
                .try_fold(0usize, |most, (_, m)| Some(most.max((*m)?)));
            (least, most)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(expression: &str) -> Option<(usize, Option<usize>)> {
        lengths(&regex_syntax::parse(expression).ok()?, ANY)
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert_eq!(of("[0-9]{3}-?漢字"), Some((5, Some(6))));
        assert_eq!(of("a+|bcd"), Some((1, None)));
        assert_eq!(of("(ab){2,3}"), Some((4, Some(6))));
        assert_eq!(of("[^\\x00-\\x{10FFFF}]"), None);
        assert_eq!(of(""), Some((0, Some(0))));
        let digits = |text: &str| lengths(&regex_syntax::parse(text).unwrap(), &[('0', '9')]);
        assert_eq!(digits("[A-Z]{5}|0-1"), None);
        assert_eq!(digits("A?[0-9A-F]{2}"), Some((2, Some(2))));
    }
}
