//! One defect in a body that is right otherwise.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::Refusal;
use super::boundary::of_length;
use super::sample::{self, plain};
use crate::model::Bilingual;
use crate::observe::{Json, pointer_step};
use crate::plan::{ApiCase, Variation};
use crate::spec::{Operation, Schema};

/// The body a case sends: as it is, or with the defect that the case asks for. A defect is only made if the API's own
/// schema says that it is one.
///
/// # Errors
/// Why it cannot be made, and how to fix the plan.
pub fn vary(operation: &Operation, case: &ApiCase, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    if !case.variation.is_of_body() {
        return Ok(bytes.to_vec());
    }
    let schema = operation.request_schema().ok_or_else(|| {
        refusal(
            "OpenAPIにリクエストの本文の定義がありません",
            "the OpenAPI document does not describe the request body",
            &case.target,
        )
    })?;
    apply(schema, case.variation, &case.target, bytes)
}

fn refusal(ja: &str, en: &str, target: &str) -> Refusal {
    Box::new((
        Bilingual::new(ja, en),
        Bilingual::new(
            format!("計画の body、target（いま \"{target}\"）、variation を確かめてください"),
            format!("check body, target (now \"{target}\") and variation in the plan"),
        ),
    ))
}

/// Every defect that the schema makes possible in a body, in turns of kinds.
pub(super) fn all(schema: &Schema, base: &Value) -> Vec<(Variation, String)> {
    let mut found = Vec::new();
    if let Some(root) = schema.at("") {
        collect(schema, root, base, "", 0, &mut found);
    }
    for variation in Variation::ALL.into_iter().filter(|v| v.is_of_message()) {
        found.push((variation, String::new()));
    }
    found
}

fn collect(
    schema: &Schema,
    here: &Value,
    value: &Value,
    at: &str,
    depth: u8,
    found: &mut Vec<(Variation, String)>,
) {
    if depth > 8 {
        return;
    }
    if let Some(items) = value.as_array() {
        if let (Some(first), Some(inner)) = (items.first(), schema.member_of(here, value, "0")) {
            collect(schema, inner, first, &format!("{at}/0"), depth + 1, found);
        }
        return;
    }
    let Some(members) = value.as_object() else {
        return;
    };
    let whole = value;
    for (name, value) in members {
        let Some(member) = schema.member_of(here, whole, name) else {
            continue;
        };
        let pointer = format!("{at}/{}", pointer_step(name));
        let has = |word: &str| schema.word(member, word).is_some();
        let shown = shown(schema, member, value);
        let (text, number) = (shown.is_string(), shown.is_number());
        let candidates = [
            (Variation::MissingRequired, schema.needs(here, name)),
            (
                Variation::NullForbidden,
                !schema.types(member).is_empty() && !schema.types(member).contains(&"null"),
            ),
            (Variation::WrongType, !schema.types(member).is_empty()),
            (Variation::TooLong, text && has("maxLength")),
            (
                Variation::TooShort,
                text && schema.word(member, "minLength").and_then(Value::as_u64) > Some(0),
            ),
            (Variation::NotInList, has("enum") || has("const")),
            (Variation::PatternBroken, text && has("pattern")),
            (Variation::FormatBroken, text && has("format")),
            (
                Variation::TooLarge,
                number && (has("maximum") || has("exclusiveMaximum")),
            ),
            (
                Variation::TooSmall,
                number && (has("minimum") || has("exclusiveMinimum")),
            ),
        ];
        for (variation, possible) in candidates {
            if possible {
                found.push((variation, pointer.clone()));
            }
        }
        collect(schema, member, value, &pointer, depth + 1, found);
    }
    let closed = ["additionalProperties", "unevaluatedProperties"];
    if closed
        .iter()
        .any(|w| schema.word(here, w) == Some(&Value::Bool(false)))
    {
        found.push((Variation::ExtraProperty, format!("{at}/{EXTRA}")));
    }
}

/// The value; where it is null, a plain one of the other types that may stand there.
fn shown<'v>(schema: &Schema, there: &Value, value: &'v Value) -> Cow<'v, Value> {
    let made = value
        .is_null()
        .then(|| sample::at(schema, there, 0))
        .flatten();
    made.map_or(Cow::Borrowed(value), Cow::Owned)
}

