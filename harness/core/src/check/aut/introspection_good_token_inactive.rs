use super::platform_hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{PlatformStep, PlatformView};

/// AUT-030
pub(super) const RULE: Rule = Rule {
    code: "AUT-030",
    name: "introspection-good-token-inactive",
    source: include_str!("introspection_good_token_inactive.md"),
};

pub(super) fn check(view: &PlatformView<'_>, out: &mut Sink) {
    if view.step == PlatformStep::Good && view.active() == Some(false) {
        out.push(platform_hit(view, &RULE).expected("true").observed("false"));
    }
}
