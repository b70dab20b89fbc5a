//! `oneOf` and `anyOf`: which alternative a value takes, and which one it comes closest to.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::Schema;

/// Alternatives inside alternatives are followed so deep.
const DEEPEST: u8 = 8;

impl Schema {
    /// The schema of the value at a JSON Pointer inside `value`: as [`Schema::at`], along the alternatives that it takes.
    pub fn along(&self, pointer: &str, value: &Value) -> Option<&Value> {
        let (mut here, mut value) = (self.at("")?, value);
        for step in pointer.split('/').skip(1) {
            let name = step.replace("~1", "/").replace("~0", "~");
            here = self.member_of(here, value, &name)?;
            value = match value {
                Value::Array(items) => items.get(name.parse::<usize>().ok()?)?,
                other => other.get(&name).unwrap_or(&Value::Null),
            };
        }
        Some(here)
    }

    /// The schema of a member (or, by its index, an element) of `value`, which `inside` describes; among alternatives the
    /// one that the value takes comes first.
    pub fn member_of<'s>(
        &'s self,
        inside: &'s Value,
        value: &Value,
        name: &str,
    ) -> Option<&'s Value> {
        let taken = self.taken(inside, value, 0);
        taken
            .and_then(|branch| self.member(branch, name))
            .or_else(|| self.member(inside, name))
    }

    /// The first alternative whose mandatory members the value has and whose fixed members it does not contradict.
    fn taken<'s>(&'s self, inside: &'s Value, value: &Value, depth: u8) -> Option<&'s Value> {
        let all = self.listed(inside, "allOf", depth);
        let mut deeper = all.filter_map(|part| self.taken(part, value, depth + 1));
        deeper.next().or_else(|| {
            let either = ["oneOf", "anyOf"].into_iter();
            let mut branches = either.flat_map(|list| self.listed(inside, list, depth));
            let branch = branches.find(|branch| self.takes(branch, value))?;
            Some(self.taken(branch, value, depth + 1).unwrap_or(branch))
        })
    }

    fn takes(&self, branch: &Value, value: &Value) -> bool {
        let needed = branch.get("required").and_then(Value::as_array);
        let needed = needed.into_iter().flatten().filter_map(Value::as_str);
        let members = branch.get("properties").and_then(Value::as_object);
        let fits = |(name, schema): (&String, &Value)| {
            let Some(value) = value.get(name) else {
                return true;
            };
            let fixed = self.word(schema, "const");
            let listed = self.word(schema, "enum").and_then(Value::as_array);
            fixed.is_none_or(|f| f == value) && listed.is_none_or(|l| l.contains(value))
        };
        needed.into_iter().all(|name| value.get(name).is_some())
            && members.into_iter().flatten().all(fits)
    }
}

/// The faults that `error` stands for: itself, or those of the one alternative that the value comes closest to. Where two
/// are equally close nothing says which was meant, and the error stays as it is.
pub fn faults_of<'e>(error: &'e ValidationError<'e>) -> Vec<&'e ValidationError<'e>> {
    let mut found = Vec::new();
    collect(error, 0, &mut found);
    found
}

fn collect<'e>(
    error: &'e ValidationError<'e>,
    depth: u8,
    found: &mut Vec<&'e ValidationError<'e>>,
) {
    let (Kind::AnyOf { context } | Kind::OneOfNotValid { context }) = error.kind() else {
        return found.push(error);
    };
    match nearest(context, error.instance_path().as_str()) {
        Some(branch) if depth < DEEPEST => {
            for inner in branch {
                collect(inner, depth + 1, found);
            }
        }
        _ => found.push(error),
    }
}

fn nearest<'e>(
    branches: &'e [Vec<ValidationError<'static>>],
    at: &str,
) -> Option<&'e [ValidationError<'static>]> {
    let mut ranked: Vec<_> = branches.iter().map(|b| (distance(b, at), b)).collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    match ranked.as_slice() {
        [(_, only)] => Some(only),
        [(first, branch), (second, _), ..] if first < second => Some(branch),
        _ => None,
    }
}

/// How far the value is from an alternative: of another type altogether; marked as another one by a fixed member, as
/// discriminators are; then the number of faults.
fn distance(branch: &[ValidationError<'_>], at: &str) -> (bool, usize, usize) {
    let other = |e: &&ValidationError<'_>| {
        matches!(e.kind(), Kind::Type { .. }) && e.instance_path().as_str() == at
    };
    let marked =
        |e: &&ValidationError<'_>| matches!(e.kind(), Kind::Constant { .. } | Kind::Enum { .. });
    (
        branch.iter().any(|e| other(&e)),
        branch.iter().filter(marked).count(),
        branch.len(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Direction;
    use super::*;

    fn places(schema: &Value, value: &Value) -> Vec<String> {
        let validator = jsonschema::validator_for(schema).expect("the schema is right");
        let errors: Vec<_> = validator.iter_errors(value).collect();
        let told = errors.iter().flat_map(faults_of);
        told.map(|e| format!("{} {}", e.instance_path(), e.kind().keyword()))
            .collect()
    }

    #[test]
    fn the_fault_of_the_alternative_that_was_meant_is_told() {
        let name = json!({"anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}]});
        assert_eq!(places(&name, &json!("あいうえ")), [" maxLength"]);
        let body = json!({"oneOf": [
            {"properties": {"kind": {"const": "A"}, "n": {"type": "integer"}}, "required": ["kind", "n"]},
            {"properties": {"kind": {"const": "B"}, "n": {"type": "string", "maxLength": 2}, "m": {"type": "string"}},
             "required": ["kind", "n", "m"]},
        ]});
        assert_eq!(places(&body, &json!({"kind": "A", "n": "x"})), ["/n type"]);
        assert_eq!(
            places(&body, &json!({"kind": "B", "n": "xyz", "m": "x"})),
            ["/n maxLength"]
        );
    }

    #[test]
    fn a_member_is_that_of_the_alternative_taken() {
        let document = json!({"openapi": "3.0.3"});
        let root = json!({"oneOf": [
            {"properties": {"kind": {"enum": ["A"]}, "n": {"type": "integer"}}, "required": ["kind"]},
            {"properties": {"kind": {"enum": ["B"]}, "n": {"type": "string"}}, "required": ["kind"]},
        ]});
        let schema = Schema::compile(&document, &root, Direction::Request).expect("it is right");
        let kind = |value: Value| schema.along("/n", &value).cloned();
        assert_eq!(kind(json!({"kind": "A"})), Some(json!({"type": "integer"})));
        assert_eq!(kind(json!({"kind": "B"})), Some(json!({"type": "string"})));
    }

    #[test]
    fn between_two_equally_close_ones_nothing_is_guessed() {
        let either = json!({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]});
        assert_eq!(places(&either, &json!({})), [" oneOf"]);
    }
}
