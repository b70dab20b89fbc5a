use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::record::Signature;

/// AUT-035
pub(super) const RULE: Rule = Rule {
    code: "AUT-035",
    name: "token-signature-invalid",
    source: include_str!("token_signature_invalid.md"),
};

/// A key that is missing proves nothing: only a signature that the named key does not confirm is a fact.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let jwt = view.facts().and_then(|f| f.jwt.as_ref());
    if let Some(jwt) = jwt.filter(|j| j.signature == Some(Signature::Wrong)) {
        let alg: String = jwt
            .alg
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(10)
            .collect();
        out.push(hit(view, &RULE).expected("valid").observed(alg));
    }
}
