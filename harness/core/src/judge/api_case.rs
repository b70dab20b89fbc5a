//! Judges an API exchange: the token call, then the call itself.

use std::collections::BTreeSet;
use std::io;

use super::{CaseHistory, Judge, Judged, seen};
use crate::check::{
    Policy, Sink, examine_call, examine_misuse, examine_platform, examine_token, seq,
};
use crate::observe::{Asked, Bodies, CallView, PlatformView, TokenView};
use crate::plan::{ApiCase, Case, Variation};
use crate::record::{Blob, Exchange, Intent, TokenFacts, Transfer};
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
    let Some((pack, described)) = judge.setup.api(&call.api) else {
        return Err(io::Error::other("an API that the plan named is gone"));
    };
    let mut sink = Sink::new(Policy::default());
    let mut token = None;
    let mut together = Together::default();
    for exchange in &history.exchanges {
        if exchange.step == "token-misuse" {
            judge_token(judge, case, call, described, exchange, &mut sink);
        } else if exchange.step == "token" {
            token = token_facts(exchange).or(token);
            judge_token(judge, case, call, described, exchange, &mut sink);
            judged.log = Some(exchange.log.clone());
        } else if exchange.step == "call" {
            let intent = history.intents.get(&exchange.log);
            let asked = Call {
                case,
                call,
                described,
                intent,
                token,
            };
            asked.judge(judge, exchange, &mut |view| {
                examine_call(view, &mut sink);
                together.add(view);
            })?;
        } else {
            let intent = history.intents.get(&exchange.log);
            let declared = intent.map_or("", |i| i.note.as_str());
            judge_platform(judge, exchange, declared, &mut sink)?;
        }
    }
    together.judge(call, &mut sink);
    judged.findings = sink.into_findings();
    let id = call.api.split_once('/').map_or("", |(_, id)| id);
    pack.name_requirements(id, &mut judged.findings);
    judged.checks = Judge::rules_of(&["API", "AUT", "NET", "SEQ"]);
    // What is wrong on purpose shows nothing of what was agreed.
    let meant = |e: &&Exchange| matches!(e.step.as_str(), "token" | "call");
    if !matches!(call.variation, Variation::Misuse(_)) {
        let all = history.exchanges.iter().filter(meant);
        let generated = history.intents.keys().cloned().collect();
        observe(judge, case, (call, described, &generated), all, &mut judged)?;
    }
    Ok(judged)
}

