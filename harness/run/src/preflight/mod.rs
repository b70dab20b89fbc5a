//! Is everything there that the exchanges need? Each answer is a fact with the cases it blocks; what is missing here is a
//! matter of configuration or environment and says nothing about a product.

mod inputs;
mod reach;
mod tokens;

use renkei_core::model::Bilingual;
use renkei_core::plan::{Action, ApiCase, Case, Linkage, Variation};
use renkei_core::record::{Check, Event};

use crate::perform::Progress;
use crate::session::{Broke, Session};

/// Makes every check and writes it down. What a check opened (endpoints) stays open for the cases.
pub(crate) async fn check(session: &mut Session<'_>) -> Result<Vec<Check>, Broke> {
    let mut checks = Vec::new();
    for check in inputs::checks(session) {
        note(session, &mut checks, check)?;
    }
    for place in reach::places(session.scene) {
        let check = reach::check(session, &place).await?;
        note(session, &mut checks, check)?;
    }
    for wanted in tokens::wanted(session.scene) {
        // Without the endpoint there is nothing to ask; its own check blocks the cases already.
        if session.end(wanted.at).is_none() || reach::failed(&checks, wanted.at) {
            continue;
        }
        let check = tokens::check(session, &wanted, &checks).await?;
        note(session, &mut checks, check)?;
    }
    Ok(checks)
}

fn note(session: &mut Session<'_>, checks: &mut Vec<Check>, check: Check) -> Result<(), Broke> {
    if session.stop.is_stopped() {
        return Err(Broke::Stopped);
    }
    session.tape.event(Event::Preflight(check.clone()))?;
    session.tell(&Progress::Checked(check.clone()));
    checks.push(check);
    Ok(())
}

/// A check with its outcome: what was seen when it is in order, or what was seen and how to fix it.
fn outcome(
    id: String,
    party: &str,
    title: Bilingual,
    outcome: Result<Bilingual, (Bilingual, Bilingual)>,
    blocks: Vec<String>,
) -> Check {
    let (ok, seen, fix) = match outcome {
        Ok(seen) => (true, seen, Bilingual::default()),
        Err((seen, fix)) => (false, seen, fix),
    };
    Check {
        id,
        party: party.to_owned(),
        title,
        ok,
        seen,
        fix,
        log: String::new(),
        blocks,
    }
}

/// The API calls of a case, with the linkage they go over.
fn calls<'a>(scene: crate::scene::Scene<'a>, case: &'a Case) -> Vec<(&'a ApiCase, &'a Linkage)> {
    let Some(linkage) = scene.plan.linkage(&case.linkage) else {
        return Vec::new();
    };
    let calls: Vec<&ApiCase> = match &case.action {
        Action::Api(api) => vec![api],
        Action::Scenario(scenario) => scenario.calls().collect(),
        Action::File(_) | Action::NotApplicable(_) => Vec::new(),
    };
    calls.into_iter().map(|call| (call, linkage)).collect()
}

/// The other endpoints of the platform that a call needs or makes use of: what a misuse cannot do without, and, where the
/// profile declares them, its keys and its revocation.
fn platform<'a>(
    scene: crate::scene::Scene<'a>,
    api: &'a ApiCase,
    linkage: &'a Linkage,
) -> Vec<(&'a Linkage, &'static str, Option<crate::scene::Place<'a>>)> {
    let Some(at) = scene.token_endpoint(linkage) else {
        return Vec::new();
    };
    let needed = match api.variation {
        Variation::Misuse(misuse) => misuse.needs(),
        _ => &[],
    };
    let mut wanted: Vec<_> = needed
        .iter()
        .map(|key| (linkage, *key, scene.beside(at, key)))
        .collect();
    for key in ["jwks", "revocation"] {
        let declared = scene.beside(at, key);
        if declared.is_some() && !needed.contains(&key) {
            wanted.push((linkage, key, declared));
        }
    }
    if !api.issuer.is_empty() {
        wanted.push((linkage, "token", scene.issuer_endpoint(api)));
    }
    wanted
}
