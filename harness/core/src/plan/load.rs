//! Reads `plan.toml`: what the file says, then every cross-reference in it, each mistake at its line.

use serde::Deserialize;
use toml::Spanned;

use super::{
    Action, ApiCase, Case, DataClass, FileCase, Linkage, Plan, PlanParty, Privacy, Scenario,
    StandIn,
};
use crate::agreement::expect_schema;
use crate::model::{Bilingual, Problem, Problems};
use crate::spec::read_toml_bytes;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlan {
    schema: Spanned<String>,
    title: Bilingual,
    data_class: DataClass,
    #[serde(default)]
    approval: String,
    #[serde(default)]
    privacy: Privacy,
    packs: Vec<String>,
    #[serde(default)]
    agreement_items: Vec<String>,
    #[serde(default)]
    agreements: Vec<String>,
    party: Vec<Spanned<PlanParty>>,
    #[serde(default)]
    stand_in: Vec<Spanned<StandIn>>,
    linkage: Vec<Spanned<Linkage>>,
    case: Vec<Spanned<RawCase>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    id: String,
    title: Bilingual,
    linkage: String,
    #[serde(default = "yes")]
    required: bool,
    file: Option<FileCase>,
    api: Option<ApiCase>,
    scenario: Option<Scenario>,
    not_applicable: Option<String>,
}

fn yes() -> bool {
    true
}

impl Plan {
    /// Reads a plan; every mistake becomes a problem. A plan is given back only if there is none.
    pub fn load(file: &str, bytes: &[u8], problems: &mut Problems) -> Option<Self> {
        let before = problems.len();
        let (raw, text) = read_toml_bytes::<RawPlan>(file, bytes, problems)?;
        let mut check = Checker {
            file,
            text: &text,
            problems,
        };
        expect_schema(file, &text, &raw.schema, "renkei.plan/v1", check.problems);
        check.unique(
            "party",
            raw.party
                .iter()
                .map(|p| (p.get_ref().id.as_str(), p.span().start)),
        );
        check.unique(
            "stand_in",
            raw.stand_in
                .iter()
                .map(|s| (s.get_ref().id.as_str(), s.span().start)),
        );
        check.unique(
            "linkage",
            raw.linkage
                .iter()
                .map(|l| (l.get_ref().id.as_str(), l.span().start)),
        );
        check.unique(
            "case",
            raw.case
                .iter()
                .map(|c| (c.get_ref().id.as_str(), c.span().start)),
        );
        let parties: Vec<&str> = raw.party.iter().map(|p| p.get_ref().id.as_str()).collect();
        for linkage in &raw.linkage {
            for id in [&linkage.get_ref().from, &linkage.get_ref().to] {
                check.known("party", id, &parties, linkage.span().start);
            }
        }
        let linkages: Vec<&str> = raw
            .linkage
            .iter()
            .map(|l| l.get_ref().id.as_str())
            .collect();
        for case in &raw.case {
            check.known(
                "linkage",
                &case.get_ref().linkage,
                &linkages,
                case.span().start,
            );
        }
        let cases: Vec<Case> = raw.case.into_iter().filter_map(|c| check.case(c)).collect();
        if problems.len() > before {
            return None;
        }
        Some(Self {
            file: file.to_owned(),
            title: raw.title,
            data_class: raw.data_class,
            approval: raw.approval,
            privacy: raw.privacy,
            packs: raw.packs,
            agreement_items: raw.agreement_items,
            agreements: raw.agreements,
            parties: raw.party.into_iter().map(Spanned::into_inner).collect(),
            stand_ins: raw.stand_in.into_iter().map(Spanned::into_inner).collect(),
            linkages: raw.linkage.into_iter().map(Spanned::into_inner).collect(),
            cases,
        })
    }
}

struct Checker<'a> {
    file: &'a str,
    text: &'a str,
    problems: &'a mut Problems,
}

