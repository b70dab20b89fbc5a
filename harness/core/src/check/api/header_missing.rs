use super::place;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, ResponseView};
use crate::spec::ResponseDoc;

/// API-007
pub(super) const RULE: Rule = Rule {
    code: "API-007",
    name: "header-missing",
    source: include_str!("header_missing.md"),
};

/// Headers that the document requires in a response with this status.
pub(super) fn check(
    view: &CallView<'_>,
    response: &ResponseView<'_>,
    documented: &ResponseDoc,
    out: &mut Sink,
) {
    for name in &documented.required_headers {
        // OpenAPI 3.0.3, Response Object: a header named Content-Type is ignored; API-003 looks at it.
        if name == "content-type" || response.header(name).is_some() {
            continue;
        }
        out.push(
            place::answer(view, &RULE, place::header(view, name))
                .expected("present")
                .observed("absent")
                .arg("header", name.clone()),
        );
    }
}
