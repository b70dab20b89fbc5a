use super::platform_hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{PlatformStep, PlatformView};

/// AUT-031
pub(super) const RULE: Rule = Rule {
    code: "AUT-031",
    name: "introspection-bad-token-active",
    source: include_str!("introspection_bad_token_active.md"),
};

pub(super) fn check(view: &PlatformView<'_>, out: &mut Sink) {
    let (ja, en) = match view.step {
        PlatformStep::Expired => ("期限を過ぎたトークン", "a token after its lifetime"),
        PlatformStep::Revoked => ("失効させたトークン", "a revoked token"),
        PlatformStep::Invented => (
            "発行されたことのないトークン",
            "a token that was never issued",
        ),
        _ => return,
    };
    if view.active() == Some(true) {
        out.push(
            platform_hit(view, &RULE)
                .expected("false")
                .observed("true")
                .arg("what_ja", ja)
                .arg("what_en", en)
                .key(view.step.as_str()),
        );
    }
}
