use super::{answered, hit};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;

/// AUT-037
pub(super) const RULE: Rule = Rule {
    code: "AUT-037",
    name: "token-error-form-wrong",
    source: include_str!("token_error_form_wrong.md"),
};

/// RFC 6749 5.2 asks for 400, or 401 for clients that are not who they say; other 4xx still say that the request is at fault.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let Some(status) = view.status().filter(|_| !view.issued()) else {
        return;
    };
    let named = view.facts().is_some_and(|f| f.error.is_some());
    if !(400..500).contains(&status) || !named {
        out.push(
            hit(view, &RULE)
                .expected("400 | 401, error")
                .observed(answered(view)),
        );
    }
}
