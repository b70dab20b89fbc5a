//! What is wrong with a JSON body before and after: the form of JSON, and the schema that the body follows best.

use super::json::BodySpec;
use crate::mask::wire;
use crate::observe::{Json, JsonFault};
use crate::spec::Schema;

/// The faults of a body and of what it became, each with the rule that tells them, without values.
pub fn json_faults(spec: BodySpec<'_>, old: &[u8], new: &[u8]) -> [Vec<String>; 2] {
    let read = |bytes| match Json::read(bytes) {
        Ok(json) => Ok(json.value),
        Err(fault) => Err(told(&fault)),
    };
    let (before, after) = (read(old), read(new));
    let best = before.as_ref().ok().and_then(|value| {
        let fits = |s: &&&Schema| s.validator().iter_errors(value).count();
        spec.schemas.iter().min_by_key(fits)
    });
    [before, after].map(|read| match (read, best) {
        (Err(fault), _) => vec![fault],
        (Ok(_), None) => Vec::new(),
        (Ok(value), Some(schema)) => {
            let errors = schema.validator().iter_errors(&value);
            let told = errors.map(|error| {
                let at = wire::pointer(error.instance_path().as_str(), |_| false);
                format!("API-005 {at} {}", error.kind().keyword())
            });
            told.collect()
        }
    })
}

/// Without the byte that stands there: it may be part of a value.
fn told(fault: &JsonFault) -> String {
    let word = fault.kind.word();
    let word = word.split(' ').next().unwrap_or_default();
    format!("API-004 byte {} {word}", fault.offset)
}
