//! SPC-007 pattern-cannot-match: see the page.

use regex_syntax::hir::{Hir, HirKind};

use super::{Facts, fields};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::Bilingual;
use crate::spec::layout::{Field, Format, Pad};

/// SPC-007
pub(super) const RULE: Rule = Rule {
    code: "SPC-007",
    name: "pattern-cannot-match",
    source: include_str!("pattern_cannot_match.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    for (place, field) in fields(facts) {
        let Format::Regex(regex, expression) = &field.format else {
            continue;
        };
        let Some(reason) = impossible(field, regex, expression, place.fixed) else {
            continue;
        };
        out.push(
            place
                .hit(&RULE)
                .expected(expression.clone())
                .arg("reason_ja", reason.ja)
                .arg("reason", reason.en),
        );
    }
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
    let Some((least, most)) = lengths(&regex_syntax::parse(expression).ok()?) else {
        return Some(Bilingual::new(
            "どの文字列にも合わない式です",
            "it matches nothing at all",
        ));
    };
    // A character is at least one byte, one UTF-16 unit; what cannot fit as characters fits in no unit of these.
    let limit = if fixed {
        field.width
    } else {
        field.length? as usize
    };
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

/// Least and most characters of a match; no most when there is none, nothing when nothing matches.
fn lengths(hir: &Hir) -> Option<(usize, Option<usize>)> {
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, Some(0)),
        HirKind::Literal(literal) => {
            // Bytes that are no text stand for at least one character.
            let count = std::str::from_utf8(&literal.0).map_or(1, |t| t.chars().count());
            (count, Some(count))
        }
        HirKind::Class(class) => {
            class.minimum_len()?;
            (1, Some(1))
        }
        HirKind::Repetition(repetition) => {
            let Some((least, most)) = lengths(&repetition.sub) else {
                return (repetition.min == 0).then_some((0, Some(0)));
            };
            let times = |n: usize, count: u32| n.saturating_mul(count as usize);
            let end = repetition.max.and_then(|max| Some(times(most?, max)));
            (
                times(least, repetition.min),
                end.or(if most == Some(0) { Some(0) } else { None }),
            )
        }
        HirKind::Capture(capture) => return lengths(&capture.sub),
        HirKind::Concat(parts) => {
            let all: Vec<_> = parts.iter().map(lengths).collect::<Option<_>>()?;
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
            let any: Vec<_> = parts.iter().filter_map(lengths).collect();
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
        lengths(&regex_syntax::parse(expression).ok()?)
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert_eq!(of("[0-9]{3}-?漢字"), Some((5, Some(6))));
        assert_eq!(of("a+|bcd"), Some((1, None)));
        assert_eq!(of("(ab){2,3}"), Some((4, Some(6))));
        assert_eq!(of("[^\\x00-\\x{10FFFF}]"), None);
        assert_eq!(of(""), Some((0, Some(0))));
    }
}
