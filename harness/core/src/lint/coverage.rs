//! The ledger from requirement to rule to example: what a pack's checks cover, and what they do not, with the reason.

use serde::Serialize;

use crate::check::{rule, spc};
use crate::spec::{Files, Pack, Requirement};

/// Coverage of one pack.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// `id@version`.
    pub pack: String,
    /// Requirements of the ledger.
    pub requirements: usize,
    /// Requirements that rules judge in full.
    pub tested: usize,
    /// Requirements that rules judge, with a part left out for a stated reason.
    pub partly: usize,
    /// Requirements that nothing judges, with a stated reason.
    pub not_tested: usize,
    /// Requirements that nothing judges, without a reason.
    pub unexplained: usize,
    /// One row a requirement.
    pub rows: Vec<Row>,
}

/// One requirement and how it is tested.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Id in the pack.
    pub id: String,
    /// `must`, `must not`, `should`, `may`.
    pub verb: &'static str,
    /// Whom it binds.
    pub party: String,
    /// When it applies.
    pub condition: String,
    /// What it asks.
    pub text: crate::model::Bilingual,
    /// Document and clause.
    pub clause: String,
    /// `confirmed`, `second-hand`, `recalled`.
    pub certainty: &'static str,
    /// `tested`, `partly`, `not_tested`, `unexplained`.
    pub state: &'static str,
    /// The rules that judge it.
    pub rules: Vec<Tested>,
    /// Why nothing, or not all, is tested.
    pub reason: String,
}

/// A rule and what proves it.
#[derive(Clone, Debug, Serialize)]
pub struct Tested {
    /// Code.
    pub rule: String,
    /// False when this version has no such rule.
    pub exists: bool,
    /// False when it has nothing to judge where the requirement speaks of, or is off there.
    pub active: bool,
    /// Examples on the rule's page.
    pub examples: usize,
    /// Sample files of the pack that must raise it.
    pub samples: Vec<String>,
}

/// What the rules cover of a pack's ledger; `files` is its folder.
pub fn coverage(pack: &Pack, files: &Files) -> Coverage {
    let rows: Vec<Row> = pack
        .requirements
        .iter()
        .map(|r| row(pack, r, files))
        .collect();
    let count = |state: &str| rows.iter().filter(|row| row.state == state).count();
    Coverage {
        pack: format!("{}@{}", pack.head.id, pack.head.version),
        requirements: rows.len(),
        tested: count("tested"),
        partly: count("partly"),
        not_tested: count("not_tested"),
        unexplained: count("unexplained"),
        rows,
    }
}

fn row(pack: &Pack, requirement: &Requirement, files: &Files) -> Row {
    let rules: Vec<Tested> = requirement
        .tested_by
        .iter()
        .map(|code| Tested {
            active: spc::idle::reason(pack, requirement, code).is_none(),
            ..tested(code, files)
        })
        .collect();
    let judged = rules.iter().any(|r| r.exists && r.active);
    let state = match (judged, requirement.not_tested.is_empty()) {
        (true, true) => "tested",
        (true, false) => "partly",
        (false, false) => "not_tested",
        (false, true) => "unexplained",
    };
    let parts = [requirement.source.as_str(), requirement.clause.as_str()];
    let clause: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    Row {
        id: requirement.id.clone(),
        verb: requirement.verb.as_str(),
        party: requirement.party.clone(),
        condition: requirement.condition.clone(),
        text: requirement.text.clone(),
        clause: clause.join(" "),
        certainty: requirement.certainty.as_str(),
        state,
        rules,
        reason: requirement.not_tested.clone(),
    }
}

fn tested(code: &str, files: &Files) -> Tested {
    let found = rule(code);
    let examples = found.map_or(0, |r| {
        let judged = |e: &&crate::check::Example| e.kind == "bad" || e.kind == "good";
        r.page().examples.iter().filter(judged).count()
    });
    let wanted = format!("/samples/fail-{code}-");
    let samples = files.iter().filter(|(path, _)| path.contains(&wanted));
    Tested {
        rule: code.to_owned(),
        exists: found.is_some(),
        active: true,
        examples,
        samples: samples.map(|(path, _)| path.to_owned()).collect(),
    }
}
