//! Conditions over the values of a record, and what to change so that one holds. Written apart from the engine's own, so
//! that one is the proof of the other.

use std::cmp::Ordering;

use crate::spec::layout::{Comparison, Condition, Operand};

/// True when the condition holds for the values.
pub(super) fn holds(condition: &Condition, values: &[String]) -> bool {
    let value = |field: &usize| values.get(*field).map_or("", String::as_str);
    match condition {
        Condition::Compare(field, comparison, operand) => {
            let left = value(field);
            match operand {
                Operand::Field(other) => {
                    let right = value(other);
                    let ordering = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
                    // An order between two fields is not judged where either is empty.
                    (ordering && (left.is_empty() || right.is_empty()))
                        || compare(*comparison, order(left, right))
                }
                Operand::Value(right) => compare(*comparison, order(left, right)),
            }
        }
        Condition::In(field, list) => list.iter().any(|v| order(value(field), v).is_eq()),
        Condition::All(parts) => parts.iter().all(|part| holds(part, values)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, values)),
        Condition::Not(inner) => !holds(inner, values),
    }
}

/// Changes values so that the condition holds, where an assignment does it; the caller checks whether it did.
pub(super) fn make_hold(condition: &Condition, values: &mut [String]) {
    match condition {
        Condition::Compare(field, comparison, Operand::Value(value)) => {
            if matches!(
                comparison,
                Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual
            ) {
                set(values, *field, value.clone());
            } else if value.is_empty() || !matches!(comparison, Comparison::NotEqual) {
                // Some other value of the field: the next attempt draws one.
            } else {
                set(values, *field, String::new());
            }
        }
        Condition::Compare(field, comparison, Operand::Field(other)) => {
            let (left, right) = (value_of(values, *field), value_of(values, *other));
            match comparison {
                Comparison::Less | Comparison::Greater if left != right => {
                    set(values, *field, right);
                    set(values, *other, left);
                }
                Comparison::NotEqual => set(values, *field, String::new()),
                _ => set(values, *field, right),
            }
        }
        Condition::In(field, list) => {
            if let Some(first) = list.first() {
                set(values, *field, first.clone());
            }
        }
        Condition::All(parts) => {
            for part in parts {
                if !holds(part, values) {
                    make_hold(part, values);
                }
            }
        }
        Condition::Any(parts) => {
            if let Some(first) = parts.first() {
                make_hold(first, values);
            }
        }
        Condition::Not(_) => {}
    }
}

fn value_of(values: &[String], field: usize) -> String {
    values.get(field).cloned().unwrap_or_default()
}

fn set(values: &mut [String], field: usize, value: String) {
    if let Some(slot) = values.get_mut(field) {
        *slot = value;
    }
}

fn compare(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

/// As numbers when both are whole numbers, else as text.
fn order(left: &str, right: &str) -> Ordering {
    match (left.parse::<i128>(), right.parse::<i128>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        _ => left.as_bytes().cmp(right.as_bytes()),
    }
}
