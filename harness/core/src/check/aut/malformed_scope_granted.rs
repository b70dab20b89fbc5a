use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::plan::{Misuse, Variation};

/// AUT-028
pub(super) const RULE: Rule = Rule {
    code: "AUT-028",
    name: "malformed-scope-granted",
    source: include_str!("malformed_scope_granted.md"),
};

/// No `scope` in the answer means that what was asked for was granted (RFC 6749 5.1).
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    if view.variation != Variation::Misuse(Misuse::MalformedScope) || !view.issued() {
        return;
    }
    let granted = view.facts().and_then(|f| f.scope.as_deref());
    let asked = view.asked_scope;
    if granted.is_none_or(|g| g.split_ascii_whitespace().any(|s| s == asked)) {
        let status = view.status().unwrap_or_default();
        out.push(
            hit(view, &RULE)
                .expected(asked)
                .observed(status.to_string()),
        );
    }
}
