use super::{hit, host};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::record::{Exchange, HttpTransfer};

/// NET-005
pub(super) const RULE: Rule = Rule {
    code: "NET-005",
    name: "redirect-to-other-host",
    source: include_str!("redirect_to_other_host.md"),
};

pub(super) fn check(exchange: &Exchange, http: &HttpTransfer, out: &mut Sink) -> bool {
    let Some(other) = leads_elsewhere(http) else {
        return false;
    };
    let status = http.response.as_ref().map_or(0, |r| r.status);
    out.push(
        hit(exchange, &RULE, &http.request.url)
            .expected(host(&http.request.url))
            .observed(other)
            .arg("status", status.to_string()),
    );
    true
}

/// The other host that a redirect points to. A redirect within the host is a status like any other.
pub(in crate::check) fn leads_elsewhere(http: &HttpTransfer) -> Option<String> {
    let response = http.response.as_ref()?;
    if !(300..400).contains(&response.status) {
        return None;
    }
    let location = response
        .headers
        .iter()
        .find(|h| h.name.eq_ignore_ascii_case("location"))?;
    let target = location.value.trim();
    // RFC 3986 4.2: `//host/…` keeps the scheme, anything without an authority stays on the host.
    let absolute = match target.split_once("//") {
        Some((before, _)) if before.is_empty() || before.ends_with(':') => target,
        _ => return None,
    };
    let other = host(absolute.strip_prefix("//").unwrap_or(absolute));
    (other != host(&http.request.url)).then_some(other)
}
