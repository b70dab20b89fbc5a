use super::platform_hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{PlatformStep, PlatformView};

/// AUT-032
pub(super) const RULE: Rule = Rule {
    code: "AUT-032",
    name: "introspection-without-authentication",
    source: include_str!("introspection_without_authentication.md"),
};

/// `active: false` tells a stranger nothing.
pub(super) fn check(view: &PlatformView<'_>, out: &mut Sink) {
    if view.step == PlatformStep::Open && view.active() == Some(true) {
        out.push(platform_hit(view, &RULE).expected("401").observed("true"));
    }
}
