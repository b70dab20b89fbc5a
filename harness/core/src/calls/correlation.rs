//! Conditions between items that a schema cannot state: a made call that breaks one would be refused with good reason.

use serde_json::Value;

use crate::spec::ApiRules;
use crate::spec::layout::{Comparison, Condition, Operand};

/// True when the body keeps every condition that the pack states. One that cannot be read counts as broken: nothing is
/// claimed about what is not understood.
pub(super) fn hold(rules: &ApiRules, body: &Value) -> bool {
    rules.correlation.iter().all(|correlation| {
        // A bare word counts as an item only if it is the name of one.
        let declared = rules.request.keys().chain([&correlation.require]);
        let names: Vec<&String> = declared
            .chain(body.as_object().into_iter().flat_map(|b| b.keys()))
            .collect();
        let index = |name: &str| names.iter().position(|n| *n == name);
        let Ok((condition, _)) = Condition::parse(&correlation.when, &index).map(|c| (c, ()))
        else {
            return false;
        };
        let value = |at: usize| names.get(at).map_or("", |name| text(body, name));
        !met(&condition, &value) || !text(body, &correlation.require).is_empty()
    })
}

fn text<'b>(body: &'b Value, name: &str) -> &'b str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn met<'b>(condition: &Condition, value: &dyn Fn(usize) -> &'b str) -> bool {
    match condition {
        Condition::Compare(field, comparison, operand) => {
            let right = match operand {
                Operand::Value(text) => text.as_str(),
                Operand::Field(other) => value(*other),
            };
            compared(value(*field), *comparison, right)
        }
        Condition::In(field, values) => values.iter().any(|v| v == value(*field)),
        Condition::All(parts) => parts.iter().all(|part| met(part, value)),
        Condition::Any(parts) => parts.iter().any(|part| met(part, value)),
        Condition::Not(inner) => !met(inner, value),
    }
}

fn compared(left: &str, comparison: Comparison, right: &str) -> bool {
    let order = match (left.parse::<i128>(), right.parse::<i128>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        _ => left.cmp(right),
    };
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}
