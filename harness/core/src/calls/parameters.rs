//! Calls whose parameters in query and headers are at a border, or have one defect. Values in a path are left alone: what
//! a router does not know is not found (404), which says nothing of how the value was read.

use serde_json::Value;

use super::boundary::of_length;
use super::defect::wrong;
use super::{Change, Refusal, proof, sample};
use crate::model::Bilingual;
use crate::observe::readings;
use crate::plan::{ApiCase, Variation};
use crate::spec::{In, Operation, Parameter, Schema};

/// How many values of an enumeration are tried.
const LISTED: usize = 20;
/// Longest text that is put into a URL or a header, in characters.
const LONGEST: u64 = 1_000;

/// A change and what it is for.
pub(super) struct Changed {
    pub(super) change: Change,
    pub(super) variation: Variation,
    /// `query:limit`.
    pub(super) target: String,
    pub(super) note: String,
}

/// True when a target is a parameter.
pub(super) fn is_one(target: &str) -> bool {
    target.starts_with("query:") || target.starts_with("header:")
}

/// Every border of every parameter.
pub(super) fn valid(operation: &Operation, case: &ApiCase) -> Vec<Changed> {
    let mut found = Vec::new();
    for parameter in eligible(operation) {
        let Some((schema, here)) = schema_of(parameter) else {
            continue;
        };
        let mut put = |text: Option<String>, note: String| {
            let fits = text.as_deref().is_none_or(|t| fits(parameter, schema, t));
            let change = change(parameter, text);
            if fits {
                found.push(changed(parameter, change, Variation::None, note));
            }
        };
        let given = given(parameter, case);
        if given.is_some() && !parameter.required {
            put(None, "absent".to_owned());
        }
        for (text, note) in borders(schema, here, given.or_else(|| usual(parameter))) {
            put(Some(text), note);
        }
    }
    found
}

fn borders(schema: &Schema, here: &Value, base: Option<String>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let listed = schema.word(here, "enum").and_then(Value::as_array);
    for value in listed.into_iter().flatten().take(LISTED) {
        found.extend(text_of(value).map(|text| (text, "enum".to_owned())));
    }
    if listed.is_some() {
        return found;
    }
    for word in ["minimum", "maximum"] {
        let limit = schema.word(here, word);
        found.extend(
            limit
                .and_then(text_of)
                .map(|text| (text, format!("{word} {}", limit.unwrap_or(&Value::Null)))),
        );
    }
    let plain = schema.word(here, "format").is_none() && schema.word(here, "pattern").is_none();
    if plain && schema.types(here).contains(&"string") {
        let base = base.unwrap_or_default();
        for word in ["minLength", "maxLength"] {
            let limit = schema.word(here, word).and_then(Value::as_u64);
            if let Some(limit) = limit.filter(|l| *l > 0 && *l <= LONGEST) {
                let length = usize::try_from(limit).unwrap_or(usize::MAX);
                found.push((of_length(&base, length), format!("{word} {limit}")));
            }
        }
    }
    found
}

/// Every defect that the document makes possible, proven to be one. Optional headers are left alone: who does not know a
/// header passes over it (RFC 9110 5.1).
pub(super) fn invalid(operation: &Operation, case: &ApiCase) -> Vec<Changed> {
    let variations = [
        Variation::MissingRequired,
        Variation::WrongType,
        Variation::TooLong,
        Variation::TooShort,
        Variation::NotInList,
        Variation::PatternBroken,
        Variation::FormatBroken,
        Variation::TooLarge,
        Variation::TooSmall,
    ];
    let mut found = Vec::new();
    for parameter in eligible(operation) {
        if parameter.place == In::Header && !parameter.required {
            continue;
        }
        for variation in variations {
            if let Some(change) = defect(parameter, case, variation) {
                found.push(changed(parameter, change, variation, String::new()));
            }
        }
    }
    found
}

