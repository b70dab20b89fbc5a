//! Where the parameters of a request do not fit the document, one entry a parameter, without values.

use super::violation::{self, Violation};
use crate::observe::{CallView, Sent, SentValue, parameters};
use crate::spec::Parameter;

/// Every parameter that does not fit. The place stands where a body has its JSON Pointer: `query:limit`, `header:x-id`.
pub(super) fn misfits(view: &CallView<'_>) -> Vec<Violation> {
    let request = &view.http.request;
    let sent = parameters(view.operation, &request.url, &request.headers);
    sent.iter().filter_map(|one| misfit(view, one)).collect()
}

/// How the place of a parameter is written in findings and plans.
pub(super) fn place_of(parameter: &Parameter) -> String {
    format!("{}:{}", parameter.place.word(), parameter.name)
}

fn misfit(view: &CallView<'_>, sent: &Sent<'_>) -> Option<Violation> {
    let told = |keyword: &str, expected: &str, observed: String| {
        Some(Violation {
            pointer: place_of(sent.parameter),
            keywords: vec![keyword.to_owned()],
            expected: expected.to_owned(),
            observed,
            contract: false,
            undecided: false,
        })
    };
    match &sent.value {
        SentValue::Absent if sent.parameter.required => {
            told("required", "required", "absent".to_owned())
        }
        SentValue::Repeated(times) => told("type", "once", format!("{times} times")),
        SentValue::NotUtf8 => told("encoding", "UTF-8", "other bytes".to_owned()),
        SentValue::Read(readings) => {
            let schema = sent.parameter.schema.as_ref()?;
            let fits = readings
                .iter()
                .any(|value| schema.validator().is_valid(value));
            let first = readings.first().filter(|_| !fits)?;
            let found = violation::of_value(schema, first, &view.api.rules);
            let one = found.into_iter().find(|v| !v.undecided)?;
            Some(Violation {
                pointer: place_of(sent.parameter),
                ..one
            })
        }
        SentValue::Absent | SentValue::Unseen => None,
    }
}
