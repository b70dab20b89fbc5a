//! The calls that a plan's case stands for: the one that is written, and those made from the API's document. Every made
//! call is proven on its final bytes before it is given out: a valid one is valid, a defect is where it says and nowhere
//! else. Deterministic: the same case gives the same calls.

mod boundary;
mod correlation;
mod defect;
mod parameters;
mod pick;
mod proof;
mod sample;
mod taken;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::Bilingual;
use crate::plan::{ApiCase, Group, Variation};
use crate::record::Origin;
use crate::spec::{Api, In, Operation, Parameter, Schema};

pub use defect::vary;
pub use proof::faults;
pub use taken::{next_page, taken, text, values};

/// Content-Type of requests with JSON.
pub const JSON: &str = "application/json";

/// One call that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The body; absent when the operation takes none.
    pub body: Option<Vec<u8>>,
    /// Content-Type that is sent with a body.
    pub content_type: String,
    /// What is done to it.
    pub variation: Variation,
    /// Where.
    pub target: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What is special, in neutral notation: `maxLength 100`.
    pub note: String,
    /// The parameter that is not as in the plan.
    pub change: Option<Change>,
}

/// A parameter that is sent otherwise than the plan says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Query or header.
    pub place: In,
    /// Its name.
    pub name: String,
    /// Its text; none: it is left out.
    pub text: Option<String>,
}

/// So many bodies are given defects.
const EXAMPLES: usize = 5;

/// Why calls cannot be made, and how to fix the plan.
pub type Refusal = Box<(Bilingual, Bilingual)>;

/// The calls of a case. `given` is the content of the case's body file, if it names one.
///
/// # Errors
/// What keeps them from being made: a body that is no JSON, a defect that would be none.
pub fn made(api: &Api, case: &ApiCase, given: Option<&[u8]>) -> Result<Vec<Made>, Refusal> {
    let Some(operation) = api.operations.get(&case.operation) else {
        return Err(no_operation(api, case));
    };
    let base = base(operation, case, given)?;
    let mut calls = Vec::new();
    // A case that only generates sends the call it starts from too: what is said of the others rests on it.
    calls.push(as_written(operation, case, base.as_ref())?);
    let value = base
        .as_ref()
        .and_then(|b| serde_json::from_slice::<Value>(&b.bytes).ok());
    let mut more = Vec::new();
    if let (Some(schema), Some(value)) = (operation.request_schema(), value) {
        let maker = Maker {
            api,
            operation,
            schema,
        };
        for group in &case.generate {
            more.extend(match group {
                Group::Examples => maker.examples(),
                Group::Valid => maker.valid(&value),
                Group::Invalid => maker.all_invalid(&value),
            });
        }
    }
    more.extend(with_parameters(operation, case, base.as_ref()));
    calls.extend(pick::some(more, case.most, case.seed));
    Ok(calls)
}

/// Calls with the plan's body and other parameters. Next to a defect of the plan's own they would prove nothing.
fn with_parameters(operation: &Operation, case: &ApiCase, base: Option<&Base>) -> Vec<Made> {
    let mut found = Vec::new();
    if case.variation != Variation::None {
        return Vec::new();
    }
    if case.generate.contains(&Group::Valid) {
        found.extend(parameters::valid(operation, case));
    }
    if case.generate.contains(&Group::Invalid) {
        found.extend(parameters::invalid(operation, case));
    }
    let made = |changed: parameters::Changed| Made {
        body: base.map(|b| b.bytes.clone()),
        content_type: JSON.to_owned(),
        variation: changed.variation,
        target: changed.target,
        origin: match changed.variation {
            Variation::None => Origin::Boundary,
            _ => Origin::Defect,
        },
        note: changed.note,
        change: Some(changed.change),
    };
    found.into_iter().map(made).collect()
}

/// A value for a parameter that a plan leaves out: as the document shows it, else the plainest that fits its schema.
pub fn usual(parameter: &Parameter) -> Option<String> {
    parameters::usual(parameter)
}

struct Maker<'a> {
    api: &'a Api,
    operation: &'a Operation,
    schema: &'a Schema,
}

