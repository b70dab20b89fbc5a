//! Where a body does not fit its schema, one entry a place, in neutral notation and without values.

use std::collections::BTreeMap;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use super::{place, shape};
use crate::mask::Mask;
use crate::observe::{CallView, Json, ResponseView, pointer_step};
use crate::spec::{ApiRules, Schema, faults_of};

/// So many places are looked at in one body; a body of a million wrong members must not fill the memory.
const MOST: usize = 10_000;

/// A place where a body does not fit its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    /// JSON Pointer; for a missing member, where it would stand.
    pub(super) pointer: String,
    /// Keywords of the schema that do not hold there.
    pub(super) keywords: Vec<String>,
    /// What they ask for.
    pub(super) expected: String,
    /// What is there.
    pub(super) observed: String,
    /// The value is not one of those that the error contract fixes (wordings, codes).
    pub(super) contract: bool,
    /// A pattern took more steps than the harness allows: neither held nor broken.
    pub(super) undecided: bool,
}

/// Violations of the response body.
pub(super) fn of(view: &CallView<'_>, response: &ResponseView<'_>, json: &Json) -> Vec<Violation> {
    let schema = response.content().and_then(|c| c.schema.as_ref());
    schema.map_or_else(Vec::new, |s| {
        collect(s, &json.value, &view.api.rules, view.mask)
    })
}

/// Violations of the request body.
pub(super) fn of_request(view: &CallView<'_>, json: &Json) -> Vec<Violation> {
    let schema = view.operation.request_schema();
    schema.map_or_else(Vec::new, |s| {
        collect(s, &json.value, &view.api.rules, view.mask)
    })
}

/// Violations of any value: of a parameter, of a header.
pub(super) fn of_value(schema: &Schema, value: &Value, rules: &ApiRules) -> Vec<Violation> {
    collect(schema, value, rules, Mask::default())
}

fn collect(schema: &Schema, value: &Value, rules: &ApiRules, mask: Mask) -> Vec<Violation> {
    let mut found: Vec<Violation> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for error in schema.validator().iter_errors(value) {
        if found.len() >= MOST {
            break;
        }
        let near = faults_of(&error).into_iter();
        for one in near.flat_map(|e| violations(e, rules, mask)) {
            match known.get(&one.pointer).and_then(|at| found.get_mut(*at)) {
                Some(known) => merge(known, one),
                None => {
                    known.insert(one.pointer.clone(), found.len());
                    found.push(one);
                }
            }
        }
    }
    found
}

/// One place is one finding, however many keywords it breaks.
fn merge(known: &mut Violation, more: Violation) {
    known.contract |= more.contract;
    known.undecided &= more.undecided;
    for keyword in more.keywords {
        if !known.keywords.contains(&keyword) {
            known.keywords.push(keyword);
            known.expected = format!("{}; {}", known.expected, more.expected);
        }
    }
}

fn violations(error: &ValidationError<'_>, rules: &ApiRules, mask: Mask) -> Vec<Violation> {
    let pointer = error.instance_path().as_str().to_owned();
    let keyword = error.kind().keyword().to_owned();
    let one = |pointer: String, expected: String, observed: String| Violation {
        pointer,
        keywords: vec![keyword.clone()],
        expected,
        observed,
        contract: false,
        undecided: matches!(
            error.kind(),
            ValidationErrorKind::BacktrackLimitExceeded { .. }
                | ValidationErrorKind::RegexEngineFailure { .. }
        ),
    };
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let at = format!("{pointer}/{}", pointer_step(name));
            vec![one(at, "required".to_owned(), "absent".to_owned())]
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .take(MOST / 2)
            .map(|name| {
                let at = format!("{pointer}/{}", pointer_step(name));
                one(at, "not allowed".to_owned(), "present".to_owned())
            })
            .collect(),
        kind => {
            let observed = match error.instance().as_str() {
                Some(code) if place::generic(&pointer) == rules.code_at => shape::code(code),
                _ => {
                    let name = shape::number(mask, rules, &pointer, error.instance());
                    name + &shape::of(rules, &pointer, error.instance())
                }
            };
            let mut violation = one(pointer, wanted(kind), observed);
            if let ValidationErrorKind::Enum { options } = kind {
                violation.contract = is_contract(options, rules);
            }
            if let ValidationErrorKind::Constant { expected_value } = kind {
                violation.contract =
                    is_contract(&Value::Array(vec![(**expected_value).clone()]), rules);
            }
            vec![violation]
        }
    }
}

/// True when all options are wordings or codes that the pack fixes.
fn is_contract(options: &Value, rules: &ApiRules) -> bool {
    let fixed = |value: &Value| {
        let text = value.as_str();
        text.is_some_and(|t| {
            rules.detail.values().any(|d| d == t) || rules.error.iter().any(|e| e.code == t)
        })
    };
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    !options.is_empty() && options.iter().all(fixed)
}

fn wanted(kind: &ValidationErrorKind) -> String {
    use ValidationErrorKind as K;
    match kind {
        K::Type {
            kind: TypeKind::Single(kind),
        } => format!("type {kind}"),
        K::Type {
            kind: TypeKind::Multiple(kinds),
        } => {
            let names: Vec<String> = kinds.iter().map(|k| k.to_string()).collect();
            format!("type {}", names.join(" | "))
        }
        K::Enum { options } => listed(options),
        K::Constant { expected_value } => shape::cut(&expected_value.to_string(), 120),
        K::MaxLength { limit } => format!("maxLength {limit}"),
        K::MinLength { limit } => format!("minLength {limit}"),
        K::MaxItems { limit } => format!("maxItems {limit}"),
        K::MinItems { limit } => format!("minItems {limit}"),
        K::MaxProperties { limit } => format!("maxProperties {limit}"),
        K::MinProperties { limit } => format!("minProperties {limit}"),
        K::Maximum { limit } => format!("maximum {limit}"),
        K::Minimum { limit } => format!("minimum {limit}"),
        K::ExclusiveMaximum { limit } => format!("less than {limit}"),
        K::ExclusiveMinimum { limit } => format!("more than {limit}"),
        K::MultipleOf { multiple_of } => format!("multiple of {multiple_of}"),
        K::Pattern { pattern } => format!("pattern {}", shape::cut(pattern, 120)),
        K::Format { format } => format!("format {format}"),
        other => other.keyword().to_owned(),
    }
}

/// The options of an enumeration as the specification writes them.
fn listed(options: &Value) -> String {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let words: Vec<String> = options.iter().map(Value::to_string).collect();
    shape::cut(&words.join(" | "), 120)
}
