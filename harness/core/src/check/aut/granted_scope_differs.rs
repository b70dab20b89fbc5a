use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::plan::Variation;

/// AUT-007
pub(super) const RULE: Rule = Rule {
    code: "AUT-007",
    name: "granted-scope-differs",
    source: include_str!("granted_scope_differs.md"),
};

/// Scopes are sets; the order does not matter, and no `scope` in the answer means the one that was asked for (RFC 6749 3.3, 5.1).
/// Where a wrong scope was asked for on purpose, the call itself shows what the answer meant.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let granted = view.facts().and_then(|f| f.scope.as_deref());
    let (Some(granted), false) = (granted, view.asked_scope.is_empty()) else {
        return;
    };
    if view.variation == Variation::WrongScope || set(granted) == set(view.asked_scope) {
        return;
    }
    let shown: String = granted
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    out.push(hit(view, &RULE).expected(view.asked_scope).observed(shown));
}

fn set(scope: &str) -> std::collections::BTreeSet<&str> {
    scope.split_ascii_whitespace().collect()
}
