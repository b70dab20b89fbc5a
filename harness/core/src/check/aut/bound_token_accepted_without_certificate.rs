use super::misused;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Misuse;

/// AUT-020
pub(super) const RULE: Rule = Rule {
    code: "AUT-020",
    name: "bound-token-accepted-without-certificate",
    source: include_str!("bound_token_accepted_without_certificate.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    misused(view, Misuse::WithoutCertificate, &RULE, out);
}
