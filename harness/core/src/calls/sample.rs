//! A value that fits a schema: the plainest there is, so that it is accepted if anything is.

use serde_json::{Map, Number, Value, json};

use crate::spec::Schema;

/// How deep a made value nests at most.
const DEPTH: u8 = 12;
/// Longest text and list that are made.
const LONGEST: u64 = 10_000;

/// A value for the whole schema; nothing when none was found that fits it.
pub(super) fn of(schema: &Schema) -> Option<Value> {
    let value = at(schema, schema.at("")?, 0)?;
    schema.validator().is_valid(&value).then_some(value)
}

/// A value for a part of the schema. Whether it fits is for the caller to prove on the whole.
pub(super) fn at(schema: &Schema, here: &Value, depth: u8) -> Option<Value> {
    if depth > DEPTH {
        return None;
    }
    for fixed in ["const", "default"] {
        if let Some(value) = schema.word(here, fixed) {
            return Some(value.clone());
        }
    }
    let examples = schema.word(here, "enum").and_then(Value::as_array);
    if let Some(first) = examples.and_then(|list| list.first()) {
        return Some(first.clone());
    }
    let types = schema.types(here);
    let kind = types.iter().find(|kind| **kind != "null").or(types.first());
    let kind = kind.copied().or_else(|| {
        let has = |word: &str| schema.word(here, word).is_some();
        match () {
            () if has("properties") => Some("object"),
            () if has("items") => Some("array"),
            () if has("minimum") || has("maximum") => Some("number"),
            () => Some("string"),
        }
    });
    match kind? {
        "object" => object(schema, here, depth),
        "array" => array(schema, here, depth),
        "integer" => number(schema, here, true),
        "number" => number(schema, here, false),
        "boolean" => Some(Value::Bool(true)),
        "null" => Some(Value::Null),
        _ => text(schema, here).map(Value::String),
    }
}

fn object(schema: &Schema, here: &Value, depth: u8) -> Option<Value> {
    let mut members = Map::new();
    for name in schema.member_names(here) {
        if schema.needs(here, name) {
            let member = schema.member(here, name)?;
            members.insert(name.to_owned(), at(schema, member, depth + 1)?);
        }
    }
    Some(Value::Object(members))
}

fn array(schema: &Schema, here: &Value, depth: u8) -> Option<Value> {
    let least = schema
        .word(here, "minItems")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    if least > 100 {
        return None;
    }
    let mut items = Vec::new();
    for _ in 0..least {
        items.push(at(schema, schema.member(here, "0")?, depth + 1)?);
    }
    Some(Value::Array(items))
}

fn number(schema: &Schema, here: &Value, whole: bool) -> Option<Value> {
    let bound = |word: &str| schema.word(here, word).and_then(Value::as_f64);
    let step = bound("multipleOf").filter(|s| *s > 0.0);
    let low = bound("minimum").or_else(|| bound("exclusiveMinimum").map(|low| low + 1.0));
    let high = bound("maximum").or_else(|| bound("exclusiveMaximum").map(|high| high - 1.0));
    let mut value = match (low, high) {
        (Some(low), _) if low > 1.0 => low,
        (_, Some(high)) if high < 1.0 => high,
        _ => 1.0,
    };
    if let Some(step) = step {
        value = (value / step).ceil() * step;
    }
    plain(if whole { value.ceil() } else { value })
}

/// A number without a fraction where it has none.
pub(super) fn plain(value: f64) -> Option<Value> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only whole numbers that a double holds exactly"
    )]
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        return Some(json!(value as i64));
    }
    Number::from_f64(value).map(Value::Number)
}

/// Texts that fit usual formats; what has no format is digits, letters or kana, whichever the pattern takes.
fn text(schema: &Schema, here: &Value) -> Option<String> {
    let limit = |word: &str| schema.word(here, word).and_then(Value::as_u64);
    let least = limit("minLength").unwrap_or(0);
    if least > LONGEST {
        return None;
    }
    let most = limit("maxLength").unwrap_or(LONGEST);
    let formatted = schema
        .word(here, "format")
        .and_then(Value::as_str)
        .and_then(|format| {
            Some(match format {
                "date" => "2026-04-01",
                "date-time" => "2026-04-01T09:00:00+09:00",
                "email" => "test@example.jp",
                "hostname" => "example.jp",
                "ipv4" => "192.0.2.1",
                "ipv6" => "2001:db8::1",
                "uri" => "https://example.jp/",
                "uuid" => "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
                _ => return None,
            })
        });
    if let Some(text) = formatted {
        return Some(text.to_owned());
    }
    let usual = ["2026-04-01", "09:00:00", "131016", "20260401", "true"];
    let length = usize::try_from(least.max(1).min(most)).ok()?;
    let made = ['1', '0', 'A', 'a', 'ア', 'あ', '亜', 'Ａ', 'ｱ'];
    let made = (length..=length.max(32))
        .flat_map(|length| made.iter().map(move |c| c.to_string().repeat(length)));
    let pattern = schema.word(here, "pattern").and_then(Value::as_str);
    let Some(pattern) = pattern else {
        return made.into_iter().next();
    };
    let fits = jsonschema::options()
        .offline()
        .build(&json!({"pattern": pattern, "minLength": least, "maxLength": most}))
        .ok()?;
    usual
        .iter()
        .map(|text| (*text).to_owned())
        .chain(made)
        .find(|text| fits.is_valid(&Value::String(text.clone())))
}