/// Notes what exchanges of a call showed of the agreement.
pub(super) fn observe<'e>(
    judge: &Judge<'_>,
    case: &Case,
    (asked, api, generated): (&ApiCase, &Api, &BTreeSet<String>),
    all: impl Iterator<Item = &'e Exchange>,
    judged: &mut Judged,
) -> io::Result<()> {
    let mut exchanges = Vec::new();
    for exchange in all {
        let (request, answer) = bodies(judge, exchange)?;
        exchanges.push((exchange, request, answer));
    }
    let call = seen::Call {
        asked,
        api,
        exchanges: &exchanges,
        client_id: client_id(judge, case, asked),
        findings: &judged.findings,
        generated,
    };
    judged.observed = seen::of_call(judge.setup.terms(case), call);
    Ok(())
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

/// What several answers say that is judged together.
#[derive(Default)]
struct Together {
    told: Vec<seq::Told>,
}

impl Together {
    fn add(&mut self, view: &CallView<'_>) {
        let call = view.case;
        let told = match (&call.parallel, &call.repeat, &call.pages) {
            (Some(parallel), _, _) if !parallel.unique.is_empty() => {
                seq::Told::of(view, &parallel.unique)
            }
            (_, Some(repeat), _) if !repeat.same.is_empty() => seq::Told::of(view, &repeat.same),
            (_, _, Some(pages)) => seq::Told::of_page(view, pages),
            _ => None,
        };
        self.told.extend(told);
    }

    fn judge(&self, call: &ApiCase, sink: &mut Sink) {
        if call.parallel.is_some() {
            seq::examine_parallel(&self.told, sink);
        }
        if call.repeat.is_some() {
            seq::examine_repeat(&self.told, sink);
        }
        if let Some(pages) = &call.pages {
            seq::examine_pages(&self.told, pages, sink);
        }
    }
}

pub(super) fn token_facts(exchange: &Exchange) -> Option<&TokenFacts> {
    match &exchange.transfer {
        Transfer::Http(http) => http.token.as_ref(),
        Transfer::File(_) => None,
    }
}

pub(super) fn judge_token(
    judge: &Judge<'_>,
    case: &Case,
    call: &ApiCase,
    described: &Api,
    exchange: &Exchange,
    sink: &mut Sink,
) {
    let setup = judge.setup;
    let own = described.scope(&call.operation).unwrap_or_default();
    let scope = call.asked_scope(own);
    let misused = exchange.step == "token-misuse";
    let asked = Asked {
        rules: &described.rules.token,
        variation: call.variation,
        client_id: client_id(judge, case, call),
        secret_chars: token_facts(exchange).and_then(|facts| facts.secret_chars),
        asked_scope: &scope,
        agreed_lifetime_s: setup
            .agreed(case, "auth.token_lifetime_s")
            .and_then(|v| v.parse().ok()),
    };
    if let Ok(view) = TokenView::read(exchange, asked) {
        if misused {
            examine_misuse(&view, sink);
            return; // what a wrong request is given says nothing of what was agreed
        }
        examine_token(&view, sink);
    }
}

/// Judges a question to the authorization platform beside token requests.
fn judge_platform(
    judge: &Judge<'_>,
    exchange: &Exchange,
    declared: &str,
    sink: &mut Sink,
) -> io::Result<()> {
    let Transfer::Http(http) = &exchange.transfer else {
        return Ok(());
    };
    let blob = http.response.as_ref().and_then(|r| r.body.as_ref());
    let body = blob
        .map(|b| judge.evidence.bytes(b, MAX_BODY))
        .transpose()?;
    if let Some(view) = PlatformView::read(exchange, body.as_deref(), declared) {
        examine_platform(&view, sink);
    }
    Ok(())
}

/// One call with what is known about it.
pub(super) struct Call<'a> {
    /// The case, for what was agreed on its linkage.
    pub(super) case: &'a Case,
    pub(super) call: &'a ApiCase,
    pub(super) described: &'a Api,
    pub(super) intent: Option<&'a Intent>,
    pub(super) token: Option<&'a TokenFacts>,
}

impl Call<'_> {
    /// Reads an exchange as this call and shows it.
    pub(super) fn judge(
        &self,
        judge: &Judge<'_>,
        exchange: &Exchange,
        look: &mut dyn FnMut(&CallView<'_>),
    ) -> io::Result<()> {
        let (request, response) = bodies(judge, exchange)?;
        let bodies = Bodies {
            request: request.as_deref(),
            response: response.as_deref(),
        };
        let case = self.meant()?;
        if let Ok(mut view) = CallView::read(exchange, bodies, self.described, &case, self.token) {
            view.intent = self.intent;
            view.mask = judge.mask;
            let agreed = judge.setup.agreed(self.case, "api.timeout_s");
            view.agreed_answer_s = agreed.and_then(|v| v.parse().ok());
            look(&view);
        }
        Ok(())
    }

    /// The call of the plan, with the defect that was meant for this exchange.
    fn meant(&self) -> io::Result<ApiCase> {
        let mut case = self.call.clone();
        if let Some(intent) = self.intent {
            let unknown =
                || io::Error::other(format!("an unknown variation: {}", intent.variation));
            case.variation = Variation::of(&intent.variation).ok_or_else(unknown)?;
            case.target.clone_from(&intent.target);
        }
        Ok(case)
    }
}
