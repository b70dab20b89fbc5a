use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;

/// AUT-008
pub(super) const RULE: Rule = Rule {
    code: "AUT-008",
    name: "token-type-wrong",
    source: include_str!("token_type_wrong.md"),
};

/// `token_type` is compared without case (RFC 6749 5.1).
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let wanted = &view.rules.token_type;
    let told = view.facts().and_then(|f| f.token_type.as_deref());
    if wanted.is_empty() || told.is_some_and(|t| t.eq_ignore_ascii_case(wanted)) {
        return;
    }
    let observed = match told {
        Some(told) if told.len() <= 20 && told.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            told.to_owned()
        }
        Some(told) => format!("string({})", told.chars().count()),
        None => "absent".to_owned(),
    };
    out.push(hit(view, &RULE).expected(wanted.clone()).observed(observed));
}