/// Name of a member that no schema describes.
const EXTRA: &str = "x_renkei_extra";

/// The bytes with one defect.
///
/// # Errors
/// Why that defect cannot be made there.
pub(super) fn apply(
    schema: &Schema,
    variation: Variation,
    target: &str,
    bytes: &[u8],
) -> Result<Vec<u8>, Refusal> {
    let parsed: Value = serde_json::from_slice(bytes).map_err(|e| {
        refusal(
            &format!("本文がJSONではありません（{e}）"),
            &format!("the body is not JSON ({e})"),
            target,
        )
    })?;
    match variation {
        Variation::MissingRequired => remove(schema, target, parsed),
        Variation::ExtraProperty => insert(target, parsed),
        Variation::WrongContentType | Variation::WrongCharset => Ok(bytes.to_vec()),
        Variation::BrokenJson => ends_early(bytes, target),
        Variation::DuplicateKey => doubled(&parsed, target),
        Variation::InvalidUtf8 => not_utf8(&parsed, bytes, target),
        _ => replace(schema, variation, target, parsed),
    }
}

fn remove(schema: &Schema, target: &str, mut value: Value) -> Result<Vec<u8>, Refusal> {
    let (parent, last) = target.rsplit_once('/').unwrap_or_default();
    let name = last.replace("~1", "/").replace("~0", "~");
    if !schema.is_required(target) {
        return Err(refusal(
            "target はOpenAPIの必須項目ではありません",
            "target is not a mandatory item of the OpenAPI document",
            target,
        ));
    }
    let members = value.pointer_mut(parent).and_then(Value::as_object_mut);
    // `shift_remove` keeps the order of the others: only one thing may differ.
    match members.and_then(|m| m.shift_remove(&name)) {
        Some(_) => Ok(value.to_string().into_bytes()),
        None => Err(absent(target)),
    }
}

fn absent(target: &str) -> Refusal {
    refusal(
        "本文に target の項目がありません",
        "the body has no item at target",
        target,
    )
}

fn insert(target: &str, mut value: Value) -> Result<Vec<u8>, Refusal> {
    let (parent, last) = target.rsplit_once('/').unwrap_or_default();
    let name = last.replace("~1", "/").replace("~0", "~");
    let members = value.pointer_mut(parent).and_then(Value::as_object_mut);
    let members = members
        .filter(|m| !m.contains_key(&name))
        .ok_or_else(|| absent(target))?;
    members.insert(name, json!("1"));
    Ok(value.to_string().into_bytes())
}

fn replace(
    schema: &Schema,
    variation: Variation,
    target: &str,
    mut value: Value,
) -> Result<Vec<u8>, Refusal> {
    let there = schema
        .along(target, &value)
        .ok_or_else(|| undescribed(variation, target))?;
    let place = value.pointer_mut(target).ok_or_else(|| absent(target))?;
    let right = shown(schema, there, place).into_owned();
    *place =
        wrong(schema, there, variation, &right).ok_or_else(|| undescribed(variation, target))?;
    Ok(value.to_string().into_bytes())
}

fn undescribed(variation: Variation, target: &str) -> Refusal {
    let words = variation.keywords().join(", ");
    refusal(
        &format!("OpenAPIの target に {words} がないか、本文の値がその型ではありません"),
        &format!(
            "the OpenAPI document gives no {words} for target, or the body has no such value there"
        ),
        target,
    )
}

