//! What the bodies of a call showed: how no value, days and times are written in JSON.

use serde_json::Value;

use super::api::Call;
use super::{Look, Seen, forms};
use crate::model::CauseKind;
use crate::plan::Variation;
use crate::spec::Property;

/// Members that are looked at in one body; a body with more shows its forms in these.
const MOST_MEMBERS: usize = 10_000;

/// What may have told the same fact.
const JUDGES: &[&str] = &["API-005", "API-018", "API-051"];

/// Looks at request and answer. Requests that are wrong on purpose, and those that renkei itself makes up, say nothing of
/// a product.
pub(super) fn bodies(
    look: &mut Look<'_>,
    call: Call<'_>,
    (request, answer): (Option<&[u8]>, Option<&[u8]>),
) {
    let rules = &call.api.rules;
    let written = call.asked.variation == Variation::None && !call.asked.body.is_empty();
    if written && let Some(body) = parsed(request) {
        let known = |name: &str| rules.request.get(name);
        members(look, &body, &known, Some(CauseKind::Receiver));
        let absent = rules.request.iter().find(|(name, property)| {
            !property.required && body.is_object() && body.get(name.as_str()).is_none()
        });
        if let Some((name, _)) = absent {
            none(look, name, "absent", Some(CauseKind::Receiver));
        }
    }
    if let Some(body) = parsed(answer) {
        let known = |name: &str| rules.response.get(name);
        members(look, &body, &known, Some(CauseKind::Sender));
    }
}

fn parsed(body: Option<&[u8]>) -> Option<Value> {
    serde_json::from_slice(body?).ok()
}

/// Every member whose item the pack describes.
fn members<'p>(
    look: &mut Look<'_>,
    body: &Value,
    known: &dyn Fn(&str) -> Option<&'p Property>,
    cause: Option<CauseKind>,
) {
    let mut waiting = vec![body];
    let mut left = MOST_MEMBERS;
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(values) => waiting.extend(values),
            Value::Object(members) => {
                for (name, value) in members {
                    left = left.saturating_sub(1);
                    if left == 0 {
                        return;
                    }
                    waiting.push(value);
                    if let Some(property) = known(name) {
                        member(look, name, value, property, cause);
                    }
                }
            }
            _ => {}
        }
    }
}

fn member(
    look: &mut Look<'_>,
    name: &str,
    value: &Value,
    property: &Property,
    cause: Option<CauseKind>,
) {
    let text = match value {
        Value::Null => return none(look, name, "null", cause),
        Value::String(text) if text.is_empty() => return none(look, name, "empty", cause),
        Value::String(text) => text.as_str(),
        _ => return,
    };
    let mut see = |setting: &'static str, form: &str| {
        let deviates = look.deviates(setting, &[form]);
        add(look, (setting, form), deviates, name, cause);
    };
    match property.kind.as_str() {
        "DATE" => {
            if let Some(form) = forms::date(text) {
                see("form.date", form);
            }
            if let Some(form) = forms::unknown_date(text) {
                see("form.unknown_date", form);
            }
            match text {
                "0000-01-01" | "9999-12-31" => see("form.open_date", "0000-01-01/9999-12-31"),
                "9999-99-99" | "0001-01-01" => see("form.open_date", text),
                _ => {}
            }
        }
        "TIME" => {
            if let Some(form) = forms::time(text) {
                see("form.time", form);
            }
        }
        _ => {}
    }
}

/// A value that is not there. Several forms side by side are each what they are; one of them is not as agreed.
fn none(look: &mut Look<'_>, name: &str, form: &str, cause: Option<CauseKind>) {
    let deviates = look.deviates("api.no_value", &[form]);
    add(look, ("api.no_value", form), deviates, name, cause);
}

fn add(
    look: &mut Look<'_>,
    (setting, form): (&'static str, &str),
    deviates: bool,
    name: &str,
    cause: Option<CauseKind>,
) {
    look.add(Seen {
        setting,
        value: form.to_owned(),
        deviates,
        judged_by: JUDGES,
        field: Some(name.to_owned()),
        cause,
        ..Seen::default()
    });
}
