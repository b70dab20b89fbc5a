//! A plan with everything it names, loaded: packs, profiles, agreement. What exchanging and judging start from.

use std::collections::BTreeMap;

use super::{Action, ApiCase, Case, Linkage, Plan};
use crate::agreement::{
    Negotiated, Profile, Settled, Sides, Terms, join, unknown_decisions, unknown_items,
};
use crate::model::{Bilingual, Problem, Problems};
use crate::spec::{Api, Catalogue, Files, Form, In, Layout, Library, Pack};

/// The inputs of a run as bytes, as they are also kept in its bundle.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Name of the plan for messages, and its bytes.
    pub plan: (String, Vec<u8>),
    /// By party id: name for messages, and bytes.
    pub profiles: BTreeMap<String, (String, Vec<u8>)>,
    /// Packs, `<id>/<version>/…`.
    pub packs: Files,
    /// Negotiated records that the plan names: name for messages, and bytes.
    pub agreements: Vec<(String, Vec<u8>)>,
}

/// A plan with everything it names.
#[derive(Debug)]
pub struct Setup {
    /// The plan.
    pub plan: Plan,
    /// Profiles by party id.
    pub profiles: BTreeMap<String, Profile>,
    /// Packs by id.
    pub packs: BTreeMap<String, Pack>,
    /// Agreement items by linkage.
    pub settled: BTreeMap<String, Vec<Settled>>,
    /// Agreement items of cases for which a side answered something else than for the linkage, by case.
    pub exchanges: BTreeMap<String, Vec<Settled>>,
    /// What the pairs settled before.
    pub negotiated: Vec<Negotiated>,
}

impl Setup {
    /// Loads everything; nothing is given back if there is any problem.
    pub fn load(inputs: &Inputs, problems: &mut Problems) -> Option<Self> {
        let before = problems.len();
        let plan = Plan::load(&inputs.plan.0, &inputs.plan.1, problems)?;
        let library = Library::new(inputs.packs.clone());
        let mut packs = BTreeMap::new();
        for coordinate in plan.packs.iter().chain(&plan.agreement_items) {
            if let Some(problem) = not_pinned(coordinate, &plan, &library) {
                problems.push(problem);
                continue;
            }
            if let Some(pack) = library.load(coordinate, &plan.file, problems) {
                packs.insert(pack.head.id.clone(), pack);
            }
        }
        let mut profiles = BTreeMap::new();
        for party in &plan.parties {
            let Some((name, bytes)) = inputs.profiles.get(&party.id) else {
                continue;
            };
            if let Some(profile) = Profile::load(name, bytes, problems) {
                profiles.insert(party.id.clone(), profile);
            }
        }
        if problems.len() > before || profiles.len() < plan.parties.len() {
            return None;
        }
        let negotiated = inputs
            .agreements
            .iter()
            .filter_map(|(name, bytes)| Negotiated::load(name, bytes, problems))
            .collect();
        let mut setup = Self {
            settled: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            negotiated,
            plan,
            profiles,
            packs,
        };
        setup.check_references(problems);
        setup.check_answers(problems);
        if problems.len() > before {
            return None;
        }
        let catalogue = setup.catalogue();
        setup.settled = setup.join_all(&catalogue);
        setup.exchanges = setup.join_exchanges(&catalogue);
        setup.leave_out();
        Some(setup)
    }

