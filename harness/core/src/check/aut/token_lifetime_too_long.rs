use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;

/// AUT-002
pub(super) const RULE: Rule = Rule {
    code: "AUT-002",
    name: "token-lifetime-too-long",
    source: include_str!("token_lifetime_too_long.md"),
};

/// Longer than both sides agreed.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let told = view.facts().and_then(|f| f.expires_in);
    let (Some(agreed), Some(told)) = (view.agreed_lifetime_s, told) else {
        return;
    };
    if told > agreed {
        let hit = hit(view, &RULE).expected(format!("<= {agreed} s"));
        out.push(hit.observed(format!("{told} s")));
    }
}
