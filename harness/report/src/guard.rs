//! The last door before anything is written: no text of a result document holds a 個人番号, wherever it came from.

use std::borrow::Cow;

use renkei_core::mask::without_individual_numbers as without;
use renkei_core::record::ResultDocument;
use serde_json::Value;

/// The document with every 個人番号 in it replaced. Documents without one, nearly all, are not copied.
pub(crate) fn without_individual_numbers(doc: &ResultDocument) -> Cow<'_, ResultDocument> {
    let Ok(mut value) = serde_json::to_value(doc) else {
        return Cow::Borrowed(doc);
    };
    if !clean(&mut value) {
        return Cow::Borrowed(doc);
    }
    serde_json::from_value(value).map_or(Cow::Borrowed(doc), Cow::Owned)
}

/// True when something was replaced.
fn clean(value: &mut Value) -> bool {
    match value {
        Value::String(text) => match without(text) {
            Cow::Borrowed(_) => false,
            Cow::Owned(new) => {
                *text = new;
                true
            }
        },
        Value::Array(items) => items.iter_mut().fold(false, |any, item| clean(item) | any),
        Value::Object(members) => members
            .values_mut()
            .fold(false, |any, member| clean(member) | any),
        _ => false,
    }
}