impl Checker<'_> {
    fn complain(&mut self, byte: usize, message: Bilingual, help: Bilingual) {
        self.problems
            .push(Problem::at_byte(self.file, self.text, byte, message, help));
    }

    fn unique<'i>(&mut self, what: &str, ids: impl Iterator<Item = (&'i str, usize)>) {
        let mut seen: Vec<&str> = Vec::new();
        for (id, at) in ids {
            if seen.contains(&id) {
                self.complain(
                    at,
                    Bilingual::new(
                        format!("{what} の id \"{id}\" が重なっています"),
                        format!("{what} id \"{id}\" appears twice"),
                    ),
                    Bilingual::new("id は1つずつ変えてください", "give each its own id"),
                );
            }
            seen.push(id);
        }
    }

    fn known(&mut self, what: &str, id: &str, known: &[&str], at: usize) {
        if !known.contains(&id) {
            let list = known.join(", ");
            self.complain(
                at,
                Bilingual::new(
                    format!("{what} \"{id}\" はこの計画にありません"),
                    format!("no {what} \"{id}\" in this plan"),
                ),
                Bilingual::new(format!("あるもの: {list}"), format!("there are: {list}")),
            );
        }
    }

    /// Numbers that would send too little or too much.
    fn call(&mut self, case: &str, at: usize, call: &ApiCase) {
        let parallel = call.parallel.as_ref().map(|p| (p.calls, 64));
        let repeat = call.repeat.as_ref().map(|r| (r.calls, 16));
        for (calls, most) in [parallel, repeat].into_iter().flatten() {
            if !(2..=most).contains(&calls) {
                self.complain(
                    at,
                    Bilingual::new(
                        format!("検査項目 {case}: calls = {calls} は使えません"),
                        format!("case {case}: calls = {calls} cannot be used"),
                    ),
                    Bilingual::new(format!("2から{most}まで"), format!("2 to {most}")),
                );
            }
        }
        let special = usize::from(call.parallel.is_some())
            + usize::from(call.repeat.is_some())
            + usize::from(call.pages.is_some());
        if special > 1 || (special == 1 && (!call.generate.is_empty() || !call.recorded.is_empty()))
        {
            self.complain(
                at,
                Bilingual::new(
                    format!("検査項目 {case}: parallel、repeat、pages、generate（recorded）は一緒に使えません"),
                    format!("case {case}: parallel, repeat, pages and generate (recorded) exclude each other"),
                ),
                Bilingual::new("検査項目を分けてください", "make them cases of their own"),
            );
        }
    }

    fn scenario(&mut self, case: &str, at: usize, scenario: &Scenario) {
        self.unique("step", scenario.all().map(|s| (s.id.as_str(), at)));
        for step in scenario.all() {
            if step.what().is_none() {
                self.complain(
                    at,
                    Bilingual::new(
                        format!("検査項目 {case} の手順 {}: call、listen、human、pause_s のどれか1つが要ります", step.id),
                        format!("step {} of case {case} needs exactly one of call, listen, human, pause_s", step.id),
                    ),
                    Bilingual::new("docs/plan.md の例を見てください", "see the example in docs/plan.md"),
                );
            }
            if step.listen.is_some() && scenario.listen.is_empty() {
                self.complain(
                    at,
                    Bilingual::new(
                        format!("検査項目 {case} の手順 {}: 待ち受けるアドレスがありません", step.id),
                        format!("step {} of case {case} waits for a call, but the scenario has no address", step.id),
                    ),
                    Bilingual::new(
                        "[case.scenario] に listen = \"127.0.0.1:0\" のように書いてください",
                        "write listen = \"127.0.0.1:0\" into [case.scenario]",
                    ),
                );
            }
        }
    }

    fn case(&mut self, raw: Spanned<RawCase>) -> Option<Case> {
        let at = raw.span().start;
        let raw = raw.into_inner();
        let action = match (raw.file, raw.api, raw.scenario, raw.not_applicable) {
            (_, _, _, Some(reason)) if !reason.trim().is_empty() => Action::NotApplicable(reason),
            (Some(file), None, None, None) => Action::File(file),
            (None, Some(api), None, None) => {
                self.call(&raw.id, at, &api);
                Action::Api(Box::new(api))
            }
            (None, None, Some(scenario), None) => {
                self.scenario(&raw.id, at, &scenario);
                Action::Scenario(Box::new(scenario))
            }
            _ => {
                self.complain(
                    at,
                    Bilingual::new(
                        format!("検査項目 {} には [case.file]、[case.api]、[case.scenario] のどれか1つ、または not_applicable（理由）が要ります", raw.id),
                        format!("case {} needs exactly one of [case.file], [case.api] and [case.scenario], or not_applicable with a reason", raw.id),
                    ),
                    Bilingual::new("docs/plan.md の例を見てください", "see the example in docs/plan.md"),
                );
                return None;
            }
        };
        Some(Case {
            id: raw.id,
            title: raw.title,
            linkage: raw.linkage,
            required: raw.required,
            action,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    const PLAN: &str = r#"schema = "renkei.plan/v1"
title = { ja = "試", en = "t" }
data_class = "fictional"
packs = []
party = [{ id = "a", profile = "a.toml" }]
[[linkage]]
id = "L"
title = { ja = "連", en = "l" }
from = "a"
to = "z"
[[case]]
id = "C"
title = { ja = "検", en = "c" }
linkage = "M"
"#;

    #[test]
    fn every_mistake_is_told_at_its_line() {
        let mut problems = Problems::new();
        assert!(Plan::load("plan.toml", PLAN.as_bytes(), &mut problems).is_none());
        let shown: Vec<_> = problems.iter().map(|p| p.show(Lang::Ja)).collect();
        insta::assert_snapshot!(shown.join("\n"));
    }
}
