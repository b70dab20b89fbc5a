//! A plan with everything it names, loaded: packs, profiles, agreement. What exchanging and judging start from.

use std::collections::BTreeMap;

use super::{Action, Case, Linkage, Plan};
use crate::agreement::{Profile, Settled, Sides, join};
use crate::model::{Bilingual, Problem, Problems};
use crate::record::AgreementState;
use crate::spec::{Api, Basis, FileSettings, Files, Item, Layout, Library, Pack};

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
            let (reference, found, kind) = match &case.action {
                Action::File(file) => (&file.layout, self.layout(&file.layout).is_some(), "layout"),
                Action::Api(api) => (&api.api, self.api(&api.api).is_some(), "api"),
                Action::NotApplicable(_) => continue,
            };
            if !found {
                problems.push(unknown_reference(
                    &self.plan.file,
                    &case.id,
                    kind,
                    reference,
                    &self.known(kind),
                ));
                continue;
            }
            if let Action::Api(call) = &case.action {
                let api = self.api(&call.api).map(|(_, api)| api);
                if api.is_some_and(|api| !api.operations.contains_key(&call.operation)) {
                    let known = api
                        .map(|api| api.operations.keys().cloned().collect::<Vec<_>>())
                        .unwrap_or_default();
                    problems.push(unknown_reference(
                        &self.plan.file,
                        &case.id,
                        "operation",
                        &call.operation,
                        &known,
                    ));
                }
                let consumer = self
                    .plan
                    .linkage(&case.linkage)
                    .and_then(|l| self.profiles.get(&l.to));
                if consumer.is_some_and(|profile| !profile.clients.contains_key(&call.client)) {
                    let known: Vec<String> = consumer
                        .map(|p| p.clients.keys().cloned().collect())
                        .unwrap_or_default();
                    problems.push(unknown_reference(
                        &self.plan.file,
                        &case.id,
                        "client",
                        &call.client,
                        &known,
                    ));
                }
            }
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
