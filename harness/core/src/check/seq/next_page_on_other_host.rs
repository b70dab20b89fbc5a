use super::Told;
use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::plan::Pages;

/// SEQ-005
pub(super) const RULE: Rule = Rule {
    code: "SEQ-005",
    name: "next-page-on-other-host",
    source: include_str!("next_page_on_other_host.md"),
};

pub(super) fn check(told: &[Told], pages: &Pages, out: &mut Sink) {
    if !pages.cursor.is_empty() {
        return; // a cursor names no host
    }
    for page in told {
        if let Some(other) = other(page) {
            out.push(
                Hit::new(&RULE, page.at.clone())
                    .expected(authority(&page.url).unwrap_or_default())
                    .observed(other),
            );
        }
    }
}

/// The other host that the next page is said to be on.
pub(super) fn other(page: &Told) -> Option<String> {
    let next = authority(page.next.as_deref()?)?;
    (Some(&next) != authority(&page.url).as_ref()).then_some(next)
}

/// Host and port of an absolute URL, or of one that begins with `//`.
fn authority(url: &str) -> Option<String> {
    let rest = match url.split_once("//") {
        Some((before, rest)) if before.is_empty() || before.ends_with(':') => rest,
        _ => return None,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    Some(host.to_ascii_lowercase())
}
