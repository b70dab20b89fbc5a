use super::platform_hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{PlatformStep, PlatformView};

/// AUT-033
pub(super) const RULE: Rule = Rule {
    code: "AUT-033",
    name: "platform-answer-unreadable",
    source: include_str!("platform_answer_unreadable.md"),
};

/// A question without authentication may be refused in any form.
pub(super) fn check(view: &PlatformView<'_>, out: &mut Sink) {
    let status = view.http.response.as_ref().map_or(0, |r| r.status);
    let member = match view.step {
        PlatformStep::Open | PlatformStep::Other => return,
        PlatformStep::Discovery if view.text("issuer").is_some() => return,
        PlatformStep::Discovery => "issuer",
        _ if view.active().is_some() => return,
        _ => "active",
    };
    out.push(
        platform_hit(view, &RULE)
            .expected(format!("200, {member}"))
            .observed(status.to_string())
            .key(view.step.as_str()),
    );
}
