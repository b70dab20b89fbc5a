use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;

/// AUT-003
pub(super) const RULE: Rule = Rule {
    code: "AUT-003",
    name: "refresh-token-issued",
    source: include_str!("refresh_token_issued.md"),
};

pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let issued = view.facts().is_some_and(|f| f.refresh_token);
    if issued && !view.rules.refresh_token {
        out.push(hit(view, &RULE).expected("none").observed("refresh_token"));
    }
}