/// A value with the defect, as close to the right one as can be.
pub(super) fn wrong(
    schema: &Schema,
    there: &Value,
    variation: Variation,
    value: &Value,
) -> Option<Value> {
    let limit = |word: &str| schema.word(there, word).and_then(Value::as_u64);
    let bound = |word: &str| schema.word(there, word).and_then(Value::as_f64);
    match variation {
        Variation::NullForbidden => Some(Value::Null),
        Variation::WrongType => other_type(&schema.types(there)),
        Variation::TooLong => {
            let most = usize::try_from(limit("maxLength")?).ok()?;
            Some(Value::String(of_length(
                value.as_str()?,
                most.checked_add(1)?,
            )))
        }
        Variation::TooShort => {
            let least = usize::try_from(limit("minLength")?).ok()?;
            Some(Value::String(of_length(
                value.as_str()?,
                least.checked_sub(1)?,
            )))
        }
        Variation::NotInList => not_listed(value),
        Variation::PatternBroken => pattern_broken(schema, there, value.as_str()?),
        Variation::FormatBroken => match schema.word(there, "format")?.as_str()? {
            "date" => Some(json!("2026-02-30")),
            "date-time" => Some(json!("2026-02-30T09:00:00+09:00")),
            "uuid" => Some(json!("6ba7b810-9dad-41d1-80b4-00c04fd430cg")),
            "ipv4" => Some(json!("192.0.2.256")),
            _ => None,
        },
        Variation::TooLarge => {
            let step = bound("multipleOf").unwrap_or(1.0);
            let exact = bound("exclusiveMaximum");
            plain(exact.or_else(|| bound("maximum").map(|most| most + step))?)
        }
        Variation::TooSmall => {
            let step = bound("multipleOf").unwrap_or(1.0);
            let exact = bound("exclusiveMinimum");
            plain(exact.or_else(|| bound("minimum").map(|least| least - step))?)
        }
        _ => None,
    }
}

/// A value of a type that is not allowed; a number stands for text and text for anything else.
fn other_type(allowed: &[&str]) -> Option<Value> {
    let others = [
        (json!(1), ["integer", "number"].as_slice()),
        (json!("x"), ["string"].as_slice()),
        (json!([]), ["array"].as_slice()),
        (json!({}), ["object"].as_slice()),
    ];
    let fits = |kinds: &[&str]| kinds.iter().any(|k| allowed.contains(k));
    let free = others.into_iter().find(|(_, kinds)| !fits(kinds));
    free.map(|(value, _)| value).filter(|_| !allowed.is_empty())
}

/// A value of the same type and length that no sensible list holds; the proof on the whole body says whether it does.
fn not_listed(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => {
            let length = text.chars().count().max(1);
            Some(Value::String(of_length("Z", length)))
        }
        Value::Number(_) => Some(json!(987_654_321)),
        _ => None,
    }
}

/// A text of the same length that does not match.
fn pattern_broken(schema: &Schema, there: &Value, text: &str) -> Option<Value> {
    let pattern = schema.word(there, "pattern")?;
    let fits = jsonschema::options()
        .offline()
        .build(&json!({ "pattern": pattern }))
        .ok()?;
    let length = text.chars().count().max(1);
    ["Z", "z", "0", "あ", "-", "\u{3000}"]
        .iter()
        .map(|c| Value::String(of_length(c, length)))
        .find(|value| !fits.is_valid(value))
}

fn ends_early(bytes: &[u8], target: &str) -> Result<Vec<u8>, Refusal> {
    let trimmed = bytes.trim_ascii_end();
    match trimmed.split_last() {
        Some((b'}' | b']', rest)) => Ok(rest.to_vec()),
        _ => Err(absent(target)),
    }
}

/// The first member once more, with the same value: nothing else changes, whichever of the two a reader takes.
fn doubled(value: &Value, target: &str) -> Result<Vec<u8>, Refusal> {
    let members: &Map<String, Value> = value.as_object().ok_or_else(|| absent(target))?;
    let (name, first) = members.iter().next().ok_or_else(|| absent(target))?;
    let text = value.to_string();
    let rest = text.strip_suffix('}').unwrap_or(&text);
    Ok(format!("{rest},{}:{first}}}", Value::String(name.clone())).into_bytes())
}

/// The first text replaced by 高 in Shift_JIS (0x8D 0x82): what a system sends that forgets to convert.
fn not_utf8(value: &Value, bytes: &[u8], target: &str) -> Result<Vec<u8>, Refusal> {
    let members = value.as_object().ok_or_else(|| absent(target))?;
    let name = members
        .iter()
        .find(|(_, v)| v.is_string())
        .map(|(name, _)| name);
    let name = name.ok_or_else(|| absent(target))?;
    let json = Json::read(bytes).map_err(|_| absent(target))?;
    let span = json
        .span(&format!("/{}", pointer_step(name)))
        .ok_or_else(|| absent(target))?;
    let end = span.offset.saturating_add(span.length);
    let before = bytes.get(..span.offset).unwrap_or_default();
    let after = bytes.get(end..).unwrap_or_default();
    Ok([before, b"\"\x8D\x82\"", after].concat())
}
