//! A plan with everything it names, loaded: packs, profiles, agreement. What exchanging and judging start from.

use std::collections::BTreeMap;

use super::{Action, ApiCase, Case, Linkage, Plan};
use crate::agreement::{Profile, Settled, Sides, join};
use crate::model::{Bilingual, Problem, Problems};
use crate::record::AgreementState;
use crate::spec::{Api, Basis, FileSettings, Files, In, Item, Layout, Library, Pack};

/// The inputs of a run as bytes, as they are also kept in its bundle.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Name of the plan for messages, and its bytes.
    pub plan: (String, Vec<u8>),
    /// By party id: name for messages, and bytes.
    pub profiles: BTreeMap<String, (String, Vec<u8>)>,
    /// Packs, `<id>/<version>/…`.
    pub packs: Files,
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
}

impl Setup {
    /// Loads everything; nothing is given back if there is any problem.
    pub fn load(inputs: &Inputs, problems: &mut Problems) -> Option<Self> {
        let before = problems.len();
        let plan = Plan::load(&inputs.plan.0, &inputs.plan.1, problems)?;
        let library = Library::new(inputs.packs.clone());
        let mut packs = BTreeMap::new();
        for coordinate in plan.packs.iter().chain(&plan.agreement_items) {
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
        let mut setup = Self {
            settled: BTreeMap::new(),
            plan,
            profiles,
            packs,
        };
        setup.check_references(problems);
        setup.check_answers(problems);
        if problems.len() > before {
            return None;
        }
        setup.settled = setup.join_all();
        Some(setup)
    }

    /// The catalogue of agreement items of the plan.
    pub fn items(&self) -> Vec<Item> {
        let ids: Vec<&str> = self
            .plan
            .agreement_items
            .iter()
            .map(|c| c.split('@').next().unwrap_or_default())
            .collect();
        self.packs
            .values()
            .filter(|p| ids.contains(&p.head.id.as_str()))
            .flat_map(|p| p.items.clone())
            .collect()
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

    /// The value that holds for a setting (`auth.token_lifetime_s`) on a linkage.
    pub fn agreed(&self, linkage: &str, setting: &str) -> Option<&str> {
        self.settled(linkage)
            .iter()
            .find(|s| s.item.setting == setting)?
            .value
            .as_deref()
    }

    /// The settings of a file exchange: the layout's own, overridden by what was agreed.
    ///
    /// Items that are open, in conflict or unanswered decide nothing; the layout's value holds and says so by its basis.
    pub fn file_settings(&self, linkage: &str, layout: &Layout) -> FileSettings {
        let mut settings = layout.file.clone();
        for settled in self.settled(linkage) {
            let decided = matches!(
                settled.state,
                AgreementState::Agreed | AgreementState::Standard
            );
            if let (true, Some(value)) = (decided, &settled.value) {
                let basis = Basis::Agreement(settled.item.id.clone());
                // Values outside what the layout can use were told when the answers were checked.
                let _ = settings.set_from(&settled.item.setting, value, basis);
            }
        }
        settings
    }

    /// Cases that an agreement item makes senseless, with the item that does.
    pub fn blocked(&self) -> Vec<(&Case, &Settled)> {
        self.plan
            .cases
            .iter()
            .filter_map(|case| {
                Some((
                    case,
                    self.settled(&case.linkage).iter().find(|s| s.blocks())?,
                ))
            })
            .collect()
    }

    fn join_all(&self) -> BTreeMap<String, Vec<Settled>> {
        let items = self.items();
        let mut settled: BTreeMap<String, Vec<Settled>> = BTreeMap::new();
        for linkage in &self.plan.linkages {
            let Some(sides) = self.sides(linkage) else {
                continue;
            };
            let wanted = |method: &str| {
                self.plan
                    .cases
                    .iter()
                    .any(|c| c.linkage == linkage.id && c.action.method() == method)
            };
            let rows: Vec<Settled> = items
                .iter()
                .filter(|item| match item.method.as_str() {
                    "both" => wanted("file") || wanted("api"),
                    method => wanted(method),
                })
                .flat_map(|item| join(std::slice::from_ref(item), sides, &item.method))
                .collect();
            settled.insert(linkage.id.clone(), rows);
        }
        settled
    }

    fn sides<'a>(&'a self, linkage: &'a Linkage) -> Option<Sides<'a>> {
        Some(Sides {
            linkage: &linkage.id,
            provider: (&linkage.from, self.profiles.get(&linkage.from)?),
            consumer: (&linkage.to, self.profiles.get(&linkage.to)?),
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

    /// An answer to an item that the catalogue does not know is a slip of the pen that would otherwise decide nothing.
    fn check_answers(&self, problems: &mut Problems) {
        let items = self.items();
        for profile in self.profiles.values() {
            for answer in profile
                .answers
                .iter()
                .filter(|a| !items.iter().any(|item| item.id == a.item))
            {
                problems.push(Problem::of_file(
                    answer.place.clone(),
                    Bilingual::new(
                        format!("項目 {} は協議項目の一覧にありません", answer.item),
                        format!("item {} is not in the catalogue of agreement items", answer.item),
                    ),
                    Bilingual::new(
                        "plan.toml の agreement_items に一覧のパックがあるか、番号が正しいかを確かめてください",
                        "check the id, and that agreement_items of the plan names the pack with the catalogue",
                    ),
                ));
            }
        }
    }
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