/// The defect that a plan asks for.
///
/// # Errors
/// There is no such parameter, or the document makes no such defect possible.
pub(super) fn asked(operation: &Operation, case: &ApiCase) -> Result<Change, Refusal> {
    let parameter = eligible(operation).find(|p| place_of(p) == case.target);
    let change = parameter.and_then(|p| defect(p, case, case.variation));
    change.ok_or_else(|| {
        let (target, variation) = (&case.target, case.variation.as_str());
        Box::new((
            Bilingual::new(
                format!("{target} に {variation} の誤りを作れません"),
                format!("{target} cannot be given the defect {variation}"),
            ),
            Bilingual::new(
                "OpenAPIの parameters（名前、型、範囲）と計画の target、variation を確かめてください",
                "check parameters (name, type, limits) of the OpenAPI document, and target and variation of the plan",
            ),
        ))
    })
}

fn defect(parameter: &Parameter, case: &ApiCase, variation: Variation) -> Option<Change> {
    if variation == Variation::MissingRequired {
        return parameter.required.then(|| change(parameter, None));
    }
    let (schema, here) = schema_of(parameter)?;
    let text = given(parameter, case).or_else(|| usual(parameter))?;
    let good = readings(&text, &parameter.types());
    let good = good.into_iter().find(|v| schema.validator().is_valid(v))?;
    let bad = match variation {
        // Everything in a URL is text: only what is no text can be given a wrong type.
        Variation::WrongType if schema.types(here).contains(&"string") => return None,
        Variation::WrongType if schema.types(here).is_empty() => return None,
        Variation::WrongType => "x".to_owned(),
        other => text_of(&wrong(schema, here, other, &good)?)?,
    };
    let readings = readings(&bad, &parameter.types());
    let keywords = variation.keywords();
    let broken = |value: &Value| {
        let faults = proof::faults(schema, value);
        faults.iter().any(|(_, k)| keywords.contains(&k.as_str()))
    };
    let proven = !bad.is_empty() && readings.iter().all(broken);
    proven.then(|| change(parameter, Some(bad)))
}

/// Parameters with one plain value each, in query and headers.
fn eligible(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    let elsewhere = ["accept", "content-type", "authorization"];
    operation.parameters.iter().filter(move |p| {
        let composed = p.types().iter().any(|t| matches!(*t, "array" | "object"));
        let special = elsewhere.iter().any(|n| p.name.eq_ignore_ascii_case(n));
        matches!(p.place, In::Query | In::Header) && !composed && !special
    })
}

fn schema_of(parameter: &Parameter) -> Option<(&Schema, &Value)> {
    let schema = parameter.schema.as_ref()?;
    Some((schema, schema.at("")?))
}

fn given(parameter: &Parameter, case: &ApiCase) -> Option<String> {
    match parameter.place {
        In::Query => case.query.get(&parameter.name).cloned(),
        _ => {
            let mut headers = case.headers.iter();
            let found = headers.find(|(name, _)| name.eq_ignore_ascii_case(&parameter.name));
            found.map(|(_, value)| value.clone())
        }
    }
}

/// A value for a parameter that the plan does not give.
pub(super) fn usual(parameter: &Parameter) -> Option<String> {
    parameter
        .usual()
        .or_else(|| text_of(&sample::of(parameter.schema.as_ref()?)?))
}

fn fits(parameter: &Parameter, schema: &Schema, text: &str) -> bool {
    let readings = readings(text, &parameter.types());
    !text.is_empty() && readings.iter().any(|v| schema.validator().is_valid(v))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn place_of(parameter: &Parameter) -> String {
    format!("{}:{}", parameter.place.word(), parameter.name)
}

fn change(parameter: &Parameter, text: Option<String>) -> Change {
    Change {
        place: parameter.place,
        name: parameter.name.clone(),
        text,
    }
}

fn changed(parameter: &Parameter, change: Change, variation: Variation, note: String) -> Changed {
    Changed {
        change,
        variation,
        target: place_of(parameter),
        note,
    }
}
