//! Who stands on the two sides of a relay, and which specification judges them: from a plan, from the options.

use std::path::{Path, PathBuf};

use renkei_core::agreement::Settled;
use renkei_core::judge::{RETRIES, RelayParties};
use renkei_core::model::{Bilingual, Problems};
use renkei_core::plan::{Action, Setup};
use renkei_core::record::Party;
use renkei_core::spec::Library;

use super::{DeclaredData, RelayArgs, reproduce};
use crate::cli::relayed::Specification;
use crate::cli::{calls, run};
use crate::trouble::Trouble;
use crate::{inputs, packs};

/// Parties and specification: from the plan, from the options.
pub(super) fn prepare(
    args: &RelayArgs,
    folders: &[PathBuf],
) -> Result<(RelayParties, Specification), Trouble> {
    let mut problems = Problems::new();
    let files = packs::library(folders, &mut problems);
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    let mut about = RelayParties {
        parties: vec![
            party("provider", "提供側", "Provider"),
            party("consumer", "利用側", "Consumer"),
        ],
        title: Bilingual::new("中継による確認", "Relay between two systems"),
        data_class: args
            .data_class
            .map_or(calls::UNDECLARED, DeclaredData::word)
            .to_owned(),
        reproduce: reproduce(args),
        ..RelayParties::default()
    };
    let mut reference = args.spec.clone();
    if let Some(plan) = &args.plan {
        let found = of_plan(plan, args.linkage.as_deref(), folders, &mut about)?;
        reference = reference.or(found).filter(|_| args.openapi.is_none());
    }
    let spec = match (&reference, &args.openapi) {
        (Some(reference), _) => {
            Specification::of_pack(&Library::new(files.clone()), &files, reference)?
        }
        (None, Some(path)) => {
            let bytes = inputs::read(path, &mut problems).ok_or(Trouble::Inputs(problems))?;
            Specification::of_document(&path.display().to_string(), bytes)?
        }
        (None, None) => Specification::default(),
    };
    Ok((about, spec))
}

fn party(id: &str, ja: &str, en: &str) -> Party {
    Party {
        id: id.to_owned(),
        role: id.to_owned(),
        name: Bilingual::new(ja, en),
        product: String::new(),
        version: String::new(),
        stand_in: false,
    }
}

/// Takes parties and agreement of the plan's linkage; gives the API that its cases name.
fn of_plan(
    plan: &Path,
    linkage: Option<&str>,
    folders: &[PathBuf],
    about: &mut RelayParties,
) -> Result<Option<String>, Trouble> {
    let mut problems = Problems::new();
    let loaded = inputs::gather(plan, folders, &mut problems);
    let setup = loaded.as_ref().and_then(|i| Setup::load(i, &mut problems));
    let Some(setup) = setup else {
        return Err(Trouble::Inputs(problems));
    };
    run::guard_personal_data(&setup, false)?;
    let api_of = |id: &str| {
        setup.plan.cases.iter().find_map(|case| match &case.action {
            Action::Api(call) if case.linkage == id => Some(call.api.clone()),
            _ => None,
        })
    };
    let candidates: Vec<&str> = setup
        .plan
        .linkages
        .iter()
        .map(|l| l.id.as_str())
        .filter(|id| linkage.map_or_else(|| api_of(id).is_some(), |wanted| wanted == *id))
        .collect();
    let [id] = candidates.as_slice() else {
        let known: Vec<&str> = setup.plan.linkages.iter().map(|l| l.id.as_str()).collect();
        return Err(Trouble::input(
            format!("--linkage {}", linkage.unwrap_or_default()),
            Bilingual::new(
                "計画のどの連携の中継かが決まりません",
                "which linkage of the plan is relayed is not clear",
            ),
            Bilingual::new(
                format!(
                    "--linkage で指定してください。あるもの: {}",
                    known.join(", ")
                ),
                format!("name one with --linkage; there are: {}", known.join(", ")),
            ),
        ));
    };
    let sides = setup
        .plan
        .linkage(id)
        .map(|l| (l.from.clone(), l.to.clone()))
        .unwrap_or_default();
    about.parties = [(sides.0, "provider"), (sides.1, "consumer")]
        .into_iter()
        .filter_map(|(party, role)| {
            let profile = setup.profiles.get(&party)?;
            Some(Party {
                stand_in: setup.plan.party(&party).is_some_and(|p| p.stand_in),
                id: party,
                role: role.to_owned(),
                name: profile.name.clone(),
                product: profile.system.product.clone(),
                version: profile.system.version.clone(),
            })
        })
        .collect();
    about.linkage = (*id).to_owned();
    about.title = setup.plan.title.clone();
    about.data_class = setup.plan.data_class.as_str().to_owned();
    let case = setup
        .plan
        .cases
        .iter()
        .find(|case| case.linkage == *id && matches!(case.action, Action::Api(_)));
    if let Some(case) = case {
        let agreed = |setting: &str| setup.agreed(case, setting);
        about.agreed_answer_s = agreed("api.timeout_s").and_then(|v| v.parse().ok());
        about.agreed_lifetime_s = agreed("auth.token_lifetime_s").and_then(|v| v.parse().ok());
        let shown = setup.settled_for(case).iter();
        let shown = shown.filter(|s| s.item.setting == RETRIES && s.value.is_some());
        about.agreement = shown.map(Settled::row).collect();
    }
    Ok(api_of(id))
}
