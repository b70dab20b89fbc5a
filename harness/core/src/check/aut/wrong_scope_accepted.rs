use super::accepted;
use crate::check::api::holds_needed_scope;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Variation;

/// AUT-006
pub(super) const RULE: Rule = Rule {
    code: "AUT-006",
    name: "wrong-scope-accepted",
    source: include_str!("wrong_scope_accepted.md"),
};

/// Accepting is wrong only if the token really lacked the scope: an authorization server may grant another scope than asked.
pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    if view.case.variation == Variation::WrongScope && !holds_needed_scope(view) {
        accepted(view, &RULE, &view.api.rules.refusal.wrong_scope, out);
    }
}
