use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::record::{Exchange, HttpTransfer};

/// NET-004
pub(super) const RULE: Rule = Rule {
    code: "NET-004",
    name: "tls-not-verified",
    source: include_str!("tls_not_verified.md"),
};

/// The plan switched verification off; whoever reads the result must know.
pub(super) fn check(exchange: &Exchange, http: &HttpTransfer, out: &mut Sink) {
    if http.tls.as_ref().is_some_and(|tls| !tls.verified) {
        out.push(
            hit(exchange, &RULE, &http.request.url)
                .expected("verified")
                .observed("not verified"),
        );
    }
}