    /// The catalogue of agreement items of the plan: that of the packs it names for it, in their order, each of which may
    /// narrow those before.
    pub fn catalogue(&self) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for coordinate in &self.plan.agreement_items {
            let id = coordinate.split('@').next().unwrap_or_default();
            if let Some(pack) = self.packs.get(id) {
                catalogue.extend(&pack.catalogue);
            }
        }
        for pack in self.packs.values() {
            catalogue.add_lists(&pack.lists);
        }
        catalogue
    }

    /// A layout by `pack/layout`, with its pack.
    pub fn layout(&self, reference: &str) -> Option<(&Pack, &Layout)> {
        let (pack, id) = reference.split_once('/')?;
        let pack = self.packs.get(pack)?;
        Some((pack, pack.layouts.get(id)?))
    }

    /// An API by `pack/api`, with its pack.
    pub fn api(&self, reference: &str) -> Option<(&Pack, &Api)> {
        let (pack, id) = reference.split_once('/')?;
        let pack = self.packs.get(pack)?;
        Some((pack, pack.apis.get(id)?))
    }

    /// The agreement items of a linkage.
    pub fn settled(&self, linkage: &str) -> &[Settled] {
        self.settled.get(linkage).map_or(&[], Vec::as_slice)
    }

    /// The agreement items of a case: those of its linkage, unless something was answered or decided for this exchange alone.
    pub fn settled_for(&self, case: &Case) -> &[Settled] {
        match self.exchanges.get(&case.id) {
            Some(settled) => settled,
            None => self.settled(&case.linkage),
        }
    }

    /// What was settled for a case, as those need it who judge it.
    pub fn terms(&self, case: &Case) -> Terms<'_> {
        Terms(self.settled_for(case))
    }

    /// The value that holds for a setting (`auth.token_lifetime_s`) in a case.
    pub fn agreed(&self, case: &Case, setting: &str) -> Option<&str> {
        self.terms(case).agreed(setting)
    }

    /// Cases that an agreement item makes senseless, with the item that does.
    pub fn blocked(&self) -> Vec<(&Case, &Settled)> {
        self.plan
            .cases
            .iter()
            .filter_map(|case| Some((case, self.settled_for(case).iter().find(|s| s.blocks())?)))
            .collect()
    }

    fn join_all(&self, catalogue: &Catalogue) -> BTreeMap<String, Vec<Settled>> {
        let mut settled: BTreeMap<String, Vec<Settled>> = BTreeMap::new();
        for linkage in &self.plan.linkages {
            let cases = self.plan.cases.iter().filter(|c| c.linkage == linkage.id);
            let actions: Vec<&Action> = cases.map(|c| &c.action).collect();
            if let Some(sides) = self.sides(linkage, &actions, "") {
                settled.insert(linkage.id.clone(), join(catalogue, sides));
            }
        }
        settled
    }

    /// Takes out the cases of a kind of exchange that both sides settled not to use (連携方式, setting `linkage.method`).
    fn leave_out(&mut self) {
        let mut reasons = BTreeMap::new();
        for case in &self.plan.cases {
            let method = self
                .settled_for(case)
                .iter()
                .find(|s| s.item.setting == "linkage.method");
            let Some((settled, value)) = method.and_then(|s| Some((s, s.value.as_deref()?))) else {
                continue;
            };
            let excluded = matches!(
                (case.action.method(), value),
                ("file", "rest") | ("api", "file")
            );
            if excluded {
                let reason = format!(
                    "合意 {} {} = {value}",
                    settled.item.id, settled.item.title.ja
                );
                reasons.insert(case.id.clone(), reason);
            }
        }
        for case in &mut self.plan.cases {
            if let Some(reason) = reasons.remove(&case.id) {
                case.action = Action::NotApplicable(reason);
            }
        }
    }

    fn join_exchanges(&self, catalogue: &Catalogue) -> BTreeMap<String, Vec<Settled>> {
        let mut exchanges = BTreeMap::new();
        for case in &self.plan.cases {
            let answered =
                |profile: &Profile| profile.answers.iter().any(|a| a.exchange == case.id);
            let decided =
                |record: &Negotiated| record.decisions.iter().any(|d| d.exchange == case.id);
            let sides = self
                .plan
                .linkage(&case.linkage)
                .and_then(|linkage| self.sides(linkage, &[&case.action], &case.id));
            let own = |sides: &Sides<'_>| {
                self.profiles.values().any(answered) || sides.negotiated.is_some_and(decided)
            };
            if let Some(sides) = sides.filter(own) {
                exchanges.insert(case.id.clone(), join(catalogue, sides));
            }
        }
        exchanges
    }

    fn sides<'a>(
        &'a self,
        linkage: &'a Linkage,
        actions: &[&Action],
        exchange: &'a str,
    ) -> Option<Sides<'a>> {
        let mut methods: Vec<&'static str> = actions.iter().map(|a| a.method()).collect();
        methods.retain(|m| matches!(*m, "file" | "api"));
        methods.sort_unstable();
        methods.dedup();
        let method = match methods.as_slice() {
            [] => return None,
            [only] => only,
            _ => "both",
        };
        let forms = actions.iter().filter_map(|action| match action {
            Action::File(file) => Some(self.layout(&file.layout)?.1.form),
            _ => None,
        });
        let mut forms: Vec<&'static str> = forms.map(Form::as_str).collect();
        forms.dedup();
        let pair = format!("{}..{}", linkage.from, linkage.to);
        Some(Sides {
            linkage: &linkage.id,
            exchange,
            provider: (&linkage.from, self.profiles.get(&linkage.from)?),
            consumer: (&linkage.to, self.profiles.get(&linkage.to)?),
            method,
            form: if let [only] = forms.as_slice() {
                only
            } else {
                ""
            },
            negotiated: self.negotiated.iter().find(|n| n.pair == pair),
        })
    }

    fn check_references(&self, problems: &mut Problems) {
        for case in &self.plan.cases {
            match &case.action {
                Action::File(file) if self.layout(&file.layout).is_none() => {
                    problems.push(unknown_reference(
                        &self.plan.file,
                        &case.id,
                        "layout",
                        &file.layout,
                        &self.known("layout"),
                    ));
                }
                Action::Api(call) => self.check_call(case, call, problems),
                Action::Scenario(scenario) => {
                    for call in scenario.calls() {
                        self.check_call(case, call, problems);
                    }
                }
                Action::File(_) | Action::NotApplicable(_) => {}
            }
        }
    }

    fn check_call(&self, case: &Case, call: &ApiCase, problems: &mut Problems) {
        let mut complain = |kind: &str, name: &str, known: &[String]| {
            problems.push(unknown_reference(
                &self.plan.file,
                &case.id,
                kind,
                name,
                known,
            ));
        };
        let Some((_, api)) = self.api(&call.api) else {
            complain("api", &call.api, &self.known("api"));
            return;
        };
        let Some(operation) = api.operations.get(&call.operation) else {
            let known: Vec<String> = api.operations.keys().cloned().collect();
            complain("operation", &call.operation, &known);
            return;
        };
        for parameter in &operation.parameters {
            let given = call.path.contains_key(&parameter.name);
            if parameter.place == In::Path && !given && parameter.usual().is_none() {
                let known: Vec<String> = call.path.keys().cloned().collect();
                complain("path", &parameter.name, &known);
            }
        }
        let consumer = self.plan.linkage(&case.linkage);
        let consumer = consumer.and_then(|l| self.profiles.get(&l.to));
        let open = !operation.secured && api.scope(&call.operation).is_none();
        let free = call.client == "none" || open;
        if let Some(profile) = consumer.filter(|p| !free && !p.clients.contains_key(&call.client)) {
            let known: Vec<String> = profile.clients.keys().cloned().collect();
            complain("client", &call.client, &known);
        }
    }

    fn known(&self, kind: &str) -> Vec<String> {
        let mut names = Vec::new();
        for (id, pack) in &self.packs {
            match kind {
                "layout" => names.extend(pack.layouts.keys().map(|l| format!("{id}/{l}"))),
                _ => names.extend(pack.apis.keys().map(|a| format!("{id}/{a}"))),
            }
        }
        names
    }

    fn check_answers(&self, problems: &mut Problems) {
        let catalogue = self.catalogue();
        for profile in self.profiles.values() {
            unknown_items(profile, &catalogue, problems);
        }
        for record in &self.negotiated {
            unknown_decisions(record, &catalogue, problems);
        }
    }
}

