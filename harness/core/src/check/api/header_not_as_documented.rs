use super::{place, violation};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, ResponseView, readings};
use crate::spec::ResponseDoc;

/// API-021
pub(super) const RULE: Rule = Rule {
    code: "API-021",
    name: "header-not-as-documented",
    source: include_str!("header_not_as_documented.md"),
};

/// Values of headers against the schemas that the document gives them. Lists and objects in headers are not looked into.
pub(super) fn check(
    view: &CallView<'_>,
    response: &ResponseView<'_>,
    documented: &ResponseDoc,
    out: &mut Sink,
) {
    for (name, schema) in &documented.headers {
        let types = schema.at("").map(|root| schema.types(root));
        let types = types.unwrap_or_default();
        let composed = types.iter().any(|t| matches!(*t, "array" | "object"));
        let Some(text) = response.header(name).filter(|_| !composed) else {
            continue;
        };
        // OpenAPI 3.0.3, Response Object: a header named Content-Type is ignored. Secrets stand as their digests.
        if name == "content-type" || text.contains("sha256:") {
            continue;
        }
        let readings = readings(text, &types);
        if readings
            .iter()
            .any(|value| schema.validator().is_valid(value))
        {
            continue;
        }
        let found = readings
            .first()
            .map(|v| violation::of_value(schema, v, &view.api.rules));
        let Some(one) = found.into_iter().flatten().find(|v| !v.undecided) else {
            continue;
        };
        out.push(
            place::answer(view, &RULE, place::header(view, name))
                .expected(one.expected)
                .observed(one.observed)
                .arg("header", name.clone())
                .key(one.keywords.join(",")),
        );
    }
}
