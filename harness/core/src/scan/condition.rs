//! Conditions compiled to bytes of the file's encoding, so that they are judged without decoding.

use std::cmp::Ordering;

use super::number::compare;
use crate::encoding::{Target, encode};
use crate::spec::layout::{Comparison, Condition, FileSettings, Operand};

/// A compiled condition.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Value(usize, Comparison, Vec<u8>),
    Fields(usize, Comparison, usize),
    In(usize, Vec<Vec<u8>>),
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
}

impl Test {
    /// Compiles a condition for a file with these settings.
    pub(super) fn new(condition: &Condition, settings: &FileSettings) -> Self {
        let all = |parts: &[Condition]| parts.iter().map(|c| Self::new(c, settings)).collect();
        match condition {
            Condition::Compare(field, op, Operand::Value(value)) => {
                Self::Value(*field, *op, literal(value, settings))
            }
            Condition::Compare(field, op, Operand::Field(other)) => {
                Self::Fields(*field, *op, *other)
            }
            Condition::In(field, values) => Self::In(
                *field,
                values.iter().map(|v| literal(v, settings)).collect(),
            ),
            Condition::All(parts) => Self::All(all(parts)),
            Condition::Any(parts) => Self::Any(all(parts)),
            Condition::Not(inner) => Self::Not(Box::new(Self::new(inner, settings))),
        }
    }

    /// True when it holds; `value` gives the bytes of a field without padding.
    pub(super) fn holds<'a>(&self, value: &impl Fn(usize) -> &'a [u8]) -> bool {
        match self {
            Self::Value(field, op, wanted) => fits(*op, compare(value(*field), wanted)),
            // A comparison with a field that has no value says nothing about order.
            Self::Fields(a, op, b) => {
                let (a, b) = (value(*a), value(*b));
                let unordered = a.is_empty() || b.is_empty();
                match op {
                    Comparison::Equal | Comparison::NotEqual => fits(*op, compare(a, b)),
                    _ => unordered || fits(*op, compare(a, b)),
                }
            }
            Self::In(field, values) => {
                let value = value(*field);
                values.iter().any(|v| compare(v, value) == Ordering::Equal)
            }
            Self::All(parts) => parts.iter().all(|part| part.holds(value)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(value)),
            Self::Not(inner) => !inner.holds(value),
        }
    }
}

/// True when a condition holds for a record; `value` gives the bytes of a field without padding.
pub(crate) fn holds<'a>(
    condition: &Condition,
    settings: &FileSettings,
    value: &impl Fn(usize) -> &'a [u8],
) -> bool {
    Test::new(condition, settings).holds(value)
}

fn fits(op: Comparison, order: Ordering) -> bool {
    match op {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

/// A literal in the file's encoding; one that the encoding cannot hold never equals a value, so its UTF-8 bytes stand in.
pub(super) fn literal(text: &str, settings: &FileSettings) -> Vec<u8> {
    let target = Target::new(super::wide::comparing(settings.encoding)).dialect(settings.dialect);
    encode(text, target).unwrap_or_else(|_| text.as_bytes().to_vec())
}
