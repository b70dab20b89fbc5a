use super::issued_although;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::plan::Misuse;

/// AUT-027
pub(super) const RULE: Rule = Rule {
    code: "AUT-027",
    name: "clock-skew-beyond-tolerance-accepted",
    source: include_str!("clock_skew_beyond_tolerance_accepted.md"),
};

pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    issued_although(view, Misuse::ClockSkewOutside, &RULE, out);
}
