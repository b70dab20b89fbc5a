use super::{place, shape};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{BodyView, CallView, ContentType, JsonFaultKind, ResponseView};
use crate::spec::MediaType;

/// API-003
pub(super) const RULE: Rule = Rule {
    code: "API-003",
    name: "media-type-not-as-documented",
    source: include_str!("media_type_not_as_documented.md"),
};

/// True when what the header says explains why the body cannot be read as JSON.
pub(super) fn check(view: &CallView<'_>, response: &ResponseView<'_>, out: &mut Sink) -> bool {
    if matches!(response.body, BodyView::Empty) {
        return false; // nothing to have a type: API-004 says that the body is missing
    }
    let documented: Vec<MediaType> = forms(view, response);
    let observed = match &response.content_type {
        ContentType::Told(told) if documented.iter().any(|form| told.satisfies(form)) => {
            return false;
        }
        ContentType::Told(told) => shape::cut(&told.to_string(), 80),
        ContentType::Unreadable(text) => shape::cut(text, 80),
        ContentType::Absent => "absent".to_owned(),
    };
    let expected: Vec<String> = documented.iter().map(MediaType::to_string).collect();
    out.push(
        place::answer(view, &RULE, place::header(view, "content-type"))
            .expected(expected.join(" | "))
            .observed(observed),
    );
    explains(response)
}

/// The documented types; where the pack asks for a charset that the document does not name, with it.
fn forms(view: &CallView<'_>, response: &ResponseView<'_>) -> Vec<MediaType> {
    let charset = &view.api.rules.media.charset;
    let documented = response.documented.into_iter().flat_map(|d| &d.content);
    documented
        .map(|content| {
            let mut form = content.media_type.clone();
            if form.is_json() && !charset.is_empty() && form.parameter("charset").is_none() {
                form.parameters
                    .push(("charset".to_owned(), charset.clone()));
            }
            form
        })
        .collect()
}

fn explains(response: &ResponseView<'_>) -> bool {
    let ContentType::Told(told) = &response.content_type else {
        return false;
    };
    let other_charset = told
        .parameter("charset")
        .is_some_and(|c| !c.eq_ignore_ascii_case("utf-8"));
    let BodyView::NotJson(fault) = &response.body else {
        return false;
    };
    !told.is_json() || (other_charset && matches!(fault.kind, JsonFaultKind::NotUtf8 { .. }))
}
