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

/// Only what the answer names is known to be granted: platforms that grant none of the scopes often leave `scope` out, although
/// RFC 6749 3.3 wants it there.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    if view.variation != Variation::Misuse(Misuse::MalformedScope) || !view.issued() {
        return;
    }
    let granted = view.facts().and_then(|f| f.scope.as_deref());
    let asked = view.asked_scope;
    if granted.is_some_and(|g| g.split_ascii_whitespace().any(|s| s == asked)) {
        let status = view.status().unwrap_or_default();
        out.push(
            hit(view, &RULE)
                .expected(asked)
                .observed(status.to_string()),
        );
    }
}
