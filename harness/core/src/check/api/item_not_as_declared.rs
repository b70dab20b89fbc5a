use std::collections::BTreeSet;

use serde_json::Value;

use super::folding::fold;
use super::place;
use super::violation::Violation;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::encoding::{Dialect, Repertoire, is_half_width};
use crate::mask::{Mask, Sensitivity};
use crate::observe::{CallView, Json, ResponseView, pointer_step};
use crate::spec::layout::digits::{self, Digit};
use crate::spec::{Date, Property, Schema};

/// API-018
pub(super) const RULE: Rule = Rule {
    code: "API-018",
    name: "item-not-as-declared",
    source: include_str!("item_not_as_declared.md"),
};

/// Items of the answer against the pack's table of items: class and repertoire of characters, days, check digits. Lengths
/// count here only where the schema states none.
pub(super) fn check(
    view: &CallView<'_>,
    response: &ResponseView<'_>,
    json: &Json,
    violations: &[Violation],
    out: &mut Sink,
) {
    let schema = response.content().and_then(|c| c.schema.as_ref());
    let declared = |at: &str| view.api.rules.property_of_response(at);
    let found = faults(&declared, schema, (json, view.mask), violations);
    let places = found.iter().map(|(pointer, expected, _)| {
        let at = place::in_body(view, json, pointer);
        (pointer.as_str(), expected.clone(), at)
    });
    for folded in fold(places.collect()) {
        let Some((_, expected, observed)) = found.get(folded.first) else {
            continue;
        };
        let hit = place::answer(view, &RULE, folded.at)
            .expected(expected.clone())
            .observed(observed.clone())
            .key(expected.clone());
        out.push_many(hit, folded.more.len() as u64 + 1, &folded.more);
    }
}

/// Pointer, what is declared, what is there.
pub(super) type Fault = (String, String, String);

/// Items of a request against the pack's table of items.
pub(super) fn of_request(view: &CallView<'_>, json: &Json, violations: &[Violation]) -> Vec<Fault> {
    let declared = |at: &str| view.api.rules.property_of_request(at);
    faults(
        &declared,
        view.operation.request_schema(),
        (json, view.mask),
        violations,
    )
}

/// What the schema finds wrong itself is left out.
fn faults<'p>(
    declared: &dyn Fn(&str) -> Option<&'p Property>,
    schema: Option<&Schema>,
    (json, mask): (&Json, Mask),
    violations: &[Violation],
) -> Vec<Fault> {
    let mut found = Vec::new();
    walk((declared, mask), schema, &json.value, "", &mut found);
    let known: BTreeSet<&str> = violations.iter().map(|v| v.pointer.as_str()).collect();
    found.retain(|(pointer, ..)| !known.contains(pointer.as_str()));
    found
}

/// The declared item at a pointer.
type Declared<'d, 'p> = &'d dyn Fn(&str) -> Option<&'p Property>;

fn walk<'p>(
    (declared, mask): (Declared<'_, 'p>, Mask),
    schema: Option<&Schema>,
    value: &Value,
    at: &str,
    found: &mut Vec<Fault>,
) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let at = format!("{at}/{}", pointer_step(name));
                walk((declared, mask), schema, value, &at, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                walk(
                    (declared, mask),
                    schema,
                    value,
                    &format!("{at}/{index}"),
                    found,
                );
            }
        }
        Value::String(text) if !text.is_empty() => {
            let Some(property) = declared(at) else {
                return;
            };
            let measured = schema.is_some_and(|s| s.max_length(at).is_some());
            let told =
                fault(property, text).or_else(|| too_long(property, text).filter(|_| !measured));
            if let Some((expected, observed)) = told {
                let kind = Sensitivity::of_word(&property.sensitive);
                let name = mask.number_of_text(text, kind);
                found.push((at.to_owned(), expected, name + &observed));
            }
        }
        _ => {}
    }
}

fn too_long(property: &Property, text: &str) -> Option<(String, String)> {
    let length = text.chars().count();
    let beyond = property.length > 0 && length as u64 > property.length;
    beyond.then(|| {
        (
            format!("maxLength {}", property.length),
            format!("string({length})"),
        )
    })
}

/// What is declared and what is there; never the value itself, only a character of a class that cannot name a person.
fn fault(property: &Property, text: &str) -> Option<(String, String)> {
    let outside = |expected: &str, wrong: &dyn Fn(char) -> bool| {
        let (at, c) = text.chars().enumerate().find(|(_, c)| wrong(*c))?;
        Some((
            expected.to_owned(),
            format!("U+{:04X} at character {}", u32::from(c), at + 1),
        ))
    };
    if text.contains('\u{FFFD}') {
        return outside("no replacement character", &|c| c == '\u{FFFD}');
    }
    if !property.repertoire.is_empty()
        && let Ok(set) = Repertoire::compile(&property.repertoire, Dialect::Ms, &[])
    {
        let selector = |c: char| matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
        let told = outside(&format!("repertoire {}", property.repertoire), &|c| {
            !selector(c) && !set.contains(c)
        });
        if told.is_some() {
            return told;
        }
    }
    let told = match property.kind.as_str() {
        "N" => outside("full-width characters", &is_half_width),
        "X" => outside("half-width characters", &|c| {
            !c.is_ascii() && !is_half_width(c)
        }),
        "9" => outside("digits", &|c| !c.is_ascii_digit()),
        "DATE" if !property.unknown_date && Date::parse(text).is_none() => Some((
            "format date".to_owned(),
            format!("string({})", text.chars().count()),
        )),
        _ => None,
    };
    told.or_else(|| check_digit(property, text))
}

fn check_digit(property: &Property, text: &str) -> Option<(String, String)> {
    let digit = match property.format.as_str() {
        "kojinbango" => digits::individual_number(text.as_bytes()),
        "atenabango" => digits::addressee_number(text.as_bytes()),
        "dantaicode" => digits::municipality_code(text.as_bytes()),
        "hojinbango" => digits::corporate_number(text.as_bytes()),
        _ => return None,
    };
    let observed = match digit {
        Digit::Wrong(_) => "another check digit",
        Digit::NotANumber => "no number with a check digit",
        Digit::Right | Digit::Undefined => return None,
    };
    Some((
        format!("check digit of {}", property.format),
        observed.to_owned(),
    ))
}