impl Maker<'_> {
    fn examples(&self) -> Vec<Made> {
        let content = self.operation.request_content();
        let examples = content.map(|c| c.examples.as_slice()).unwrap_or_default();
        let fitting = examples
            .iter()
            .filter(|e| self.schema.validator().is_valid(e));
        fitting
            .map(|example| Made {
                body: Some(example.to_string().into_bytes()),
                content_type: JSON.to_owned(),
                variation: Variation::None,
                target: String::new(),
                origin: Origin::Example,
                note: String::new(),
                change: None,
            })
            .collect()
    }

    fn valid(&self, base: &Value) -> Vec<Made> {
        let borders = boundary::all(self.schema, &self.api.rules, base);
        borders
            .into_iter()
            .filter(|b| self.schema.validator().is_valid(&b.body))
            .filter(|b| correlation::hold(&self.api.rules, &b.body))
            .map(|border| Made {
                body: Some(border.body.to_string().into_bytes()),
                content_type: JSON.to_owned(),
                variation: Variation::None,
                target: border.target,
                origin: Origin::Boundary,
                note: border.note,
                change: None,
            })
            .collect()
    }

    /// Defects of the case's body, and of the items that only the document's other examples have.
    fn all_invalid(&self, base: &Value) -> Vec<Made> {
        let examples = self
            .operation
            .request_content()
            .map(|c| c.examples.as_slice());
        let bases = std::iter::once(base).chain(examples.unwrap_or_default());
        let mut known = BTreeSet::new();
        let mut found = Vec::new();
        for base in bases.take(EXAMPLES) {
            let calls = self.invalid(base).into_iter();
            found.extend(calls.filter(|c| known.insert((c.variation.as_str(), c.target.clone()))));
        }
        found
    }

    fn invalid(&self, base: &Value) -> Vec<Made> {
        let bytes = base.to_string().into_bytes();
        if !self.schema.validator().is_valid(base) {
            return Vec::new(); // a defect on top of others proves nothing
        }
        let wanted = defect::all(self.schema, base);
        wanted
            .into_iter()
            .filter_map(|(variation, target)| {
                let body = defect::apply(self.schema, variation, &target, &bytes).ok()?;
                proof::is_only(self.schema, variation, &target, &body).then(|| Made {
                    body: Some(body),
                    content_type: content_type(variation).to_owned(),
                    variation,
                    target,
                    origin: Origin::Defect,
                    note: String::new(),
                    change: None,
                })
            })
            .collect()
    }
}

/// The body that a case starts from.
struct Base {
    bytes: Vec<u8>,
    origin: Origin,
}

fn base(
    operation: &Operation,
    case: &ApiCase,
    given: Option<&[u8]>,
) -> Result<Option<Base>, Refusal> {
    if let Some(bytes) = given {
        let (bytes, origin) = (bytes.to_vec(), Origin::Plan);
        return Ok(Some(Base { bytes, origin }));
    }
    let Some(content) = operation.request_content() else {
        return Ok(None);
    };
    let fits = |value: &&Value| {
        content
            .schema
            .as_ref()
            .is_none_or(|s| s.validator().is_valid(value))
    };
    if let Some(example) = content.examples.iter().find(fits) {
        let (bytes, origin) = (example.to_string().into_bytes(), Origin::Example);
        return Ok(Some(Base { bytes, origin }));
    }
    let required = operation.request.as_ref().is_some_and(|r| r.required);
    let made = content.schema.as_ref().and_then(sample::of);
    match made {
        Some(value) => {
            let (bytes, origin) = (value.to_string().into_bytes(), Origin::Schema);
            Ok(Some(Base { bytes, origin }))
        }
        None if !required => Ok(None),
        None => Err(Box::new((
            Bilingual::new(
                format!("{} の要求の本文を仕様から作れません", operation.id),
                format!(
                    "no request body of {} can be made from the specification",
                    operation.id
                ),
            ),
            Bilingual::new(
                format!(
                    "計画の body に本文のファイルを指定してください（{}）",
                    case.operation
                ),
                format!("name a file with a body in the plan ({})", case.operation),
            ),
        ))),
    }
}

fn as_written(operation: &Operation, case: &ApiCase, base: Option<&Base>) -> Result<Made, Refusal> {
    let of_parameter = case.variation.is_of_body() && parameters::is_one(&case.target);
    let change = match of_parameter {
        true => Some(parameters::asked(operation, case)?),
        false => None,
    };
    let body = match base {
        Some(base) if of_parameter => Some(base.bytes.clone()),
        Some(base) => Some(vary(operation, case, &base.bytes)?),
        None => None,
    };
    Ok(Made {
        body,
        content_type: content_type(case.variation).to_owned(),
        variation: case.variation,
        target: case.target.clone(),
        origin: base.map_or(Origin::Plan, |b| b.origin),
        note: String::new(),
        change,
    })
}

/// What is said of the body that a variation sends.
pub fn content_type(variation: Variation) -> &'static str {
    match variation {
        Variation::WrongContentType => "text/plain",
        Variation::WrongCharset => "application/json;charset=Shift_JIS",
        _ => JSON,
    }
}

fn no_operation(api: &Api, case: &ApiCase) -> Refusal {
    let known: Vec<&str> = api.operations.keys().map(String::as_str).collect();
    let known = known.join(", ");
    Box::new((
        Bilingual::new(
            format!("API {} に操作 {} がありません", case.api, case.operation),
            format!("API {} has no operation {}", case.api, case.operation),
        ),
        Bilingual::new(format!("あるもの: {known}"), format!("there are: {known}")),
    ))
}

#[cfg(test)]
mod tests;
