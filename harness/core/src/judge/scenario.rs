//! Judges a scenario: each tested step by itself, then what the plan expects of it. Preconditions and tidying up are not
//! judged.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io;

use super::api_case::{Call, judge_token, observe, token_facts};
use super::{CaseHistory, Judge, Judged};
use crate::calls::taken;
use crate::check::{Policy, Sink, examine_call, seq};
use crate::observe::json_of;
use crate::plan::{Case, Do, Expect, Scenario, ScenarioStep, Variables};
use crate::record::{Exchange, Transfer};

/// Largest body that is read, in bytes; the client keeps no more.
const MAX_BODY: u64 = 16 * 1024 * 1024;

pub(super) fn judge(
    judge: &Judge<'_>,
    case: &Case,
    scenario: &Scenario,
    history: &CaseHistory,
) -> io::Result<Judged> {
    let mut judged = Judged::default();
    let mut sink = Sink::new(Policy::default());
    let mut captured = Variables::default();
    let mut token = None;
    let first = scenario.calls().find(|c| c.client != "none");
    let first = first.and_then(|c| Some((c, judge.setup.api(&c.api)?.1)));
    if let Some((call, described)) = first {
        for exchange in history.exchanges.iter().filter(|e| e.step == "token") {
            token = token_facts(exchange).or(token);
            judge_token(judge, case, call, described, exchange, &mut sink);
            judged.log = Some(exchange.log.clone());
        }
    }
    for step in scenario.setup.iter().chain(&scenario.step) {
        let tested = scenario.step(&step.id).is_some();
        let own = history.exchanges.iter().filter(|e| {
            history
                .intents
                .get(&e.log)
                .is_some_and(|i| i.step == step.id)
        });
        let own: Vec<&Exchange> = own.collect();
        if let (Some(Do::Call(call)), Some((_, described))) = (
            step.what(),
            step.call.as_ref().and_then(|c| judge.setup.api(&c.api)),
        ) {
            for exchange in own.iter().filter(|_| tested) {
                let asked = Call {
                    case,
                    call,
                    described,
                    intent: history.intents.get(&exchange.log),
                    token,
                };
                asked.judge(judge, exchange, &mut |view| examine_call(view, &mut sink))?;
            }
        }
        let message = own.first();
        expectations(
            judge,
            step,
            message.copied(),
            tested,
            &mut captured,
            &mut sink,
        )?;
        if tested {
            people_and_peers(step, message.is_some(), history, &mut sink);
        }
    }
    judged.findings = sink.into_findings();
    if let Some(call) = first {
        let tokens = history.exchanges.iter().filter(|e| e.step == "token");
        let (asked, api) = call;
        observe(
            judge,
            case,
            (asked, api, &BTreeSet::new()),
            tokens,
            &mut judged,
        )?;
    }
    judged.checks = Judge::rules_of(&["API", "AUT", "NET", "SEQ"]);
    Ok(judged)
}

/// Takes values out of the message of a step, and holds it against what the plan expects.
fn expectations(
    judge: &Judge<'_>,
    step: &ScenarioStep,
    message: Option<&Exchange>,
    tested: bool,
    captured: &mut Variables,
    sink: &mut Sink,
) -> io::Result<()> {
    let Some(exchange) = message else {
        return Ok(());
    };
    let Transfer::Http(http) = &exchange.transfer else {
        return Ok(());
    };
    // Of a call that came in, the request is what counts; of one that went out, the response.
    let incoming = step.listen.is_some();
    let (status, headers, blob) = match (&http.response, incoming) {
        (response, true) => (
            response.as_ref().map_or(0, |r| r.status),
            &http.request.headers,
            http.request.body.as_ref(),
        ),
        (Some(response), false) => (response.status, &response.headers, response.body.as_ref()),
        (None, false) => return Ok(()), // NET or API says why nothing came
    };
    let bytes = blob
        .map(|b| judge.evidence.bytes(b, MAX_BODY))
        .transpose()?;
    let json = bytes.and_then(|b| json_of(headers, &b));
    let find = |at: &str| taken(at, status, headers, json.as_ref());
    let values: BTreeMap<String, String> = step
        .capture
        .iter()
        .filter_map(|(name, at)| Some((name.clone(), find(at)?)))
        .collect();
    captured.0.extend(values);
    if !tested {
        return Ok(());
    }
    let fill = |text: &str| captured.expand(text).ok();
    let place = (exchange.log.as_str(), incoming);
    for expect in &step.expect {
        let found = find(&expect.at);
        seq::expectation_not_held(&step.id, place, expect, found.as_deref(), &fill, sink);
    }
    // A value that later steps need and that a right answer does not hold.
    let answered = incoming || (200..300).contains(&status);
    for at in step
        .capture
        .values()
        .filter(|at| answered && find(at).is_none())
    {
        let wanted = Expect {
            at: at.clone(),
            present: Some(true),
            ..Expect::default()
        };
        seq::expectation_not_held(&step.id, place, &wanted, None, &fill, sink);
    }
    Ok(())
}

fn people_and_peers(step: &ScenarioStep, came: bool, history: &CaseHistory, sink: &mut Sink) {
    match step.what() {
        // A step that was never reached says nothing about the other side.
        Some(Do::Listen(listen)) if !came && waited(step, history) => {
            seq::awaited_call_missing(&step.id, &listen.path, listen.wait_s, sink);
        }
        Some(Do::Human(_)) => {
            for said in history
                .attested
                .iter()
                .filter(|a| a.step == step.id && !a.done)
            {
                seq::step_not_confirmed(&step.id, &said.comment, sink);
            }
        }
        _ => {}
    }
}

/// True when the step was reached: its waiting was written down.
fn waited(step: &ScenarioStep, history: &CaseHistory) -> bool {
    history.waited.contains(&step.id)
}