/// A plan says which version of each pack it means, and one only: a run must give the same result next year.
fn not_pinned(coordinate: &str, plan: &Plan, library: &Library) -> Option<Problem> {
    let (id, version) = coordinate.split_once('@').unwrap_or((coordinate, ""));
    let versions = library.versions(id);
    let all = plan.packs.iter().chain(&plan.agreement_items);
    let others: Vec<&str> = all
        .filter(|c| c.split('@').next() == Some(id) && *c != coordinate)
        .map(String::as_str)
        .collect();
    let (message, help) = match (version, versions.last()) {
        (_, None) => return None, // the library says that there is no such pack
        ("" | "latest", Some(last)) => (
            Bilingual::new(
                format!(
                    "仕様パック {id} の版が決まっていません（{}版あります）",
                    versions.len()
                ),
                format!(
                    "the version of pack {id} is not fixed; {} match",
                    versions.len()
                ),
            ),
            Bilingual::new(
                format!(
                    "版を書いて固定します。例: {id}@{last}（ある版: {}）",
                    versions.join(", ")
                ),
                format!(
                    "pin it, for example {id}@{last} (there are: {})",
                    versions.join(", ")
                ),
            ),
        ),
        _ if !others.is_empty() => (
            Bilingual::new(
                format!(
                    "仕様パック {id} の版が2つあります（{coordinate}, {}）",
                    others.join(", ")
                ),
                format!(
                    "the plan names several versions of pack {id}: {coordinate}, {}",
                    others.join(", ")
                ),
            ),
            Bilingual::new("1つの版にします", "keep one of them"),
        ),
        _ => return None,
    };
    Some(Problem::of_file(&plan.file, message, help))
}

fn unknown_reference(file: &str, case: &str, kind: &str, name: &str, known: &[String]) -> Problem {
    let list = known.join(", ");
    Problem::of_file(
        file,
        Bilingual::new(
            format!("検査項目 {case}: {kind} \"{name}\" がありません"),
            format!("case {case}: there is no {kind} \"{name}\""),
        ),
        Bilingual::new(format!("あるもの: {list}"), format!("there are: {list}")),
    )
}
