use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;

/// AUT-036
pub(super) const RULE: Rule = Rule {
    code: "AUT-036",
    name: "token-not-bound-to-certificate",
    source: include_str!("token_not_bound_to_certificate.md"),
};

/// An opaque token shows nothing of its binding, so only a JWT is judged.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let facts = view.facts();
    let own = facts.and_then(|f| f.certificate.as_deref());
    let (Some(own), Some(jwt)) = (own, facts.and_then(|f| f.jwt.as_ref())) else {
        return;
    };
    let bound = jwt.certificate.as_deref();
    if bound != Some(own) {
        let shown: String = bound.unwrap_or("absent").chars().take(43).collect();
        out.push(hit(view, &RULE).expected(own).observed(shown));
    }
}
