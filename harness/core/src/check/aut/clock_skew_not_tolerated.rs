use super::{answered, hit};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::plan::{Misuse, Variation};

/// AUT-026
pub(super) const RULE: Rule = Rule {
    code: "AUT-026",
    name: "clock-skew-not-tolerated",
    source: include_str!("clock_skew_not_tolerated.md"),
};

/// A server error is no refusal of the clock.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let refused = view.status().is_some_and(|s| (400..500).contains(&s));
    if view.variation == Variation::Misuse(Misuse::ClockSkewInside) && refused {
        out.push(
            hit(view, &RULE)
                .expected("access_token")
                .observed(answered(view)),
        );
    }
}
