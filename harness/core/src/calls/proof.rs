//! What is wrong with a request body, as a schema sees it: the proof that a defect is where it should be and alone.

use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::observe::{Json, JsonFaultKind, pointer_step};
use crate::plan::Variation;
use crate::spec::{Schema, faults_of};

/// Every place where a value does not fit, with the keyword that does not hold; a missing or forbidden member stands at
/// its own place.
pub fn faults(schema: &Schema, value: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let errors: Vec<_> = schema.validator().iter_errors(value).collect();
    for error in errors.iter().flat_map(faults_of) {
        let at = error.instance_path().as_str();
        let keyword = error.kind().keyword().to_owned();
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                found.push((format!("{at}/{}", pointer_step(name)), keyword));
            }
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                for name in unexpected {
                    found.push((format!("{at}/{}", pointer_step(name)), keyword.clone()));
                }
            }
            _ => found.push((at.to_owned(), keyword)),
        }
    }
    found
}

/// True when the bytes have exactly the defect: at the target, of that kind, and no other.
pub(super) fn is_only(schema: &Schema, variation: Variation, target: &str, bytes: &[u8]) -> bool {
    let json = match (variation, Json::read(bytes)) {
        (Variation::BrokenJson, Err(fault)) => return fault.kind == JsonFaultKind::EndsEarly,
        (Variation::InvalidUtf8, Err(fault)) => {
            return matches!(fault.kind, JsonFaultKind::NotUtf8 { .. });
        }
        (Variation::BrokenJson | Variation::InvalidUtf8, Ok(_)) | (_, Err(_)) => return false,
        (_, Ok(json)) => json,
    };
    let doubled = json.duplicates.len();
    if doubled != usize::from(variation == Variation::DuplicateKey) {
        return false;
    }
    let faults = faults(schema, &json.value);
    let keywords = variation.keywords();
    if keywords.is_empty() {
        return faults.is_empty();
    }
    faults.iter().all(|(at, _)| at == target)
        && faults
            .iter()
            .any(|(_, keyword)| keywords.contains(&keyword.as_str()))
}
