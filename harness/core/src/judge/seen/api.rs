//! What a token call and an API call showed: handshake, versions, who identified itself how, the token, times, errors.

use std::collections::BTreeSet;

use super::{Look, Seen, json};
use crate::agreement::Terms;
use crate::model::{CauseKind, Finding};
use crate::plan::{ApiCase, Variation};
use crate::record::{Exchange, HttpTransfer, TokenFacts, Transfer};
use crate::spec::Api;

/// An exchange with the bytes of its request and its answer.
pub(in crate::judge) type WithBodies<'a> = (&'a Exchange, Option<Vec<u8>>, Option<Vec<u8>>);

/// A call with what came before it.
#[derive(Clone, Copy)]
pub(in crate::judge) struct Call<'a> {
    /// What the plan asked for.
    pub(in crate::judge) asked: &'a ApiCase,
    /// The API.
    pub(in crate::judge) api: &'a Api,
    /// Its exchanges.
    pub(in crate::judge) exchanges: &'a [WithBodies<'a>],
    /// `client_id` that was used.
    pub(in crate::judge) client_id: &'a str,
    /// What the check found.
    pub(in crate::judge) findings: &'a [Finding],
    /// Exchanges that renkei made up: their bodies say nothing of a product.
    pub(in crate::judge) generated: &'a BTreeSet<String>,
}

/// What a call showed.
pub(in crate::judge) fn of_call(terms: Terms<'_>, call: Call<'_>) -> Vec<Seen> {
    let mut look = Look::new(terms);
    look.told_elsewhere("linkage.method", "rest");
    for (exchange, request, answer) in call.exchanges {
        let Transfer::Http(http) = &exchange.transfer else {
            continue;
        };
        way(&mut look, http);
        if exchange.step != "token" {
            base(&mut look, http);
        }
        if exchange.step == "token" {
            token(
                &mut look,
                call,
                http,
                request.as_deref().unwrap_or_default(),
            );
        } else {
            answered(&mut look, call, exchange, http, answer.as_deref());
            if !call.generated.contains(&exchange.log) {
                json::bodies(&mut look, call, (request.as_deref(), answer.as_deref()));
            }
        }
    }
    look.seen
}

/// TLS and HTTP as they were spoken.
fn way(look: &mut Look<'_>, http: &HttpTransfer) {
    let tls = http.tls.as_ref().map_or("", |t| t.version.as_str());
    if let Some(version) = tls.strip_prefix("TLSv").filter(|v| !v.is_empty()) {
        look.note("net.tls", version, &[version], &["NET-002"]);
    }
    let http = http.response.as_ref().map_or("", |r| r.version.as_str());
    if let Some(version) = http.strip_prefix("HTTP/") {
        let version = match version {
            "2.0" => "2",
            "3.0" => "3",
            other => other,
        };
        look.note("net.http", version, &[version], &[]);
    }
}

/// Where the API was called, where a URL was agreed.
fn base(look: &mut Look<'_>, http: &HttpTransfer) {
    let url = http.request.url.as_str();
    let Some(host) = url.find("://").map(|at| at + 3) else {
        return;
    };
    let after = url.get(host..).unwrap_or_default();
    let end = after.find('/').unwrap_or(after.len());
    let shown = url.get(..host + end).unwrap_or(url);
    let agreed = look.agreed("api.base_url").unwrap_or_default();
    let rest = url.strip_prefix(agreed.trim_end_matches('/'));
    let within = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    look.add(Seen {
        setting: "api.base_url",
        value: shown.to_owned(),
        // An answer in words cannot be compared.
        deviates: agreed.contains("://") && !within,
        ..Seen::default()
    });
}

fn token(look: &mut Look<'_>, call: Call<'_>, http: &HttpTransfer, form: &[u8]) {
    // Calls that are made to be refused show how the consumer was told to err, not how it works.
    if call.asked.variation != Variation::None {
        return;
    }
    let consumer = Some(CauseKind::Receiver);
    let has = |name: &str| {
        http.request
            .headers
            .iter()
            .any(|h| h.name.eq_ignore_ascii_case(name))
    };
    if let Some(facts) = &http.token {
        proof(look, facts);
    }
    let asserted = memchr::memmem::find(form, b"client_assertion=").is_some();
    let method = match (asserted, has("authorization"), has("x-api-key")) {
        (true, ..) => Some("client_secret_jwt"),
        (false, true, _) => Some("client_secret_basic"),
        (false, false, true) => Some("api_key"),
        _ => None,
    };
    if let Some(method) = method {
        look.add(Seen {
            setting: "auth.method",
            value: method.to_owned(),
            deviates: look.deviates("auth.method", &[method]),
            cause: consumer,
            ..Seen::default()
        });
    }
    if !call.client_id.is_empty() {
        look.add(Seen {
            setting: "auth.client_id",
            value: call.client_id.to_owned(),
            deviates: look.deviates("auth.client_id", &[call.client_id]),
            judged_by: &["AUT-009"],
            cause: consumer,
            ..Seen::default()
        });
    }
    let Some(facts) = http.token.as_ref().filter(|t| t.token_digest.is_some()) else {
        return;
    };
    if let Some(seconds) = facts.expires_in {
        lifetime(look, seconds);
    }
    let refreshed = if facts.refresh_token { "no" } else { "yes" };
    look.note("auth.one_token", refreshed, &[refreshed], &["AUT-003"]);
    scope(look, call, facts.scope.as_deref());
}

