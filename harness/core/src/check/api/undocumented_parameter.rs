use super::place;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, undocumented};

/// API-020
pub(super) const RULE: Rule = Rule {
    code: "API-020",
    name: "undocumented-parameter",
    source: include_str!("undocumented_parameter.md"),
};

/// So many names are told; a flood of them tells nobody more.
const MOST: usize = 20;

/// Names in a consumer's query that the document does not know.
pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    let names = undocumented(view.operation, &view.http.request.url);
    for name in names.into_iter().take(MOST) {
        let name = super::shape::cut(&name, 60);
        let mut at = view.place();
        at.pointer = Some(format!("query:{name}"));
        out.push(
            place::hit(view, &RULE, at)
                .expected("not named")
                .observed("present")
                .arg("name", name),
        );
    }
}
