//! NET: names, connections, TLS.

mod consumer_tls_failed;
mod no_answer_in_time;
mod redirect_to_other_host;
mod tls_failed;
mod tls_not_verified;
mod unreachable;

use super::rule::Rule;
use super::sink::{Hit, Sink};
use crate::model::Location;
use crate::record::{Exchange, Transfer};

pub(super) use consumer_tls_failed::check as consumer_tls;
pub(super) use redirect_to_other_host::leads_elsewhere;

/// Rules of the area, in the order of codes.
pub(super) const RULES: &[&Rule] = &[
    &unreachable::RULE,
    &tls_failed::RULE,
    &no_answer_in_time::RULE,
    &tls_not_verified::RULE,
    &redirect_to_other_host::RULE,
    &consumer_tls_failed::RULE,
];

/// Judges the way, not the message; true when no message came that could be judged.
pub fn examine(exchange: &Exchange, out: &mut Sink) -> bool {
    let Transfer::Http(http) = &exchange.transfer else {
        return false;
    };
    tls_not_verified::check(exchange, http, out);
    if redirect_to_other_host::check(exchange, http, out) {
        return true;
    }
    let Some(fault) = &http.fault else {
        return false;
    };
    unreachable::check(exchange, http, fault, out)
        || tls_failed::check(exchange, http, fault, out)
        || no_answer_in_time::check(exchange, http, fault, out)
}

fn hit(exchange: &Exchange, rule: &'static Rule, url: &str) -> Hit {
    let at = Location {
        log: Some(exchange.log.clone()),
        ..Location::default()
    };
    let host = host(url);
    Hit::new(rule, at).arg("host", host.clone()).key(host)
}

/// Host and port of a URL; nothing of its path or query, which may hold what nobody should see.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_the_host_is_shown() {
        assert_eq!(
            super::host("https://u:p@A.example:8443/x?token=1"),
            "a.example:8443"
        );
        assert_eq!(super::host("https://a.example?x"), "a.example");
    }
}