/// Seconds that a token may have lost on its way before it is told to live shorter than agreed.
const LOST_ON_THE_WAY_S: i64 = 5;

fn lifetime(look: &mut Look<'_>, seconds: i64) {
    let agreed: Option<i64> = look
        .agreed("auth.token_lifetime_s")
        .and_then(|v| v.parse().ok());
    let as_agreed = |agreed: i64| (agreed - LOST_ON_THE_WAY_S..=agreed).contains(&seconds);
    look.add(Seen {
        setting: "auth.token_lifetime_s",
        value: seconds.to_string(),
        deviates: agreed.is_some_and(|agreed| !as_agreed(agreed)),
        judged_by: &["AUT-002"],
        ..Seen::default()
    });
}

/// What the consumer identified itself with, as far as its record says: algorithm of the assertion, length of the secret.
fn proof(look: &mut Look<'_>, facts: &TokenFacts) {
    let consumer = Some(CauseKind::Receiver);
    if let Some(alg) = &facts.assertion_alg {
        look.add(Seen {
            setting: "auth.assertion_alg",
            value: alg.clone(),
            deviates: look.deviates("auth.assertion_alg", &[alg]),
            cause: consumer,
            ..Seen::default()
        });
    }
    if let Some(chars) = facts.secret_chars {
        let agreed = look.agreed("auth.secret").and_then(secret_length);
        look.add(Seen {
            setting: "auth.secret",
            value: format!("{chars}文字"),
            deviates: agreed.is_some_and(|(number, least)| {
                if least {
                    chars < number
                } else {
                    chars != number
                }
            }),
            judged_by: &["AUT-010"],
            cause: consumer,
            ..Seen::default()
        });
    }
}

/// The length that an answer in words names: `64文字、毎年更新`, `32文字以上`. True: at least so many.
fn secret_length(text: &str) -> Option<(u64, bool)> {
    let at = ["文字", "桁", " char"]
        .iter()
        .find_map(|unit| text.find(unit))?;
    let before = text.get(..at)?.trim_end();
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    let least = ["以上", "at least", ">="]
        .iter()
        .any(|word| text.contains(word));
    Some((digits.parse().ok()?, least))
}

fn scope(look: &mut Look<'_>, call: Call<'_>, granted: Option<&str>) {
    let asked = call.api.scope(&call.asked.operation).unwrap_or_default();
    let scope = granted.unwrap_or(asked);
    if scope.is_empty() {
        return;
    }
    // One item, several operations: a scope that was agreed for another operation of the API says nothing of this one.
    let agreed = look.agreed("auth.scope").unwrap_or_default();
    let of_another = |operation: &String| {
        *operation != call.asked.operation && call.api.scope(operation) == Some(agreed)
    };
    let elsewhere = scope == asked && call.api.operations.keys().any(of_another);
    look.add(Seen {
        setting: "auth.scope",
        value: scope.to_owned(),
        deviates: !elsewhere && look.deviates("auth.scope", &[scope]),
        judged_by: &["AUT-006", "AUT-007"],
        ..Seen::default()
    });
}

fn answered(
    look: &mut Look<'_>,
    call: Call<'_>,
    exchange: &Exchange,
    http: &HttpTransfer,
    answer: Option<&[u8]>,
) {
    let Some(response) = &http.response else {
        return;
    };
    look.told_elsewhere(
        "api.timeout_s",
        exchange.duration_ms.div_ceil(1000).to_string(),
    );
    let whole = http.fault.is_none() && !response.truncated;
    if response.status < 400 || !whole || answer.is_none_or(<[u8]>::is_empty) {
        return;
    }
    // An error that is no JSON at all breaks every contract about its body.
    let is_json = |body: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok();
    let broken = call.findings.iter().any(|f| f.rule == "API-006")
        || answer.is_some_and(|body| !is_json(body));
    let refused = call.asked.variation != Variation::None && !call.api.rules.error.is_empty();
    if broken || refused {
        let value = if broken { "other" } else { "api-2.0" };
        look.note(
            "api.error_contract",
            value,
            &[value],
            &["API-006", "API-003", "API-004", "API-005"],
        );
    }
}
