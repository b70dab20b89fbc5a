use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;

/// AUT-011
pub(super) const RULE: Rule = Rule {
    code: "AUT-011",
    name: "token-lifetime-beyond-guide",
    source: include_str!("token_lifetime_beyond_guide.md"),
};

/// Longer than the standard recommends, and not already longer than agreed.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let guide = view.rules.lifetime_guide_s;
    let Some(told) = view.facts().and_then(|f| f.expires_in) else {
        return;
    };
    let beyond_agreed = view.agreed_lifetime_s.is_some_and(|agreed| told > agreed);
    if guide > 0 && told > guide && !beyond_agreed {
        let hit = hit(view, &RULE).expected(format!("<= {guide} s"));
        out.push(hit.observed(format!("{told} s")));
    }
}
