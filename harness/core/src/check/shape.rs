//! Values in neutral notation, without showing what may be personal: `string(12)`, `null`, `array(3)`.

use serde_json::Value;

use crate::mask::{Mask, Sensitivity, has_individual_number};
use crate::spec::ApiRules;

/// Longest text shown of a value that may be shown, in characters.
const SHOWN: usize = 40;

/// The value at a JSON Pointer as people may see it: its kind and size; itself only if the pack declares it not sensitive.
pub(super) fn of(rules: &ApiRules, pointer: &str, value: &Value) -> String {
    let shown = |text: &str| rules.may_show(pointer) && !has_individual_number(text);
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) if rules.may_show(pointer) => flag.to_string(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(number) if shown(&number.to_string()) => format!("number {number}"),
        Value::Number(_) => "number".to_owned(),
        Value::String(text) if shown(text) => {
            format!("string({}) \"{}\"", text.chars().count(), cut(text, SHOWN))
        }
        Value::String(text) => format!("string({})", text.chars().count()),
        Value::Array(items) => format!("array({})", items.len()),
        Value::Object(members) => format!("object({})", members.len()),
    }
}

/// The number that stands for the name at a JSON Pointer, with a space behind it; empty for values of other kinds.
pub(super) fn number(mask: Mask, rules: &ApiRules, pointer: &str, value: &Value) -> String {
    let property = rules.property_at(pointer);
    let kind = property.map_or(Sensitivity::No, |p| Sensitivity::of_word(&p.sensitive));
    let text = value.as_str();
    text.map_or(String::new(), |text| mask.number_of_text(text, kind))
}

/// An error code, if it looks like one: an ASCII letter first, at most 8 letters and digits. Anything else may be a value.
pub(super) fn code(text: &str) -> String {
    let looks_like = text.len() <= 8
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if looks_like {
        text.to_owned()
    } else {
        format!("string({})", text.chars().count())
    }
}

/// The first `most` characters, control characters shown as `·`.
pub(super) fn cut(text: &str, most: usize) -> String {
    let shown = text.chars().map(|c| if c.is_control() { '·' } else { c });
    let mut out: String = shown.take(most).collect();
    if text.chars().count() > most {
        out.push('…');
    }
    out
}
