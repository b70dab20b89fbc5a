//! Judges an API exchange: the token call, then the call itself.

use std::io;

use super::{CaseHistory, Judge, Judged, seen};
use crate::check::{Policy, Sink, examine_call, examine_token};
use crate::observe::{Asked, Bodies, CallView, TokenView};
use crate::plan::{ApiCase, Case, Variation};
use crate::record::{Blob, Exchange, TokenFacts, Transfer};
use crate::spec::Api;

/// Largest body that is read, in bytes; the client keeps no more.
const MAX_BODY: u64 = 16 * 1024 * 1024;

pub(super) fn judge(
    judge: &Judge<'_>,
    case: &Case,
    call: &ApiCase,
    history: &CaseHistory,
) -> io::Result<Judged> {
    let mut judged = Judged::default();
    let Some((_, described)) = judge.setup.api(&call.api) else {
        return Err(io::Error::other("an API that the plan named is gone"));
    };
    let mut sink = Sink::new(Policy::default());
    let mut token = None;
    for exchange in &history.exchanges {
        if exchange.step == "token" {
            token = token_facts(exchange).or(token);
            judge_token(judge, case, call, described, exchange, &mut sink);
            judged.log = Some(exchange.log.clone());
        } else {
            judge_call(judge, call, described, exchange, token, &mut sink)?;
        }
    }
    judged.findings = sink.into_findings();
    judged.checks = Judge::rules_of(&["API", "AUT", "NET"]);
    let mut exchanges = Vec::new();
    for exchange in &history.exchanges {
        let (request, answer) = bodies(judge, exchange)?;
        exchanges.push((exchange, request, answer));
    }
    let seen = seen::Call {
        asked: call,
        api: described,
        exchanges: &exchanges,
        client_id: client_id(judge, case, call),
        findings: &judged.findings,
    };
    judged.observed = seen::of_call(judge.setup, case, seen);
    Ok(judged)
}

/// `client_id` of the client that the case uses, as declared.
fn client_id<'j>(judge: &Judge<'j>, case: &Case, call: &ApiCase) -> &'j str {
    let setup = judge.setup;
    let linkage = setup.plan.linkage(&case.linkage);
    linkage
        .and_then(|l| setup.profiles.get(&l.to)?.clients.get(&call.client))
        .map(|c| c.client_id.as_str())
        .unwrap_or_default()
}

type Bytes = Option<Vec<u8>>;

/// The bodies of request and answer.
fn bodies(judge: &Judge<'_>, exchange: &Exchange) -> io::Result<(Bytes, Bytes)> {
    let Transfer::Http(http) = &exchange.transfer else {
        return Ok((None, None));
    };
    let body = |blob: Option<&Blob>| blob.map(|b| judge.evidence.bytes(b, MAX_BODY)).transpose();
    let answer = http.response.as_ref().and_then(|r| r.body.as_ref());
    Ok((body(http.request.body.as_ref())?, body(answer)?))
}

fn token_facts(exchange: &Exchange) -> Option<&TokenFacts> {
    match &exchange.transfer {
        Transfer::Http(http) => http.token.as_ref(),
        Transfer::File(_) => None,
    }
}

fn judge_token(
    judge: &Judge<'_>,
    case: &Case,
    call: &ApiCase,
    described: &Api,
    exchange: &Exchange,
    sink: &mut Sink,
) {
    let setup = judge.setup;
    let scope = match (call.variation, call.scope.as_str()) {
        (Variation::WrongScope, other) if !other.is_empty() => other,
        _ => described.scope(&call.operation).unwrap_or_default(),
    };
    let asked = Asked {
        rules: &described.rules.token,
        variation: call.variation,
        client_id: client_id(judge, case, call),
        secret_chars: token_facts(exchange).and_then(|facts| facts.secret_chars),
        asked_scope: scope,
        agreed_lifetime_s: setup
            .agreed(case, "auth.token_lifetime_s")
            .and_then(|v| v.parse().ok()),
    };
    if let Ok(view) = TokenView::read(exchange, asked) {
        examine_token(&view, sink);
    }
}

fn judge_call(
    judge: &Judge<'_>,
    call: &ApiCase,
    described: &Api,
    exchange: &Exchange,
    token: Option<&TokenFacts>,
    sink: &mut Sink,
) -> io::Result<()> {
    let (request, response) = bodies(judge, exchange)?;
    let bodies = Bodies {
        request: request.as_deref(),
        response: response.as_deref(),
    };
    if let Ok(view) = CallView::read(exchange, bodies, described, call, token) {
        examine_call(&view, sink);
    }
    Ok(())
}
