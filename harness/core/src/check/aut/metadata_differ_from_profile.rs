use super::platform_hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{PlatformStep, PlatformView};

/// AUT-034
pub(super) const RULE: Rule = Rule {
    code: "AUT-034",
    name: "metadata-differ-from-profile",
    source: include_str!("metadata_differ_from_profile.md"),
};

/// Metadata are compared as written: RFC 8414 3.3 wants the issuer to be identical, and a URL that merely leads to the same
/// place is another one to a strict client.
pub(super) fn check(view: &PlatformView<'_>, out: &mut Sink) {
    if view.step != PlatformStep::Discovery || view.text("issuer").is_none() {
        return;
    }
    let declared = view.declared.split_ascii_whitespace();
    for (member, url) in declared.filter_map(|pair| pair.split_once('=')) {
        let found = view.text(member);
        if found != Some(url) {
            let shown: String = found
                .unwrap_or("absent")
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect();
            out.push(
                platform_hit(view, &RULE)
                    .expected(url)
                    .observed(shown)
                    .arg("member", member)
                    .key(member),
            );
        }
    }
}
